"""A scenario is made from recorded requests here: rates, hours, spread and limits.

What records cannot say is assumed, and said to be. No file is read here.
"""
