"""Classes written down by hand."""

import pandas as pd

from torchproof.grading.results import GRADED, Results


def class_of(scores, most, states=None, mistakes=(), **people):
    """Make the results of a class.

    Args:
        scores: for each graded learner, the scores.
        most: for each exercise, its points.
        states: the states of learners that are not plainly graded.
        mistakes: rows of learner, exercise, mistake and hint.
        people: columns of the learners, as ``email``; one value for each.
    """
    table = pd.DataFrame.from_dict(scores, orient="index", columns=[*most], dtype=float)
    names = [*dict.fromkeys([*scores, *(states or {})])]
    learners = pd.DataFrame(
        {
            **{column: people.get(column, [""] * len(names))
               for column in ("last_name", "first_name", "email", "lms_id")},
            "state": [(states or {}).get(name, GRADED) for name in names],
            "late_penalty": people.get("late_penalty", [0.0] * len(names)),
        },
        index=names,
    )  # fmt: skip
    learners["total"] = table.sum(axis=1) - learners.late_penalty
    found = pd.DataFrame([*mistakes], columns=["learner", "exercise", "mistake", "hint"])
    return Results("01_toys", pd.Series(most, dtype=float), table, learners, found)
