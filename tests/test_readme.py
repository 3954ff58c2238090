"""What the README says works: its example runs, its commands exist, its files are there."""

import os
import re
import shlex
import subprocess
import sys
import tomllib

import pandas as pd
import pytest
from conftest import ROOT
from typer.testing import CliRunner

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
    return [text for name, text in fenced if name == language]


def commands():
    lines = [line for block in blocks("") for line in block.splitlines() if line.startswith("gridsim ")]
    return [line.split("   ")[0] for line in lines]


@pytest.mark.parametrize("example", blocks("python"))
def test_example_runs_as_a_script_in_an_empty_folder(example, tmp_path):
    """Ten lines, pasted into a file, print the tables and leave the picture."""
    script = tmp_path / "example.py"
    script.write_text(example, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script.name],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "closure_rate" in done.stdout
    assert (tmp_path / "response.png").stat().st_size > 5000
    assert len([line for line in example.splitlines() if line.strip()]) <= 10


def environment():
    return {**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg"}


@pytest.mark.parametrize("command", commands())
def test_commands_are_understood(command):
    """Each command line of the README names options that exist (asked with --help, which runs nothing)."""
    from gridsim.cli import app

    name, *words = shlex.split(command)[1:]
    shown = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "200"})
    assert shown.exit_code == 0
    for option in (word for word in words if word.startswith("--")):
        assert option in shown.output


def test_install_commands_name_extras_that_exist():
    """One line installs and runs the main job, a second installs and runs the tests."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [line for block in blocks("") for line in block.splitlines() if line.startswith("python3 -m venv")]
    assert len(lines) == 2
    assert lines[0].endswith("gridsim compare")
    assert "gridsim" in project["scripts"]
    assert re.findall(r"\[(\w+)\]", lines[1]) == ["test"]
    assert {"pytest", "pytest-xdist"} <= {
        re.split(r"[<>=]", need)[0] for need in project["optional-dependencies"]["test"]
    }


def test_ci_runs_the_test_command_of_the_readme():
    """The script finds the command behind the marker, and there is exactly one."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    pattern = re.search(r"sed -n '/(<!-- .* -->)/", script)
    assert README.count(pattern.group(1)) == 1
    behind = README.split(pattern.group(1))[1].split("```")[1]
    assert behind.strip().startswith("python3 -m venv")
    assert "\n" not in behind.strip()
    line = next(line for line in script.splitlines() if line.startswith("test_command="))
    found = subprocess.run(["bash", "-c", f'{line}\necho "$test_command"'], cwd=ROOT, capture_output=True, text=True)
    assert found.stdout.strip() == behind.strip()


def test_files_that_the_readme_names_are_there():
    """Pictures, scripts, folders and documents."""
    named = set(re.findall(r"\]\((?!http)([^)]+)\)", README))
    named |= set(re.findall(r"`((?:gridsim|experiments)/[\w./]*)`", README))
    named |= {"CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"}
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_map_of_the_package_names_every_floor():
    """The map shows each folder of the package, in the order in which they use each other."""
    shown = re.findall(r"^  (\w+)/ ", README, flags=re.MULTILINE)
    there = {path.name for path in (ROOT / "gridsim").iterdir() if (path / "__init__.py").exists()}
    assert shown == ["scenario", "simulation", "study", "recorded", "jobs", "view", "cli"]
    assert set(shown) == there


def test_example_scenarios_are_what_the_comments_say():
    """The example's two smaller scenarios differ from the first only in organisation."""
    import gridsim as gs

    street = gs.load("mingming_road").vary({"run.days": 3})
    few = gs.design("three_tier", street, headcount=120)
    assert few.headcount == 120
    pd.testing.assert_frame_equal(gs.demand(street, 1).to_frame(), gs.demand(few, 1).to_frame())
