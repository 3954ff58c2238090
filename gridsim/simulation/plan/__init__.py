"""The scenario as arrays lives here: who is where, who can serve what, and when a problem goes up.

Both engines read it and neither changes it. Nothing here is drawn and nothing happens.
"""
