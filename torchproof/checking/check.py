"""What a learner's cell calls: observe, judge and report in one go."""

import contextlib
import inspect
import textwrap

from IPython.display import display

from torchproof.checking.exercise import find
from torchproof.checking.observe import observe
from torchproof.checking.report import assess


def check(exercise_id: str, candidate: object, *, seed: int = 0) -> float:
    """Try a candidate on the cases of an exercise, show the report and return the points.

    As the last line of a graded cell the points are what nbgrader records as partial credit.

    Args:
        exercise_id: the exercise, as in ``"tensors.threshold"``.
        candidate: the learner's function.
        seed: what the cases are drawn from; feedback names the seed it used.

    Returns:
        The points scored, from 0 to the exercise's points.

    Raises:
        UnknownExerciseError: there is no exercise of this id.
    """
    exercise = find(exercise_id)
    cases = exercise.draw(seed)
    observations = [observe(exercise.question, candidate, case) for case in cases]
    report = assess(exercise, cases, observations, source_of(candidate), seed)
    display(report)
    return report.points


def source_of(candidate: object) -> str:
    """Return the text of a function or class, or nothing where it cannot be had."""
    with contextlib.suppress(OSError, TypeError):
        return textwrap.dedent(inspect.getsource(candidate))  # type: ignore[arg-type]
    return ""
