"""The command line lives here: each family of commands parses, calls and prints, and does nothing else.

What a value on a command line means stands in `values`; what it leads to, on the floors below. Exit codes: 0 done, 2 wrong use
or wrong input (one message, nothing written), 1 a fault, 130 interrupted, 143 or 129 ended by SIGTERM or SIGHUP.
"""

from . import scenarios, studies, reproducing, records  # noqa: F401, I001 - each registers its commands, in this order
from .asking import app

__all__ = ["app"]
