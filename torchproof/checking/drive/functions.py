"""Functions, and functions that take a function."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


def function(candidate: Callable[..., Any], **arguments: Any) -> Any:
    """Call a function with the arguments of the case."""
    return candidate(**arguments)


def with_function(candidate: Callable[..., Any], **arguments: Any) -> Any:
    """Make a function of one tensor from a description, and call a candidate with it.

    The first argument is the description: torch calls, each made on the result of the one before.
    ``[("sub", 1.0), ("square",), ("sum",)]`` is ``x`` to ``torch.sum(torch.square(x - 1.0))``.
    """
    name, steps = next(iter(arguments.items()))

    def described(x: Tensor) -> Tensor:
        for call, *others in steps:
            x = getattr(torch, call)(x, *others)
        return x

    return candidate(**(arguments | {name: described}))
