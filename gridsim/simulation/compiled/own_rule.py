"""A policy of a planner's own in the compiled engine: compiled by itself and called by its address.

The engine is compiled once and for all: it calls whatever stands at the address that its settings name, so that a new
policy costs its own compilation and nothing else.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numba
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from ...scenario.errors import ScenarioError
from ..policy import RAISED, TWO_ANSWERS, Asked, Policy

NUMBERS = len(Asked._fields)
FAILED_RULE, TWO_STEPS = -RAISED, -TWO_ANSWERS  # in place of a step
KEPT = 64  # compiled policies of a process

_compiled: OrderedDict[tuple[int, str], Any] = OrderedDict()  # by the rule and what it closes over
_in_play: dict[int, Any] = {}  # without a compiler: rules by number


class CannotCompileError(ScenarioError):
    """A policy that the compiler cannot take: what it stumbled over, and in which line."""


@intrinsic  # type: ignore[untyped-decorator]
def _call(_: Any, address: Any, numbers: Any) -> Any:  # noqa: ARG001 - both reach codegen as args
    """Call what stands at an address with a pointer to the numbers of a question."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        array = context.make_array(signature.args[1])(context, builder, value=args[1])
        pointer = ir.DoubleType().as_pointer()
        function = builder.inttoptr(args[0], ir.FunctionType(ir.IntType(64), [pointer]).as_pointer())
        return builder.call(function, [builder.bitcast(array.data, pointer)])

    return types.int64(types.int64, numbers), codegen


if numba.config.DISABLE_JIT:

    def ask(address: int, numbers: Any) -> int:
        """Ask the rule of this number."""
        return _answer(_in_play[address], numbers)

else:
    from .compile import compiled

    @compiled
    def ask(address: int, numbers: Any) -> int:
        """Ask the rule at this address."""
        step: int = _call(address, numbers)
        return step


def address_of(policy: Policy) -> int:
    """Compile a policy, if it is not yet, and give its address; it stays there as long as it is among the last used.

    Parameters
    ----------
    policy
        A rule of one's own.

    Raises
    ------
    CannotCompileError
        If the compiler cannot take it.
    """
    if numba.config.DISABLE_JIT:
        _in_play[id(policy.rule)] = policy.rule
        return id(policy.rule)
    key = (id(policy.rule), policy.digest)
    if key not in _compiled:
        _compiled[key] = (_compile(policy), policy.rule)  # the rule is kept, so that its number is not given again
        while len(_compiled) > KEPT:
            _compiled.popitem(last=False)
    _compiled.move_to_end(key)
    return int(_compiled[key][0].address)


def _answer(rule: Any, numbers: Any) -> int:
    try:
        step, again = rule(asked_of(numbers)), rule(asked_of(numbers))
        return TWO_STEPS if step != again else int(step)
    except Exception:
        return FAILED_RULE


def asked_of(numbers: Any) -> Asked:
    """Read a question from its numbers.

    Parameters
    ----------
    numbers
        In the order of the fields of `Asked`.
    """
    given = zip(Asked._fields, numbers, strict=True)
    return Asked(**{name: type(Asked._field_defaults[name])(value) for name, value in given})


def _compile(policy: Policy) -> Any:
    whole, flag = numba.int64, numba.boolean

    def answer(numbers):  # type: ignore[no-untyped-def]
        a = numba.carray(numbers, NUMBERS)
        p = Asked(
            whole(a[0]), whole(a[1]), whole(a[2]), whole(a[3]), whole(a[4]), a[5], a[6], a[7], whole(a[8]), whole(a[9]),
            flag(a[10]), flag(a[11]), flag(a[12]), flag(a[13]), flag(a[14]), a[15], whole(a[16]), whole(a[17]),
        )  # fmt: skip
        try:
            step = rule(p)
            again = rule(p)
        except Exception:  # its text is not there when it is compiled: it is asked for again outside
            return FAILED_RULE
        return TWO_STEPS if step != again else step

    try:
        rule: Any = policy.rule if hasattr(policy.rule, "py_func") else numba.njit(policy.rule)
        rule.compile((numba.typeof(Asked()),))
        gives = rule.nopython_signatures[-1].return_type
        if not isinstance(gives, types.Integer):
            text = "sometimes nothing" if str(gives).startswith("Optional") else str(gives)
            raise CannotCompileError(f"policy {policy} gives {text} in place of a step, such as gs.UP")
        return numba.cfunc("int64(CPointer(float64))")(answer)
    except CannotCompileError:
        raise
    except Exception as error:  # numba has a dozen kinds of error, some of its own and some of Python's
        raise CannotCompileError(f"policy {policy} cannot be compiled: {_reason(error, policy)}") from error


def _reason(error: Exception, policy: Policy) -> str:
    """What the compiler stumbled over, in a line, and where."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    code = getattr(policy.rule, "__code__", None)
    mine = Path(code.co_filename).name if code is not None else ""
    lines = [int(number) for file, number in re.findall(r'File "([^"]+)", line (\d+)', text) if Path(file).name == mine]
    first = next((line.strip() for line in reversed(text.splitlines()) if _says_something(line)), type(error).__name__)
    where = f" (line {lines[-1]})" if lines else ""
    return f"{first[:200]}{where}"


def _says_something(line: str) -> bool:
    line = line.strip()
    return bool(line) and not line.startswith(
        ("File ", "def ", "^", "<source", "During", "This error", "-", "return", "if ")
    )
