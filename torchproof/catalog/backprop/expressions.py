"""Random expressions, line by line, for the autograd engine."""

import math
import operator
import random
from collections.abc import Callable
from typing import Any

from torchproof.checking.cases import Draw

_BINARY: dict[str, Callable[[float, float], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}

_UNARY: dict[str, Callable[[float], float]] = {
    "- {}": operator.neg,
    "{}.exp()": math.exp,
    "{}.log()": math.log,
    "{}.tanh()": math.tanh,
    "{}.relu()": lambda number: max(number, 0.0),
}

_NAMES = "abcdefghijklmnopqrstuvwxy"


def random_lines(draw: Draw) -> list[str]:
    """Return an expression of three numbers that uses every operation in each of its forms once.

    Operands are picked among all that came before, so many nodes are used more than once. Each
    node lies between 0.2 and 5 or between -5 and -0.2, and z is the sum of those left unused.
    """
    chance = random.Random(draw.size(0, 2**31))
    known = {"a": draw.number(0.5, 2), "b": -draw.number(0.5, 2), "c": draw.number(0.5, 2)}
    lines = [f"{name} = {number}" for name, number in known.items()]
    forms: list[tuple[str, str]] = [("unary", form) for form in _UNARY]
    forms += [(kind, sign) for kind in ("both", "left", "right") for sign in _BINARY]
    chance.shuffle(forms)
    unused = dict.fromkeys(known)
    for form in forms:
        tries = (_random_formula(chance, *form, known) for _ in range(200))
        found = next(filter(None, tries), None)
        if found is None:
            continue
        formula, number = found
        name = _NAMES[len(known)]
        lines.append(f"{name} = {formula}")
        for used in formula.replace(".", " ").split():
            unused.pop(used, None)
        known[name], unused[name] = number, None
    first, *rest = unused
    return [*lines, f"z = {first} * 1", *(f"z = z + {name}" for name in rest)]


def _random_formula(
    chance: random.Random, kind: str, form: str, known: dict[str, float]
) -> tuple[str, float] | None:
    """Return a formula and its value, or None where it is not defined, too small or too large."""
    one, other = chance.choice([*known]), chance.choice([*known])
    constant = str(chance.choice([2, 3, round(chance.uniform(0.5, 2.5), 2)]))
    compute: Callable[..., Any]
    if kind == "unary":
        formula, compute, operands = form.format(one), _UNARY[form], [known[one]]
    else:
        left = constant if kind == "left" else one
        right = constant if kind == "right" else other
        formula, compute = f"{left} {form} {right}", _BINARY[form]
        operands = [known[each] if each in known else float(each) for each in (left, right)]
    if form == "**" and operands[0] < 0.2:
        return None
    try:
        number = compute(*operands)
    except (ValueError, OverflowError):
        return None
    return (formula, number) if 0.2 <= abs(number) <= 5 else None
