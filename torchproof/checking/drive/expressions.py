"""Classes of scalars."""

import json
import operator
from collections.abc import Callable, Sequence
from typing import Any

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}


def expression(
    candidate: Callable[[float], Any],
    lines: Sequence[str],
    backward: Sequence[str] = (),
    repeat: int = 1,
) -> dict[str, dict[str, Any]]:
    """Compute with a class of scalars, line by line, and read off its numbers.

    Args:
        candidate: a class made with a number, that has operators, ``data`` and, where ``backward``
            names a node, ``grad`` and ``backward``.
        lines: ``"a = 2.5"`` makes a node; ``"b = a * 3"``, ``"b = - a"`` and ``"b = a.exp()"``
            compute one.
        backward: the nodes whose ``backward()`` is called at the end, in order.
        repeat: how many times the last line is run.

    Returns:
        The ``data`` of every node by its name and, where ``backward`` was called, its ``grad``.

    Raises:
        RecursionError: as the candidate raises it, in the same words wherever it happens.
    """
    nodes: dict[Any, Any] = {}
    parsed = [[_number_or_text(part) for part in line.split()] for line in lines]
    try:
        for name, _, *formula in parsed + parsed[-1:] * (repeat - 1):
            nodes[name] = _compute(candidate, formula, nodes)
        for name in backward:
            nodes[name].backward()
    except RecursionError as error:
        error.args = ("maximum recursion depth exceeded",)
        raise
    read = ("data", "grad") if backward else ("data",)
    return {which: {name: getattr(nodes[name], which) for name in nodes} for which in read}


def _compute(candidate: Callable[[float], Any], formula: list[Any], nodes: dict[Any, Any]) -> Any:
    match formula:
        case [left, sign, right]:
            return _OPERATORS[sign](nodes.get(left, left), nodes.get(right, right))
        case ["-", name]:
            return -nodes[name]
        case [str() as call]:
            name, method = call.removesuffix("()").split(".")
            return getattr(nodes[name], method)()
        case [number]:
            return candidate(number)
    raise AssertionError(f"no formula: {formula}")


def _number_or_text(part: str) -> Any:
    try:
        return json.loads(part)
    except ValueError:
        return part
