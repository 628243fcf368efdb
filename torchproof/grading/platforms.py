"""Grades in the form that Canvas and Moodle import."""

import pandas as pd

from torchproof.grading.results import GRADED, Results


def canvas(results: Results, canvas_id: int | None = None) -> pd.DataFrame:
    """Return the table that Canvas imports into its gradebook.

    Canvas finds a learner by ``ID``, its own number, or else by ``SIS User ID`` or
    ``SIS Login ID``. It takes a column without a number for a new assignment.

    Args:
        results: what the class scored; only learners whose grade is final get a row.
        canvas_id: the number Canvas gave the assignment, if it is there already.
    """
    name = results.assignment if canvas_id is None else f"{results.assignment} ({canvas_id})"
    final = _final(results)
    rows = {
        "Student": [_student(learner, person) for learner, person in final.iterrows()],
        "ID": list(final.lms_id),
        "SIS User ID": list(final.index),
        "SIS Login ID": list(final.index),
        "Section": [""] * len(final),
        name: [_number(total) for total in final.total],
    }
    # Canvas knows this row by its name, and writes it with the four spaces itself.
    possible = ["    Points Possible", "", "", "", "", _number(results.most.sum())]
    return pd.DataFrame([possible, *zip(*rows.values(), strict=True)], columns=list(rows))


def moodle(results: Results) -> pd.DataFrame:
    """Return the table that Moodle imports, with the points of each exercise as feedback.

    Args:
        results: what the class scored; only learners whose grade is final get a row.
    """
    final = _final(results)
    return pd.DataFrame(
        {
            "Username": list(final.index),
            "Email address": list(final.email),
            results.assignment: [_number(total) for total in final.total],
            "Feedback": [_feedback(results, learner) for learner in final.index],
        }
    )


def _final(results: Results) -> pd.DataFrame:
    return results.learners[results.learners.state == GRADED]


def _student(learner: object, person: "pd.Series[str]") -> str:
    return ", ".join(name for name in (person.last_name, person.first_name) if name) or str(learner)


def _feedback(results: Results, learner: str) -> str:
    """Say what each exercise scored, the hint where one was given, and what was taken off."""
    own = results.mistakes[results.mistakes.learner == learner]
    hints = dict(zip(own.exercise, own.hint, strict=True))
    lines = [
        f"{name}: {_number(score)} of {_number(results.most[str(name)])}."
        + (f" {hints[name]}" if name in hints else "")
        for name, score in results.scores.loc[learner].items()
    ]
    penalty = results.learners.late_penalty[learner]
    return "\n".join([*lines, f"Late: {_number(penalty)} taken off."] if penalty else lines)


def _number(value: object) -> str:
    return f"{round(float(str(value)), 4):g}"
