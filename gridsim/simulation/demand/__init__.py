"""What goes in lives here: problems and every random number, drawn once or replayed.

Each purpose and type has a stream of its own. No engine, no numba and no Mesa: demand is known before any design plays.
"""
