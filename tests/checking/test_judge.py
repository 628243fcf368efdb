import pytest
import torch

from tests.checking.toy import HALVE, NOISY, half, report_on
from torchproof.checking.cases import Case, Group
from torchproof.checking.exercise import Exercise
from torchproof.checking.judge import diagnose, judge
from torchproof.checking.observe import observe

X = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
UP = torch.tensor([[1.0, 2.0], [3.0, 5.0]])


def finding(candidate, group=Group.VALUES, exercise=HALVE, **options):
    if group is Group.GRADIENTS:
        options["upstream"] = (UP,)
    if group is Group.VECTORISED:
        options["larger"] = {"x": torch.ones(9, 9)}
    case = Case(group, {"x": X}, **options)
    return judge(exercise, case, observe(exercise.question, candidate, case))


def in_place(x):
    with torch.no_grad():
        x /= 2
    return x.clone()


def loop(x):
    return torch.stack([row * 0.5 for row in x])


def off_by_one_element(x):
    return torch.where(x == 3, 0.0, x / 2)


@pytest.mark.parametrize("group", list(Group))
def test_right_answer_has_no_finding(group):
    assert finding(half, group) is None


@pytest.mark.parametrize("group", list(Group))
def test_wrong_values_are_found_in_every_group(group):
    assert finding(lambda x: x * 2, group).kind == "values"


@pytest.mark.parametrize(
    ("candidate", "group", "kind"),
    [
        (lambda x: 1 / 0, Group.VALUES, "raised"),
        (lambda x: None, Group.VALUES, "type"),
        (lambda x: [x / 2], Group.VALUES, "type"),
        (lambda x: (x / 2).numpy(), Group.VALUES, "type"),
        (lambda x: x[:1] / 2, Group.VALUES, "shape"),
        (lambda x: x.double() / 2, Group.SHAPES, "dtype"),
        (lambda x: x.detach() / 2, Group.GRADIENTS, "gradient"),
        (lambda x: x / 4 + x.detach() / 4, Group.GRADIENTS, "gradient"),
        (in_place, Group.NO_SIDE_EFFECTS, "side effect"),
        (loop, Group.VECTORISED, "calls"),
    ],
)
def test_fault_is_found_in_its_group(candidate, group, kind):
    assert finding(candidate, group).kind == kind


@pytest.mark.parametrize(
    ("candidate", "group"),
    [
        (lambda x: x.double() / 2, Group.VALUES),
        (lambda x: x.detach() / 2, Group.VALUES),
        (in_place, Group.SHAPES),
        (loop, Group.EXTREMES),
    ],
)
def test_fault_is_not_held_against_other_groups(candidate, group):
    assert finding(candidate, group) is None


@pytest.mark.parametrize(
    ("candidate", "group", "message"),
    [
        (
            lambda x: None,
            Group.VALUES,
            "The result is None; a tensor of shape (2, 2) is asked for.",
        ),
        (
            lambda x: x.flatten(),
            Group.VALUES,
            "The result has shape (4,); torch's has (2, 2).",
        ),
        (
            lambda x: x.double() / 2,
            Group.SHAPES,
            "The result has dtype float64; torch's has float32.",
        ),
        (
            off_by_one_element,
            Group.VALUES,
            "The result has wrong values. At index (1, 0): yours 0, torch's 1.5.\n"
            "Mismatched elements: 1 / 4 (25.0%)\n"
            "Greatest absolute difference: 1.5 at index (1, 0) (up to 1e-05 allowed)\n"
            "Greatest relative difference: 1.0 at index (1, 0) (up to 1.3e-06 allowed)",
        ),
        (
            lambda x: x.detach() / 2,
            Group.GRADIENTS,
            "No gradient reaches x. Somewhere on the way torch's record of the computation is cut: "
            "by .item(), .detach(), .data, NumPy, a comparison or a cast to whole numbers.",
        ),
        (
            in_place,
            Group.NO_SIDE_EFFECTS,
            "Your function changed its input x. "
            "Work on a copy, or use operations that return a new tensor.",
        ),
        (
            loop,
            Group.VECTORISED,
            "The number of torch calls grows with the input: 5 and 12 for a small and a larger "
            "one. Let one call work on the whole tensor instead of looping over its elements.",
        ),
    ],
)
def test_message_says_what_and_where(candidate, group, message):
    assert finding(candidate, group).message == message


CUT_OFF = Exercise(lambda x: x / 2)
CUT_OFF.mistake("cut off", "No gradient reaches x.")(lambda x: x.detach() / 2)


@pytest.mark.parametrize(
    ("candidate", "mistake"),
    [
        (lambda x: (x / 2).detach(), "cut off"),
        (lambda x: x / 4 + x.detach() / 4, None),
        (lambda x: 2 * x - 1.5 * x.detach(), None),
    ],
)
def test_mistake_without_gradients_is_like_none_with_wrong_ones(candidate, mistake):
    case = Case(Group.GRADIENTS, {"x": X}, upstream=(UP,))
    seen = observe(CUT_OFF.question, candidate, case)
    found = judge(CUT_OFF, case, seen)
    named = diagnose(CUT_OFF, [(case, seen, found)])
    assert (named and named.name) == mistake


def doubles_but_of_three(x):
    return x * 2 if len(x) != 3 else x * 3


@pytest.mark.parametrize(
    ("candidate", "sizes", "mistake"),
    [
        (lambda x: x * 2, (1, 2, 4), "doubles"),
        (lambda x: (x * 2).abs(), (1, 2, 4), "doubles"),
        (lambda x: (x * 2).abs(), (1, 2), None),
        (doubles_but_of_three, (1, 2, 3, 4), None),
        (lambda x: x.abs() / 2, (1, 2, 4), None),
    ],
    ids=["alone", "with another", "with another, on few inputs", "not always", "another alone"],
)
def test_one_of_two_mistakes_is_named(candidate, sizes, mistake):
    given = [(Group.VALUES, torch.arange(1.0, size + 1)) for size in sizes]
    given.append((Group.EXTREMES, torch.tensor([-1.0])))
    judged = []
    for group, x in given:
        case = Case(group, {"x": x})
        seen = observe(HALVE.question, candidate, case)
        judged.append((case, seen, judge(HALVE, case, seen)))
    named = diagnose(HALVE, judged)
    assert (named and named.name) == mistake


def test_nan_equals_nan():
    exercise = Exercise(lambda x: x * torch.nan)
    assert finding(lambda x: x + torch.nan, exercise=exercise) is None


def test_nan_is_the_greatest_difference():
    def one_nan(x):
        return torch.where(x == 2, torch.nan, x)

    assert "At index (0, 1): yours nan, torch's 1." in finding(one_nan).message


def test_wrong_device_is_found():
    exercise = Exercise(lambda x: x.clone())
    case = Case(Group.SHAPES, {"x": X})
    right = observe(exercise.question, exercise.reference, case)
    elsewhere = type(right)(result=right.result, devices=("cuda",), inputs=right.inputs)
    message = judge(exercise, case, elsewhere).message
    assert message == "The result is on cuda; its inputs are on cpu."


@pytest.mark.parametrize(
    ("reference", "result", "message"),
    [
        (0.5, 0.5, None),
        (1.0, 1, None),
        (0.5, 0.4, "The result is 0.4; torch's is 0.5."),
        (0.5, torch.tensor(0.5), None),
        (0.5, torch.tensor(0.25), "The result is 0.25; torch's is 0.5."),
        (0.5, torch.tensor([0.5, 0.5]), "The result is a tensor; a float is asked for."),
        (0.5, 10**400, "The result is an int; a float is asked for."),
        (1.0, True, "The result is a bool; a float is asked for."),
        (3, 4, "The result is 4; torch's is 3."),
        ((1, 2), (1,), "The result has 1 parts; 2 are asked for."),
        ((1, 2), [1, 2], "The result is a list; a tuple is asked for."),
        ((1, 2), (1, 3), "The result[1] is 3; torch's is 2."),
        ({"a": 1}, {"b": 1}, "The result has keys ['b']; ['a'] are asked for."),
        ({"a": 1}, {"a": 2}, "The result['a'] is 2; torch's is 1."),
    ],
    ids=str,
)
def test_results_that_are_no_tensors(reference, result, message):
    found = finding(lambda x: result, exercise=Exercise(lambda x: reference))
    assert (found and found.message.splitlines()[0]) == message


def test_tensor_in_place_of_a_number_is_found_in_shapes():
    exercise = Exercise(lambda x: 0.5)
    message = finding(lambda x: torch.tensor(0.5), Group.SHAPES, exercise).message
    assert message == (
        "The result is a tensor; a float is asked for. "
        "A tensor with one element becomes a Python number by .item()."
    )


def test_other_dtype_is_told_before_the_values():
    case = Case(Group.VALUES, {"x": 1000 * X.double() / 3})
    seen = observe(HALVE.question, lambda x: (x / 2).int(), case)
    message = judge(HALVE, case, seen).message
    assert message.startswith(
        "The result has dtype int32; torch's has float64, and its values differ. At index"
    )


def test_other_dtype_is_told_before_the_gradient():
    exercise = Exercise(lambda x: x.cumsum(1))
    upstream = torch.tensor([[1e6 / 3, 0.1 - 1e6 / 3]] * 2, dtype=torch.float64)
    case = Case(Group.GRADIENTS, {"x": X.double()}, upstream=(upstream,))
    seen = observe(exercise.question, lambda x: x.cumsum(1).float(), case)
    finding = judge(exercise, case, seen)
    assert finding.kind == "gradient"
    assert finding.message.startswith(
        "The result has dtype float32; torch's has float64. "
        "The gradient with respect to x has wrong values. At index"
    )


def test_numbers_that_look_alike_are_written_out():
    def nearly(x):
        return x / 2 + 3e-7

    case = Case(Group.VALUES, {"x": X.double()})
    message = judge(HALVE, case, observe(HALVE.question, nearly, case)).message
    assert "yours 0.5000003, torch's 0.5." in message


def test_dtype_is_looked_at_inside_a_dict():
    def halves(x):
        return {"half": x / 2}

    exercise, case = Exercise(halves), Case(Group.SHAPES, {"x": torch.ones(2)})
    seen = observe(exercise.question, lambda x: {"half": x.double() / 2}, case)
    assert judge(exercise, case, seen).kind == "dtype"


def other_noise(x):
    """The same distribution by other numbers."""
    return x - torch.randn(x.shape, dtype=x.dtype, device=x.device)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ({"measured": False, "not": True}, "Left alone: False; asked: True."),
        ({"measured": True, "not": False}, "The result['not'] is False; torch's is True."),
    ],
)
def test_flag_is_named_as_it_is_measured_or_else_by_its_place(flags, said):
    exercise = Exercise(lambda x: {"measured": True, "not": True}, groups=(Group.VALUES,))
    exercise.measured(lambda seen, case: {"Left alone": seen.result["measured"]})
    case = Case(Group.VALUES, {"x": torch.zeros(1)})
    finding = judge(exercise, case, observe(exercise.question, lambda x: flags, case))
    assert finding.message == said


def test_random_results_are_judged_by_what_is_measured():
    assert all(report_on(other_noise, seed, NOISY).points == 6 for seed in range(5))


@pytest.mark.parametrize(
    ("candidate", "failed", "mistake"),
    [
        (lambda x: x - 2 * torch.randn(x.shape, dtype=x.dtype), "V G S N", "noise too wide"),
        (lambda x: 2 * x - x.detach() + torch.randn_like(x), "G", "gradient doubled"),
        (lambda x: x.detach() + torch.randn_like(x), "G", None),
        (lambda x: x[:1] + torch.randn(1), "V G S N O", None),
        (lambda x: (x + torch.randn_like(x)).double(), "S", None),
        (lambda x: x.detach().add_(torch.randn_like(x)).clone(), "G N", None),
        (lambda x: torch.stack([row + torch.randn_like(row) for row in x]), "O", None),
    ],
)
def test_random_results_fail_as_others_do(candidate, failed, mistake):
    report = report_on(candidate, 0, NOISY)
    letters = {"no side effects": "N", "vectorised": "O"}
    names = [group.name for group in report.groups if not group.passed]
    assert " ".join(letters.get(name, name[0].upper()) for name in names) == failed
    assert (report.mistake and report.mistake[0]) == mistake
