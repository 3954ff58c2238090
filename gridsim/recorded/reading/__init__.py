"""Files as people have them become one table of text here, whatever their form, and what was recognised is said.

No cell is understood here: what a text means is for the next room.
"""
