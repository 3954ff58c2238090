"""What was recorded is read here: files of requests as people have them, and the scenario that they say.

Formats, encodings, dates, zones and places each have a file; `requests.py` cleans, `fitting.py` makes the scenario.
Nothing is simulated here, and nothing is drawn but places, types and hours that a record does not say.
"""
