"""Compiled code is loaded only from a folder of the user's own, and only whole; numba's settings stay everybody's."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import gridsim as gs
from gridsim.simulation.compiled import code_folder as kept_code

ROOT = Path(__file__).parents[2]
POSIX = pytest.mark.skipif(not hasattr(os, "getuid"), reason="owners and modes of files")
RUN = (
    "import gridsim as gs, numba; s = gs.load('mingming_road').vary({'run.days': 1}); r = gs.simulate(s);"
    " from gridsim.simulation.compiled import pointer; print(int(r.measures['reported']), numba.config.OPT.__class__.__name__,"
    " len(pointer._play_all.signatures), sum(pointer._play_all.stats.cache_hits.values()))"
)


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """No cache is named; home and the temporary folder are in a folder of the test."""
    monkeypatch.delenv("GRIDSIM_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(kept_code.tempfile, "gettempdir", lambda: str(tmp_path / "common"))
    (tmp_path / "home").mkdir()
    (tmp_path / "common").mkdir(mode=0o777)
    return tmp_path


def test_the_folder_follows_what_is_named(nowhere, monkeypatch):
    """As chosen, else the cache of XDG where it is a whole path, else that of the home folder."""
    assert kept_code.code_folder("x") == nowhere / "home" / ".cache" / "gridsim" / "x"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert kept_code.code_folder("x") == nowhere / "home" / ".cache" / "gridsim" / "x"
    monkeypatch.setenv("XDG_CACHE_HOME", str(nowhere / "xdg"))
    assert kept_code.code_folder("x") == nowhere / "xdg" / "gridsim" / "x"
    monkeypatch.setenv("GRIDSIM_CACHE", str(nowhere / "mine"))
    assert kept_code.code_folder("x") == nowhere / "mine" / "x"


@POSIX
def test_without_a_home_it_is_closed_to_others(nowhere):
    """A folder among temporary ones is the user's own, mode 0700."""
    shutil.rmtree(nowhere / "home")
    (nowhere / "home").write_text("no folder")
    found = kept_code.code_folder("x")
    assert found is not None
    assert found.parent.parent == nowhere / "common"
    for folder in (found, found.parent):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder.stat().st_uid == os.getuid()


@POSIX
def test_a_folder_that_others_can_write_to_is_not_trusted(nowhere, monkeypatch):
    """Whoever made it may have put his code there."""
    monkeypatch.setenv("GRIDSIM_CACHE", str(nowhere / "mine"))
    (nowhere / "mine").mkdir()
    (nowhere / "mine" / "x").mkdir()
    (nowhere / "mine" / "x").chmod(0o777)
    assert kept_code.code_folder("x") is None


@POSIX
@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can make another's folder")
def test_a_folder_of_somebody_else_is_not_trusted(nowhere, monkeypatch):
    """Nor is a link that somebody else made."""
    monkeypatch.setenv("GRIDSIM_CACHE", str(nowhere / "mine"))
    (nowhere / "mine").mkdir()
    os.chown(nowhere / "mine", 12345, 12345)
    assert kept_code.code_folder("x") is None
    (nowhere / "own").mkdir()
    (nowhere / "link").symlink_to(nowhere / "own")
    os.lchown(nowhere / "link", 12345, 12345)
    monkeypatch.setenv("GRIDSIM_CACHE", str(nowhere / "link"))
    assert kept_code.code_folder("x") is None


def cut_short(file):
    file.write_bytes(file.read_bytes()[:10])


def emptied(file):
    file.write_bytes(b"")


def one_byte(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))


@pytest.mark.parametrize("spoil", [cut_short, emptied, one_byte, Path.unlink])
@pytest.mark.parametrize("ending", ["nbi", "nbc"])
def test_damage_of_any_file_breaks_the_seal(tmp_path, spoil, ending):
    """Nothing of it is loaded then, and all of it is removed."""
    for name in ("nbi", "nbc"):
        (tmp_path / f"pointer.{name}").write_bytes(bytes(range(100)))
    assert not kept_code.is_sealed(tmp_path)
    kept_code.seal(tmp_path)
    assert kept_code.is_sealed(tmp_path)
    spoil(tmp_path / f"pointer.{ending}")
    assert not kept_code.is_sealed(tmp_path)
    assert kept_code.drop(tmp_path)
    assert not list(tmp_path.glob("*.nb?"))
    assert not kept_code.drop(tmp_path)


def run(folder, program=RUN, **more):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "GRIDSIM_CACHE": str(folder), **more}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program], env=environment, capture_output=True, text=True
    )


def test_a_damaged_engine_is_compiled_again_with_one_line(tmp_path):
    """The run is the same; the next one loads it and says nothing."""
    from gridsim.simulation.compiled import pointer

    gs.simulate(gs.load("mingming_road").vary({"run.days": 1}))  # compiled here, if it never was
    folder = pointer.folder_of_code()
    if folder is None:
        pytest.skip("no compiler, or no folder of one's own")
    run(tmp_path, "import gridsim.simulation.compiled.pointer")  # makes the folder
    mine = next(tmp_path.iterdir()) / folder.name
    shutil.copytree(folder, mine, dirs_exist_ok=True)
    assert kept_code.is_sealed(mine)
    cut_short(next(mine.glob("*.nbc")))
    first, again = run(tmp_path), run(tmp_path)
    assert first.returncode == again.returncode == 0, first.stderr
    assert first.stderr.splitlines() == [
        "The compiled engine that was kept is damaged or only half there: it is compiled again."
    ]
    assert again.stderr == ""
    assert first.stdout.split()[:3] == again.stdout.split()[:3]
    assert first.stdout.split()[2] == "1"  # what is asked for at first is what is called
    assert again.stdout.split()[3] == "1"


def test_numba_is_left_as_it_was():
    """Functions of others in the same process are compiled as they would be without gridsim."""
    program = "import {}numba; print(numba.config.OPT, numba.config.CACHE_DIR)"
    told = [subprocess.run([sys.executable, "-c", program.format(first)], capture_output=True, text=True, check=True,
                           env={**os.environ, "PYTHONPATH": str(ROOT)}).stdout
            for first in ("", "gridsim.simulation.compiled.pointer, ")]  # fmt: skip
    assert told[0] == told[1]
