"""The notebooks learners get: generated from the sources, free of answers, and worth nothing."""

import re
import shutil
import subprocess
from pathlib import Path

import nbclient
import nbformat
import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "solutions").glob("*/*.ipynb"))
RELEASES = [ROOT / "exercises" / path.relative_to(ROOT / "solutions") for path in SOURCES]
_SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)


@pytest.fixture(scope="module")
def generated(tmp_path_factory) -> Path:
    course = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", course)
    shutil.copytree(ROOT / "solutions", course / "solutions")
    command = ["nbgrader", "generate_assignment", "*", "--no-db"]
    subprocess.run(command, cwd=course, check=True, capture_output=True)
    return course / "exercises"


@pytest.fixture(scope="module", params=RELEASES, ids=lambda path: path.parent.name)
def untouched(request) -> nbformat.NotebookNode:
    """A release, run as it is."""
    notebook = nbformat.read(request.param, as_version=4)
    return nbclient.NotebookClient(notebook, allow_errors=True, kernel_name="python3").execute()


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.parent.name)
def test_committed_release_is_what_the_source_generates(release, generated):
    again = generated / release.relative_to(ROOT / "exercises")
    assert release.read_bytes() == again.read_bytes()


def test_no_release_lacks_a_source():
    assert sorted((ROOT / "exercises").glob("*/*.ipynb")) == RELEASES


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.parent.name)
def test_release_holds_no_line_of_a_solution(source):
    text = (ROOT / "exercises" / source.relative_to(ROOT / "solutions")).read_text()
    cells = nbformat.read(source, as_version=4).cells
    solutions = [match for cell in cells for match in _SOLUTION.findall(cell.source)]
    lines = {line.strip() for solution in solutions for line in solution.splitlines()}
    assert solutions
    assert [line for line in lines if line and line in text.replace('\\"', '"')] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.parent.name)
def test_source_has_no_outputs(source):
    cells = nbformat.read(source, as_version=4).cells
    assert [cell.source for cell in cells if cell.get("outputs")] == []


def outputs(notebook: nbformat.NotebookNode, kind: str) -> list[nbformat.NotebookNode]:
    return [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == kind
    ]


def test_untouched_release_raises_nothing_but_not_implemented(untouched):
    assert {error.ename for error in outputs(untouched, "error")} == {"NotImplementedError"}


def test_untouched_release_scores_nothing(untouched):
    graded = [cell for cell in untouched.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    results = [cell.outputs[-1]["data"]["text/plain"] for cell in graded]
    assert set(results) == {"0.0"}


def test_untouched_release_writes_nothing_to_stderr(untouched):
    assert [stream for stream in outputs(untouched, "stream") if stream.name == "stderr"] == []
