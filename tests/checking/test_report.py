import re

import pytest
import torch
from bs4 import BeautifulSoup

from tests.checking.toy import HALVE, half, report_on
from torchproof.checking.exercise import Exercise
from torchproof.checking.report import show


def not_written(x):
    raise NotImplementedError


def wrong_on_empty(x):
    print("got", tuple(x.shape))
    return x / 2 if x.numel() else x.new_ones(1)


def raises(x):
    return x.no_such_method()


def text(candidate, **options) -> str:
    return repr(report_on(candidate, **options))


def page(candidate, **options) -> BeautifulSoup:
    return BeautifulSoup(report_on(candidate, **options)._repr_html_(), "html.parser")


@pytest.mark.parametrize(
    ("candidate", "points"),
    [(half, 6.0), (wrong_on_empty, 5.0), (lambda x: x * 2, 1.0), (not_written, 0.0)],
)
def test_points_are_shared_by_the_groups(candidate, points):
    assert report_on(candidate).points == points


def test_what_is_not_allowed_scores_nothing():
    report = report_on(lambda x: x / 2 + torch.sinh(0 * x))
    assert (report.points, report.not_allowed) == (0.0, ("sinh",))


def test_what_is_not_allowed_is_found_in_the_source():
    assert report_on(half, source="def halve(x):\n    return torch.sinh(x)").points == 0


def test_right_answer_reads_in_two_lines():
    assert text(half) == (
        "toy.halve: 6 of 6 points\n"
        "  ✓ values  ✓ gradients  ✓ extremes  ✓ shapes  ✓ no side effects  ✓ vectorised"
    )


def test_failure_reads_in_order():
    assert text(wrong_on_empty) == (
        "toy.halve: 5 of 6 points\n"
        "  ✓ values  ✓ gradients  ✗ extremes  ✓ shapes  ✓ no side effects  ✓ vectorised\n"
        "  First failing case:\n"
        "    extremes, empty; seed 0\n"
        "    x = float32 [], shape (0,)\n"
        "  Wrong shape:\n"
        "    The result has shape (1,); torch's has (0,).\n"
        "  Your function printed:\n"
        "    got (0,)"
    )


def test_mistake_is_named():
    assert text(lambda x: x * 2).endswith("  Hint:\n    You double; half is asked for.")


def test_other_wrong_answer_gets_no_hint():
    assert "Hint" not in text(lambda x: x * 3)


def test_answer_that_is_partly_a_mistake_gets_no_hint():
    assert "Hint" not in text(lambda x: x * 2 if x.dim() == 1 else x * 3)


def test_unwritten_answer_is_told_what_to_do():
    assert text(not_written).endswith(
        "  Not written yet:\n"
        "    Write your answer in place of raise NotImplementedError(), then run both cells."
    )


def test_not_implemented_by_torch_is_an_exception_like_others():
    def calls_a_list(x):
        return torch.nn.ModuleList([])(x)

    assert "Not written yet" not in text(calls_a_list)
    assert "return torch.nn.ModuleList([])(x)" in text(calls_a_list)


def test_incoming_gradient_is_shown():
    assert "\n    incoming gradient = float64 [" in text(lambda x: x.detach() / 2)


def test_exception_is_shown_at_the_learners_line():
    assert re.search(
        r"Raised an exception:\n    AttributeError: .*no_such_method.*\n"
        r"    raised at line \d+ of your code: return x.no_such_method\(\)",
        text(raises),
    )


def test_seed_is_shown():
    assert "seed 41" in text(wrong_on_empty, seed=41)


def test_html_says_what_the_text_says():
    words = page(wrong_on_empty).get_text(" ")
    for part in ("5 of 6 points", "Wrong shape", "torch's has (0,)", "got (0,)"):
        assert part in words


def test_html_escapes_what_the_candidate_printed():
    def script(x):
        print("<script>alert(1)</script>")

    assert page(script).find("script") is None


def test_html_marks_are_named_for_screen_readers():
    labels = [mark["aria-label"] for mark in page(wrong_on_empty).find_all(role="img")]
    assert labels == ["passed", "passed", "failed", "passed", "passed", "passed"]


def test_html_sets_no_text_colour_that_one_theme_hides():
    colours = set(re.findall(r"[^-]color:([^;\"]+)", report_on(wrong_on_empty)._repr_html_()))
    assert colours <= {"inherit", "#2A9D5C", "#D9730D"}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.5, "0.5"),
        (torch.tensor([1 / 3]), "float32 [0.3333], shape (1,)"),
        (torch.tensor([[True], [False]]), "bool [[True], [False]], shape (2, 1)"),
        (torch.zeros(5, 6), "float32, shape (5, 6)"),
        ([torch.zeros(5, 6), None], "[float32, shape (5, 6), None]"),
        ({"w": torch.zeros(5, 6)}, "{'w': float32, shape (5, 6)}"),
        ((1, 2), "(1, 2)"),
    ],
)
def test_arguments_are_shown_short(value, shown):
    assert show(value) == shown


def test_what_wrong_values_hide_is_marked_as_not_judged():
    assert text(lambda x: x * 2).splitlines()[1] == (
        "  ✗ values  ✗ gradients  ✓ extremes  ✗ shapes  – no side effects  – vectorised"
    )


def test_changed_input_is_shown_before_what_it_breaks():
    def halve_in_place(x):
        x /= 2
        return x

    assert "Changed its input:" in text(halve_in_place)


def test_mistake_that_is_right_where_the_learner_is_wins():
    def wrong_on_empty_only(x):
        return x / 2 if x.numel() else x.new_ones(1)

    exercise = Exercise(HALVE.reference, groups=HALVE.groups)
    exercise.cases(HALVE._cases)
    exercise.mistake("always", "Wrong everywhere.")(lambda x: x.new_ones(1))
    exercise.mistake("empty", "Wrong on empty input.")(wrong_on_empty_only)
    assert report_on(wrong_on_empty_only, exercise=exercise).mistake[0] == "empty"
