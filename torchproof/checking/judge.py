"""The second step: compare what was seen with what the reference gives. No candidate in sight."""

from collections.abc import Iterator
from dataclasses import replace
from weakref import WeakKeyDictionary

from torchproof.checking.cases import Case, Group
from torchproof.checking.compare import (
    Finding,
    blank,
    difference,
    dtype,
    measures,
    number_type,
    tensor,
)
from torchproof.checking.exercise import Exercise, Function, Mistake
from torchproof.checking.observe import Observation, Raised, observe

Judged = list[tuple[Case, Observation, Finding | None]]

_SEVERAL = 3
"""Failing cases on which two different mistakes hardly agree by chance."""

_KNOWN: WeakKeyDictionary[Case, dict[Function, Observation]] = WeakKeyDictionary()


def judge(exercise: Exercise, case: Case, observation: Observation) -> Finding | None:
    """Compare an observation with the reference's on the same case; None means it is right."""
    if observation.raised is not None:
        return _exception(observation)
    if exercise.grade is not None:
        return exercise.grade(observation, case)
    expected = _seen(exercise, exercise.reference, case)
    assert expected.raised is None, f"the reference of {exercise.id} raised {expected.raised}"
    finding = _results(exercise, case, observation, expected)
    if finding is not None:
        return finding
    if case.group is Group.SHAPES:
        return (
            number_type(observation.result, expected.result)
            or dtype(observation.result, expected.result)
            or _device(observation, expected)
        )
    if case.group is Group.GRADIENTS and exercise.measure is None:
        return _gradients(observation, expected)
    if case.group is Group.NO_SIDE_EFFECTS:
        return _side_effects(observation, case)
    if case.group is Group.VECTORISED:
        return _calls(observation)
    return None


def diagnose(exercise: Exercise, judged: Judged) -> Mistake | None:
    """Name the mistake that gives what the learner gives on every failing case, if one does.

    Of several, the one that is also right wherever the learner is. Where none does, there may be
    two mistakes: then the one that does both on the ordinary inputs, if several of them fail.
    """
    like = _like(exercise, judged)
    if like:
        return next(_right(exercise, like, judged), like[0])
    ordinary = [each for each in judged if each[0].group is Group.VALUES]
    if sum(finding is not None for _, _, finding in ordinary) < _SEVERAL:
        return None
    return next(_right(exercise, _like(exercise, ordinary), ordinary), None)


def _like(exercise: Exercise, judged: Judged) -> list[Mistake]:
    """List the mistakes that give what the learner gives on every failing case."""
    failing = [(case, seen, finding) for case, seen, finding in judged if finding]
    return [
        mistake
        for mistake in exercise.mistakes
        if failing and all(_is_like(exercise, mistake, *failure) for failure in failing)
    ]


def _right(exercise: Exercise, mistakes: list[Mistake], judged: Judged) -> Iterator[Mistake]:
    """Yield the mistakes that are right wherever the learner is."""
    passing = [case for case, _, finding in judged if not finding]
    for mistake in mistakes:
        seen = ((case, _seen(exercise, mistake.function, case)) for case in passing)
        if all(judge(exercise, case, each) is None for case, each in seen):
            yield mistake


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
    if _results(exercise, case, observation, seen) or dtype(observation.result, seen.result):
        return False
    if finding.kind == "gradient":
        expected = _seen(exercise, exercise.reference, case)
        one, two = (_asked(each, expected) for each in (observation, seen))
        # both ways, for each lets pass what the other has no gradient for
        return _gradients(one, two) is None and _gradients(two, one) is None
    if finding.kind == "side effect":
        return difference(observation.inputs, seen.inputs, "") is None
    if finding.kind == "calls":
        return _calls(seen) is not None
    return True


def _results(
    exercise: Exercise, case: Case, observation: Observation, other: Observation
) -> Finding | None:
    """Compare with another observation: the results or, where they are random, what is measured."""
    if exercise.measure is None:
        return difference(observation.result, other.result, "The result")
    one, two = observation.result, other.result
    return (
        difference(blank(one), blank(two), "The result")
        or measures(exercise.measure(observation, case), exercise.measure(other, case))
        # last, for what is measured has a name of its own
        or difference(blank(one, flags=False), blank(two, flags=False), "The result")
    )


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
        finding = tensor(actual, gradient, f"The gradient with respect to {name}")
        if finding is not None:
            other = dtype(observation.result, expected.result)
            message = f"{other.message} {finding.message}" if other else finding.message
            return Finding("gradient", message, finding.actual, finding.expected)
    return None


def _asked(observation: Observation, expected: Observation) -> Observation:
    """Leave out the gradients of what is a constant of the reference: nobody asks for them."""
    kept = {
        name: gradient
        for name, gradient in observation.gradients.items()
        if expected.gradients.get(name) is not None
    }
    return replace(observation, gradients=kept)


def _side_effects(observation: Observation, case: Case) -> Finding | None:
    for name, before in case.arguments.items():
        after = observation.inputs.get(name) if isinstance(observation.inputs, dict) else None
        if difference(after, before, "") is not None:
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
