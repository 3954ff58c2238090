"""Hierarchy designs: the people of a scenario, counted, moved to levels and units, and written as a scenario again.

Rooms: designs (which there are), layout (what one is), placing and seating (who goes where), people (who there is). No rules.
"""
