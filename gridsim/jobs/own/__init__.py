"""A scenario of one's own, begun from a few numbers.

Here stands the commented template and what fills it; no simulation and no words of results.
"""
