"""How far a learner is, shown: as a table in the terminal, as HTML in a notebook."""

import html
import os
from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from torchproof.learning.progress import Row, Sheet, State, next_step, recorded
from torchproof.learning.start import assignments

_MARKS = {
    State.PASSED: ("✓", "green"),
    State.PARTLY: ("◐", "yellow"),
    State.WRONG: ("✗", "red"),
    State.NOT_WRITTEN: ("·", "dim"),
    State.RAISED: ("!", "red"),
    State.STOPPED: ("!", "red"),
    State.NOT_RUN: ("–", "dim"),
}

_SAVED = "Read from the outputs saved in the notebooks; `torchproof progress` runs them anew."


class Progress:
    """How far a learner is; as the last line of a cell it shows itself.

    Attributes:
        sheets: how it stands with each notebook.
        ran: whether the notebooks were run for this.
    """

    def __init__(self, sheets: list[Sheet], ran: bool) -> None:
        self.sheets = sheets
        self.ran = ran

    def table(self) -> Table:
        """Return the table of all exercises, with a sum for each notebook."""
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column("assignment")
        table.add_column("exercise", no_wrap=True)
        table.add_column("points", justify="right")
        table.add_column("state", no_wrap=True)
        for sheet, label in zip(self.sheets, self._labels(), strict=True):
            for number, row in enumerate(sheet.rows):
                mark, colour = _MARKS[row.state]
                first = escape(label) if number == 0 else ""
                state = f"[{colour}]{mark} {row.state}[/]"
                table.add_row(first, escape(row.name), _of(row.points, row.most), state)
            total = f"[bold]{_of(sheet.points, sheet.most)}[/]"
            table.add_row("", "[bold]sum[/]", total, _passed(sheet), end_section=True)
        return table

    def sentences(self) -> list[str]:
        """Return what there is to say below the table; what to do next comes last."""
        said = [f"{sheet.path}: {sheet.note}" for sheet in self.sheets if sheet.note]
        if not self.ran:
            said += [
                f"{sheet.path} has never been run and saved. Run its cells in JupyterLab and save, "
                "or run `torchproof progress`."
                for sheet in self.sheets
                if sheet.never_run
            ]
            if not all(sheet.never_run for sheet in self.sheets):
                said.append(_SAVED)
        return [*said, self._next()]

    def print(self, console: Console) -> None:
        """Print the table and the sentences."""
        console.print(self.table())
        for sentence in self.sentences():
            console.print(escape(sentence), soft_wrap=True)

    def __repr__(self) -> str:
        console = Console(width=100, color_system=None, force_jupyter=False, force_terminal=False)
        with console.capture() as shown:
            self.print(console)
        return shown.get().rstrip()

    def _repr_html_(self) -> str:
        rows = "".join(
            "".join(_html_row(label if number == 0 else "", row)
                    for number, row in enumerate(sheet.rows))
            + _html_cells("", "sum", _of(sheet.points, sheet.most), _passed(sheet), bold=True)
            for sheet, label in zip(self.sheets, self._labels(), strict=True)
        )  # fmt: skip
        heads = "".join(
            f'<th scope="col" style="text-align:{side}">{name}</th>'
            for name, side in (("assignment", "left"), ("exercise", "left"), ("points", "right"),
                               ("state", "left"))
        )  # fmt: skip
        said = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in self.sentences())
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>{said}"

    def _labels(self) -> list[str]:
        """Name each notebook by its folder, or by its path where that is not enough."""
        folders = [sheet.path.parent.name for sheet in self.sheets]
        return [
            name if name and name != ".." and folders.count(name) == 1 else str(sheet.path)
            for sheet, name in zip(self.sheets, folders, strict=True)
        ]

    def _next(self) -> str:
        step = next_step(self.sheets)
        if step is None:
            count = sum(len(sheet.rows) for sheet in self.sheets)
            done = f"All {count} exercises are passed."
            begun = {sheet.path.resolve().parent.name for sheet in self.sheets}
            later = [name for name in assignments(Path()) if name not in begun]
            return f"{done} Go on with `torchproof start {later[0]}`." if later else done
        sheet, row = step
        lessons = " and ".join(_lesson(sheet.path, *each) for each in row.lessons)
        read_first = f" Read first: {lessons}." if lessons else ""
        return f"Next: {row.name} in {sheet.path}.{read_first}"


def progress(*paths: str | Path) -> Progress:
    """Show which exercises pass, from what the notebooks last showed, without running them.

    Args:
        paths: notebooks and folders of notebooks; where there are none, the folder ``work``, or
            else ``exercises``, of this folder or one of those above.

    Raises:
        TorchproofError: there is no notebook with exercises, or one cannot be read.
    """
    return Progress(recorded(map(Path, paths)), ran=False)


def _lesson(notebook: Path, title: str, link: str) -> str:
    """Name a lesson, with its path from here where it is there."""
    path = Path(os.path.relpath(notebook.parent / link))
    return f"{title} ({path})" if path.exists() else title


def _of(points: float | None, most: float) -> str:
    return f"{'–' if points is None else f'{points:g}'} / {most:g}"


def _passed(sheet: Sheet) -> str:
    passed = sum(row.state is State.PASSED for row in sheet.rows)
    return f"{passed} of {len(sheet.rows)} passed"


def _html_row(label: str, row: Row) -> str:
    state = f"{_MARKS[row.state][0]} {row.state}"
    return _html_cells(label, row.name, _of(row.points, row.most), state)


def _html_cells(*texts: str, bold: bool = False) -> str:
    weight = ";font-weight:600" if bold else ""
    sides = ("left", "left", "right", "left")
    cells = (
        f'<td style="text-align:{side}{weight}">{html.escape(text)}</td>'
        for side, text in zip(sides, texts, strict=True)
    )
    return f"<tr>{''.join(cells)}</tr>"
