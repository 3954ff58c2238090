"""What is printed is readable in every terminal: letters that it lacks are replaced, and nothing fails over them."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import gridsim as gs
from gridsim.view import streams, terminal
from gridsim.view.report import plain_table

STREET = """
name = "惠济"
description = "一格一网 – café 😀"
[run]
days = 5.0
[territory]
cells = 4
cell_km = 0.5
residents_per_cell = 500
[[problems]]
type = "消防"
skills = ["fire"]
per_1000_residents_per_day = 2.0
work_hours = { mean = 1.0, cv = 1.0 }
limit_hours = 24.0
[[tiers]]
name = "网格"
units = 4
[tiers.leader]
triage_hours = { mean = 0.1, cv = 1 }
[[tiers.staff]]
role = "消防员"
skills = ["fire"]
count = 2
"""
ASCII = {"PYTHONIOENCODING": "ascii"}
OLD_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture
def stdout(monkeypatch):
    """Stand in for standard output in an encoding, and give what was written to it."""

    def standing_in(encoding):
        raw = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
        streams.never_fault()
        return lambda: (sys.stdout.flush(), raw.getvalue())[1]

    return standing_in


@pytest.mark.parametrize(
    ("encoding", "text", "shown"),
    [
        ("ascii", "12 ±3 – “x × y” • −1 … ∞", b'12 +-3 - "x x y" * -1 ... inf'),
        ("ascii", "café 惠 😀", b"cafe \\u60e0 \\U0001f600"),
        ("cp1252", "café ±3 ≥ 惠", b"caf\xe9 \xb13 >= \\u60e0"),
        ("gb18030", "惠 café", "惠 café".encode("gb18030")),
        ("utf-8", "惠 ±3", "惠 ±3".encode()),
        ("utf-8", "a\udce9b", b"a\xe9b"),
    ],
)
def test_letters_that_a_stream_lacks_are_readable(encoding, text, shown, stdout):
    written = stdout(encoding)
    sys.stdout.write(text)
    assert written() == shown


def test_columns_stay_in_line_where_letters_are_replaced(stdout, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    written = stdout("ascii")
    table = plain_table("一格 ±", [("name", "left"), ("mean", "right")])
    table.add_row("惠济", "12 ±3")
    table.add_row("flat", "5")
    terminal.show([table], ["网格 ± 1."])
    *lines, note = (line for line in written().decode("ascii").splitlines() if line.strip())
    assert len({len(line.rstrip()) for line in lines if line.startswith(("|", "+"))}) == 1
    assert note == "Note: \\u7f51\\u683c +- 1."


def test_what_a_program_reads_again_loses_nothing(stdout):
    given = gs.loads(STREET)
    stdout("ascii")
    toml, data = streams.exact_toml(given.to_toml()), streams.exact_json('{"惠é": "😀"}')
    assert toml.isascii()
    assert gs.loads(toml) == given
    assert data.isascii()
    assert json.loads(data) == {"惠é": "😀"}


def test_a_stream_without_an_encoding_is_left_alone(monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    monkeypatch.setattr(sys, "stderr", None)
    streams.never_fault()
    assert streams.exact_toml("惠") == "惠"


@pytest.mark.parametrize(
    ("surroundings", "words", "code"),
    [
        (ASCII, ("sites",), 0),
        (OLD_LOCALE, ("show", "street.toml", "--describe"), 0),
        (ASCII, ("show", "street.toml"), 0),
        (OLD_LOCALE, ("run", "street.toml", "--days", "2", "--json"), 0),
        (ASCII, ("compare", "street.toml", "mingming_road", "--days", "1", "--replications", "2", "--workers", "1"), 0),
        (
            ASCII,
            ("sweep", "street.toml", "--vary", "tiers.*.leader.count=1,2", "--days", "1", "--replications", "2"),
            0,
        ),
        (OLD_LOCALE, ("run", "惠.toml"), 2),
        (ASCII, ("--惠",), 2),
    ],
)
def test_every_command_ends_well_in_plain_ascii(surroundings, words, code, tmp_path):
    (tmp_path / "street.toml").write_text(STREET, encoding="utf-8")
    usual = {key: value for key, value in os.environ.items() if key != "PYTHONIOENCODING"}
    paths = os.pathsep.join(filter(None, [str(Path.cwd()), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run([sys.executable, "-m", "gridsim", *words], cwd=tmp_path, capture_output=True, check=False,
                          env=usual | surroundings | {"PYTHONPATH": paths})  # fmt: skip
    assert (done.returncode, b"Traceback" in done.stderr) == (code, False), done.stderr
    assert (done.stdout + done.stderr).isascii()
    assert done.stdout if code == 0 else done.stderr
