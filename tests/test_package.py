"""The package as somebody meets it: quick to import, typed, and with all it needs inside."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from importlib.resources import files

import pytest
from conftest import ROOT

import gridsim as gs

HEAVY = {"mesa", "matplotlib", "pandas", "scipy", "numba", "numpy", "pydantic", "typer", "rich"}


def in_a_new_process(code):
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    return json.loads(done.stdout)


def test_import_loads_nothing_heavy():
    """`import gridsim` stays far below 0.3 s because what it needs is loaded on first use."""
    loaded = in_a_new_process("import gridsim, sys, json; print(json.dumps([m for m in sys.modules]))")
    assert HEAVY.isdisjoint(loaded)


def test_import_takes_less_than_a_third_of_a_second():
    """The best of three, in processes of their own."""
    code = "import time; t = time.perf_counter(); import gridsim; print(time.perf_counter() - t)"
    assert min(in_a_new_process(code) for _ in range(3)) < 0.3


def test_loading_a_scenario_needs_neither_mesa_nor_a_compiler_nor_figures():
    """What a worker of a study loads first is light."""
    code = "import gridsim as gs, sys, json; gs.load('mingming_road'); print(json.dumps([m for m in sys.modules]))"
    assert {"mesa", "matplotlib", "numba", "scipy"}.isdisjoint(in_a_new_process(code))


def test_a_run_of_the_compiled_engine_loads_neither_mesa_nor_matplotlib():
    """So that a pool of processes starts quickly, and Mesa cannot change how processes start."""
    from gridsim.simulation.simulate import ENGINES

    if "compiled" not in ENGINES:
        pytest.skip("the compiled engine is not offered yet")
    code = (
        "import gridsim as gs, sys, json; s = gs.load('mingming_road').vary({'run.days': 2});"
        "gs.simulate(s, engine='compiled').measures; print(json.dumps([m for m in sys.modules]))"
    )
    assert {"mesa", "matplotlib"}.isdisjoint(in_a_new_process(code))


@pytest.mark.parametrize("name", gs.__all__)
def test_every_public_name_is_there_and_documented(name):
    """Each name of `__all__` loads, and says what it is."""
    value = getattr(gs, name)
    assert value is not None
    assert name in dir(gs)
    if name != "__version__":
        assert value.__doc__


def test_names_that_are_also_modules_are_the_functions():
    """`gridsim.demand` draws problems; the module of that name lies one level deeper."""
    import gridsim.simulation.demand.demand
    import gridsim.simulation.simulate  # noqa: F401

    assert callable(gs.demand)
    assert callable(gs.simulate)


def test_unknown_name_is_an_attribute_error():
    """As for any module."""
    with pytest.raises(AttributeError, match="no attribute 'tickets'"):
        _ = gs.tickets


def test_names_for_type_checkers_are_those_that_load():
    """The imports that mypy reads and the table that Python uses name the same things."""
    tree = ast.parse((ROOT / "gridsim" / "__init__.py").read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    typed = {alias.asname: node.module for node in block.body for alias in node.names}
    homes = {name: f"gridsim.{home}" for name, home in gs._HOMES.items()}
    assert set(typed) == set(homes) == set(gs.__all__) - {"__version__"}
    assert {name: home for name, home in typed.items() if name != "plots"} == {
        name: home for name, home in homes.items() if name != "plots"
    }


def test_data_ships_with_the_package():
    """The sites, the model description and the marker of a typed package."""
    package = files("gridsim")
    assert (package / "py.typed").is_file()
    assert (package / "docs" / "model_description.md").is_file()
    assert (package / "scenario" / "sites" / "mingming_road.toml").is_file()


def test_version_is_in_the_changelog():
    """The newest heading of the changelog that is a version is this one."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## \[(\d[^\]]*)\]", changelog, flags=re.MULTILINE).group(1) == gs.__version__


def test_every_import_of_the_package_is_a_declared_dependency():
    """Nothing works only because something else happens to bring it along."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needs = [*project["dependencies"], *(n for extra in project["optional-dependencies"].values() for n in extra)]
    declared = {re.split(r"[<>=\[;]", need)[0].strip().replace("-", "_").lower() for need in needs}
    used = {name for path in (ROOT / "gridsim").rglob("*.py") for name in imported_by(path)}
    assert sorted(used - declared - set(sys.stdlib_module_names) - {"gridsim", "llvmlite", "dask"}) == []


def test_every_dependency_is_in_the_lock_file():
    """With a version that `pyproject.toml` allows, and hashes."""
    from packaging.requirements import Requirement

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needs = [*project["dependencies"], *(n for extra in project["optional-dependencies"].values() for n in extra)]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = re.findall(r"^([\w.-]+)==([^\s;]+)", lock, flags=re.MULTILINE)
    for need in map(Requirement, needs):
        versions = [number for name, number in locked if name == need.name.lower()]
        assert versions, f"{need.name} is not locked"
        assert all(need.specifier.contains(number) for number in versions), need
    assert lock.count("--hash=sha256:") >= len(locked)


def imported_by(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0].lower() for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0].lower()
