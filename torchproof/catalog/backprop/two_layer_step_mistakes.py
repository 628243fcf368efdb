"""A step of a network of two layers: how it goes wrong."""

import math
from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.backprop.rules import Function
from torchproof.catalog.backprop.two_layer_step import Params, two_layer_step


def _outputs(params: Params, x: Tensor) -> tuple[Tensor, Tensor]:
    """Return what the hidden and the output layer give."""
    hidden = torch.sigmoid(x @ params["w1"].mT + params["b1"])
    return hidden, torch.sigmoid(hidden @ params["w2"].mT + params["b2"])


def _loss(params: Params, x: Tensor, y: Tensor) -> Tensor:
    return (_outputs(params, x)[1] - y).square().sum() / 2


def _slope(output: Tensor) -> Tensor:
    return output * (1 - output)


def _flat_slope(output: Tensor) -> Tensor:
    return torch.ones_like(output)


def _descend(
    params: Params,
    x: Tensor,
    y: Tensor,
    lr: float,
    slope1: Function = _slope,
    slope2: Function = _slope,
    early: bool = False,
) -> Params:
    """Return the parameters after a step.

    Args:
        params: those before it.
        x: the inputs.
        y: the targets.
        lr: the learning rate.
        slope1: the slope of the hidden activation, from its output.
        slope2: that of the output's.
        early: whether the output layer moves before its weights send the gradient back.
    """
    hidden, output = _outputs(params, x)
    delta2 = (output - y) * slope2(output)
    w2 = params["w2"] - lr * delta2.mT @ hidden
    delta1 = delta2 @ (w2 if early else params["w2"]) * slope1(hidden)
    return {
        "w1": params["w1"] - lr * delta1.mT @ x,
        "b1": params["b1"] - lr * delta1.sum(0),
        "w2": w2,
        "b2": params["b2"] - lr * delta2.sum(0),
    }


_Step = tuple[Params, Tensor]


@two_layer_step.mistake(
    "output layer updated too early",
    "You change w2 before you send the gradient back through it; the hidden gradient needs w2 as "
    "it was in the forward pass, so compute all gradients first.",
)
def _(params: Params, x: Tensor, y: Tensor, lr: float) -> _Step:
    return _descend(params, x, y, lr, early=True), _loss(params, x, y)


@two_layer_step.mistake(
    "sigmoid derivative missing",
    "The slopes of both sigmoids are missing; multiply by o·(1 - o) at the output layer, and by "
    "h·(1 - h) at the hidden one.",
)
def _(params: Params, x: Tensor, y: Tensor, lr: float) -> _Step:
    return _descend(params, x, y, lr, _flat_slope, _flat_slope), _loss(params, x, y)


@two_layer_step.mistake(
    "sigmoid derivative missing at the output",
    "The slope of the output's sigmoid is missing; output minus y is the error, and it is "
    "multiplied by output·(1 - output) on its way back.",
)
def _(params: Params, x: Tensor, y: Tensor, lr: float) -> _Step:
    return _descend(params, x, y, lr, slope2=_flat_slope), _loss(params, x, y)


@two_layer_step.mistake(
    "sigmoid derivative missing at the hidden layer",
    "The slope of the hidden sigmoid is missing; multiply by h·(1 - h) after you have come back "
    "through w2.",
)
def _(params: Params, x: Tensor, y: Tensor, lr: float) -> _Step:
    return _descend(params, x, y, lr, slope1=_flat_slope), _loss(params, x, y)


@two_layer_step.mistake(
    "sigmoid taken twice",
    "You take the slope at what has been through the sigmoid already, and so apply it twice; from "
    "an output h the slope is h·(1 - h).",
)
def _(params: Params, x: Tensor, y: Tensor, lr: float) -> _Step:
    def twice(output: Tensor) -> Tensor:
        return _slope(output.sigmoid())

    return _descend(params, x, y, lr, twice, twice), _loss(params, x, y)


@two_layer_step.mistake(
    "factor ½ missing",
    "Your loss is the whole summed squared error, so loss and gradients are twice too large; half "
    "of it is asked for, whose gradient at the output is output minus y.",
)
def _(params: Params, x: Tensor, y: Tensor, lr: float) -> _Step:
    return _descend(params, x, y, 2 * lr), 2 * _loss(params, x, y)


@two_layer_step.mistake(
    "factor ½ missing in the loss",
    "Your step is right, but the loss you return is twice too large; it is half the summed "
    "squared error.",
)
def _(params: Params, x: Tensor, y: Tensor, lr: float) -> _Step:
    return _descend(params, x, y, lr), 2 * _loss(params, x, y)


@two_layer_step.mistake(
    "gradients doubled",
    "Your loss is right, but its ½ cancels the 2 that the square brings down, so the gradient at "
    "the output is output minus y; yours is twice that.",
)
def _(params: Params, x: Tensor, y: Tensor, lr: float) -> _Step:
    return _descend(params, x, y, 2 * lr), _loss(params, x, y)


@two_layer_step.mistake(
    "mean over the batch",
    "You take the mean over the examples; the loss sums over them, so its gradients do too.",
)
def _(params: Params, x: Tensor, y: Tensor, lr: float) -> _Step:
    n = max(len(x), 1)
    return _descend(params, x, y, lr / n), _loss(params, x, y) / n


@two_layer_step.mistake(
    "gradients averaged over the batch",
    "Your loss is summed over the examples but your gradients are averaged; sum them too.",
)
def _(params: Params, x: Tensor, y: Tensor, lr: float) -> _Step:
    return _descend(params, x, y, lr / max(len(x), 1)), _loss(params, x, y)


@two_layer_step.mistake(
    "mean squared error",
    "You take the mean over all examples and outputs, which equals half the sum only where there "
    "are two numbers; half the sum is asked for.",
)
def _(params: Params, x: Tensor, y: Tensor, lr: float) -> _Step:
    factor = 2 / y.numel() if y.numel() else math.nan
    return _descend(params, x, y, factor * lr), factor * _loss(params, x, y)


@two_layer_step.mistake(
    "loss after the step",
    "You return the loss of the new parameters; return that of the forward pass before the step.",
)
def _(params: Params, x: Tensor, y: Tensor, lr: float) -> _Step:
    new = _descend(params, x, y, lr)
    return new, _loss(new, x, y)


@two_layer_step.mistake(
    "loss as a Python number",
    "You return the loss as a Python number; return a tensor of shape (), so leave out .item().",
)
def _(params: Params, x: Tensor, y: Tensor, lr: float) -> Any:
    return _descend(params, x, y, lr), _loss(params, x, y).item()


@two_layer_step.mistake(
    "loss of each example",
    "You return a loss for each example; sum over the outputs and over the examples.",
)
def _(params: Params, x: Tensor, y: Tensor, lr: float) -> _Step:
    losses = (_outputs(params, x)[1] - y).square().sum(1) / 2
    return _descend(params, x, y, lr), losses


@two_layer_step.mistake(
    "biases never updated",
    "Your biases stay as they are; they learn like the weights, with the sum of delta over the "
    "examples as their gradient.",
)
def _(params: Params, x: Tensor, y: Tensor, lr: float) -> _Step:
    new = _descend(params, x, y, lr)
    return new | {"b1": params["b1"], "b2": params["b2"]}, _loss(params, x, y)


@two_layer_step.mistake(
    "one bias for a layer",
    "You give all neurons of a layer one and the same step of the bias; each has a bias of its "
    "own, so sum delta over the examples only.",
)
def _(params: Params, x: Tensor, y: Tensor, lr: float) -> _Step:
    new = _descend(params, x, y, lr)
    for name in ("b1", "b2"):
        new[name] = params[name] + (new[name] - params[name]).sum()
    return new, _loss(params, x, y)


@two_layer_step.mistake(
    "bias gradients not summed",
    "Your biases have got a row for each example; sum delta over the examples, dim=0.",
)
def _(params: Params, x: Tensor, y: Tensor, lr: float) -> _Step:
    new = _descend(params, x, y, lr)
    hidden, output = _outputs(params, x)
    delta2 = (output - y) * _slope(output)
    delta1 = delta2 @ params["w2"] * _slope(hidden)
    new |= {"b1": params["b1"] - lr * delta1, "b2": params["b2"] - lr * delta2}
    return new, _loss(params, x, y)


@two_layer_step.mistake(
    "hidden layer never updated",
    "Only your output layer learns; send delta back through w2 and the hidden sigmoid, and move "
    "w1 and b1 too.",
)
def _(params: Params, x: Tensor, y: Tensor, lr: float) -> _Step:
    new = _descend(params, x, y, lr)
    return new | {"w1": params["w1"], "b1": params["b1"]}, _loss(params, x, y)


@two_layer_step.mistake(
    "ascends",
    "You climb: the loss rises along the gradient, so subtract lr times it, with output minus y "
    "as the error.",
)
def _(params: Params, x: Tensor, y: Tensor, lr: float) -> _Step:
    return _descend(params, x, y, -lr), _loss(params, x, y)


@two_layer_step.mistake(
    "lr forgotten",
    "You subtract the whole gradient; multiply it by lr first.",
)
def _(params: Params, x: Tensor, y: Tensor, lr: float) -> _Step:
    return _descend(params, x, y, 1.0), _loss(params, x, y)


@two_layer_step.mistake(
    "gradients returned",
    "You return the gradients; return the parameters after the step, each minus lr times its "
    "gradient.",
)
def _(params: Params, x: Tensor, y: Tensor, lr: float) -> _Step:
    new = _descend(params, x, y, 1.0)
    return {name: params[name] - new[name] for name in new}, _loss(params, x, y)


@two_layer_step.mistake(
    "changes params",
    "You write into the caller's params; make new tensors and a new dict.",
)
def _(params: Params, x: Tensor, y: Tensor, lr: float) -> _Step:
    loss = _loss(params, x, y)
    params.update(_descend(params, x, y, lr))
    return params, loss


@two_layer_step.mistake(
    "no sigmoid at the output",
    "Your output layer has no sigmoid; both layers have one.",
)
def _(params: Params, x: Tensor, y: Tensor, lr: float) -> _Step:
    hidden, _ = _outputs(params, x)
    delta2 = hidden @ params["w2"].mT + params["b2"] - y
    delta1 = delta2 @ params["w2"] * _slope(hidden)
    new = {
        "w1": params["w1"] - lr * delta1.mT @ x,
        "b1": params["b1"] - lr * delta1.sum(0),
        "w2": params["w2"] - lr * delta2.mT @ hidden,
        "b2": params["b2"] - lr * delta2.sum(0),
    }
    return new, delta2.square().sum() / 2
