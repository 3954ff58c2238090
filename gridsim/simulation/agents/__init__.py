"""The Mesa model lives here: residents, leaders, staff, units and problems, to read, to watch and to change.

What they decide stands in `rules.py`; here is only who does it and what is written down. Nothing else imports Mesa.
"""
