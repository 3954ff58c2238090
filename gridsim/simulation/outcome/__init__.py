"""What a run leaves behind lives here: its arrays, the measures and tables made of them, and what they warn of.

Both engines write the same outcome. Nothing here plays, and nothing compares two runs.
"""
