"""What a scenario says lives here: its parts, their checks, its designs and the ready-made sites.

It is frozen data and how data is read, changed and written. No simulation, no random number, and nothing of how a study is run.
"""
