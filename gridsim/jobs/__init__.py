"""Whole questions answered with studies live here: the main job of one street, and the sites beside their reports.

A job plans, runs and weighs; how its answer looks is for the floor above.
"""
