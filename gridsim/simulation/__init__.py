"""What happens in one run lives here: `simulate.py` tells it, `rules.py` decides, `events.py` says in which order.

The rooms follow the data: plan, demand, either engine (agents, compiled), outcome. No repetition, no comparison, no picture.
"""
