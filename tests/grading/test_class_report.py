import shutil

import pandas as pd
import pytest
from typer.testing import CliRunner

from tests.grading.class_of import class_of
from torchproof.cli import app
from torchproof.grading.class_report import _scores, commonest, statistics, summary

MOST = {"a": 2, "b": 4, "c": 4}
NAN = float("nan")


def column(scores, name, most=MOST):
    return statistics(class_of(scores, most))[name].tolist()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("points", [2, 4, 4]),
        ("learners", [4, 4, 3]),
        ("mean", [1, 1, 4]),
        ("median", [1, 0, 4]),
        ("full_marks", [0.25, 0.25, 1]),
        ("difficulty", [0.5, 0.75, 0]),
    ],
)
def test_statistics_of_each_exercise(name, expected):
    scores = {"1": [0, 0, 4], "2": [1, 0, 4], "3": [1, 0, 4], "4": [2, 4, None]}
    assert column(scores, name) == expected


def test_discrimination_is_the_correlation_with_the_rest():
    scores = {"1": [0, 1, 2], "2": [1, 0, 4], "3": [2, 4, 3]}
    expected = pd.Series([0, 1, 2]).corr(pd.Series([3, 4, 7]))
    assert column(scores, "discrimination")[0] == pytest.approx(expected)


def test_discrimination_can_be_negative():
    assert column({"1": [0, 4, 4], "2": [1, 2, 2], "3": [2, 0, 0]}, "discrimination")[0] == -1


@pytest.mark.parametrize(
    "scores",
    [
        {"1": [0, 1, 2]},
        {"1": [0, 1, 2], "2": [2, 4, 4]},
        {"1": [1, 1, 1], "2": [1, 1, 1], "3": [1, 1, 1]},
        {"1": [0.1 + 0.2, 1, 1], "2": [0.3, 1, 1], "3": [0.3, 1, 1]},
        {"1": [None, 1, 1], "2": [0, 1, 2], "3": [2, 3, 4]},
    ],
    ids=["one", "two", "all equal", "equal but for rounding", "too few with a score"],
)
@pytest.mark.filterwarnings("error")
def test_discrimination_is_blank_where_it_is_undefined(scores):
    assert pd.isna(column(scores, "discrimination")[0])


@pytest.mark.filterwarnings("error")
def test_single_exercise_has_no_rest():
    alone = {"1": [0], "2": [1], "3": [2]}
    assert pd.isna(column(alone, "discrimination", {"a": 2})[0])


@pytest.mark.filterwarnings("error")
def test_exercise_without_points_has_no_difficulty():
    (difficulty,) = column({"1": [0], "2": [1]}, "difficulty", {"bonus": 0})
    (full,) = column({"1": [0], "2": [1]}, "full_marks", {"bonus": 0})
    assert pd.isna([difficulty, full]).all()


@pytest.mark.filterwarnings("error")
def test_exercise_nobody_has_a_score_for_is_blank():
    row = statistics(class_of({"1": [1, None, 1]}, MOST)).loc["b"]
    blank = row[["mean", "median", "full_marks", "difficulty", "discrimination"]]
    assert (row.learners, blank.isna().all()) == (0, True)


MISTAKES = [
    ("1", "b", "x", "Second."),
    ("2", "b", "x", "Second."),
    ("2", "a", "y", "First."),
    ("3", "a", "z", "Third."),
]
CLASS = class_of({"1": [0, 0, 4], "2": [1, 2, 4], "3": [2, 4, 4]}, MOST, {}, MISTAKES)


def test_commonest_mistakes_come_first():
    rows = commonest(CLASS)[["exercise", "hint", "learners"]].to_numpy().tolist()
    assert rows == [["b", "Second.", 2], ["a", "First.", 1], ["a", "Third.", 1]]


def test_share_is_of_all_who_are_graded():
    assert commonest(CLASS).share.tolist() == pytest.approx([2 / 3, 1 / 3, 1 / 3])


def test_summary():
    assert summary(CLASS, statistics(CLASS), commonest(CLASS)) == [
        "3 of 3 learners handed in, 3 graded. Of 10 points the mean is 7.0, the median 7.0.",
        "The hardest exercise is a: 50% of its points were scored.",
        "The commonest mistake, of 2 learners, is in b: Second.",
    ]


def test_where_all_have_everything_nothing_is_called_hard():
    best = class_of({"1": [2, 4, 4]}, MOST)
    assert len(summary(best, statistics(best), commonest(best))) == 1


def report(course, *arguments):
    wide = {"COLUMNS": "300", "TERM": "dumb"}
    return CliRunner().invoke(app, ["report", "--folder", str(course), *arguments], env=wide)


@pytest.fixture(scope="module")
def done(graded, tmp_path_factory):
    course = shutil.copytree(graded[0], tmp_path_factory.mktemp("report") / "course")
    return course, report(course, "01_tensors", "--canvas-id", "7")


def test_command_writes_the_page_and_the_tables(done):
    course, result = done
    folder = course / "reports" / "01_tensors"
    names = ["canvas", "exercises", "mistakes", "moodle", "scores"]
    expected = {*(f"{name}.csv" for name in names), "report.html"}
    assert (result.exit_code, {path.name for path in folder.iterdir()}) == (0, expected)
    assert "6 of 6 learners handed in, 6 graded." in result.output
    assert str(folder / "report.html") in result.output


@pytest.mark.parametrize(
    ("name", "shape", "first"),
    [
        ("scores", (6, 15), "learner"),
        ("exercises", (7, 8), "exercise"),
        ("canvas", (7, 6), "Student"),
        ("moodle", (6, 4), "Username"),
    ],
)
def test_tables_are_read_back(done, name, shape, first):
    table = pd.read_csv(done[0] / "reports" / "01_tensors" / f"{name}.csv")
    assert (table.shape, table.columns[0]) == (shape, first)


def test_exercise_may_be_called_like_a_column_of_the_learners():
    table = _scores(class_of({"1": [1, 2]}, {"email": 1, "b": 2}))
    assert list(table.columns[-2:]) == ["email (exercise)", "b"]


def test_number_of_canvas_stands_in_its_column(done):
    table = pd.read_csv(done[0] / "reports" / "01_tensors" / "canvas.csv")
    assert table.columns[-1] == "01_tensors (7)"


def test_report_twice_says_the_same(done):
    course, _ = done
    path = course / "reports" / "01_tensors" / "scores.csv"
    before = path.read_bytes()
    assert report(course, "01_tensors").exit_code == 0
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("folder", "assignment", "sentence"),
    [
        (".", "99_none", "The gradebook knows no assignment '99_none'."),
        ("exercises", "01_tensors", "There is no gradebook in"),
        ("nowhere", "01_tensors", "There is no folder"),
    ],
)
def test_what_cannot_be_reported_ends_with_2(graded, folder, assignment, sentence):
    result = report(graded[0] / folder, assignment)
    assert (result.exit_code, sentence in result.output) == (2, True), result.output
    assert not (graded[0] / folder / "reports").exists()
