from dataclasses import replace

import pytest
import torch

from torchproof.checking.cases import Group, values
from torchproof.checking.drive.optimizers import optimizer_steps
from torchproof.checking.exercise import Exercise
from torchproof.checking.judge import judge
from torchproof.checking.observe import observe
from torchproof.errors import OptimizerStepError


def momentum(params, grads, state, lr, mu=0.0):
    """A right step, with the velocities as its state."""
    old = state.get("v", [0.0] * len(params))
    v = [mu * before + grad for before, grad in zip(old, grads, strict=True)]
    return [param - lr * each for param, each in zip(params, v, strict=True)], {"v": v}


def numbers(*each: float) -> list[torch.Tensor]:
    return [torch.tensor([float(number)]) for number in each]


def problem(**changes) -> dict:
    """Three steps from 1 and 2 with the gradients 1 and 10 in turn with 2 and 20."""
    start = {"params": numbers(1, 2), "grads": [numbers(1, 10), numbers(2, 20)], "state": {}}
    return start | {"steps": 3, "lr": 0.5, "mu": 0.5} | changes


def trajectory(candidate, **changes) -> list[list[float]]:
    rows = optimizer_steps(candidate, **problem(**changes)).values()
    return [row.flatten().tolist() for row in rows]


def test_result_names_each_parameter_and_has_a_row_for_each_step():
    result = optimizer_steps(momentum, **problem())
    assert {name: tuple(rows.shape) for name, rows in result.items()} == {
        "params[0] after each step": (3, 1),
        "params[1] after each step": (3, 1),
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"mu": 0.0}, [[0.5, -0.5, -1.0], [-3.0, -13.0, -18.0]]),
        ({"mu": 0.5, "steps": 2}, [[0.5, -0.75], [-3.0, -15.5]]),
        ({"mu": 0.0, "steps": 2, "curvature": 1.0}, [[0.0, -1.0], [-4.0, -12.0]]),
        ({"mu": 0.0, "steps": 2, "lr": [1.0, 0.0]}, [[0.0, 0.0], [-8.0, -8.0]]),
    ],
    ids=["gradients in turn", "state", "curvature", "option in turn"],
)
def test_steps_are_taken_as_described(changes, expected):
    assert trajectory(momentum, **changes) == expected


def test_results_keep_the_dtype_that_was_returned():
    def single(params, grads, state, lr):
        return [param.float() for param in params], state

    params, grads = [torch.zeros(2, dtype=torch.float64)], [[torch.zeros(2, dtype=torch.float64)]]
    (rows,) = optimizer_steps(single, params, grads, {}, steps=1, lr=0.1).values()
    assert rows.dtype is torch.float32


def test_rows_are_copies():
    def in_place(params, grads, state, lr, mu):
        kept = state or {"p": [param.clone() for param in params]}
        for param, grad in zip(kept["p"], grads, strict=True):
            param -= lr * grad
        return kept["p"], kept

    assert trajectory(in_place) == trajectory(momentum, mu=0.0)


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (None, "step 1 returned None; return two things, new_params and new_state."),
        (numbers(1, 2), "step 1 returned a list; return two things, new_params and new_state."),
        ((1, 2, 3), "step 1 returned a tuple of 3; return two things, new_params and new_state."),
        (
            (torch.ones(2), {}),
            "step 1 returned a tensor as new_params; a list of tensors is asked for.",
        ),
        ((numbers(1), {}), "step 1 returned 1 new_params; params has 2."),
        (
            ([torch.ones(1), torch.ones(2)], {}),
            "step 1 returned a tensor of shape (2,) as new_params[1]; a tensor of shape (1,) is "
            "asked for, as params[1] has.",
        ),
        (
            ([torch.ones(1), 2.0], {}),
            "step 1 returned a float as new_params[1]; a tensor of shape (1,) is asked for, as "
            "params[1] has.",
        ),
    ],
    ids=["nothing", "params only", "three things", "a tensor", "too few", "shape", "a number"],
)
def test_what_a_step_returns_is_asked_for_in_words(returned, message):
    with pytest.raises(OptimizerStepError) as error:
        optimizer_steps(lambda params, grads, state, lr, mu: returned, **problem())
    assert str(error.value) == message


def test_the_two_may_be_in_a_list():
    def in_a_list(params, grads, state, lr, mu):
        return list(momentum(params, grads, state, lr, mu))

    assert trajectory(in_a_list) == trajectory(momentum)


def test_params_may_be_a_tuple_and_the_state_anything():
    def other_types(params, grads, state, lr, mu):
        new, kept = momentum(params, grads, {"v": state} if state else {}, lr, mu)
        return tuple(new), kept["v"]

    assert trajectory(other_types) == trajectory(momentum)


def writes_params(params, grads, state, lr, mu):
    new, kept = momentum(params, grads, state, lr, mu)
    for param, moved in zip(params, new, strict=True):
        param.copy_(moved)
    return params, kept


def writes_list_of_params(params, grads, state, lr, mu):
    params[:], kept = momentum(params, grads, state, lr, mu)
    return params, kept


def writes_grads(params, grads, state, lr, mu):
    result = momentum(params, grads, state, lr, mu)
    for grad in grads:
        grad.mul_(lr)
    return result


def writes_state(params, grads, state, lr, mu):
    new, kept = momentum(params, grads, state, lr, mu)
    state.update(kept)
    return new, state


def writes_tensors_of_state(params, grads, state, lr, mu):
    new, kept = momentum(params, grads, state, lr, mu)
    for old in state.get("v", []):
        old.zero_()
    return new, kept


IN_PLACE = [
    (momentum, set()),
    (writes_params, {"params"}),
    (writes_list_of_params, {"params"}),
    (writes_grads, {"grads"}),
    (writes_state, {"state"}),
    (writes_tensors_of_state, {"state"}),
]


@pytest.mark.parametrize(("candidate", "expected"), IN_PLACE)
def test_what_is_changed_in_place_is_left_changed(candidate, expected):
    given = problem()
    optimizer_steps(candidate, **given)
    before = problem()
    assert {name for name in before if given[name] != before[name]} == expected


@pytest.mark.parametrize(("candidate", "expected"), IN_PLACE)
def test_changes_in_place_spoil_no_values(candidate, expected):
    assert trajectory(candidate) == trajectory(momentum)


def test_nan_is_no_change():
    given = problem(params=numbers(torch.nan, 1))
    optimizer_steps(momentum, **given)
    assert len(given["params"]) == 2


SHARED = {}


def remembers_in_a_global(params, grads, state, lr, mu):
    new, kept = momentum(params, grads, SHARED, lr, mu)
    SHARED.update(kept)
    return new, {}


def remembers_in_a_global_and_starts_anew(params, grads, state, lr, mu):
    if not state:
        SHARED.clear()
    return remembers_in_a_global(params, grads, state, lr, mu)[0], {"started": True}


def remembers_in_a_default(params, grads, state, lr, mu, kept={}):  # noqa: B006
    new, now = momentum(params, grads, kept, lr, mu)
    kept.update(now)
    return new, {}


def remembers_in_an_attribute(params, grads, state, lr, mu):
    kept = getattr(remembers_in_an_attribute, "kept", {})
    new, remembers_in_an_attribute.kept = momentum(params, grads, kept, lr, mu)
    return new, state


@pytest.mark.parametrize(
    "candidate",
    [
        remembers_in_a_global,
        remembers_in_a_global_and_starts_anew,
        remembers_in_a_default,
        remembers_in_an_attribute,
    ],
)
def test_memory_outside_the_state_is_found(candidate):
    SHARED.clear()
    with pytest.raises(OptimizerStepError, match="belongs in the state it returns"):
        optimizer_steps(candidate, **problem())


def test_memory_on_the_tensors_is_lost():
    def remembers_on_tensors(params, grads, state, lr, mu):
        old = {"v": [getattr(param, "v", 0.0) for param in params]}
        new, kept = momentum(params, grads, old, lr, mu)
        for param, v in zip(new, kept["v"], strict=True):
            param.v = v
        return new, {}

    assert trajectory(remembers_on_tensors) == trajectory(momentum, mu=0.0)


DESCENT = Exercise(momentum, driver="optimizer_steps")


@DESCENT.cases
def _(draw):
    yield values(**problem())


@pytest.mark.parametrize(("candidate", "names"), IN_PLACE[1:])
def test_changes_in_place_are_found_where_side_effects_are_looked_for(candidate, names):
    case = replace(DESCENT.draw(0)[0], group=Group.NO_SIDE_EFFECTS)
    question = replace(DESCENT.question, parameters=("params", "grads", "state", "lr", "mu"))
    finding = judge(DESCENT, case, observe(question, candidate, case))
    found = {finding.message.removeprefix("Your function changed its input ").partition(".")[0]}
    assert found == names
