"""The report on a class: what is hard, what tells learners apart, what goes wrong, who waits."""

from pathlib import Path

import pandas as pd

from torchproof.grading.class_page import page
from torchproof.grading.course import Course
from torchproof.grading.platforms import canvas, moodle
from torchproof.grading.results import NOT_HANDED_IN, Results, gather

FEW = 3
"""Learners below which a correlation says nothing: that of two is 1, -1 or undefined."""


def write_report(
    root: Path, assignment: str, canvas_id: int | None = None
) -> tuple[Path, list[str]]:
    """Write the report on an assignment to ``reports/ASSIGNMENT/`` of a course folder.

    Args:
        root: the course folder.
        assignment: the assignment's name.
        canvas_id: the number Canvas gave the assignment, if it is there already.

    Returns:
        The folder, and what the report says in a few sentences.

    Raises:
        CourseError: there is no course or gradebook, or nobody is graded.
    """
    results = gather(Course(root), assignment)
    exercises, mistakes = statistics(results), commonest(results)
    said = summary(results, exercises, mistakes)
    folder = root / "reports" / assignment
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "scores.csv": _scores(results),
        "exercises.csv": exercises.rename_axis("exercise").reset_index(),
        "mistakes.csv": mistakes,
        "canvas.csv": canvas(results, canvas_id),
        "moodle.csv": moodle(results),
    }
    for name, table in tables.items():
        table.round(4).to_csv(folder / name, index=False)
    (folder / "report.html").write_text(page(results, exercises, mistakes, said), encoding="utf-8")
    return folder, said


def _scores(results: Results) -> pd.DataFrame:
    """Return what is known of each learner with the scores; an exercise may be called email."""
    clash = {name: f"{name} (exercise)" for name in results.most.index.intersection(
        ["learner", *results.learners])}  # fmt: skip
    scores = results.scores.rename(columns=clash)
    return results.learners.join(scores).rename_axis("learner").reset_index()


def statistics(results: Results) -> pd.DataFrame:
    """Return a row for each exercise, over all learners who have a score for it.

    ``difficulty`` is 1 minus the mean share of the points. ``discrimination`` is the correlation
    of the exercise's score with the rest of the total; NaN where it is undefined, as where all
    have the same score, and where fewer than three learners have one.
    """
    scores = results.scores
    share = scores / results.most.where(results.most > 0)
    return pd.DataFrame(
        {
            "points": results.most,
            "learners": scores.count(),
            "mean": scores.mean(),
            "median": scores.median(),
            "full_marks": (share >= 1).sum() / share.count().where(share.count() > 0),
            "difficulty": 1 - share.mean(),
            "discrimination": pd.Series(
                {name: _discrimination(scores, str(name)) for name in scores}, dtype=float
            ),
        }
    )


def _discrimination(scores: pd.DataFrame, name: str) -> float:
    rest = scores.drop(columns=name).sum(axis=1, skipna=False)
    both = pd.DataFrame({"own": scores[name], "rest": rest}).dropna().round(6)
    if len(both) < FEW or both.own.nunique() < 2 or both.rest.nunique() < 2:
        return float("nan")
    return float(both.own.corr(both.rest))


def commonest(results: Results) -> pd.DataFrame:
    """Count the learners who made each named mistake, the commonest first."""
    by = ["exercise", "mistake", "hint"]
    counted = results.mistakes.groupby(by, sort=False).learner.nunique().rename("learners")
    order = {name: place for place, name in enumerate(results.most.index)}
    made = counted.reset_index().assign(place=lambda each: each.exercise.map(order))
    made = made.sort_values(["learners", "place", "hint"], ascending=[False, True, True])
    return made.drop(columns="place").assign(share=made.learners / len(results.scores))


def summary(results: Results, exercises: pd.DataFrame, mistakes: pd.DataFrame) -> list[str]:
    """Say the most important in sentences."""
    totals = results.learners.total.dropna()
    known = len(results.learners)
    handed_in = known - len(results.in_state[NOT_HANDED_IN])
    said = [
        f"{handed_in} of {known} learners handed in, {len(totals)} graded. "
        f"Of {results.most.sum():g} points the mean is {totals.mean():.1f}, "
        f"the median {totals.median():.1f}."
    ]
    hard = exercises.difficulty.dropna()
    if len(hard) and hard.max() > 0:
        name = str(hard.idxmax())
        share = 1 - hard.max()
        said.append(f"The hardest exercise is {name}: {share:.0%} of its points were scored.")
    if len(mistakes):
        first = mistakes.iloc[0]
        who = "1 learner" if first.learners == 1 else f"{first.learners} learners"
        said.append(f"The commonest mistake, of {who}, is in {first.exercise}: {first.hint}")
    return said
