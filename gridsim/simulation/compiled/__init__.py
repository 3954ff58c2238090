"""The compiled engine lives here: the same events on arrays, for sweeps and whole cities.

What is decided stands in `rules.py`, which is compiled as it is; here is only bookkeeping on arrays. It never imports Mesa.
"""
