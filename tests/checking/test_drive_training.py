import copy
import math

import pytest
import torch
from torch import nn

from torchproof.checking.drive import DRIVERS

X = torch.tensor([[1.0, 0.0], [0.0, 1.0], [2.0, 0.0], [0.0, 2.0], [3.0, 0.0]]).double()
Y = torch.tensor([0, 1, 0, 1, 1])
LOADER = {"x": X, "y": Y, "batch_size": 2}
LINEAR = [{"kind": "nn.Linear", "sizes": [2, 2]}]
DROPPED = [*LINEAR, {"kind": "nn.Dropout", "p": 0.5}]
LOSS = {"loss_fn": "nn.CrossEntropyLoss"}
SGD = {"kind": "SGD", "lr": 1.0}


def trained(candidate, **changes):
    torch.manual_seed(0)
    given = {"model": LINEAR, "loader": LOADER, "optimizer": SGD, **LOSS}
    return DRIVERS["epoch"](candidate, **given | changes)


def evaluated(candidate, **changes):
    torch.manual_seed(0)
    return DRIVERS["evaluation"](candidate, **{"model": DROPPED, "loader": LOADER} | LOSS | changes)


def fitted(candidate, **changes):
    torch.manual_seed(0)
    given = {"model": LINEAR, "train": LOADER, "valid": LOADER, "optimizer": SGD, **LOSS}
    return DRIVERS["fitting"](candidate, **given | {"scheduler": None} | changes)


def two_steps(model, loader, loss_fn, optimizer):
    for x, y in list(loader)[:2]:
        optimizer.zero_grad()
        loss_fn(model(x), y).backward()
        optimizer.step()
    return 0.5


def nothing(**arguments):
    return arguments


def test_steps_are_noted_by_the_calls_before_them():
    assert trained(two_steps)["calls of the model before each step"] == [1, 2]


def test_calls_are_noted_by_their_samples():
    def call(model, loader, **_):
        for x, _y in loader:
            model(x)

    assert trained(call)["samples in each call of the model"] == [2, 2, 1]


def test_batches_have_the_sizes_asked():
    def sizes(loader, **_):
        return [len(x) for x, _ in loader]

    loader = {"x": X, "y": Y, "sizes": [1, 3, 1]}
    assert trained(sizes, loader=loader)["mean loss returned"] == [1, 3, 1]


def test_weights_are_those_after_the_steps():
    before, after = (
        trained(candidate)["weights and buffers after the pass"]["0.weight"]
        for candidate in (nothing, two_steps)
    )
    assert not torch.equal(before, after)


@pytest.mark.parametrize("training", [True, False])
def test_model_comes_in_the_mode_asked(training):
    def mode(model, **_):
        return model.training

    assert trained(mode, training=training)["mean loss returned"] is training


def test_gradients_are_there_beforehand_where_asked():
    def gradient(model, **_):
        return model[0].bias.grad.tolist()

    assert trained(gradient, gradients=True)["mean loss returned"] == [1, 1]


def test_options_reach_the_candidate():
    def options(steps, **_):
        return steps

    assert trained(options, steps=3)["mean loss returned"] == 3


@pytest.mark.parametrize(
    ("returned", "said"),
    [(0.5, "a float"), (torch.tensor(0.5), "a tensor"), ((1.0, None), ["a float", "None"])],
)
def test_types_are_told_where_asked(returned, said):
    assert trained(lambda **_: returned, types=True)["type returned"] == said


def test_loss_may_be_a_function():
    def loss(loss_fn, **_):
        return loss_fn(X, X).item()

    assert trained(loss, loss_fn="F.mse_loss")["mean loss returned"] == 0


def test_brier_loss_is_the_squared_distance_from_one_hot_classes():
    def loss(loss_fn, **_):
        return loss_fn(torch.zeros(2, 2), torch.tensor([0, 1])).item()

    assert trained(loss, loss_fn="brier")["mean loss returned"] == 0.5


def as_it_is(model, loader, loss_fn):
    return [model(x) for x, _ in loader]


@torch.no_grad()
def in_evaluation_mode(model, loader, loss_fn):
    model.eval()
    return as_it_is(model, loader, loss_fn)


def outermost_only(model, loader, loss_fn):
    model.training = False
    return as_it_is(model, loader, loss_fn)


@pytest.mark.parametrize(
    ("candidate", "how"),
    [
        (as_it_is, "training mode, gradients on"),
        (in_evaluation_mode, "evaluation mode, gradients off"),
        (torch.inference_mode()(as_it_is), "training mode, gradients off"),
        (outermost_only, "mixed modes, gradients on"),
    ],
)
def test_mode_and_gradients_of_the_calls_are_told(candidate, how):
    assert evaluated(candidate)["how the model was called"] == how


def left_behind(candidate, **changes):
    asked = evaluated(nothing, **changes)
    seen = evaluated(candidate, **changes)
    return [name for name in asked if seen[name] != asked[name] and "returned" not in name]


def turn_gradients_off(**_):
    torch.set_grad_enabled(False)


def change_weights(model, **_):
    model[0].bias.data.zero_()


def freeze(model, **_):
    model.requires_grad_(False)


def go_back(model, **_):
    model(X).sum().backward()


@pytest.mark.parametrize(
    ("candidate", "changed"),
    [
        (lambda model, **_: model.eval(), "mode afterwards"),
        (turn_gradients_off, "gradients are on afterwards"),
        (change_weights, "weights and buffers are as before"),
        (freeze, "weights and buffers are as before"),
    ],
)
def test_what_an_evaluation_leaves_behind_is_told(candidate, changed):
    assert left_behind(candidate) == [changed]


@pytest.mark.parametrize(
    ("candidate", "gradients"), [(go_back, False), (lambda model, **_: model.zero_grad(), True)]
)
def test_changed_gradients_are_told(candidate, gradients):
    assert "gradients of the weights are as before" in left_behind(candidate, gradients=gradients)


def test_gradients_are_on_again_whoever_turned_them_off():
    evaluated(turn_gradients_off)
    assert torch.is_grad_enabled()


@pytest.mark.parametrize("recording", [True, False])
def test_evaluation_is_called_with_gradients_on_or_off(recording):
    def grad_mode(**_):
        return torch.is_grad_enabled()

    seen = evaluated(grad_mode, recording=recording)
    assert seen["what was returned, loss and accuracy"] is recording
    assert seen["gradients are on afterwards"] is recording


def test_gradients_turned_on_under_no_grad_are_told():
    def turn_on(**_):
        torch.set_grad_enabled(True)

    assert left_behind(turn_on, recording=False) == ["gradients are on afterwards"]


def rates(train, scheduler, loss_fn, optimizer, model, **_):
    for _ in range(4):
        two_steps(model, [next(iter(train))], loss_fn, optimizer)
        if scheduler is not None:
            scheduler.step()
    return {"valid_loss": [math.nan]}


@pytest.mark.parametrize(
    ("scheduler", "expected"),
    [
        (None, [1, 1, 1, 1]),
        ({"kind": "LambdaLR", "factors": [0.5, -2.0, 0.25]}, [0.5, -2, 0.25, 0.25]),
        ({"kind": "StepLR", "step_size": 2, "gamma": 0.5}, [1, 1, 0.5, 0.5]),
    ],
)
def test_rate_of_each_step_is_told(scheduler, expected):
    assert fitted(rates, scheduler=scheduler)["learning rate at each step"] == expected


def test_rate_at_the_end_is_told():
    scheduler = {"kind": "StepLR", "step_size": 4, "gamma": 0.5}
    assert fitted(rates, scheduler=scheduler)["learning rate at the end"] == 0.5


def test_gradients_are_there_before_fitting_where_asked():
    def gradient(model, **_):
        return model[0].bias.grad.tolist()

    assert fitted(gradient, gradients=True)["history"] == [1, 1]


def test_types_in_the_history_are_told_where_asked():
    assert fitted(rates, types=True)["types in the history"] == {"valid_loss": ["a float"]}


def test_loaders_shuffle_alike_each_time_they_are_made():
    def order(train, **_):
        return [torch.cat([x for x, _ in train]).tolist() for _ in range(2)]

    shuffled = {"train": LOADER | {"shuffle": True}}
    first, second = (fitted(order, **shuffled)["history"] for _ in range(2))
    assert first == second
    assert first[0] != first[1]


def test_buffers_are_told_beside_weights():
    normed = [*LINEAR, {"kind": "nn.BatchNorm1d", "sizes": [2]}]
    assert "1.running_mean" in fitted(nothing, model=normed)["weights and buffers at the end"]


def test_model_has_the_dtype_of_the_data():
    def dtype(model, **_):
        return str(next(model.parameters()).dtype)

    assert fitted(dtype)["history"] == "torch.float64"


def test_copy_of_a_model_keeps_its_own_notes():
    def call_copy(model, loader, loss_fn):
        copy.deepcopy(model)(X)
        assert isinstance(model, nn.Sequential)

    assert evaluated(call_copy)["how the model was called"] == "not at all"
