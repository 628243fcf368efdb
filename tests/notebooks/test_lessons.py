"""Lessons as nbval needs them: executed in order, with stable outputs, short and described."""

from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "chapters").glob("*/*.ipynb"))
MAX_LINES = 25


@pytest.fixture(params=LESSONS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def lesson(request) -> nbformat.NotebookNode:
    return nbformat.read(request.param, as_version=4)


def code(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tags(cell: nbformat.NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def test_counts_run_from_one(lesson):
    counts = [cell.execution_count for cell in code(lesson)]
    assert counts == list(range(1, len(counts) + 1))


def test_no_output_is_an_error_or_on_stderr(lesson):
    bad = [
        output
        for cell in code(lesson)
        for output in cell.outputs
        if output.output_type == "error" or output.get("name") == "stderr"
    ]
    assert bad == []


def test_no_output_holds_an_address(lesson):
    texts = [str(output) for cell in code(lesson) for output in cell.outputs]
    assert [text for text in texts if " at 0x" in text] == []


def test_cells_are_short(lesson):
    long = [cell.id for cell in code(lesson) if len(cell.source.splitlines()) > MAX_LINES]
    assert long == []


def test_at_most_one_cell_in_ten_ignores_its_output(lesson):
    ignored = [cell for cell in code(lesson) if "nbval-ignore-output" in tags(cell)]
    assert len(ignored) * 10 <= len(code(lesson))


def test_cells_that_ignore_their_output_assert_something(lesson):
    ignored = [cell for cell in code(lesson) if "nbval-ignore-output" in tags(cell)]
    assert [cell.id for cell in ignored if "assert " not in cell.source] == []


def test_code_cells_that_show_a_claim_assert_it(lesson):
    claims = [cell for cell in code(lesson) if any(tag.startswith("claim:") for tag in tags(cell))]
    assert [cell.id for cell in claims if "assert " not in cell.source] == []


def test_figures_have_caption_name_and_alternative_text(lesson):
    bare = []
    for cell in code(lesson):
        drawn = any("image/png" in output.get("data", {}) for output in cell.outputs)
        described = cell.metadata.get("mystnb", {})
        figure = described.get("figure", {})
        alternative = described.get("image", {}).get("alt")
        if drawn and not (figure.get("caption") and figure.get("name") and alternative):
            bare.append(cell.id)
    assert bare == []


def test_outputs_are_normalised(lesson):
    kept = [cell.id for cell in code(lesson) if "execution" in cell.metadata]
    assert (kept, "language_info" in lesson.metadata) == ([], False)
