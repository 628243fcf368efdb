"""Comparing what was seen with what is asked for: type, then shape, then values; and dtypes."""

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.testing import _comparison

from torchproof.checking.tree import describe

# Else the first comparison imports torch.distributed, half as long as torch itself takes, in case
# a tensor is spread over several machines.
_comparison._HAS_DTENSOR = False

_COMPARED = {
    torch.bool,
    torch.uint8,
    *(torch.int8, torch.int16, torch.int32, torch.int64),
    *(torch.float16, torch.bfloat16, torch.float32, torch.float64),
}
"""The dtypes of real numbers that torch compares with each other."""


@dataclass(frozen=True, eq=False)
class Finding:
    """What is wrong with a candidate on one case.

    Attributes:
        kind: "not written", "refused", "raised", "type", "shape", "dtype", "device", "values",
            "measure", "gradient", "side effect", "calls" or "quality".
        message: what is wrong, in whole sentences, for the learner.
        actual: the learner's tensor, where the finding is about its elements.
        expected: the reference's.
        share: how much of its group's points the candidate keeps, from 0 to 1.
    """

    kind: str
    message: str
    actual: Tensor | None = None
    expected: Tensor | None = None
    share: float = 0.0


@dataclass(frozen=True)
class Measure:
    """A number measured of a random result; right answers lie near one another.

    Attributes:
        value: the number.
        within: how far apart two of them may lie.
    """

    value: float
    within: float

    def __str__(self) -> str:
        return f"{self.value:.4g}"


def difference(actual: Any, expected: Any, what: str) -> Finding | None:
    """Find the first difference of two plain trees: type, then shape, then values."""
    if isinstance(expected, list | tuple) and type(actual) is type(expected):
        if len(actual) != len(expected):
            message = f"{what} has {len(actual)} parts; {len(expected)} are asked for."
            return Finding("type", message)
        pairs = zip(actual, expected, strict=True)
        found = (difference(a, e, f"{what}[{i}]") for i, (a, e) in enumerate(pairs))
        return next((finding for finding in found if finding), None)
    if isinstance(expected, dict) and isinstance(actual, dict):
        if actual.keys() != expected.keys():
            return Finding("type", f"{what} has keys {[*actual]}; {[*expected]} are asked for.")
        found = (difference(actual[key], expected[key], f"{what}[{key!r}]") for key in expected)
        return next((finding for finding in found if finding), None)
    if isinstance(expected, Tensor):
        return tensor(actual, expected, what)
    if isinstance(expected, float) and _is_number(actual):
        close = math.isclose(float(actual), expected, rel_tol=1e-6, abs_tol=1e-7)
        same = close or (math.isnan(float(actual)) and math.isnan(expected))
        yours, torchs = _apart(float(actual), expected)
        return None if same else Finding("values", f"{what} is {yours}; torch's is {torchs}.")
    if type(actual) is not type(expected):
        return _wrong_type(actual, expected, what)
    if actual != expected:
        return Finding("values", f"{what} is {actual!r}; torch's is {expected!r}.")
    return None


def _is_number(value: Any) -> bool:
    """Tell whether a value can stand for a float; a tensor can until its type is looked at."""
    if isinstance(value, Tensor):
        return value.numel() == 1 and value.dtype is not torch.bool and not value.is_complex()
    if isinstance(value, int):
        return not isinstance(value, bool) and value.bit_length() < 1000
    return isinstance(value, float)


def number_type(actual: Any, expected: Any, what: str = "The result") -> Finding | None:
    """Find that a tensor stands where a Python number is asked for, alone or in a list or tuple."""
    if isinstance(expected, list | tuple):
        pairs = zip(actual, expected, strict=True)
        found = (number_type(a, e, f"{what}[{i}]") for i, (a, e) in enumerate(pairs))
        return next((finding for finding in found if finding), None)
    if isinstance(expected, float) and isinstance(actual, Tensor):
        return _wrong_type(actual, expected, what)
    return None


def _wrong_type(actual: Any, expected: Any, what: str) -> Finding:
    message = f"{what} is {describe(actual)}; {describe(expected)} is asked for."
    if isinstance(actual, Tensor) and actual.numel() == 1:
        message += " A tensor with one element becomes a Python number by .item()."
    return Finding("type", message)


def tensor(actual: Any, expected: Tensor, what: str) -> Finding | None:
    """Find the difference of two tensors; of dtypes only where the values differ too."""
    if not isinstance(actual, Tensor):
        asked = f"a tensor of shape {tuple(expected.shape)} is asked for"
        return Finding("type", f"{what} is {describe(actual)}; {asked}.")
    if actual.shape != expected.shape:
        yours, torchs = tuple(actual.shape), tuple(expected.shape)
        return Finding("shape", f"{what} has shape {yours}; torch's has {torchs}.")
    if actual.dtype == expected.dtype and torch.equal(actual, expected):
        return None  # most are, and torch.testing takes ten times as long to say so
    if not _comparable(actual.dtype, expected.dtype):
        return Finding("dtype", f"{what} has {_dtypes(actual, expected)}.")
    try:
        torch.testing.assert_close(actual, expected, equal_nan=True, check_dtype=False)
    except AssertionError as error:
        worst = f"{_at_worst(actual, expected)}\n{_details(error)}"
        if actual.dtype != expected.dtype:
            wrong = f"{what} has {_dtypes(actual, expected)}, and its values differ. {worst}"
            return Finding("dtype", wrong, actual, expected)
        return Finding("values", f"{what} has wrong values. {worst}", actual, expected)
    return None


def _comparable(dtype: torch.dtype, other: torch.dtype) -> bool:
    """Tell whether torch can subtract numbers of two dtypes, as of float8 and float32 it cannot."""
    both = {dtype, other}
    return both <= _COMPARED or all(each.is_complex for each in both)


def _details(error: AssertionError) -> str:
    """Keep what torch.testing says of the number, share and size of the differences."""
    return "\n".join(str(error).split("\n\n", 1)[1].splitlines()[:3])


def _at_worst(actual: Tensor, expected: Tensor) -> str:
    """Give both values where they differ most; a NaN or infinity that differs counts as most.

    Elements that torch.testing calls close do not count, however far apart they are.
    """
    if actual.is_complex() or expected.is_complex():
        distance = (actual - expected).abs()
    else:
        distance = (actual.double() - expected.double()).abs()
    common = torch.promote_types(actual.dtype, expected.dtype)
    rtol, atol = _comparison.default_tolerances(actual, expected)
    close = torch.isclose(
        actual.to(common), expected.to(common), rtol=rtol, atol=atol, equal_nan=True
    )
    # -1, since an integer that differs beyond what a double holds is at distance 0
    distance = torch.where(close, -1, distance.nan_to_num(nan=torch.inf))
    index = tuple(int(i) for i in torch.unravel_index(distance.argmax(), distance.shape))
    yours, torchs = _apart(actual[index].item(), expected[index].item())
    return f"At index {index}: yours {yours}, torch's {torchs}."


def _apart(yours: Any, torchs: Any) -> tuple[str, str]:
    """Write two numbers with as many digits as it takes to see that they differ."""
    if not isinstance(yours, float) or not isinstance(torchs, float):
        return str(yours), str(torchs)
    short = f"{yours:.6g}", f"{torchs:.6g}"
    return short if short[0] != short[1] else (repr(yours), repr(torchs))


def dtype(actual: Any, expected: Any) -> Finding | None:
    """Find the first difference in dtype of two plain trees that are alike otherwise."""
    if isinstance(expected, Tensor) and actual.dtype != expected.dtype:
        return Finding("dtype", f"The result has {_dtypes(actual, expected)}.")
    if isinstance(expected, dict):
        actual, expected = list(actual.values()), [expected[key] for key in actual]
    if isinstance(expected, list | tuple):
        pairs = zip(actual, expected, strict=True)
        return next((found for a, e in pairs if (found := dtype(a, e))), None)
    return None


def _dtypes(actual: Tensor, expected: Tensor) -> str:
    yours, torchs = (str(tensor.dtype).removeprefix("torch.") for tensor in (actual, expected))
    return f"dtype {yours}; torch's has {torchs}"


def measures(actual: dict[str, Any], expected: dict[str, Any]) -> Finding | None:
    """Find all differences of what was measured: near for a `Measure`, equal for anything else."""
    wrong = [what for what in expected if not _near(actual.get(what), expected[what])]
    lines = [f"{what}: {actual.get(what)}; asked: {expected[what]}." for what in wrong]
    return Finding("measure", "\n".join(lines)) if wrong else None


def _near(actual: Any, expected: Any) -> bool:
    if isinstance(actual, Measure) and isinstance(expected, Measure):
        return abs(actual.value - expected.value) <= expected.within
    return bool(actual == expected)


def blank(tree: Any, flags: bool = True) -> Any:
    """Return a tree of the same types and shapes whose numbers are all 0.

    With ``flags``, booleans are all False, too.
    """
    if isinstance(tree, Tensor):
        return torch.zeros_like(tree)
    if isinstance(tree, dict):
        return {key: blank(value, flags) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return type(tree)(blank(item, flags) for item in tree)
    blanked = (int, float, bool) if flags else (int, float)
    return type(tree)(0) if type(tree) in blanked else tree
