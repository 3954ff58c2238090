"""A parameter that a calibration moves: one number of a scenario, or one factor for all that a pattern matches."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, log
from typing import TYPE_CHECKING, Any

from ...scenario.errors import nearest
from ...scenario.paths import values_at
from ...scenario.scaling import ends_of
from ..errors import StudyError

if TYPE_CHECKING:
    from ...scenario.scenario import Scenario

SHARES = frozenset({"solves", "handles_below", "hidden", "rework", "finds", "trust", "trust_gain", "trust_loss",
                    "reports_without_trust"})  # fmt: skip
EDGE = 1e-6


@dataclass(frozen=True)
class Free:
    """A free parameter.

    Parameters
    ----------
    path
        Its key path, `*` allowed.
    values
        What it matches in the scenario: concrete key paths and values.
    share
        Whether it lies between 0 and 1 and is moved by its odds; else by a factor.
    lowest, highest
        How far it may move, on that scale.
    """

    path: str
    values: dict[str, float]
    share: bool
    lowest: float = -inf
    highest: float = inf

    @property
    def value(self) -> float:
        """The value of the first match."""
        return next(iter(self.values.values()))

    def at(self, step: float) -> float:
        """The value of the first match after a move."""
        return _moved(self.value, step, self.share)

    def moved(self, step: float) -> dict[str, float]:
        """All matches after a move."""
        return {path: _moved(value, step, self.share) for path, value in self.values.items()}


def free_of(scenario: Scenario, path: str, ends: Any = None) -> Free:
    """Find what a key path names.

    Parameters
    ----------
    scenario
        Where it is looked for.
    path
        A key path, `*` allowed.
    ends
        Its lowest and highest value, or as scales of what stands there ("x0.5", "x2"); absent: as far as a scenario allows.

    Raises
    ------
    StudyError
        If nothing is there, it is not a number, or it cannot be moved by a factor.
    """
    found = values_at(scenario.as_data(), path)
    if not found:
        close = nearest(path, [".".join(known.split(".")) for known in values_at(scenario.as_data(), None)], 3)
        raise StudyError(f"free parameter {path}: the scenario gives it no value{close}")
    share = path.split(".")[-1] in SHARES
    for name, value in found.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise StudyError(f"free parameter {name} = {value!r}: is not a number")
        if isinstance(value, int) and path.split(".")[-1] in ("count", "units", "on_call", "stations", "informants"):
            raise StudyError(f"free parameter {name} = {value!r}: people and units are whole; sweep them instead")
        if value <= 0.0:
            raise StudyError(
                f"free parameter {name} = {value!r}: a factor cannot move it; give it a value above 0 first"
            )
    values = {name: min(float(value), 1.0 - EDGE) if share else float(value) for name, value in found.items()}
    one = Free(path, values, share)
    return one if ends is None else Free(path, values, share, *_ends(one, ends))


def _ends(one: Free, ends: Any) -> tuple[float, float]:
    factors = ends_of(*ends)
    low, high = ends if factors is None else tuple(one.value * factor for factor in factors)
    if not 0.0 < low < high < (1.0 + EDGE if one.share else inf):
        raise StudyError(f"free parameter {one.path} from {low!r} to {high!r}: must be above 0, the lowest value first")
    start = _free_scale(one.value, one.share)
    return _free_scale(low, one.share) - start, _free_scale(
        min(high, 1.0 - EDGE) if one.share else high, one.share
    ) - start


def _free_scale(value: float, share: bool) -> float:
    return log(value / (1.0 - value)) if share else log(value)


def _moved(value: float, step: float, share: bool) -> float:
    if not share:
        return value * exp(step)
    odds = value / (1.0 - value) * exp(step)
    return odds / (1.0 + odds)
