"""Whatever stands in a scenario file, it loads or is one clear sentence, soon."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import EVERYONE_AT_ONCE, ONE_DESK, TWO_TIERS, everyone_at_once

import gridsim as gs
from gridsim.cli.values import changes_of, values_of
from gridsim.scenario.paths import values_at
from gridsim.scenario.reading import MOST_BYTES
from gridsim.scenario.sites import site_names, site_path
from gridsim.study.errors import StudyError

sys.path.insert(0, str(Path(__file__).parent))
from mutants import change, mutant

LONGEST_SECONDS = 20  # on a busy machine; the slowest takes a tenth of a second
LONGEST_SENTENCE = 1000
needs_signals = pytest.mark.skipif(os.name == "nt", reason="alarms and pipes of Unix")


@contextmanager
def soon(what):
    """Fail where something takes for ever."""

    def late(*_):
        raise TimeoutError(f"{what}: took longer than {LONGEST_SECONDS} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(LONGEST_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def refused(path):
    with soon(path), pytest.raises(gs.ScenarioError) as wrong:
        gs.load(path)
    said = str(wrong.value)
    assert said.isprintable()
    assert len(said) < 300
    return said


HOSTILE = {
    "arrays nested 500 deep": ("x = " + "[" * 500 + "]" * 500, "nested too deep"),
    "arrays nested 100,000 deep": ("x = " + "[" * 100_000, "nested too deep"),
    "tables nested 5,000 deep": ("x = " + "{a=" * 5000 + "1" + "}" * 5000, "nested too deep"),
    "a number of 5,000 digits": ("run = { days = " + "9" * 5000 + " }", "too many digits"),
    "a hexadecimal number of 5,000 digits": ("name = 0x" + "f" * 5000, "name = a number of thousands of digits"),
    "a number of 400 digits": (ONE_DESK.replace("days = 100.0", "days = " + "9" * 400), "run.days"),
    "a key of 100,000 dots": ("a" + ".a" * 100_000 + " = 1", "line 1 has a key of more than 64 steps"),
    "a key of 100,000 dots and blanks": ("b = 1\na" + " . 'a'" * 100_000 + " = 1", "line 2 has a key"),
    "a table of 100,000 dots": ("[" + "a." * 100_000 + "a]", "more than 64 steps"),
    "a million letters": ("a" * 1_000_000, "is not TOML"),
    "a million quotes": ('"' * 1_000_000, "is not TOML"),
    "a long unknown key": (ONE_DESK + "x" * 5000 + " = 1", "there is no such key"),
    "a key with control characters": ('"a\\u001b[31m\\nb" = 1\n' + ONE_DESK, "there is no such key"),
    "a name with a control character": (ONE_DESK.replace('"desk"', '"de\\u0007sk"'), "control characters"),
}


@needs_signals
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_one_clear_sentence(kind, tmp_path):
    text, told = HOSTILE[kind]
    (tmp_path / "wrong.toml").write_text(text)
    assert told in refused(tmp_path / "wrong.toml")


def test_dots_in_a_text_are_no_key(tmp_path):
    text = ONE_DESK.replace(
        'name = "one_desk"', 'name = "one_desk"\ndescription = """\nContents ' + ". " * 100 + '5"""'
    )
    assert gs.loads(text).description.endswith(". 5")


@needs_signals
def test_what_is_no_file_is_said_at_once(tmp_path):
    os.mkfifo(tmp_path / "fifo.toml")
    assert "is a device or a pipe" in refused(tmp_path / "fifo.toml")
    assert "is a device or a pipe" in refused("/dev/zero")
    assert "is a directory" in refused(tmp_path)
    assert "File name too long" in refused("x" * 300)
    assert "File name too long" in refused(tmp_path / ("x" * 300 + ".toml"))
    assert "no such file" in refused("x" * 150)


@needs_signals
def test_a_huge_file_is_said_before_it_is_read(tmp_path):
    with (tmp_path / "huge.toml").open("wb") as file:
        file.truncate(MOST_BYTES * 1000)
    assert "is larger than 64 MB" in refused(tmp_path / "huge.toml")


@needs_signals
def test_a_scenario_may_come_from_another_command(tmp_path):
    (tmp_path / "desk.toml").write_text(ONE_DESK)
    shown = f"{sys.executable} -m gridsim show <(cat desk.toml)"
    done = subprocess.run(["bash", "-c", shown], cwd=tmp_path, capture_output=True, text=True, check=False,
                          env=os.environ | {"PYTHONPATH": str(Path(gs.__file__).parents[1])})  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert gs.loads(done.stdout) == gs.loads(ONE_DESK)


def test_a_mark_of_byte_order_is_no_part_of_the_text(tmp_path):
    (tmp_path / "marked.toml").write_bytes(b"\xef\xbb\xbf" + ONE_DESK.encode())
    assert gs.load(tmp_path / "marked.toml") == gs.loads(ONE_DESK)
    assert gs.loads("\ufeff" + ONE_DESK) == gs.loads(ONE_DESK)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named(encoding, tmp_path):
    (tmp_path / "wide.toml").write_bytes(ONE_DESK.strip().encode(encoding))
    assert "not UTF-8 text but UTF-16; save it as UTF-8" in refused(tmp_path / "wide.toml")


def test_the_line_that_is_no_utf_8_is_named(tmp_path):
    (tmp_path / "latin.toml").write_bytes(ONE_DESK.replace("desk", "Büro").encode("latin-1"))
    assert "is not UTF-8 text (line 2); save it as UTF-8" in refused(tmp_path / "latin.toml")


# --- fuzz --------------------------------------------------------------------------------------------------------

SMALL = (ONE_DESK, TWO_TIERS, EVERYONE_AT_ONCE)


def check_sentence(error, whose):
    assert str(error).isprintable(), f"{whose}: {error}"
    assert len(str(error)) < LONGEST_SENTENCE, whose


def check_mutants(seeds, path):
    """Each loads, and then is written and read back the same, or is a sentence; never anything else."""
    texts = [*SMALL * 3, *(site_path(name).read_text(encoding="utf-8") for name in site_names())]
    loaded = 0
    for seed in seeds:
        path.write_bytes(mutant(texts[seed % len(texts)], seed))
        with soon(f"mutant {seed}"):
            try:
                found = gs.load(path)
                assert gs.loads(found.to_toml()) == found, f"mutant {seed}"
                assert found.describe()
                assert found.after_switch.digest
                loaded += 1
            except gs.ScenarioError as error:
                check_sentence(error, f"mutant {seed}")
    assert len(seeds) > loaded > len(seeds) // 100  # the mutations are neither harmless nor all fatal


def check_changes(seeds):
    """Each KEY=VALUE is taken or refused in a sentence, after --set and after --vary."""
    world = everyone_at_once()
    paths = list(values_at(world.as_data(), None))
    for seed in seeds:
        typed = change(seed, paths)
        with soon(f"change {seed}"):
            for read in (changes_of, values_of):
                try:
                    for key, value in read([typed]).items():
                        for one in value if read is values_of else [value]:
                            varied = world.vary({key: one})
                            assert gs.loads(varied.to_toml()) == varied, f"change {seed}"
                except (gs.ScenarioError, StudyError) as error:
                    check_sentence(error, f"change {seed}")


@needs_signals
def test_a_mutated_file_loads_or_is_a_sentence(tmp_path):
    check_mutants(range(300), tmp_path / "mutant.toml")


@needs_signals
@pytest.mark.slow
def test_ten_thousand_mutated_files_load_or_are_a_sentence(tmp_path):
    check_mutants(range(1000, 11_000), tmp_path / "mutant.toml")


@needs_signals
def test_a_mutated_change_is_taken_or_is_a_sentence():
    check_changes(range(300))


@needs_signals
@pytest.mark.slow
def test_ten_thousand_mutated_changes_are_taken_or_are_a_sentence():
    check_changes(range(1000, 11_000))
