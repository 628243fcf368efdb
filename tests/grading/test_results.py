import json
import shutil

import pytest
from nbgrader.api import Gradebook

from tests.grading.conftest import tool
from torchproof.errors import CourseError
from torchproof.grading.course import Course
from torchproof.grading.results import GRADED, NOT_GRADED, NOT_HANDED_IN, WAITS, gather

EXERCISES = [
    "threshold",
    "one_hot",
    "standardize",
    "masked_mean",
    "topk_accuracy",
    "pairwise_distance",
    "extract_patches",
]


@pytest.fixture(scope="module")
def results(graded):
    return gather(Course(graded[0]), "01_tensors")


@pytest.fixture
def copy(graded, tmp_path):
    return shutil.copytree(graded[0], tmp_path / "course")


def gradebook(course):
    return Gradebook(f"sqlite:///{course}/gradebook.db", "torchproof")


def test_exercises_stand_in_the_order_of_the_notebook(results):
    assert list(results.most.items()) == list(zip(EXERCISES, [5, 5, 6, 6, 5, 6, 6], strict=True))


def test_scores_are_those_of_the_answers(results, graded):
    """Right answers have all points, empty ones none, mistakes something in between or none."""
    for learner, answers in graded[1].items():
        for exercise, kind in answers.items():
            name = exercise.removeprefix("tensors.")
            share = results.scores.loc[learner, name] / results.most[name]
            assert (share == 1) == (kind == "right"), (learner, exercise, kind)
            assert share == 0 or kind != "empty", (learner, exercise, kind)


def test_totals_are_the_sums(results):
    assert list(results.learners.total) == list(results.scores.sum(axis=1).round(4))


def test_mistakes_are_those_that_learners_made(results, graded):
    """One hint may belong to two mistakes; then both are named."""
    made = {
        (learner, exercise.removeprefix("tensors."), kind)
        for learner, answers in graded[1].items()
        for exercise, kind in answers.items()
        if kind not in ("right", "empty")
    }
    found = {
        (learner, exercise): mistake.split(" / ")
        for learner, exercise, mistake, _ in results.mistakes.itertuples(index=False)
    }
    missed = [row for row in made if row[2] not in found.get(row[:2], [])]
    assert (len(found), missed) == (len(made), [])
    assert len(made) > 3


def test_everybody_is_graded(results):
    assert {state: len(who) for state, who in results.in_state.items()} == {
        GRADED: 6, WAITS: 0, NOT_GRADED: 0, NOT_HANDED_IN: 0,
    }  # fmt: skip


def test_who_waits_and_who_did_not_hand_in(copy):
    shutil.copytree(copy / "submitted" / "learner-001", copy / "submitted" / "late")
    with gradebook(copy) as book:
        book.update_or_create_student("absent", first_name="Ada", last_name="Byron", email="a@b.c")
        grade = book.find_grade("check_one_hot", "tensors", "01_tensors", "learner-001")
        grade.auto_score, grade.needs_manual_grade = None, True
        book.db.commit()
    results = gather(Course(copy), "01_tensors")
    own = results.in_state
    assert (own[WAITS], own[NOT_GRADED], own[NOT_HANDED_IN]) == (
        ["learner-001"], ["late"], ["absent"],
    )  # fmt: skip
    assert results.scores.one_hot.isna().sum() == 1
    assert results.learners.total["learner-001"] == 34
    assert list(results.learners.loc["absent", ["last_name", "email"]]) == ["Byron", "a@b.c"]


def test_points_by_hand_and_penalties_count(copy):
    with gradebook(copy) as book:
        grade = book.find_grade("check_one_hot", "tensors", "01_tensors", "learner-002")
        grade.manual_score, grade.needs_manual_grade = 3.0, False
        notebook = book.find_submission_notebook("tensors", "01_tensors", "learner-002")
        notebook.late_submission_penalty = 1.0
        book.db.commit()
    results = gather(Course(copy), "01_tensors")
    assert results.scores.loc["learner-002", "one_hot"] == 3
    assert list(results.learners.loc["learner-002", ["late_penalty", "total"]]) == [1, 2]


def forget_submissions(course):
    with gradebook(course) as book:
        for number in range(1, 7):
            book.remove_submission("01_tensors", f"learner-{number:03}")


def forget_class(course):
    forget_submissions(course)
    shutil.rmtree(course / "submitted")


@pytest.mark.parametrize(
    ("spoil", "assignment", "sentence"),
    [
        (lambda course: (course / "gradebook.db").unlink(), "01_tensors", "There is no gradebook"),
        (lambda course: None, "99_none", "The gradebook knows no assignment '99_none'."),
        (forget_submissions, "01_tensors", "Nobody's 01_tensors is graded yet; run `torchproof"),
        (forget_class, "01_tensors", "Nobody has handed in 01_tensors; there is nothing to"),
    ],
    ids=["no gradebook", "unknown", "not graded", "not handed in"],
)
def test_what_cannot_be_reported_gets_a_sentence(copy, spoil, assignment, sentence):
    spoil(copy)
    with pytest.raises(CourseError) as caught:
        gather(Course(copy), assignment)
    assert str(caught.value).startswith(sentence)


def test_no_gradebook_is_made_by_looking(copy):
    (copy / "gradebook.db").unlink()
    with pytest.raises(CourseError):
        gather(Course(copy), "01_tensors")
    assert not (copy / "gradebook.db").exists()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x\n  Hint:\n    Why not.\n  Your function printed:\n    y", [("", "Why not.")]),
        ("x\n  Hint:\n    Compare with >,\n    not >=.", [("", "Compare with >, not >=.")]),
        ("x\n  Your function printed:\n      Hint:\n        forged", []),
        ("x\n  Wrong values:\n    y", []),
    ],
)
def test_hint_is_read_from_its_own_heading_only(copy, text, found):
    for notebook in copy.glob("autograded/*/01_tensors/tensors.ipynb"):
        node = json.loads(notebook.read_text())
        for cell in node["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade"):
                own = cell["metadata"]["nbgrader"]["grade_id"] == "check_one_hot"
                first = own and "learner-003" in str(notebook)
                shown = {"output_type": "display_data", "data": {"text/plain": [text]}}
                cell["outputs"] = [shown] if first else []
        notebook.chmod(0o644)
        notebook.write_text(json.dumps(node))
    mistakes = gather(Course(copy), "01_tensors").mistakes
    rows = list(mistakes[["mistake", "hint"]].itertuples(index=False, name=None))
    assert rows == found
    assert set(mistakes.learner) <= {"learner-003"}


def test_class_without_graded_notebooks_has_no_mistakes(copy):
    shutil.rmtree(copy / "autograded")
    results = gather(Course(copy), "01_tensors")
    assert (len(results.scores), len(results.mistakes)) == (6, 0)


@pytest.mark.slow
def test_class_graded_by_stock_nbgrader_is_read_alike(graded, tmp_path):
    course = shutil.copytree(graded[0], tmp_path / "stock")
    done = tool(course, "nbgrader", "autograde", "01_tensors", "--force")
    assert done.returncode == 0, done.stderr
    ours, stock = (gather(Course(each), "01_tensors") for each in (graded[0], course))
    assert stock.scores.equals(ours.scores)
    assert stock.mistakes.equals(ours.mistakes)
