"""A scenario: who is where, what arises, and when a problem goes up. Frozen, validated, read from TOML."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator

from .changing import apply_changes, flattened
from .errors import ScenarioError, nearest, said
from .hours import as_hours
from .parts import (
    Escalation,
    Part,
    ProblemType,
    Reported,
    Residents,
    Run,
    Surge,
    Switch,
    Territory,
    Tier,
    Wages,
    is_volunteer,
    people_of,
)
from .paths import key_path
from .reading import data_of, text_of
from .values import key
from .wording import describe, html_of, rule_in_words, sentence

SIMULATED = ("run", "territory", "residents", "problems", "tiers", "escalation", "wages", "surges", "switch")
LABELS = ("cell_names", "corner")  # of the territory: they say where records belong, and change no run


class Scenario(Part):
    """Everything that is simulated, and where its numbers come from.

    Load one with `gridsim.load` or `gridsim.loads`; change it with `vary`, which gives a new one.
    """

    name: Annotated[str, key("name of the scenario")] = Field(min_length=1)
    description: Annotated[str, key("one line on what it is")] = ""
    sources: Annotated[dict[str, str], key("key paths (* allowed) and where their numbers come from, or assumed")] = (
        Field(default_factory=dict)
    )
    reported: Annotated[
        dict[str, Reported], key("figures that a report printed, by name, beside what the model gives")
    ] = Field(default_factory=dict)
    run: Annotated[Run, key("horizon and measured window")]
    territory: Annotated[Territory, key("cells and residents")]
    residents: Annotated[Residents, key("trust, reporting and patience")] = Residents()
    problems: Annotated[tuple[ProblemType, ...], key("what arises, one entry per type")] = Field(min_length=1)
    tiers: Annotated[tuple[Tier, ...], key("who is where, bottom to top")] = Field(min_length=1)
    escalation: Annotated[Escalation, key("when a problem goes up")] = Escalation()
    wages: Annotated[Wages, key("what on call and overtime cost")] = Wages()
    surges: Annotated[tuple[Surge, ...], key("days with more or fewer problems")] = ()
    switch: Annotated[Switch | None, key("another policy from a day on")] = None

    @model_validator(mode="after")
    def _check(self) -> Scenario:
        from .checks import check

        check(self)
        return self

    # --- in and out ----------------------------------------------------------------------------------------------

    def to_toml(self) -> str:
        """Write the scenario as TOML; `loads` gives it back without loss."""
        import tomli_w

        return tomli_w.dumps(self.as_data())

    def as_data(self) -> dict[str, Any]:
        """Give the scenario as plain data, without what is absent."""
        data: dict[str, Any] = _plain(self.model_dump(exclude_unset=True, exclude_none=True))
        return data

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the scenario to a TOML file, all of it or nothing."""
        target = Path(_path(path))
        made: Path | None = None
        try:
            with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=target.parent, delete=False) as file:
                made = Path(file.name)
                file.write(self.to_toml())
            made.replace(target)
        except OSError as error:
            if made is not None:
                made.unlink(missing_ok=True)
            raise ScenarioError(f"{said(target)}: cannot be written ({error.strerror})") from error

    # --- numbers -------------------------------------------------------------------------------------------------

    @cached_property
    def headcount(self) -> int:
        """Leaders and staff of all units; volunteers and informants are counted apart."""
        leaders = sum(tier.leaders for tier in self.tiers)
        return leaders + sum(
            people_of(staff.count, tier.units)
            for tier in self.tiers
            for staff in tier.staff
            if not is_volunteer(staff.role, staff.wage_per_hour)
        )

    @cached_property
    def cost_per_day(self) -> float:
        """Wages of a mean day that the roster fixes: people on duty, and in part those on call; without overtime."""
        cost = 0.0
        for tier in self.tiers:
            if tier.leader:
                cost += as_hours(tier.hours).share * tier.leaders * tier.leader.wage_per_hour
            for staff in tier.staff:
                share = as_hours(staff.hours or tier.hours).share
                counts = staff.count if isinstance(staff.count, tuple) else (staff.count,) * tier.units
                called = sum(min(staff.on_call, count) for count in counts)
                cost += (share * sum(counts) + (1.0 - share) * called * self.wages.on_call) * staff.wage_per_hour
        return 24.0 * cost

    @cached_property
    def _content(self) -> str:
        return json.dumps(_plain(self.model_dump()), sort_keys=True, default=str)

    def __eq__(self, other: object) -> bool:
        """Whether both hold the same, to the last letter; then their digests are the same too."""
        return self._content == other._content if isinstance(other, Scenario) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.digest)

    @cached_property
    def digest(self) -> str:
        """Hash of what is simulated; name, description and sources do not count."""
        data = _plain(self.model_dump(include=set(SIMULATED), exclude={"territory": set(LABELS)}))
        return hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()

    @cached_property
    def after_switch(self) -> Scenario:
        """The scenario as it is from the day of the switch on; without a switch, the scenario itself."""
        if self.switch is None:
            return self
        data = self.as_data()
        del data["switch"]
        changes = {path: None if value == "none" else value for path, value in self.switch.to.items()}
        return make(apply_changes(data, changes), None)

    # --- changing ------------------------------------------------------------------------------------------------

    def vary(self, changes: Mapping[str, Any]) -> Scenario:
        """Give a new, validated scenario with some values changed.

        Parameters
        ----------
        changes
            Key paths and values; parts are named by tier, role and type, surges by number, `*` stands for
            all of them, "x1.25", "+25%" and "-10%" scale what stands there, and None removes a key. After all other
            changes act `headcount` (so many leaders and staff) and `design` (one of `gridsim.designs()`, with
            `keep_grids` true or false). Example: {"tiers.grid.staff.fire.count": 2}.

        Raises
        ------
        ScenarioError
            If a path does not exist, or the result is not a scenario.
        """
        from .given import as_changes
        from .levers import varied

        return varied(self, as_changes(changes))

    def with_demand(self, factor: float | str, types: Iterable[str] = ("*",)) -> Scenario:
        """Give the scenario with more or fewer problems.

        Parameters
        ----------
        factor
            Times as many as now: 1.25, or "x1.25", "+25%", "-10%".
        types
            Names of problem types; absent: all.

        Raises
        ------
        ScenarioError
            If it is no factor, or a type is not known.
        """
        from .levers import with_demand

        return with_demand(self, factor, types)

    def with_storm(self, day: float, days: float, factor: float, types: Iterable[str] = ("*",)) -> Scenario:
        """Give the scenario with some days on which so many times as many problems arise; those that it has stay.

        Parameters
        ----------
        day, days
            When it begins, and how long it lasts, in days.
        factor
            Times as many as on other days.
        types
            Names of problem types; absent: all.

        Raises
        ------
        ScenarioError
            If it is not within the run, or a number or a type is wrong.
        """
        from .levers import with_storm

        return with_storm(self, day, days, factor, types)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What to know of how it was made: values that a star flattened. No part of it: not in digest or TOML."""
        return tuple(flattened(self.as_data(), self.switch.to)) if self.switch else ()

    def noted(self, notes: Iterable[str]) -> Scenario:
        """Give the same scenario with notes on how it was made."""
        found = self.model_copy()  # a copy has what was computed already
        found.__dict__["notes"] = tuple(dict.fromkeys([*notes, *self.notes]))  # where a cached property keeps its value
        return found

    # --- showing itself ------------------------------------------------------------------------------------------

    @cached_property
    def rule(self) -> str:
        """When a problem goes up, in words with the clock of their hours: "after 8 working hours"."""
        return rule_in_words(self)

    def describe(self) -> str:
        """Say in words what the scenario holds."""
        return describe(self)

    def _repr_html_(self) -> str:
        return html_of(self)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _path(given: object) -> str:
    path = os.fspath(given) if isinstance(given, str | os.PathLike) else None
    if not isinstance(path, str):
        raise ScenarioError(f"a scenario's file is named by text or a path, not by {type(given).__name__}")
    return path


def make(data: Mapping[str, Any], file: str | None) -> Scenario:
    """Build a scenario from plain data; everything wrong becomes one clear sentence."""
    where = f"{said(file)}: " if file else ""
    try:
        return Scenario.model_validate(data)
    except ValidationError as error:
        raise ScenarioError(where + sentence(error, data)) from None


def loads(text: str, file: str | None = None) -> Scenario:
    """Read a scenario from TOML text.

    Raises
    ------
    ScenarioError
        If it is not TOML, or not a scenario.
    """
    if not isinstance(text, str):
        raise ScenarioError(f"a scenario is read from TOML text, not from {type(text).__name__}")
    return make(data_of(text, file), file)


def load(name_or_path: str | os.PathLike[str]) -> Scenario:
    """Read a ready-made site by its name, or a TOML file by its path.

    Raises
    ------
    ScenarioError
        If there is no such site or file, or what it holds is not a scenario.
    """
    from .sites import site_names, site_path

    name = _path(name_or_path)
    path = site_path(name) if name in site_names() else Path(name)
    try:
        return loads(text_of(path), str(path))
    except FileNotFoundError:
        hint = nearest(name, site_names()) or f"; sites are {', '.join(site_names())}"
        raise ScenarioError(f"{said(name)}: there is no such file or site{hint}") from None


__all__ = ["Scenario", "key_path", "load", "loads", "make"]
