import pytest

from tests.grading.class_of import class_of
from torchproof.grading.platforms import canvas, moodle
from torchproof.grading.results import NOT_HANDED_IN, WAITS

CLASS = class_of(
    {"ada": [2, 4], "bob": [1, 0], "cy": [0, 0]},
    {"first": 2, "second": 4},
    {"cy": WAITS, "dee": NOT_HANDED_IN},
    [("bob", "first", "off by one", "Start at 0.")],
    last_name=["Byron", "", "", ""],
    first_name=["Ada", "Bob", "", ""],
    email=["ada@x.org", "", "", ""],
    lms_id=["4711", "", "", ""],
    late_penalty=[0.5, 0, 0, float("nan")],
)


def test_canvas_columns_and_rows():
    table = canvas(CLASS, 99)
    assert list(table.columns) == [
        "Student", "ID", "SIS User ID", "SIS Login ID", "Section", "01_toys (99)",
    ]  # fmt: skip
    assert table.to_numpy().tolist() == [
        ["    Points Possible", "", "", "", "", "6"],
        ["Byron, Ada", "4711", "ada", "ada", "", "5.5"],
        ["Bob", "", "bob", "bob", "", "1"],
    ]


def test_canvas_without_a_number_takes_the_column_for_a_new_assignment():
    assert list(canvas(CLASS).columns)[-1] == "01_toys"


def test_moodle_columns_and_rows():
    table = moodle(CLASS)
    assert list(table.columns) == ["Username", "Email address", "01_toys", "Feedback"]
    assert table.to_numpy().tolist() == [
        ["ada", "ada@x.org", "5.5", "first: 2 of 2.\nsecond: 4 of 4.\nLate: 0.5 taken off."],
        ["bob", "", "1", "first: 1 of 2. Start at 0.\nsecond: 0 of 4."],
    ]


@pytest.mark.parametrize("form", [canvas, moodle])
def test_only_final_grades_are_handed_on(form):
    text = form(CLASS).to_csv()
    assert ("bob" in text, "cy" in text, "dee" in text) == (True, False, False)


@pytest.mark.parametrize(("form", "rows"), [(canvas, 1), (moodle, 0)])
def test_class_where_no_grade_is_final(form, rows):
    assert len(form(class_of({"ada": [0]}, {"first": 1}, {"ada": WAITS}))) == rows
