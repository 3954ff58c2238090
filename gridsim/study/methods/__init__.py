"""What studies are made for lives here: compare, sweep, explore, select, calibrate, find a warm-up, and when to stop.

Each method names its source. None of them prints or draws.
"""
