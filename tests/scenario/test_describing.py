"""A scenario says when people are on duty, who patrols, where reports arrive, and what authority is of."""

import gridsim as gs


def said(changes=None, design=None):
    site = gs.load("mingming_road")
    return (gs.design(design, site) if design else site.vary(changes or {})).describe()


def test_hotline_and_three_tier_read_differently():
    assert "Reports arrive at street, and are sent down" in said(design="hotline")
    assert "Reports arrive at grid." in said(design="three_tier")


def test_hours_patrols_and_authority_are_said():
    text = said()
    assert "On duty 08:30-12:00, 14:00-17:30 Mon-Fri. Leaders patrol every 12 h" in text
    assert "Authority is the most difficult problem" in text
    assert "Emergencies go straight to grid." in text


def test_a_roster_says_the_people_that_it_needs():
    """660 people of the grids on 112 hours a week need 1,848 people; the other 105 work office hours."""
    text = said({"tiers.grid.hours": "two_shifts"})
    assert "06:00-22:00 daily" in text
    assert f"needs at least {1848 + gs.load('mingming_road').headcount - 660:,} people" in text
    assert "rotating roster" not in said()


def test_sentences_have_at_most_25_words():
    lines = [line for line in said(design="hotline").split("\n")[2:] if not line.startswith("  ")]
    assert all(len(part.split()) <= 25 for line in lines for part in line.split(". "))
