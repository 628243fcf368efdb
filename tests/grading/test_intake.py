"""What was handed in is read as if it had been written to do harm."""

import json
import os
from pathlib import Path

import pytest

from torchproof.errors import UnreadableError
from torchproof.grading.intake import collect, read_notebook


def notebook(**changes: object) -> bytes:
    cell = {"cell_type": "code", "source": ["x = ", "1"], "metadata": {}, "outputs": []}
    made = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    return json.dumps(made | changes).encode()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (notebook()[:40], "is not JSON"),
        (b"{}", "names no format"),
        (b"[1]", "names no format"),
        (notebook(nbformat="4"), "names no format"),
        (notebook(cells=None), "no list of cells"),
        (notebook(nbformat=5), "format 5"),
        (notebook(nbformat=3, cells=1), "cannot be converted"),
        (notebook().decode().encode("utf-16"), "not written in UTF-8"),
        ('{"é": 1}'.encode("latin-1"), "not written in UTF-8"),
        (b"\0" * 100, "is not JSON"),
        (b"[" * 100_000, "nested too deep"),
        (notebook(cells=[1]), "cell 1 is not a cell"),
        (notebook(cells=[{"cell_type": "code", "source": 3}]), "source of cell 1"),
        (notebook(cells=[{"cell_type": "weird", "source": ""}]), "no known type"),
        (notebook(cells=[{"cell_type": "code"}] * 5_001), "5,001 cells"),
    ],
)
def test_unreadable_says_why(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read_notebook("a.ipynb", content)


@pytest.mark.parametrize(
    ("metadata", "grade_id"),
    [
        ({"nbgrader": {"grade_id": "a"}}, "a"),
        ({"nbgrader": "a"}, None),
        ({"nbgrader": {"grade_id": ["a"]}}, None),
        ({"nbgrader": {"points": "many"}}, None),
        ("a", None),
        (None, None),
    ],
)
def test_grade_id_is_taken_where_there_is_one(metadata: object, grade_id: str | None) -> None:
    cell = {"cell_type": "code", "source": "1", "metadata": metadata}
    assert read_notebook("a.ipynb", notebook(cells=[cell]))[0]["grade_id"] == grade_id


def test_source_lines_are_joined() -> None:
    assert read_notebook("a.ipynb", notebook())[0]["source"] == "x = 1"


def test_format_3_is_converted() -> None:
    cell = {"cell_type": "code", "input": "x", "outputs": [], "language": "python"}
    old = {"nbformat": 3, "metadata": {}, "worksheets": [{"cells": [cell]}]}
    assert read_notebook("a.ipynb", json.dumps(old).encode())[0]["source"] == "x"


def make(folder: Path, kind: str) -> None:
    path = folder / "a.ipynb"
    match kind:
        case "link":
            path.symlink_to("/etc/passwd")
        case "link to a device":
            path.symlink_to("/dev/zero")
        case "FIFO":
            os.mkfifo(path)
        case "folder":
            (path / "b").mkdir(parents=True)
        case "large":
            path.write_bytes(b" " * 2_000)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("link", "not a regular file"),
        ("link to a device", "not a regular file"),
        ("FIFO", "not a regular file"),
        ("large", "is larger than"),
    ],
)
def test_refused_says_why(tmp_path: Path, kind: str, reason: str) -> None:
    make(tmp_path, kind)
    assert reason in collect(tmp_path, "ada", "ps1", [], 1_000).refused["a.ipynb"]


def test_linked_folder_is_not_entered(tmp_path: Path) -> None:
    (tmp_path / "all").symlink_to("/etc")
    assert collect(tmp_path, "ada", "ps1", [], 1_000).files == {}


def test_ignored_files_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_bytes(b"1")
    assert collect(tmp_path, "ada", "ps1", ["__pycache__"], 1_000).files == {}


def test_too_many_files_end_the_reading(tmp_path: Path) -> None:
    for i in range(210):
        (tmp_path / f"{i:03}").touch()
    assert len(collect(tmp_path, "ada", "ps1", [], 1_000).files) == 200


@pytest.mark.parametrize("change", ["content", "name", "one more"])
def test_digest_changes_with_what_is_handed_in(tmp_path: Path, change: str) -> None:
    (tmp_path / "a").write_bytes(b"1")
    before = collect(tmp_path, "ada", "ps1", [], 1_000).digest
    match change:
        case "content":
            (tmp_path / "a").write_bytes(b"2")
        case "name":
            (tmp_path / "a").rename(tmp_path / "b")
        case "one more":
            (tmp_path / "b").touch()
    assert collect(tmp_path, "ada", "ps1", [], 1_000).digest != before
