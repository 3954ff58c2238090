"""Figures: one function per figure; each computes first, then draws on an `ax` that may be given, and returns it.

Nothing is shown or saved here; in a notebook a figure shows itself, elsewhere
`ax.get_figure().savefig("name.png")` keeps it.
"""

from .comparing import comparison, frontier, heat_map
from .running import backlog, map_of_cells, response_curve, where_time_goes
from .street import street

__all__ = [
    "backlog", "comparison", "frontier", "heat_map", "map_of_cells", "response_curve", "street", "where_time_goes",
]  # fmt: skip
