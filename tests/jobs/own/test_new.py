"""A scenario of one's own: complete, commented, and able to keep up."""

import pytest
from typer.testing import CliRunner

import gridsim as gs
from gridsim.cli import app
from gridsim.jobs.own.new import new, new_text


def ask(*words):
    return CliRunner().invoke(app, ["new", *map(str, words)])


@pytest.mark.parametrize(("grids", "residents", "problems", "people"),
                         [(40, 1500, 60, 120), (1, 997, 0.5, 10), (200, 800, 300, 700), (7, 1200, 10, 33)])  # fmt: skip
def test_numbers_that_were_given_are_those_of_the_scenario(grids, residents, problems, people):
    made = gs.loads(new_text("mine", grids, residents, problems, people))
    place = made.territory
    assert made.headcount == people
    assert made.tiers[0].units == grids
    assert place.residents_per_cell * place.cells == grids * residents
    assert f"about {problems:,.1f} problems a day" in made.describe()


def test_every_number_is_given_or_assumed_and_every_line_of_a_number_is_explained_once(tmp_path):
    new(tmp_path / "mine.toml", 40, 1500, 60, 120)
    made = gs.load(tmp_path / "mine.toml")
    assert all("assumed" in why or "given" in why for why in made.sources.values())
    explained = set()
    for line in (tmp_path / "mine.toml").read_text(encoding="utf-8").splitlines():
        key = line.split(" = ")[0]
        if "#" in line:
            explained.add(key)
        elif " = " in line and any(sign.isdigit() for sign in line.split(" = ", 1)[1]) and '"' not in line:
            assert key in explained, line


@pytest.mark.parametrize(("grids", "problems", "people"), [(40, 60, 120), (10, 9, 36), (60, 200, 400)])
def test_every_tier_keeps_up(grids, problems, people):
    result = gs.simulate(gs.loads(new_text("mine", grids, 1500, problems, people)), 1)
    loads = result.measures[[name for name in result.measures.index if name.startswith("offered_load.")]]
    assert loads.max() < 1.0


def test_every_design_can_be_made_of_it():
    made = gs.loads(new_text("mine", 40, 1500, 60, 120))
    assert {gs.design(name, made).headcount for name in gs.designs()} == {120}


def test_a_file_is_never_written_over(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text("mine", encoding="utf-8")
    told = ask(file)
    assert told.exit_code == 2
    assert "not written over" in told.stderr
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(("words", "said"), [
    (("--people", 60), "40 grids need at least 116; with 60 at most 20 grids"),
    (("--problems", 900), "keep up with about"),
    (("--problems", "nan"), "above 0"),
    (("--grids", 20_000), "from 1 to 10,000"),
])  # fmt: skip
def test_numbers_that_cannot_be_leave_no_file(words, said, tmp_path):
    told = ask(tmp_path / "mine.toml", *words)
    assert told.exit_code == 2
    assert said in told.stderr
    assert list(tmp_path.iterdir()) == []
