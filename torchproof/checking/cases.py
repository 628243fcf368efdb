"""Cases: the inputs an exercise is tried on, drawn from a seeded generator."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

import torch
from torch import Tensor

Arguments = Mapping[str, Any]
"""Keyword arguments of one call: tensors, numbers, strings, None, and lists, tuples and dicts."""

FLOATS = (torch.float32, torch.float64)
"""The dtypes that results are checked in."""


class Group(StrEnum):
    """What a case looks at; a group's cases pass or fail together."""

    VALUES = "values"
    GRADIENTS = "gradients"
    EXTREMES = "extremes"
    SHAPES = "shapes"
    NO_SIDE_EFFECTS = "no side effects"
    VECTORISED = "vectorised"
    HELD_OUT = "held-out data"


@dataclass(frozen=True, eq=False)
class Case:
    """One trial of a candidate.

    Attributes:
        group: what the case looks at.
        arguments: what the candidate is called with, on the CPU and contiguous.
        larger: for ``vectorised``, the same call on larger inputs.
        upstream: for ``gradients``, one tensor for each floating-point tensor of the result.
        note: what is special about the inputs, in a few words.
        contiguous: whether tensors are handed over contiguous in memory.
        device: where tensors are put before the call.
        seed: the seed the cases were drawn from; global random state is set to it too.
    """

    group: Group
    arguments: Arguments
    larger: Arguments | None = None
    upstream: tuple[Tensor, ...] = ()
    note: str = ""
    contiguous: bool = True
    device: str = "cpu"
    seed: int = 0

    def to_tree(self) -> dict[str, Any]:
        """Return the case as a plain tree."""
        tree = {each.name: getattr(self, each.name) for each in fields(self)}
        return tree | {"group": self.group.value, "arguments": dict(self.arguments)}

    @classmethod
    def from_tree(cls, tree: dict[str, Any]) -> "Case":
        """Read a case from a plain tree."""
        return cls(**(tree | {"group": Group(tree["group"])}))


Cases = Iterator[Case]


def values(note: str = "", /, **arguments: Any) -> Case:
    """Return a case of random inputs; gradients and side effects are checked on it too."""
    return Case(Group.VALUES, arguments, note=note)


def gradients(note: str = "", /, **arguments: Any) -> Case:
    """Return a case for gradients beyond those that ``values`` gives."""
    return Case(Group.GRADIENTS, arguments, note=note)


def extremes(note: str, /, **arguments: Any) -> Case:
    """Return a case at the edge of what is allowed."""
    return Case(Group.EXTREMES, arguments, note=note)


def shapes(note: str = "", /, **arguments: Any) -> Case:
    """Return a case whose result's shape, dtype and device are checked beside its values."""
    return Case(Group.SHAPES, arguments, note=note)


def vectorised(small: Arguments, larger: Arguments) -> Case:
    """Return a case of two calls; the second must not need more torch calls than the first."""
    return Case(Group.VECTORISED, small, larger=larger)


def held_out(note: str = "", /, **arguments: Any) -> Case:
    """Return a case of data that a trained model has not seen (see `Exercise.graded`)."""
    return Case(Group.HELD_OUT, arguments, note=note)


class Draw:
    """Random inputs from one generator, the same on every machine for the same seed."""

    def __init__(self, seed: int) -> None:
        self.generator = torch.Generator().manual_seed(seed)

    def normal(self, *shape: int, dtype: torch.dtype = torch.float32) -> Tensor:
        """Return standard normal numbers of the given shape."""
        return torch.randn(shape, generator=self.generator, dtype=torch.float64).to(dtype)

    def uniform(
        self, *shape: int, low: float = 0.0, high: float = 1.0, dtype: torch.dtype = torch.float32
    ) -> Tensor:
        """Return numbers spread evenly from ``low`` to ``high``."""
        unit = torch.rand(shape, generator=self.generator, dtype=torch.float64)
        return (low + (high - low) * unit).to(dtype)

    def integers(self, *shape: int, low: int = 0, high: int) -> Tensor:
        """Return int64 numbers from ``low`` up to, but without, ``high``."""
        return torch.randint(low, high, shape, generator=self.generator)

    def mask(self, *shape: int, share: float = 0.5) -> Tensor:
        """Return booleans, True with probability ``share``."""
        return torch.rand(shape, generator=self.generator) < share

    def number(self, low: float, high: float) -> float:
        """Return one float between ``low`` and ``high``, rounded so that it reads well."""
        return round(self.uniform(low=low, high=high, dtype=torch.float64).item(), 3)

    def size(self, low: int, high: int) -> int:
        """Return one integer from ``low`` to ``high``, both included."""
        return int(self.integers(low=low, high=high + 1).item())
