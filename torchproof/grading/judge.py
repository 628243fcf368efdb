"""Judging outside: cases nobody knew before, and what comes back read as data."""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from torchproof.checking.cases import Case
from torchproof.checking.exercise import Exercise, find
from torchproof.checking.observe import Observation, Raised
from torchproof.checking.report import Report, assess
from torchproof.checking.tree import decode, encode
from torchproof.errors import MalformedMessageError


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

    def report(self, seen: list[Observation], source: str) -> Report:
        """Judge what was seen."""
        return assess(self.exercise, self.cases, seen, source, self.seed)


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
        return unseen("Unreadable", f"What your code sent back could not be read: {error}")


def unseen(kind: str, why: str) -> Observation:
    """Stand in for a case that could not be observed."""
    return Observation(raised=Raised(kind, why))


@dataclass(frozen=True)
class _Shown:
    """What a report's page depends on; learners who err alike share the page and its picture."""

    text: str
    trial: tuple[str, int]
    actual: bytes
    report: Report = field(compare=False)


@lru_cache(maxsize=256)
def _html(shown: _Shown) -> str:
    return shown.report._repr_html_()


def _actual(report: Report) -> bytes:
    actual = report.failure[1].actual if report.failure else None
    return b"" if actual is None else encode(actual)


def outputs(report: Report, count: int) -> list[dict[str, Any]]:
    """Return a graded cell's outputs: the report, then the points as its value."""
    text, drawn = repr(report), (report.exercise.id, report.seed)
    html = _html(_Shown(text, drawn, _actual(report), report))
    return [
        {
            "output_type": "display_data",
            "data": {"text/plain": text, "text/html": html},
            "metadata": {},
        },
        {
            "output_type": "execute_result",
            "data": {"text/plain": repr(float(report.points))},
            "metadata": {},
            "execution_count": count,
        },
    ]
