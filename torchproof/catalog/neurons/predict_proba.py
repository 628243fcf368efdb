"""The probability that a neuron gives."""

import torch
from torch import Tensor

from torchproof.catalog.neurons.rules import ALL_BUT_VECTORISED
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, gradients, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=ALL_BUT_VECTORISED)
def predict_proba(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Return the probability of class 1 for each row of x, (N, D); weight is (D,), bias ()."""
    return torch.sigmoid(x @ weight + bias)


@predict_proba.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        for n, d in ((6, 2), (draw.size(3, 5), draw.size(3, 4))):
            yield values(**_neuron(draw, n, d, dtype))
    far = torch.tensor([[-1000.0], [-30.0], [0.0], [30.0], [1000.0]], dtype=torch.float64)
    one = {"weight": draw.uniform(1, low=0.8, high=1.2), "bias": draw.uniform(low=-1)}
    yield gradients("logits far from 0", x=far, **one)
    yield extremes("logits far from 0", x=far.float(), **one)
    yield extremes("logits beyond measure", x=1e30 * far.float(), **one)
    yield extremes("all 0", x=torch.zeros(3, 2), weight=torch.zeros(2), bias=torch.tensor(0.0))
    yield extremes("one row", **_neuron(draw, 1, 3))
    yield extremes("an empty batch", **_neuron(draw, 0, 3))
    for dtype in FLOATS:
        yield shapes(**_neuron(draw, 4, 4, dtype))
        yield shapes(**_neuron(draw, 7, 2, dtype))


def _neuron(draw: Draw, n: int, d: int, dtype: torch.dtype = torch.float32) -> dict[str, Tensor]:
    """Return N random rows of D inputs, and a weight and bias for them."""
    return {
        "x": draw.normal(n, d, dtype=dtype),
        "weight": draw.normal(d, dtype=dtype),
        "bias": draw.uniform(low=0.5, high=1.5, dtype=dtype),
    }


@predict_proba.mistake(
    "logits returned",
    "You return the logits; a probability is the sigmoid of the logit, between 0 and 1.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return x @ weight + bias


@predict_proba.mistake(
    "thresholded",
    "You round the probability to 0 or 1; return the probability, since a decision comes later.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return torch.sigmoid(x @ weight + bias).round()


@predict_proba.mistake(
    "thresholded to booleans",
    "You return whether the probability is above one half; return the probability itself.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return torch.sigmoid(x @ weight + bias) > 0.5


@predict_proba.mistake(
    "bias dropped",
    "The bias is missing; add it to the weighted sum before the sigmoid.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return torch.sigmoid(x @ weight)


@predict_proba.mistake(
    "bias after the sigmoid",
    "You add the bias to the probability; it belongs to the weighted sum, before the sigmoid.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return torch.sigmoid(x @ weight) + bias


@predict_proba.mistake(
    "probability of class 0",
    "You return the probability of class 0; that of class 1 has exp(-z), with a minus, in the "
    "denominator.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return torch.sigmoid(-(x @ weight + bias))


@predict_proba.mistake(
    "softmax over the batch",
    "Softmax shares one probability out among the rows; each row has its own, by the sigmoid.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return torch.softmax(x @ weight + bias, dim=0)


@predict_proba.mistake(
    "exp(z) / (1 + exp(z))",
    "For a large logit z, exp(z) is infinite, and infinity over infinity is NaN; "
    "use torch.sigmoid, or a form that takes exp of negative numbers only.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    z = x @ weight + bias
    return z.exp() / (1 + z.exp())


@predict_proba.mistake(
    "1 / (1 + exp(-z))",
    "The values are right, but for a very negative logit z, exp(-z) is infinite and the gradient "
    "NaN; use torch.sigmoid, or a form that takes exp of negative numbers only.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return 1 / (1 + torch.exp(-(x @ weight + bias)))


@predict_proba.mistake(
    "(N, 1)",
    "Your result has shape (N, 1); one number for each row is asked for, (N,).",
)
def _(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return torch.sigmoid(x @ weight[:, None] + bias)
