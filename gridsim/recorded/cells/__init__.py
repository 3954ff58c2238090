"""What a cell means lives here: dates and zones, places, and words that say nothing.

A column is looked at whole before one of its cells is read. No file is opened here.
"""
