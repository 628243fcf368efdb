"""The report on a class as one HTML page that asks no other host for anything."""

import base64
import html
import io
from collections.abc import Callable, Iterable
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from torchproof.grading.results import NOT_GRADED, NOT_HANDED_IN, WAITS, Results
from torchproof.plotting import BLUE, SKY, THEME

MOST_MISTAKES = 15
"""Mistakes on the page; mistakes.csv has all."""

WIDTH, HEIGHT = 4.8, 2.7
"""Inches of a figure; small, so that its words are read on a phone too."""

Draw = Callable[[Axes, dict[str, str]], None]

_DARK = {"paper": "#181a1b", "ink": "#e8e6e3", "grid": "#3c4043", "bar": SKY}
_LIGHT = {"paper": "#ffffff", "ink": "#222222", "grid": "#d9d9d9", "bar": BLUE}

_STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #222; --soft: #5f5f5f; --line: #d9d9d9; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #181a1b; --ink: #e8e6e3; --soft: #a8a5a0; --line: #3c4043; }
}
body { background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
  margin: 0 auto; max-width: 60rem; padding: 1rem; overflow-wrap: break-word; }
h1 { font-size: 1.6rem; line-height: 1.2; } h2 { font-size: 1.2rem; margin-top: 2rem; }
figure { margin: 1rem 0; } img { width: 36rem; max-width: 100%; height: auto; }
.scroll { overflow-x: auto; } .soft { color: var(--soft); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: left;
  vertical-align: top; }
.number { text-align: right; white-space: nowrap; } .hint { min-width: 14rem; }
tbody th { font-weight: 600; white-space: nowrap; }
@media (max-width: 40rem) {
  table { font-size: .85rem; } th, td { padding: .3rem; } .hint { min-width: 8rem; }
}
"""


def page(results: Results, exercises: pd.DataFrame, mistakes: pd.DataFrame, said: list[str]) -> str:
    """Return the page.

    Args:
        results: what the class scored.
        exercises: a row of statistics for each exercise.
        mistakes: a row for each named mistake, the commonest first.
        said: the sentences at the top.
    """
    title = f"{html.escape(results.assignment)}: the class"
    parts = [
        f"<h1>{title}</h1>",
        *(f"<p>{html.escape(sentence)}</p>" for sentence in said),
        _totals(results),
        "<h2>Exercises</h2>",
        _shares(exercises),
        _exercises(exercises),
        "<h2>Commonest mistakes</h2>",
        _mistakes(mistakes),
        "<h2>Who waits</h2>",
        *_waiting(results),
        "<h2>Learners</h2>",
        _learners(results),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{_STYLE}</style></head><body><main>\n"
        + "\n".join(parts)
        + "\n</main></body></html>\n"
    )


def _totals(results: Results) -> str:
    totals = results.learners.total.dropna()
    top = max(results.most.sum(), totals.max(), 1.0)
    median = totals.median()

    def draw(ax: Axes, colours: dict[str, str]) -> None:
        ax.hist(totals, bins=np.linspace(0, top, 11).tolist(), color=colours["bar"],
                edgecolor=colours["paper"])  # fmt: skip
        ax.axvline(median, color=colours["ink"], linestyle="--")
        ax.set(xlim=(0, top), xlabel="points", ylabel="learners")
        ax.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))

    alt = (
        f"Histogram of the totals of {len(totals)} learners, from {totals.min():g} to "
        f"{totals.max():g} points; a dashed line marks the median, {median:g}."
    )
    return _figure(draw, f"Half of the class has {median:g} points or more", HEIGHT, alt)


def _shares(exercises: pd.DataFrame) -> str:
    shares = (1 - exercises.difficulty).dropna()[::-1]
    if shares.empty:
        return "<p>No exercise has points to share out yet.</p>"

    def draw(ax: Axes, colours: dict[str, str]) -> None:
        ax.barh([str(name) for name in shares.index], 100 * shares, color=colours["bar"])
        ax.set(xlim=(0, max(100, 100 * shares.max())), xlabel="mean share of the points in %")

    each = ", ".join(f"{name} {share:.0%}" for name, share in shares[::-1].items())
    title = f"Hardest: {shares.idxmin()}" if shares.nunique() > 1 else "All are equally hard"
    height = 1.2 + 0.28 * len(shares)
    return _figure(draw, title, height, f"Bars of the mean share of the points: {each}.")


def _figure(draw: Draw, title: str, height: float, alt: str) -> str:
    """Draw a figure for light and for dark, and let the page choose."""
    light, dark = (_png(draw, title, height, colours) for colours in (_LIGHT, _DARK))
    return (
        f'<figure><picture><source media="(prefers-color-scheme: dark)" srcset="{dark}">'
        f'<img src="{light}" alt="{html.escape(alt)}"></picture></figure>'
    )


def _png(draw: Draw, title: str, height: float, colours: dict[str, str]) -> str:
    ink = ("axes.edgecolor", "axes.labelcolor", "text.color", "xtick.color", "ytick.color")
    paper = ("axes.facecolor", "figure.facecolor", "savefig.facecolor")
    theme: dict[Any, Any] = THEME | dict.fromkeys(ink, colours["ink"])
    theme |= dict.fromkeys(paper, colours["paper"]) | {"grid.color": colours["grid"]}
    with matplotlib.rc_context(theme):
        figure = Figure(figsize=(WIDTH, height))
        draw(figure.subplots(), colours)
        figure.suptitle(title, x=0.01, horizontalalignment="left", fontsize=12)
        file = io.BytesIO()
        figure.savefig(file, format="png", dpi=200)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


def _exercises(exercises: pd.DataFrame) -> str:
    head = ("exercise", "points", "mean", "median", "full marks", "difficulty", "discrimination")
    rows = [
        (name, _number(row.points), _number(row["mean"]), _number(row["median"]),
         _percent(row.full_marks), _number(row.difficulty, 2), _number(row.discrimination, 2))
        for name, row in exercises.iterrows()
    ]  # fmt: skip
    return _table("Exercises", head, rows, numbers=range(1, 7)) + (
        '<p class="soft">Difficulty is 1 minus the mean share of the points. Discrimination is '
        "the correlation of an exercise's score with the rest of the total; near 0 or below, the "
        "exercise does not tell strong learners from weak ones. It is blank where all have the "
        "same score, and where fewer than three learners have one.</p>"
    )


def _mistakes(mistakes: pd.DataFrame) -> str:
    if mistakes.empty:
        return "<p>No answer is one of the mistakes that the course knows.</p>"
    rows = [
        (row.exercise, str(row.learners), row.hint)
        for _, row in mistakes.head(MOST_MISTAKES).iterrows()
    ]
    head = ("exercise", "learners", "the hint they were shown")
    rest = ""
    if len(mistakes) > len(rows):
        rest = f'<p class="soft">mistakes.csv has all {len(mistakes)}.</p>'
    return _table("Commonest mistakes", head, rows, numbers=(1,)) + rest


def _waiting(results: Results) -> list[str]:
    of = results.in_state
    sentences = {
        NOT_HANDED_IN: "Not handed in",
        NOT_GRADED: "Handed in, but not graded; grade again, and see what the grader says",
        WAITS: "Waiting for points by hand, in formgrader; what is missing counts as 0 so far",
    }
    lines = [
        f"<p><strong>{heading}</strong> ({len(of[state])}): {html.escape(', '.join(of[state]))}</p>"
        for state, heading in sentences.items()
        if of[state]
    ]
    return lines or ["<p>Nobody: all have handed in, and all are graded.</p>"]


def _learners(results: Results) -> str:
    scores = results.scores.reindex(results.learners.index)
    names = [
        " ".join(name for name in (person.first_name, person.last_name) if name)
        for _, person in results.learners.iterrows()
    ]
    columns: dict[str, Iterable[str]] = {"learner": map(str, results.learners.index)}
    if any(names):
        columns["name"] = names
    columns["state"] = results.learners.state
    columns["total"] = map(_number, results.learners.total)
    points = [map(_number, scores[name]) for name in scores]
    first = len(columns) - 1
    return _table(
        "Learners",
        (*columns, *results.most.index),
        [*zip(*columns.values(), *points, strict=True)],
        numbers=range(first, first + 1 + len(points)),
    )


def _table(
    label: str, head: Iterable[str], rows: list[tuple[Any, ...]], numbers: Iterable[int]
) -> str:
    """Return a table whose texts are escaped; a wide one scrolls by itself."""
    right = set(numbers)

    def cell(place: int, text: object) -> str:
        kind = ' class="number"' if place in right else ""
        kind = kind or (' class="hint"' if len(str(text)) > 60 else "")
        tag, scope = ("th", ' scope="row"') if place == 0 else ("td", "")
        return f"<{tag}{scope}{kind}>{html.escape(str(text))}</{tag}>"

    heads = "".join(
        f'<th scope="col"{" class=number" if place in right else ""}>{html.escape(str(name))}</th>'
        for place, name in enumerate(head)
    )
    body = "".join(
        f"<tr>{''.join(cell(place, text) for place, text in enumerate(row))}</tr>" for row in rows
    )
    return (
        f'<div class="scroll" role="region" aria-label="{label}" tabindex="0"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _number(value: Any, digits: int | None = None) -> str:
    if pd.isna(value):
        return ""
    return f"{value:.{digits}f}" if digits is not None else f"{round(value, 2):g}"


def _percent(value: Any) -> str:
    return "" if pd.isna(value) else f"{value:.0%}"
