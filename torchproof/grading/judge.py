"""Judging outside: cases nobody knew before, and what comes back read as data."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from torchproof.checking.cases import Case
from torchproof.checking.exercise import Exercise, find
from torchproof.checking.observe import Observation, Raised
from torchproof.checking.report import Report, assess
from torchproof.checking.tree import decode, encode
from torchproof.checking.watch import look
from torchproof.errors import MalformedMessageError

_KEPT = 256 * 1024
"""Bytes of observations up to which they and their report are kept for the next learner."""


@dataclass(eq=False)
class Trial:
    """An exercise with its cases, drawn once for all learners of a run.

    Attributes:
        exercise: the exercise.
        seed: what the cases were drawn from.
        cases: the cases.
    """

    exercise: Exercise
    seed: int
    cases: list[Case] = field(repr=False)

    @cached_property
    def request(self) -> bytes:
        """What the learner's side needs to observe a candidate: nothing of the answer."""
        question = self.exercise.question.to_tree()
        return encode({"question": question, "cases": [case.to_tree() for case in self.cases]})

    def report(self, sent: list[bytes], source: str) -> Report:
        """Judge what was sent for each case, and the text of the learner's code."""
        small = sum(map(len, sent)) <= _KEPT
        report = _known(self, tuple(sent)) if small else _judged(self, sent)
        used = look(source, self.exercise.not_allowed, self.exercise.loops)
        return replace(report, not_allowed=tuple(used)) if used else report


def _judged(trial: Trial, sent: Iterable[bytes]) -> Report:
    return assess(trial.exercise, trial.cases, [*map(read, sent)], "", trial.seed)


_known = lru_cache(maxsize=256)(_judged)
"""The same for learners whose answers do the same, which is judged once."""


@lru_cache(maxsize=64)
def trial(exercise_id: str, seed: int) -> Trial:
    """Draw an exercise's cases from a seed; the same trial serves every learner.

    Raises:
        UnknownExerciseError: there is no exercise of this id.
    """
    exercise = find(exercise_id)
    return Trial(exercise, seed, exercise.draw(seed))


def read(message: bytes) -> Observation:
    """Read an observation that a learner's process sent; what is none counts as raised."""
    try:
        return Observation.from_tree(decode(message))
    except MalformedMessageError as error:
        return _unseen("Unreadable", f"What your code sent back could not be read: {error}")


def _unseen(kind: str, why: str) -> Observation:
    return Observation(raised=Raised(kind, why))


def unseen(kind: str, why: str) -> bytes:
    """Return what stands in for a case that could not be observed."""
    return encode(_unseen(kind, why).to_tree())


def outputs(report: Report, count: int) -> list[dict[str, Any]]:
    """Return a graded cell's outputs: the report, then the points as its value."""
    return [
        {
            "output_type": "display_data",
            "data": {"text/plain": repr(report), "text/html": report.page},
            "metadata": {},
        },
        {
            "output_type": "execute_result",
            "data": {"text/plain": repr(float(report.points))},
            "metadata": {},
            "execution_count": count,
        },
    ]
