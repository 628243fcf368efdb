"""Notebooks broken at random, graded beside an honest one: ``python -m`` this module --help."""

import copy
import json
import math
import re
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.submissions.attacks import grade, honest_class, scores
from tests.submissions.hand_in import ASSIGNMENT, NOTEBOOK

CORPUS = Path(__file__).parent / "corpus"
"""Notebooks that once brought the grader to fail."""

HONEST = "learner-001"
_AT_ONCE = 250
_MOST_CHANGES = 5
_SHARE_OF_BYTES = 0.15
_ODD = (
    None, True, False, 0, -1, 4, 5, 10**30, 1.5, 1e308, math.nan, math.inf, -0.0,
    "", "code", "markdown", "\0", "\ud800", "é" * 300, "x" * 100_000, "../../x", "check_threshold",
    [], [[]], [None], {}, {"": {}}, {"cell_type": "code"}, {"nbgrader": {"schema_version": 3}},
)  # fmt: skip
"""What may stand in the place of anything."""

_KEYS = ("", "id", "cells", "source", "outputs", "metadata", "nbgrader", "grade_id", "points",
         "schema_version", "cell_type", "tags", "attachments", "execution_count")  # fmt: skip


def mutated(notebook: dict[str, Any], choose: Random) -> bytes:
    """Return a notebook's file with a few changes, most of them in its tree."""
    tree = copy.deepcopy(notebook)
    for _ in range(choose.randint(1, _MOST_CHANGES)):
        _change(tree, choose)
    text = json.dumps(tree).encode()
    return _bytes_changed(text, choose) if choose.random() < _SHARE_OF_BYTES else text


def _change(tree: dict[str, Any], choose: Random) -> None:
    places = [*_places(tree)]
    if not places:
        return
    (holder, key), (other, another) = choose.choice(places), choose.choice(places)
    match choose.choice(("replace", "delete", "swap", "splice", "rename", "double")):
        case "replace":
            holder[key] = copy.deepcopy(choose.choice(_ODD))
        case "delete":
            del holder[key]
        case "swap":
            one, two = copy.deepcopy(holder[key]), copy.deepcopy(other[another])
            holder[key], other[another] = two, one
        case "splice":
            holder[key] = copy.deepcopy(other[another])
        case "rename" if isinstance(holder, dict):
            holder[choose.choice(_KEYS)] = holder.pop(key)
        case _ if isinstance(holder, list):
            holder.insert(choose.randint(0, len(holder)), copy.deepcopy(holder[key]))


def _places(tree: Any) -> Any:
    """List every place of a tree that holds a value, as its holder and its key."""
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in [*pairs]:
        yield tree, key
        if isinstance(value, dict | list):
            yield from _places(value)


def _bytes_changed(text: bytes, choose: Random) -> bytes:
    start = choose.randrange(len(text))
    match choose.choice(("cut", "insert", "remove", "encode", "repeat")):
        case "cut":
            return text[:start]
        case "insert":
            return text[:start] + choose.randbytes(choose.randint(1, 8)) + text[start:]
        case "remove":
            return text[:start] + text[start + choose.randint(1, 100) :]
        case "encode":
            return text.decode().encode(choose.choice(("utf-16", "utf-8-sig", "utf-32", "utf-7")))
    return text + text[start:]


def fuzzed(course: Path, numbers: range, seed: int) -> dict[str, bytes]:
    """Return notebooks made from what the honest learner hands in, by their learner's id."""
    path = course / "submitted" / HONEST / ASSIGNMENT / NOTEBOOK
    notebook = json.loads(path.read_text())
    return {f"fuzz-{n:05}": mutated(notebook, Random(f"{seed} {n}")) for n in numbers}


def graded_together(folder: Path, files: dict[str, bytes]) -> tuple[dict[str, str], float]:
    """Grade files as a class with one honest learner.

    Returns:
        For each file what became of it, in words, and the honest learner's points.
    """
    course = folder / "course"
    for learner, content in files.items():
        path = course / "submitted" / learner / ASSIGNMENT / NOTEBOOK
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    report = grade(course, folder / "temporary")
    found = {
        each["learner"]: f"{each['status']}: {each['reason'].partition(chr(10))[0]}"
        for each in report["problems"]
    }
    given = scores(course)
    unseen = dict.fromkeys(set(files) - set(given), "lost")
    return dict.fromkeys(files, "graded") | unseen | found, sum(given[HONEST].values())


def failed(outcome: str) -> bool:
    """Whether an outcome is the grader's fault."""
    return not outcome.startswith(("graded", "unreadable"))


def main(
    notebooks: Annotated[int, typer.Option(help="How many to make.")] = 5000,
    seed: Annotated[int, typer.Option(help="Where chance begins.")] = 0,
) -> None:
    """Grade broken notebooks, print what became of them, and keep those that were too much."""
    outcomes: dict[str, str] = {}
    CORPUS.mkdir(exist_ok=True)
    with Progress() as progress, tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        honest_class(Path(name) / "honest", 1)
        full = 0.0
        for start in progress.track(range(0, notebooks, _AT_ONCE), description="graded"):
            folder = Path(name) / str(start)
            shutil.copytree(Path(name) / "honest", folder / "course")
            numbers = range(start, min(start + _AT_ONCE, notebooks))
            files = fuzzed(folder / "course", numbers, seed)
            found, points = graded_together(folder, files)
            full = full or points
            assert points == full, f"the honest learner has {points}, not {full}"
            outcomes |= found
            for learner in filter(lambda learner: failed(found[learner]), found):
                (CORPUS / f"seed-{seed}-{learner}.ipynb").write_bytes(files[learner])
            shutil.rmtree(folder)
    table = Table("notebooks", "outcome")
    alike = Counter(re.sub(r"\d+", "…", outcome) for outcome in outcomes.values())
    for outcome, count in alike.most_common():
        table.add_row(f"{count:,}", outcome)
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
