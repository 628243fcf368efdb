"""Run candidates through a check without a notebook, and print how the mistakes fare."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from rich.console import Console
from rich.table import Table

from torchproof.checking.cases import Case
from torchproof.checking.check import source_of
from torchproof.checking.exercise import Exercise, load_catalog
from torchproof.checking.observe import observe
from torchproof.checking.report import Report, assess


@lru_cache(maxsize=100)
def drawn(exercise: Exercise, seed: int) -> list[Case]:
    """Draw the cases of a seed once: what is known of the mistakes on them is then kept too."""
    return exercise.draw(seed)


def measure(exercise: Exercise, candidate: Callable[..., Any], seed: int = 0) -> Report:
    cases = drawn(exercise, seed)
    observations = [observe(exercise.question, candidate, case) for case in cases]
    return assess(exercise, cases, observations, source_of(candidate), seed)


def kill_table() -> Table:
    table = Table("exercise", "mistake", "points lost", "of", "hint shown")
    for exercise in load_catalog():
        for mistake in exercise.mistakes:
            report = measure(exercise, mistake.function)
            named = report.mistake is not None and report.mistake[1] == mistake.hint
            shown = mistake.hint if named else f"[red]not its own: {report.mistake}"
            lost = exercise.points - report.points
            table.add_row(exercise.id, mistake.name, f"{lost:g}", f"{exercise.points:g}", shown)
    return table


if __name__ == "__main__":
    Console().print(kill_table())
