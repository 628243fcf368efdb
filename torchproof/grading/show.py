"""What a teacher sees while a class is graded and afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from torchproof.grading.outcome import Status

_COLOURS = {"graded": "green", "unchanged": "dim", "unreadable": "yellow", "grader failed": "red"}


class _Rate(ProgressColumn):
    """Learners a second since the first came."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.finished_speed or task.speed or 0:.1f}/s", style="progress.data.speed")


class Board:
    """The progress bar of one assignment."""

    def __init__(self, progress: Progress, assignment: str, total: int) -> None:
        self._progress = progress
        self._task = progress.add_task(escape(assignment), total=total, counts="")
        self._counts: dict[str, int] = {}

    def tell(self, learner: str, status: str) -> None:
        """Count one learner's outcome."""
        self._counts[str(status)] = self._counts.get(str(status), 0) + 1
        counts = "  ".join(
            f"[{_COLOURS[name]}]{count} {name}[/]" for name, count in self._counts.items()
        )
        self._progress.update(self._task, advance=1, counts=counts)


@contextmanager
def progress(console: Console, enabled: bool) -> Iterator[Progress]:
    """Show progress bars while the block runs."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(elapsed_when_finished=True),
        TextColumn("{task.fields[counts]}"),
        console=console,
        disable=not enabled,
    ) as shown:
        yield shown


def summarise(console: Console, results: dict[str, Any]) -> None:
    """Print the table of counts and one line for each learner who was not graded."""
    table = Table(title="Graded", title_justify="left")
    table.add_column("assignment")
    names = ["graded", "unchanged", "unreadable", "grader failed"]
    for name in names:
        table.add_column(name, justify="right", style=_COLOURS[name])
    for assignment, summary in results.items():
        table.add_row(escape(assignment), *(str(summary.counts[name]) for name in names))
    console.print(table)
    for summary in results.values():
        for outcome in summary.problems:
            console.print(f"{escape(outcome.learner)}: {escape(outcome.reason)}", soft_wrap=True)
            if outcome.status is Status.FAILED and outcome.traceback:
                console.print(escape(outcome.traceback), style="dim", soft_wrap=True)


def as_json(results: dict[str, Any]) -> dict[str, Any]:
    """Return the results as plain values."""
    return {
        assignment: {
            "counts": {str(name): count for name, count in summary.counts.items()},
            "problems": [
                {"learner": each.learner, "status": str(each.status), "reason": each.reason}
                for each in summary.problems
            ],
            "notes": summary.notes,
        }
        for assignment, summary in results.items()
    }
