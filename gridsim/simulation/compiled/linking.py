"""How the engine's functions become machine code: each is only lowered, and the entry links and optimises all, once.

numba optimises each function, with all that it calls, and turns it into machine code, though only the entry is ever
called: that took two thirds of the time of compiling. The classes here leave it out. They rest on what numba does not
document, so they are used with the versions that they were tested with, and with all others numba does as it is used to.
"""

from __future__ import annotations

from typing import Any

import numba
from numba.core import compiler

KNOWN = ("0.68.",)  # the versions of numba that this was tested with

OURS = "_ZN7gridsim"  # how the names of the engine's functions begin in machine code


def options() -> tuple[dict[str, Any], dict[str, Any]]:
    """Give numba's options for functions that the engine's functions call, and for its entry."""
    if not numba.__version__.startswith(KNOWN):
        return {}, {}
    inner, entry = _pipelines()
    return {"pipeline_class": inner}, {"pipeline_class": entry}


def _pipelines() -> tuple[type, type]:
    """The compilers of inner functions and of entries."""
    from numba.core.codegen import JITCodeLibrary

    class Lowered(JITCodeLibrary):  # type: ignore[misc]
        """The code of one function, which waits for the entry that links it."""

        def __init__(self, codegen: Any, name: str) -> None:
            super().__init__(codegen, name)
            self.environments: list[tuple[str, Any]] = []

        def finalize(self) -> None:
            """Leave it as it was lowered."""
            self._finalized = True

        def get_pointer_to_function(self, _: str) -> int:
            """There is no machine code to point to."""
            return 0

        @property
        def codegen(self) -> Any:
            """Who is told the environment: nobody before the entry is linked."""
            return self

        def set_env(self, name: str, environment: Any) -> None:
            """Keep the environment until there is code that looks for it."""
            self.environments.append((name, environment))

    class Linked(JITCodeLibrary):  # type: ignore[misc]
        """The code of the entry and of all that it calls."""

        def finalize(self) -> None:
            """Link everything, optimise it and make it ready to run."""
            lowered, others = _below(self)
            self._linking_libraries = [*lowered, *others]
            super().finalize()
            for library in lowered:
                for name, environment in library.environments:
                    if self._codegen._engine.is_symbol_defined(name):
                        self._codegen.set_env(name, environment)

        def _optimize_final_module(self) -> None:
            """Say first that nobody outside calls what was lowered: what is called once is then put there."""
            for function in self._final_module.functions:
                if not function.is_declaration and function.name.startswith(OURS):
                    function.linkage = "internal"
            super()._optimize_final_module()

    def _below(top: Any) -> tuple[list[Any], list[Any]]:
        """Every lowered function below a library, and what else they link."""
        met: dict[Any, None] = {}
        left = [top]
        while left:
            for one in left.pop()._linking_libraries:
                if one not in met:
                    met[one] = None
                    if isinstance(one, Lowered):
                        left.append(one)
        return [one for one in met if isinstance(one, Lowered)], [one for one in met if not isinstance(one, Lowered)]

    return _compiler_to(Lowered), _compiler_to(Linked)


def _compiler_to(kind: type) -> type:
    """A compiler like numba's own, but for the library that it puts code into."""

    class Pipeline(compiler.Compiler):  # type: ignore[misc]
        """As numba's own, with a library made beforehand."""

        library = kind

        def compile_extra(self, func: Any) -> Any:
            made = self.library(self.state.targetctx.codegen(), func.__qualname__)
            made.enable_object_caching()
            self.state.library = made
            return super().compile_extra(func)

    return Pipeline
