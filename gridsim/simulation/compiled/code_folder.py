"""Where compiled code is kept: in a folder that only this user can write to, sealed by checksums.

Whoever can write there can have his code run, and a file that a full disk cut short would end every start: so the folder's
owner and mode are looked at, and every file's checksum, before anything is loaded.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

CHOSEN = "GRIDSIM_CACHE"
SEAL = "checksums.json"
OTHERS = 0o022  # may write: the group, everybody
OWN = 0o700


def code_folder(name: str) -> Path | None:
    """Give a folder of the user's own, made if it is not there; None if there is none that can be trusted.

    Parameters
    ----------
    name
        Of the folder within the user's cache.
    """
    for place in _places():
        if _is_own(place, mend=True) and _is_own(place / name):
            return place / name
    return None


def _places() -> list[Path]:
    """Where compiled code may be kept: as chosen and nowhere else, or in the cache, or in a folder among temporary ones."""
    places = []
    with suppress(RuntimeError, OSError):
        if chosen := os.environ.get(CHOSEN):
            return [Path(chosen).expanduser().absolute()]
    if Path(named := os.environ.get("XDG_CACHE_HOME", "")).is_absolute():
        places.append(Path(named) / "gridsim")
    with suppress(RuntimeError):
        places.append(Path.home() / ".cache" / "gridsim")
    with suppress(OSError, KeyError):
        user = os.getuid() if hasattr(os, "getuid") else getpass.getuser()
        places.append(Path(tempfile.gettempdir()) / f"gridsim-{user}")
    return places


def _is_own(folder: Path, mend: bool = False) -> bool:
    """Whether a folder is the user's and nobody else may write to it; one that is there may be closed to others."""
    try:
        folder.mkdir(mode=OWN, parents=True, exist_ok=True)
        if hasattr(os, "getuid"):
            if {folder.lstat().st_uid, folder.stat().st_uid} != {os.getuid()}:
                return False
            if mend and folder.stat().st_mode & OTHERS:
                folder.chmod(OWN)
        state = folder.stat()
        closed = not hasattr(os, "getuid") or not state.st_mode & OTHERS
        with tempfile.TemporaryFile(dir=folder):
            return stat.S_ISDIR(state.st_mode) and closed
    except OSError:
        return False


def seal(folder: Path) -> None:
    """Note the checksums of all files of compiled code, so that damage is found.

    Parameters
    ----------
    folder
        Where they are.
    """
    made = folder / f"{SEAL}.{os.getpid()}"
    try:
        made.write_text(json.dumps(_sums(folder)), encoding="utf-8")
        made.replace(folder / SEAL)
    except OSError:  # a full disk: without a seal it is compiled again next time
        with suppress(OSError):
            made.unlink(missing_ok=True)


def is_sealed(folder: Path) -> bool:
    """Whether there is compiled code, and all of it as it was written."""
    try:
        sums = _sums(folder)
        return bool(sums) and bool(json.loads((folder / SEAL).read_text(encoding="utf-8")) == sums)
    except (OSError, ValueError):
        return False


def drop(folder: Path) -> bool:
    """Remove compiled code that cannot be trusted; say whether there was any."""
    found = _files(folder)
    for file in found:
        with suppress(OSError):
            file.unlink(missing_ok=True)
    return bool(found)


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("*.nb[ic]") if not file.is_dir())


def _sums(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in _files(folder)}
