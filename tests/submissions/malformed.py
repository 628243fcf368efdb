"""What no grader expects to be handed in. Where an answer can be found in it, it counts."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat

from tests.submissions.hand_in import (
    ASSIGNMENT,
    NOTEBOOK,
    Change,
    HandIn,
    answered,
    cell_of,
    edit,
    id_of,
)

FULL = 39


def _bytes(content: bytes) -> HandIn:
    return lambda folder: _write(folder / NOTEBOOK, content)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _encoded(encoding: str) -> HandIn:
    """Write the same notebook, with one letter that is no ASCII, in another encoding."""

    def hand_in(folder: Path) -> None:
        text = (folder / NOTEBOOK).read_text()
        notebook = json.loads(text)
        notebook["metadata"]["author"] = "Zoë"
        written = json.dumps(notebook, ensure_ascii=False).encode(encoding, "replace")
        _write(folder / NOTEBOOK, written)

    return hand_in


def _whole(change: Callable[[dict[str, Any]], Any]) -> HandIn:
    """Change the notebook's JSON past nbformat."""

    def hand_in(folder: Path) -> None:
        notebook = json.loads((folder / NOTEBOOK).read_text())
        change(notebook)
        _write(folder / NOTEBOOK, json.dumps(notebook).encode())

    return hand_in


def _truncated(folder: Path) -> None:
    content = (folder / NOTEBOOK).read_bytes()
    _write(folder / NOTEBOOK, content[: len(content) // 2])


def _format_3(folder: Path) -> None:
    old = nbformat.convert(nbformat.read(folder / NOTEBOOK, as_version=4), 3)
    _write(folder / NOTEBOOK, json.dumps(old).encode())


def _no_file(folder: Path) -> None:
    (folder / NOTEBOOK).unlink()


def _missing(folder: Path) -> None:
    (folder / NOTEBOOK).rename(folder / "notes.txt")


def _renamed(folder: Path) -> None:
    (folder / NOTEBOOK).rename(folder / "tensors (1).ipynb")


def _extra(folder: Path) -> None:
    shutil.copy(folder / NOTEBOOK, folder / "extra.ipynb")


def _link(target: str) -> HandIn:
    """Put a link in the notebook's place; a relative target starts at the course."""

    def hand_in(folder: Path) -> None:
        (folder / NOTEBOOK).unlink()
        (folder / NOTEBOOK).symlink_to(folder.parents[2] / target)

    return hand_in


def _fifo(folder: Path) -> None:
    (folder / NOTEBOOK).unlink()
    os.mkfifo(folder / NOTEBOOK)


def _upwards(folder: Path) -> None:
    """Name files, cells and the notebook so that a careless join of paths leads upwards."""
    _write(folder / "..\\..\\gradebook.db", b"not a gradebook")
    _write(folder / "..%2f..%2fgradebook.db", b"not a gradebook")
    (folder / "...").mkdir()
    _write(folder / "..." / "gradebook.db", b"not a gradebook")

    def change(notebook: Any) -> None:
        notebook.metadata["name"] = "../../../../gradebook.db"
        own = {"nbgrader": {"grade_id": "../../../../gradebook.db"}}
        notebook.cells.append(nbformat.v4.new_code_cell("1", metadata=own))

    edit(change)(folder)


def _large(folder: Path) -> None:
    with (folder / NOTEBOOK).open("ab") as file:
        file.truncate(500 * 2**20)


def _marks(**marks: Any) -> Change:
    def change(notebook: Any) -> None:
        for cell in notebook.cells:
            if id_of(cell):
                cell.metadata.nbgrader.update(marks)

    return change


def _no_grade_id(notebook: Any) -> None:
    del cell_of(notebook, "threshold").metadata.nbgrader["grade_id"]


def _duplicated(notebook: Any) -> None:
    cell = cell_of(notebook, "threshold")
    notebook.cells.insert(notebook.cells.index(cell), nbformat.from_dict(cell))


def _split(notebook: Any) -> None:
    """Split an answer as JupyterLab does, which copies the cell's marks."""
    cell = cell_of(notebook, "threshold")
    upper = nbformat.from_dict(cell)
    upper.source = "def helper(t, limit):\n    return (t > limit).to(t.dtype)"
    cell.source = "def threshold(t, limit):\n    return helper(t, limit)"
    notebook.cells.insert(notebook.cells.index(cell), upper)


def _in_dtype(name: str) -> HandIn:
    """Answer in a dtype that torch has, and does not compare with others."""
    return answered("threshold", f"def threshold(t, limit):\n    return (t > limit).to({name})")


def _needs_another(notebook: Any) -> None:
    cell_of(notebook, "threshold").source = "# Your code here.\nraise NotImplementedError()"
    cell_of(
        notebook, "one_hot"
    ).source = (
        "def one_hot(labels, num_classes):\n    return column_of(threshold, labels, num_classes)"
    )


_NUL = "def threshold(t, limit):\n    return (t > limit).to(t.dtype)  # \0"

UNREADABLE: dict[str, tuple[HandIn, str]] = {
    "no file": (_no_file, "no tensors.ipynb was handed in; found nothing"),
    "an empty file": (_bytes(b""), "tensors.ipynb is empty"),
    "truncated JSON": (_truncated, "tensors.ipynb is not JSON"),
    "an empty object": (_bytes(b"{}"), "not a notebook: it names no format"),
    "no cells": (_whole(lambda notebook: notebook.pop("cells")), "it has no list of cells"),
    "nbformat 5": (_whole(lambda notebook: notebook.update(nbformat=5)), "notebook format 5"),
    "UTF-16": (_encoded("utf-16"), "not written in UTF-8"),
    "Latin-1": (_encoded("latin-1"), "not written in UTF-8"),
    "NUL bytes": (_bytes(bytes(1000)), "is not JSON"),
    "a renamed notebook": (_renamed, r"found tensors \(1\).ipynb"),
    "a missing notebook": (_missing, "no tensors.ipynb was handed in; found notes.txt"),
    "a link to a file": (_link("/etc/passwd"), "is not a regular file"),
    "a link to the source notebook": (
        _link(f"solutions/{ASSIGNMENT}/{NOTEBOOK}"),
        "is not a regular file",
    ),
    "a link to a device": (_link("/dev/zero"), "is not a regular file"),
    "a FIFO": (_fifo, "is not a regular file"),
    "500 MB": (_large, "larger than 32 MiB"),
    "JSON nested 100,000 deep": (_bytes(b"[" * 100_000), "nested too deep"),
}
"""For each fault what is handed in, and the reason that the learner is given."""

READABLE: dict[str, tuple[HandIn, float, str]] = {
    "an empty list of cells": (
        _whole(lambda notebook: notebook.update(cells=[])),
        0,
        "Not written yet",
    ),
    "nbformat 3": (_format_3, FULL, ""),
    "a NUL in a source": (answered("threshold", _NUL), 34, "null bytes"),
    "nbgrader's marks a string": (
        edit(lambda notebook: cell_of(notebook, "threshold").metadata.update(nbgrader="marks")),
        34,
        "Not written yet",
    ),
    "points a word": (edit(_marks(points="many")), FULL, ""),
    "no grade_id": (edit(_no_grade_id), 34, "Not written yet"),
    "schema_version 1": (edit(_marks(schema_version=1)), FULL, ""),
    "schema_version 99": (edit(_marks(schema_version=99)), FULL, ""),
    "a duplicated cell": (edit(_duplicated), FULL, ""),
    "a split cell": (edit(_split), FULL, ""),
    "an extra notebook": (_extra, FULL, ""),
    "an unknown kernel": (
        edit(lambda notebook: notebook.metadata.update(kernelspec={"name": "julia"})),
        FULL,
        "",
    ),
    "names that lead upwards": (_upwards, FULL, ""),
    "a syntax error in one answer": (
        answered("threshold", "def threshold(t, limit:\n    return t"),
        34,
        "SyntaxError",
    ),
    "a result in float8": (_in_dtype("torch.float8_e4m3fn"), 34, "dtype float8_e4m3fn"),
    "a result in uint16": (_in_dtype("torch.uint16"), 34, "dtype uint16"),
    "a complex result": (_in_dtype("torch.complex64"), 34, "dtype complex64"),
    "an answer that needs a missing one": (edit(_needs_another), 29, "column_of"),
}
"""For each fault what is handed in, the points, and what the learner's page says."""


def _nothing(folder: Path) -> None:
    """Leave right answers as they are."""


LEARNERS: dict[str, HandIn] = dict.fromkeys(
    ["Ada Lovelace", "Zoë Müller", "o'neil", 'the "real" one', "a,b", "-rf", "--help"], _nothing
)
"""Learners who are honest and have an id that a careless program stumbles over."""
