import pytest
import torch

from torchproof.checking import drive
from torchproof.checking.cases import gradients, shapes, values
from torchproof.checking.compare import Measure
from torchproof.checking.exercise import Exercise
from torchproof.checking.judge import judge
from torchproof.checking.observe import observe


def fill(weight, low=0.0):
    """Return the weight, filled."""
    if weight.dim() < 2:
        raise ValueError("too few dimensions")
    with torch.no_grad():
        return weight.uniform_(low, 1)


def filled_copy(weight, low=0.0):
    return fill(weight.clone(), low)


def filled_data(weight, low=0.0):
    return fill(weight, low).detach()


def filled_and_frozen(weight, low=0.0):
    return fill(weight, low).requires_grad_(False)


def filled_alike(weight, low=0.0):
    torch.manual_seed(0)
    return fill(weight, low)


def filled_for_nothing(weight, low=0.0):
    fill(weight, low)


def initialised(candidate, *shape, **arguments):
    return drive.DRIVERS["initialiser"](candidate, weight=torch.zeros(*shape), **arguments)


@pytest.mark.parametrize(
    ("candidate", "requires_grad", "expected"),
    [
        (fill, False, ("weight itself", False, False)),
        (fill, True, ("weight itself", True, False)),
        (filled_copy, False, ("another tensor", False, True)),
        (filled_data, True, ("another tensor", True, False)),
        (filled_and_frozen, True, ("weight itself", False, False)),
        (filled_alike, True, ("weight itself", True, True)),
        (filled_for_nothing, False, ("None", False, False)),
    ],
)
def test_what_is_returned_and_what_becomes_of_the_weight(candidate, requires_grad, expected):
    torch.manual_seed(3)
    seen = initialised(candidate, 2, 3, requires_grad=requires_grad)
    keys = ("returned", "weight can be trained", "same numbers again")
    assert tuple(seen[key] for key in keys) == expected


def test_weight_is_read_after_the_call():
    assert initialised(fill, 2, 3)["weight"].any()
    assert not initialised(filled_copy, 2, 3)["weight"].any()


def test_arguments_reach_the_function():
    assert initialised(fill, 2, 3, low=1.0)["weight"].tolist() == [[1, 1, 1], [1, 1, 1]]


@pytest.mark.parametrize(
    ("candidate", "refused"),
    [
        (fill, True),
        (lambda weight: weight.uniform_(0, weight.shape[1]), True),
        (lambda weight: weight.uniform_(), False),
    ],
    ids=["ValueError", "IndexError", "filled"],
)
def test_vector_is_refused_by_an_error(candidate, refused):
    assert initialised(candidate, 3)["refused"] is refused


def test_value_error_of_a_matrix_is_raised():
    def unpack(weight):
        _, _, _ = weight.shape

    with pytest.raises(ValueError, match="not enough values"):
        initialised(unpack, 2, 3)


def drop(x):
    return x * (torch.rand_like(x) >= 0.5)


def drop_in_place(x):
    return x.mul_(torch.rand_like(x) >= 0.5)


def test_function_is_called_several_times():
    results = drive.DRIVERS["repeatedly"](drop, times=3, x=torch.ones(100))
    assert len({tuple(result.tolist()) for result in results}) == 3


def test_later_calls_do_not_see_what_the_first_changed():
    x = torch.ones(1000)
    first, second = drive.DRIVERS["repeatedly"](drop_in_place, x=x)
    assert first is x
    assert 0.4 < second.mean() < 0.6


DROP = Exercise(drop, driver="repeatedly")


@DROP.cases
def _(draw):
    yield values(x=draw.uniform(1000, low=1, high=2))
    yield gradients(x=draw.uniform(10, low=1, high=2), times=5)
    yield shapes(x=draw.uniform(40, 50, low=1, high=2))


@DROP.measured
def _(seen, case):
    kept = torch.stack([result != 0 for result in seen.result])
    measured = {"The share kept": Measure(kept.double().mean().item(), 0.5)}
    if case.upstream:
        asked = sum(up * mask for up, mask in zip(case.upstream, kept, strict=True))
        measured["The gradient is the mask"] = torch.equal(seen.gradients["x"], asked)
    return measured


@pytest.mark.parametrize(
    ("candidate", "failing"), [(drop, set()), (drop_in_place, {"gradients", "no side effects"})]
)
def test_gradients_and_side_effects_are_seen_through_several_calls(candidate, failing):
    cases = DROP.draw(0)
    found = [judge(DROP, case, observe(DROP.question, candidate, case)) for case in cases]
    pairs = zip(cases, found, strict=True)
    assert {case.group.value for case, finding in pairs if finding} == failing
