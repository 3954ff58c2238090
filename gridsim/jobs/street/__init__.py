"""The main job lives here: the demand of one street under every design, headcount and escalation rule.

It makes scenarios and studies; tables and words are made above.
"""
