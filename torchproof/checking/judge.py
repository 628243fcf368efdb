"""The second step: compare what was seen with what the reference gives. No candidate in sight."""

import math
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from torchproof.checking.cases import Case, Group
from torchproof.checking.exercise import Exercise, Function, Mistake
from torchproof.checking.observe import Observation, Raised, observe
from torchproof.checking.tree import describe


@dataclass(frozen=True, eq=False)
class Finding:
    """What is wrong with a candidate on one case.

    Attributes:
        kind: "not written", "refused", "raised", "type", "shape", "dtype", "device", "values",
            "gradient", "side effect" or "calls".
        message: what is wrong, in whole sentences, for the learner.
        actual: the learner's tensor, where the finding is about its elements.
        expected: the reference's.
    """

    kind: str
    message: str
    actual: Tensor | None = None
    expected: Tensor | None = None


_KNOWN: WeakKeyDictionary[Case, dict[Function, Observation]] = WeakKeyDictionary()


def judge(exercise: Exercise, case: Case, observation: Observation) -> Finding | None:
    """Compare an observation with the reference's on the same case; None means it is right."""
    if observation.raised is not None:
        return _exception(observation)
    expected = _seen(exercise, exercise.reference, case)
    assert expected.raised is None, f"the reference of {exercise.id} raised {expected.raised}"
    finding = _difference(observation.result, expected.result, "The result")
    if finding is not None:
        return finding
    if case.group is Group.SHAPES:
        return (
            _number_type(observation.result, expected.result)
            or _dtype(observation.result, expected.result)
            or _device(observation, expected)
        )
    if case.group is Group.GRADIENTS:
        return _gradients(observation, expected)
    if case.group is Group.NO_SIDE_EFFECTS:
        return _side_effects(observation, case)
    if case.group is Group.VECTORISED:
        return _calls(observation)
    return None


def diagnose(
    exercise: Exercise, judged: list[tuple[Case, Observation, Finding | None]]
) -> Mistake | None:
    """Name the mistake that gives what the learner gives on every failing case, if one does.

    Of several, the one that is also right wherever the learner is.
    """
    failing = [(case, seen, finding) for case, seen, finding in judged if finding]
    passing = [case for case, _, finding in judged if not finding]
    like = [
        mistake
        for mistake in exercise.mistakes
        if failing and all(_is_like(exercise, mistake, *failure) for failure in failing)
    ]
    right = (
        mistake
        for mistake in like
        if all(judge(exercise, c, _seen(exercise, mistake.function, c)) is None for c in passing)
    )
    return next(right, next(iter(like), None))


def _is_like(
    exercise: Exercise, mistake: Mistake, case: Case, observation: Observation, finding: Finding
) -> bool:
    seen = _seen(exercise, mistake.function, case)
    if observation.raised or seen.raised:
        return (
            observation.raised is not None
            and seen.raised is not None
            and _kind(observation.raised) == _kind(seen.raised)
        )
    if type(observation.result) is not type(seen.result):
        return False
    if _difference(observation.result, seen.result, "") or _dtype(observation.result, seen.result):
        return False
    if finding.kind == "gradient":
        return _gradients(observation, seen) is None
    if finding.kind == "side effect":
        return _difference(observation.inputs, seen.inputs, "") is None
    if finding.kind == "calls":
        return _calls(seen) is not None
    return True


def _seen(exercise: Exercise, function: Function, case: Case) -> Observation:
    """Observe the reference or a mistake once for each case, however many learners it judges."""
    known = _KNOWN.setdefault(case, {})
    if function not in known:
        known[function] = observe(exercise.question, function, case)
    return known[function]


def _kind(raised: Raised) -> tuple[str, str]:
    """Return an exception's type and the general part of its text, before any details."""
    return raised.type, raised.message.partition(":")[0]


def _exception(observation: Observation) -> Finding:
    raised = observation.raised
    assert raised is not None
    if raised.type == "NotImplementedError" and (not raised.line or raised.type in raised.line):
        return Finding(
            "not written",
            "Write your answer in place of raise NotImplementedError(), then run both cells.",
        )
    if raised.type in ("NotCallable", "WrongSignature"):
        return Finding("refused", raised.message)
    message = f"{raised.type}: {raised.message}"
    if raised.line:
        message += f"\nraised at line {raised.line_number} of your code: {raised.line}"
    return Finding("raised", message)


def _difference(actual: Any, expected: Any, what: str) -> Finding | None:
    """Find the first difference of two plain trees: type, then shape, then values."""
    if isinstance(expected, list | tuple) and type(actual) is type(expected):
        if len(actual) != len(expected):
            return Finding("type", f"{what} has {len(actual)} parts; {len(expected)} are asked.")
        pairs = zip(actual, expected, strict=True)
        found = (_difference(a, e, f"{what}[{i}]") for i, (a, e) in enumerate(pairs))
        return next((finding for finding in found if finding), None)
    if isinstance(expected, dict) and isinstance(actual, dict):
        if actual.keys() != expected.keys():
            return Finding("type", f"{what} has keys {[*actual]}; {[*expected]} are asked.")
        found = (_difference(actual[key], expected[key], f"{what}[{key!r}]") for key in expected)
        return next((finding for finding in found if finding), None)
    if isinstance(expected, Tensor):
        return _tensor(actual, expected, what)
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


def _number_type(actual: Any, expected: Any) -> Finding | None:
    if isinstance(expected, float) and isinstance(actual, Tensor):
        return _wrong_type(actual, expected, "The result")
    return None


def _wrong_type(actual: Any, expected: Any, what: str) -> Finding:
    message = f"{what} is {describe(actual)}; {describe(expected)} is asked."
    if isinstance(actual, Tensor) and actual.numel() == 1:
        message += " A tensor with one element becomes a Python number by .item()."
    return Finding("type", message)


def _tensor(actual: Any, expected: Tensor, what: str) -> Finding | None:
    if not isinstance(actual, Tensor):
        asked = f"a tensor of shape {tuple(expected.shape)} is asked"
        return Finding("type", f"{what} is {describe(actual)}; {asked}.")
    if actual.shape != expected.shape:
        yours, torchs = tuple(actual.shape), tuple(expected.shape)
        return Finding("shape", f"{what} has shape {yours}; torch's has {torchs}.")
    if actual.dtype == expected.dtype and torch.equal(actual, expected):
        return None  # most are, and torch.testing takes ten times as long to say so
    try:
        torch.testing.assert_close(actual, expected, equal_nan=True, check_dtype=False)
    except AssertionError as error:
        worst = f"{_at_worst(actual, expected)}\n{_details(error)}"
        if actual.dtype != expected.dtype:
            wrong = f"{what} has {_dtypes(actual, expected)}, and its values differ. {worst}"
            return Finding("dtype", wrong, actual, expected)
        return Finding("values", f"{what} has wrong values. {worst}", actual, expected)
    return None


def _details(error: AssertionError) -> str:
    """Keep what torch.testing says of the number, share and size of the differences."""
    return "\n".join(str(error).split("\n\n", 1)[1].splitlines()[:3])


def _at_worst(actual: Tensor, expected: Tensor) -> str:
    """Give both values where they differ most; a NaN or infinity that differs counts as most."""
    if actual.is_complex() or expected.is_complex():
        distance = (actual - expected).abs()
    else:
        distance = (actual.double() - expected.double()).abs()
    same = (actual == expected) | (actual.isnan() & expected.isnan())
    distance = torch.where(same, 0, distance.nan_to_num(nan=torch.inf))
    index = tuple(int(i) for i in torch.unravel_index(distance.argmax(), distance.shape))
    yours, torchs = _apart(actual[index].item(), expected[index].item())
    return f"At index {index}: yours {yours}, torch's {torchs}."


def _apart(yours: Any, torchs: Any) -> tuple[str, str]:
    """Write two numbers with as many digits as it takes to see that they differ."""
    if not isinstance(yours, float) or not isinstance(torchs, float):
        return str(yours), str(torchs)
    short = f"{yours:.6g}", f"{torchs:.6g}"
    return short if short[0] != short[1] else (repr(yours), repr(torchs))


def _dtype(actual: Any, expected: Any) -> Finding | None:
    if isinstance(expected, Tensor) and actual.dtype != expected.dtype:
        return Finding("dtype", f"The result has {_dtypes(actual, expected)}.")
    if isinstance(expected, dict):
        actual, expected = list(actual.values()), [expected[key] for key in actual]
    if isinstance(expected, list | tuple):
        pairs = zip(actual, expected, strict=True)
        return next((found for a, e in pairs if (found := _dtype(a, e))), None)
    return None


def _dtypes(actual: Tensor, expected: Tensor) -> str:
    yours, torchs = (str(tensor.dtype).removeprefix("torch.") for tensor in (actual, expected))
    return f"dtype {yours}; torch's has {torchs}"


def _device(observation: Observation, expected: Observation) -> Finding | None:
    if observation.devices != expected.devices:
        yours, torchs = (", ".join(seen.devices) for seen in (observation, expected))
        return Finding("device", f"The result is on {yours}; its inputs are on {torchs}.")
    return None


def _gradients(observation: Observation, expected: Observation) -> Finding | None:
    for name, gradient in expected.gradients.items():
        actual = observation.gradients.get(name)
        if gradient is None or (actual is None and not gradient.any()):
            continue
        if actual is None:
            message = (
                f"No gradient reaches {name}. Somewhere on the way torch's record of the "
                "computation is cut: by .item(), .detach(), .data, NumPy, a comparison or a cast "
                "to whole numbers."
            )
            return Finding("gradient", message)
        finding = _tensor(actual, gradient, f"The gradient with respect to {name}")
        if finding is not None:
            return Finding("gradient", finding.message, finding.actual, finding.expected)
    return None


def _side_effects(observation: Observation, case: Case) -> Finding | None:
    for name, before in case.arguments.items():
        after = observation.inputs.get(name) if isinstance(observation.inputs, dict) else None
        if _difference(after, before, "") is not None:
            message = (
                f"Your function changed its input {name}. "
                "Work on a copy, or use operations that return a new tensor."
            )
            return Finding("side effect", message)
    return None


def _calls(observation: Observation) -> Finding | None:
    calls = observation.calls
    if len(calls) == 2 and calls[1] <= calls[0]:
        return None
    made = " and ".join(str(count) for count in calls)
    message = (
        f"The number of torch calls grows with the input: {made} for a small and a larger one. "
        "Let one call work on the whole tensor instead of looping over its elements."
    )
    return Finding("calls", message)
