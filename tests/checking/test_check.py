import nbformat
import pytest
import torch.nn.functional as F
from nbclient import NotebookClient
from nbgrader.utils import determine_grade
from sklearn.metrics import roc_auc_score
from torch import relu

from torchproof import check
from torchproof.checking.check import source_of
from torchproof.errors import UnknownExerciseError


def threshold(t, limit):
    return (t > limit).to(t.dtype)


@pytest.mark.parametrize(
    ("candidate", "points"),
    [
        (threshold, 5.0),
        (lambda t, limit: t > limit, 4.0),
        (lambda t, limit: t, 0.0),
        (3, 0.0),
        (lambda x: x, 0.0),
    ],
)
def test_returns_the_points(candidate, points):
    assert check("tensors.threshold", candidate) == points


def test_prints_the_report_outside_a_notebook(capsys):
    check("tensors.threshold", threshold)
    assert capsys.readouterr().out.startswith("tensors.threshold: 5 of 5 points")


def test_other_seed_is_shown(capsys):
    check("tensors.threshold", lambda t, limit: t, seed=12)
    assert "seed 12" in capsys.readouterr().out


def helper(x):
    return F.relu(x)


def candidate(x):
    return helper(relu(roc_auc_score(x)))


@pytest.mark.parametrize(
    "part",
    [
        "def candidate(x):",
        "def helper(x):",
        "import torch.nn.functional as F",
        "from torch import relu as relu",
        "from sklearn.metrics._ranking import roc_auc_score as roc_auc_score",
    ],
)
def test_source_comes_with_what_it_uses(part):
    assert part in source_of(candidate)


def test_unknown_id_is_refused():
    with pytest.raises(UnknownExerciseError):
        check("tensors.nothing", threshold)


ANSWERS = {
    "right": ("return (t > limit).to(t.dtype)", 5),
    "half right": ("return t > limit", 4),
    "wrong": ("return t", 0),
    "unwritten": ("raise NotImplementedError()", 0),
    "raises": ("return t.nothing", 0),
    "prints to stderr": (
        "import sys; sys.stderr.write(str(t)); return (t > limit).to(t.dtype)",
        5,
    ),
    "warns": ("import warnings; warnings.warn('hm'); return (t > limit).to(t.dtype)", 5),
    "loops": ("return torch.tensor([float(v > limit) for v in t.flatten()])", 0),
    "loops in a helper": (
        "return spread(t, limit)\n\ndef spread(t, limit):\n"
        "    return torch.tensor([float(v > limit) for v in t.flatten()]).reshape(t.shape)",
        0,
    ),
    "names a local like a torch loss": (
        "return spread((t > limit).to(t.dtype))\n\nspread_loss = torch.where\n\n"
        "def spread(spread_loss):\n    return spread_loss",
        5,
    ),
    "no function": ("pass\nthreshold = 3", 0),
}


@pytest.fixture(scope="module")
def graded():
    """One notebook that checks each answer in a cell of its own, run in a real kernel."""
    cells = [nbformat.v4.new_code_cell("import torch\nfrom torchproof import check")]
    for answer, _ in ANSWERS.values():
        source = f"def threshold(t, limit):\n    {answer}"
        cells.append(nbformat.v4.new_code_cell(source))
        cells.append(nbformat.v4.new_code_cell('check("tensors.threshold", threshold)'))
        cells[-1].metadata["nbgrader"] = {"grade": True, "solution": False, "points": 5}
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, kernel_name="python3").execute()
    return dict(zip(ANSWERS, notebook.cells[2::2], strict=True))


@pytest.mark.parametrize("name", ANSWERS)
def test_nbgrader_reads_the_points(graded, name):
    assert determine_grade(graded[name]) == (ANSWERS[name][1], 5)


@pytest.mark.parametrize("name", ANSWERS)
def test_report_is_html_and_text(graded, name):
    (report, _points) = graded[name].outputs
    assert {"text/html", "text/plain"} <= report["data"].keys()


def test_source_in_a_notebook_is_looked_at(graded):
    assert "a list comprehension in line 2" in graded["loops"].outputs[0]["data"]["text/plain"]
