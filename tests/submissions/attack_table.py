"""What became of each attack, as a table for the terminal and as a page of the book."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich import box
from rich.markup import escape
from rich.table import Table

NOTHING = "–"
NOT_RUN = "not run"
"""Of attacks that take the same way with asserts as with check."""

Rows = Mapping[str, Sequence["Row"]]
COLUMNS = ("attack", "stock", "check", "asserts", "outcome")
_WORDS = ("attack", "outcome")


@dataclass(frozen=True)
class Row:
    """One attack: its points under stock nbgrader and ours, and its outcome in a few words."""

    attack: str
    stock: str
    check: str
    asserts: str
    outcome: str


def table(rows: Rows) -> Table:
    """Return the table for the terminal."""
    made = Table(title="Attacks", box=box.SIMPLE_HEAD, title_justify="left", caption=_CAPTION)
    for name in COLUMNS:
        made.add_column(name, justify="left" if name in _WORDS else "right")
    for heading, attacks in rows.items():
        made.add_section()
        made.add_row(f"[bold]{heading}[/]")
        for row in attacks:
            made.add_row(*(escape(getattr(row, name)) for name in COLUMNS))
    return made


_CAPTION = (
    "Every tampering notebook is wrong throughout and deserves 0 of 39, but for a point that "
    "hard-coded results may be right about.\n"
    "– under stock: not run, for stock nbgrader runs every notebook with your rights on this "
    "machine; none: it failed and gave no score.\n"
    "– under check and asserts: unreadable, and so without a score. not run: it waits for the time "
    "limit, as with check."
)

_TABLE = re.compile(r"^\| attack \|.*\n(?:\|.*\n)*", re.MULTILINE)


def fill(text: str, rows: Rows) -> str:
    """Put new tables into the page of the book, in the place of the old ones."""
    tables = (_markdown(heading, found) for heading, found in rows.items())
    return _TABLE.sub(lambda old: next(tables), text)


def _markdown(heading: str, rows: Sequence[Row]) -> str:
    """Write a table; only what tampers has been shown to stock nbgrader."""
    columns = [name for name in COLUMNS if name != "stock" or heading == "tampering"]
    lines = [columns, ["---" if name in _WORDS else "--:" for name in columns]]
    lines += [[_written(getattr(row, name)) for name in columns] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _written(text: str) -> str:
    """Write text so that Markdown changes none of it."""
    if text.startswith("-") or '"' in text:
        return f"`{text}`"
    return re.sub(r"([\\_*`<|])", r"\\\1", text)


def read(text: str) -> dict[str, dict[str, str]]:
    """Read the page: for each attack what its columns say."""
    tables = [_lines(table) for table in _TABLE.findall(text)]
    return {
        line[0]: dict(zip(names, line, strict=True)) for names, _, *rest in tables for line in rest
    }


def _lines(table: str) -> list[list[str]]:
    lines = [line.strip("| ").split(" | ") for line in table.splitlines()]
    return [[re.sub(r"\\(.)", r"\1", cell).strip("`") for cell in line] for line in lines]
