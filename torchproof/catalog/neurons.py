"""The exercises of ``02_neurons``."""

import warnings
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from torchproof.checking.cases import (
    FLOATS,
    Cases,
    Draw,
    Group,
    extremes,
    gradients,
    shapes,
    values,
)
from torchproof.checking.exercise import FUNCTION_GROUPS, exercise

_ALL_BUT_VECTORISED = tuple(group for group in FUNCTION_GROUPS if group is not Group.VECTORISED)


@exercise(groups=_ALL_BUT_VECTORISED, not_allowed=("linear", "torch.nn.Linear"))
def linear(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """Return x·weightᵀ + bias; x is (..., in), weight (out, in), bias (out,) or None."""
    return F.linear(x, weight, bias)


@linear.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        yield _linear_case(values, draw, (5,), 3, 4, dtype)
        yield _linear_case(values, draw, (2, 3), draw.size(3, 4), draw.size(5, 6), dtype)
        yield _linear_case(values, draw, (4,), 3, 3, dtype)
        yield _linear_case(values, draw, (3,), 4, 2, dtype, bias=False)
    yield _linear_case(extremes, draw, (4,), 1, 1, note="one input, one output")
    yield _linear_case(extremes, draw, (0,), 3, 2, note="an empty batch")
    yield extremes(
        "a bias of 0", x=draw.normal(3, 2), weight=draw.normal(1, 2), bias=torch.zeros(1)
    )
    yield extremes(
        "large and small numbers",
        x=1e6 * draw.normal(3, 2, dtype=torch.float64),
        weight=1e-6 * draw.normal(4, 2, dtype=torch.float64),
        bias=draw.normal(4, dtype=torch.float64),
    )
    yield extremes(
        "an infinite input",
        x=torch.tensor([[1.0, torch.inf], [2.0, 3.0]]),
        weight=draw.uniform(3, 2, low=0.5),
        bias=draw.normal(3),
    )
    for dtype in FLOATS:
        yield _linear_case(shapes, draw, (6,), 2, 5, dtype)
        yield _linear_case(shapes, draw, (), 3, 4, dtype)
        yield _linear_case(shapes, draw, (2, 1, 3), 4, 2, dtype)
        yield _linear_case(shapes, draw, (2, 3), 5, 4, dtype, bias=False)


def _linear_case(
    kind: Callable[..., Any],
    draw: Draw,
    batch: tuple[int, ...],
    inputs: int,
    outputs: int,
    dtype: torch.dtype = torch.float32,
    bias: bool = True,
    note: str = "",
) -> Any:
    """Return a case of random x, (*batch, inputs), for a layer of ``outputs`` neurons."""
    return kind(
        note or ("" if bias else "no bias"),
        x=draw.normal(*batch, inputs, dtype=dtype),
        weight=draw.normal(outputs, inputs, dtype=dtype),
        bias=draw.normal(outputs, dtype=dtype) if bias else None,
    )


@linear.mistake(
    "weight not transposed",
    "You multiply x by weight as it is; its rows are the neurons, so x needs the transpose, "
    "weight.mT, of shape (in, out).",
)
def _(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    result = x @ weight
    return result if bias is None else result + bias


@linear.mistake(
    "bias dropped",
    "You return the weighted sum alone; add the bias where there is one.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    return x @ weight.mT


@linear.mistake(
    "bias subtracted",
    "You subtract the bias; it is added.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    result = x @ weight.mT
    return result if bias is None else result - bias


@linear.mistake(
    "None added",
    "bias may be None, and None cannot be added; look whether it is None first.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    return x @ weight.mT + bias  # type: ignore[operator]


@linear.mistake(
    "bias asked for its truth",
    "The condition asks whether the numbers in bias are true, which for several is an error; "
    "ask whether bias is None.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    result = x @ weight.mT
    return result + bias if bias else result


@linear.mistake(
    "matrices only",
    "torch.mm takes two matrices and nothing else; x may have any number of leading dimensions, "
    "which @ lets pass.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    result = torch.mm(x, weight.mT)
    return result if bias is None else result + bias


@linear.mistake(
    "leading dimensions merged",
    "You flatten the leading dimensions of x and leave them flat; give them back to the result.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    result = x.reshape(-1, x.shape[-1]) @ weight.mT
    return result if bias is None else result + bias


@linear.mistake(
    "(out, N)",
    "You compute weight·xᵀ, with the neurons in the rows; the result keeps the rows of x and "
    "ends with the neurons: x·weightᵀ.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    result = weight @ (x.mT if x.dim() > 1 else x)
    if bias is None:
        return result
    return result + (bias[:, None] if x.dim() > 1 else bias)


@linear.mistake(
    "weight first",
    "You multiply weight by x, whose rows are examples; x comes first, and the neurons are to be "
    "the columns of what it is multiplied with: x·weightᵀ.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    result = weight @ x
    return result if bias is None else result + bias


@linear.mistake(
    "transposes weight in place",
    "weight.t_() transposes the caller's own weight and leaves it so; weight.mT is a transposed "
    "view and changes nothing.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    result = x @ weight.t_()
    return result if bias is None else result + bias


@exercise(groups=_ALL_BUT_VECTORISED)
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
    "You round the probability to 0 or 1; return the probability itself, a decision comes later.",
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
    "Your result has shape (N, 1); one number for each row is asked, (N,).",
)
def _(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return torch.sigmoid(x @ weight[:, None] + bias)


@exercise(groups=(Group.VALUES, Group.EXTREMES), driver="network")
def count_parameters(model: nn.Module) -> int:
    """Return how many numbers of the model are trained, each once."""
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


@count_parameters.cases
def _(draw: Draw) -> Cases:
    a, b, c = draw.size(2, 4), draw.size(5, 7), draw.size(8, 10)
    first, second = _layer(a, b), _layer(b, c)
    yield values("two layers", layers=[first, {"kind": "nn.ReLU"}, second])
    norm = {"kind": "nn.BatchNorm1d", "sizes": [b]}
    yield values("batch normalisation", layers=[first | {"bias": False}, norm, second])
    yield values("a frozen layer", layers=[first | {"frozen": True}, second])
    embedding = {"kind": "nn.Embedding", "sizes": [c, b]}
    tied = second | {"weight_of": 0}
    yield values("a weight shared by two layers", layers=[embedding, tied])
    yield values("a layer used twice", layers=[first, _layer(b, b), {"again": 1}, second])
    convolution = {"kind": "nn.Conv2d", "sizes": [a, b, 3]}
    yield values("a model inside a model", layers=[[convolution, norm], [[second]]])
    yield values("a layer that stands alone", layers=first)
    yield values("a frozen weight", layers=[first, second | {"frozen": "weight"}])
    yield values("a frozen bias", layers=[first | {"frozen": "bias"}, second])
    recurrent = {"kind": "nn.LSTM", "sizes": [a, b]}
    yield values("a recurrent layer", layers=[recurrent, norm])
    yield values("two layers of equal numbers", layers=[first, norm, norm, second])
    yield extremes("nothing to train", layers=[{"kind": "nn.ReLU"}])
    yield extremes("an empty model", layers=[])
    yield extremes("all frozen", layers=[first | {"frozen": True}, second | {"frozen": True}])
    yield extremes("frozen and shared", layers=[embedding, first, tied | {"frozen": True}])
    yield extremes("a single parameter", layers=[_layer(1, 1) | {"bias": False}])
    yield extremes("a million parameters", layers=[_layer(1000, 1000), {"again": 0}])


def _layer(inputs: int, outputs: int) -> dict[str, Any]:
    return {"kind": "nn.Linear", "sizes": [inputs, outputs]}


@count_parameters.mistake(
    "counts frozen ones",
    "You count frozen parameters too; only those whose requires_grad is True are trained.",
)
def _(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


@count_parameters.mistake(
    "counts shared ones twice",
    "You count a parameter once for each layer that holds it; model.parameters() gives each "
    "of them once.",
)
def _(model: nn.Module) -> int:
    everywhere = model.named_parameters(remove_duplicate=False)
    return sum(p.numel() for _, p in everywhere if p.requires_grad)


@count_parameters.mistake(
    "counts frozen ones, and shared ones twice",
    "Two things: a parameter counts only if its requires_grad is True, and one that several "
    "layers share counts once.",
)
def _(model: nn.Module) -> int:
    return sum(p.numel() for _, p in model.named_parameters(remove_duplicate=False))


@count_parameters.mistake(
    "layer by layer",
    "You go through the layers inside the model: a layer that stands alone has none inside, and a "
    "parameter that two of them share is met twice; model.parameters() gives each of all once.",
)
def _(model: nn.Module) -> int:
    each = (p for layer in model.children() for p in layer.parameters())
    return sum(p.numel() for p in each if p.requires_grad)


@count_parameters.mistake(
    "the model as a sequence",
    "You go through the model as through a list, but only some modules, such as nn.Sequential, "
    "allow it; model.parameters() works for all.",
)
def _(model: nn.Module) -> int:
    each = (p for layer in model for p in layer.parameters())  # type: ignore[attr-defined]
    return sum(p.numel() for p in each if p.requires_grad)


@count_parameters.mistake(
    "modules within modules",
    "model.modules() gives the model and all that is inside it, and the parameters of each hold "
    "those of its own insides again; model.parameters() alone is enough.",
)
def _(model: nn.Module) -> int:
    each = (p for module in model.modules() for p in module.parameters())
    return sum(p.numel() for p in each if p.requires_grad)


def _own_parameters(model: nn.Module) -> Iterator[list[nn.Parameter]]:
    """List the parameters of each module by itself, none of them twice."""
    seen: set[int] = set()
    for module in model.modules():
        own = [p for p in module.parameters(recurse=False) if id(p) not in seen]
        seen |= {id(p) for p in own}
        yield own


@count_parameters.mistake(
    "whole layers or none",
    "You leave out a layer as soon as one of its parameters is frozen; look at the requires_grad "
    "of each parameter by itself.",
)
def _(model: nn.Module) -> int:
    layers = _own_parameters(model)
    return sum(p.numel() for own in layers if all(p.requires_grad for p in own) for p in own)


@count_parameters.mistake(
    "by the first parameter",
    "You take the first parameter of a layer for all of them; look at the requires_grad of each "
    "parameter by itself.",
)
def _(model: nn.Module) -> int:
    layers = _own_parameters(model)
    return sum(p.numel() for own in layers if own and own[0].requires_grad for p in own)


@count_parameters.mistake(
    "weight and bias by name",
    "You look for weight and bias by their names, and some layers call their parameters "
    "otherwise, as nn.LSTM does; model.parameters() gives all, whatever they are called.",
)
def _(model: nn.Module) -> int:
    named = {id(p): (name, p) for name, p in model.named_parameters() if p.requires_grad}
    kept = (p for name, p in named.values() if name.endswith(("weight", "bias")))
    return sum(p.numel() for p in kept)


@count_parameters.mistake(
    "equal numbers counted once",
    "You take parameters with the same numbers, or of the same size, for one; a parameter is "
    "shared where it is one and the same object.",
)
def _(model: nn.Module) -> int:
    seen: list[Tensor] = []
    for p in model.parameters():
        if p.requires_grad and not any(torch.equal(p, other) for other in seen):
            seen.append(p)
    return sum(p.numel() for p in seen)


@count_parameters.mistake(
    "ignores biases",
    "You leave the biases out; they are trained like the weights.",
)
def _(model: nn.Module) -> int:
    named = model.named_parameters()
    return sum(p.numel() for name, p in named if p.requires_grad and "bias" not in name)


@count_parameters.mistake(
    "from state_dict",
    "state_dict() holds all that is saved: frozen parameters, shared ones under each of their "
    "names, and buffers, which are never trained; use model.parameters().",
)
def _(model: nn.Module) -> int:
    return sum(tensor.numel() for tensor in model.state_dict().values())


@count_parameters.mistake(
    "counts tensors",
    "You count the parameter tensors; count the numbers in them, p.numel() each.",
)
def _(model: nn.Module) -> int:
    return sum(1 for p in model.parameters() if p.requires_grad)


@count_parameters.mistake(
    "counts rows",
    "len(p) is the size of the first dimension only; p.numel() counts all numbers.",
)
def _(model: nn.Module) -> int:
    return sum(len(p) for p in model.parameters() if p.requires_grad)


@count_parameters.mistake(
    "linear layers only",
    "You look into the nn.Linear layers only; other layers have parameters too, and "
    "model.parameters() gives them all.",
)
def _(model: nn.Module) -> int:
    layers = (layer for layer in model.modules() if isinstance(layer, nn.Linear))
    return sum(p.numel() for layer in layers for p in layer.parameters() if p.requires_grad)


@count_parameters.mistake(
    "a NumPy number",
    "np.prod gives a NumPy number, and sums of it stay so; p.numel() and math.prod give Python's.",
)
def _(model: nn.Module) -> Any:
    return sum(np.prod(p.shape) for p in model.parameters() if p.requires_grad)


class MLP(nn.Module):
    """Linear layers of the given sizes with an activation between each two of them."""

    def __init__(self, sizes: list[int], activation: type[nn.Module] = nn.ReLU) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs in pairwise(sizes):
            layers += [nn.Linear(inputs, outputs), activation()]
        self.network = nn.Sequential(*layers[:-1])

    def forward(self, x: Tensor) -> Any:
        """Apply the network to x, (..., sizes[0])."""
        return self.network(x)


mlp = exercise(groups=(Group.VALUES, Group.GRADIENTS, Group.SHAPES), driver="module")(MLP)


@mlp.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        hidden = draw.size(4, 6)
        yield _network(values, draw, [3, hidden, 2], (5,), dtype)
        yield _network(values, draw, [2, hidden, hidden, hidden, 3], (4,), dtype, "nn.Tanh")
        yield _network(values, draw, [hidden, 5, 3, 4], (4,), dtype, "nn.Sigmoid")
        yield _network(values, draw, [3, 4, 4, 1], (6,), dtype, "nn.ReLU")
        yield _network(values, draw, [4, 2], (3,), dtype, "nn.Tanh", note="no hidden layer")
        equal = "a hidden layer of the output's size"
        yield _network(values, draw, [3, 2, hidden, 2], (4,), dtype, "nn.Tanh", note=equal)
    for dtype in FLOATS:
        yield _network(shapes, draw, [3, 5, 2], (4,), dtype)
        yield _network(shapes, draw, [3, 5, 4, 2], (), dtype, "nn.GELU")
        yield _network(shapes, draw, [2, 6, 4], (2, 3), dtype, "nn.Tanh")
        yield _network(shapes, draw, [2, 3, 3], (0,), dtype, note="an empty batch")


def _network(
    kind: Callable[..., Any],
    draw: Draw,
    sizes: list[int],
    batch: tuple[int, ...],
    dtype: torch.dtype,
    activation: str | None = None,
    note: str = "",
) -> Any:
    """Return a case of an MLP with random parameters; without an activation it is the default."""
    init: dict[str, Any] = {"sizes": sizes}
    if activation is not None:
        init["activation"] = activation
    parameters = []
    for inputs, outputs in pairwise(sizes):
        scale = 2 / inputs**0.5
        parameters += [scale * draw.normal(outputs, inputs, dtype=dtype)]
        parameters += [draw.normal(outputs, dtype=dtype)]
    x = draw.normal(*batch, sizes[0], dtype=dtype)
    return kind(note, init=init, parameters=parameters, x=x)


class _Layers(nn.Module):
    """What most of the mistakes share: the right layers."""

    def __init__(self, sizes: list[int], activation: type[nn.Module] = nn.ReLU) -> None:
        super().__init__()
        pairs = pairwise(sizes)
        self.layers = nn.ModuleList([nn.Linear(*pair) for pair in pairs])
        self.activation = activation()


@mlp.mistake(
    "activation after the last layer",
    "You apply the activation after the last layer too; its output should stay as it is.",
)
class _ActivationLast(_Layers):
    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = self.activation(layer(x))
        return x


@mlp.mistake(
    "softmax after the last layer",
    "You end with a softmax; the output of the last layer should stay as it is.",
)
class _SoftmaxLast(_Layers):
    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers[:-1]:
            x = self.activation(layer(x))
        return self.layers[-1](x).softmax(dim=-1)  # type: ignore[no-any-return]


@mlp.mistake(
    "no activation",
    "There is no activation between your layers; without it several layers are worth no more "
    "than one.",
)
class _NoActivation(_Layers):
    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x


@mlp.mistake(
    "always ReLU",
    "You use ReLU whatever activation is given; make the one that is asked for, by activation().",
)
class _AlwaysReLU(_Layers):
    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)  # type: ignore[no-any-return]


@mlp.mistake(
    "activation before the first layer",
    "You apply the activation to the input; it belongs between each two layers only.",
)
class _ActivationFirst(_Layers):
    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(self.activation(x))
        return x


@mlp.mistake(
    "activation never made",
    "activation is a class, and calling it on a tensor makes a module and computes nothing; "
    "make one with activation(), then call that on the tensor.",
)
class _ActivationNotMade(_Layers):
    def __init__(self, sizes: list[int], activation: type[nn.Module] = nn.ReLU) -> None:
        super().__init__(sizes)
        self.kind = activation

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers[:-1]:
            x = self.kind(layer(x))  # type: ignore[assignment]
        return self.layers[-1](x)  # type: ignore[no-any-return]


@mlp.mistake(
    "activation class in nn.Sequential",
    "nn.Sequential takes modules, and activation is a class; make a module of it with "
    "activation().",
)
class _ClassInSequential(nn.Module):
    def __init__(self, sizes: list[int], activation: type[nn.Module] = nn.ReLU) -> None:
        super().__init__()
        layers: list[Any] = []
        for inputs, outputs in pairwise(sizes):
            layers += [nn.Linear(inputs, outputs), activation]
        self.network = nn.Sequential(*layers[:-1])

    def forward(self, x: Tensor) -> Any:
        return self.network(x)


@mlp.mistake(
    "layers in a plain list",
    "nn.Module sees no parameters in your network, so an optimizer would not either: it finds "
    "layers and nn.Parameters that are attributes or lie in an nn.ModuleList or nn.Sequential, "
    "but none in a plain list or dict, no plain tensors, and no layers made in forward.",
)
class _PlainList(_Layers):
    def __init__(self, sizes: list[int], activation: type[nn.Module] = nn.ReLU) -> None:
        super().__init__(sizes, activation)
        self.plain = list(self.layers)
        del self.layers

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.plain[:-1]:
            x = self.activation(layer(x))
        return self.plain[-1](x)  # type: ignore[no-any-return]


@mlp.mistake(
    "hidden layers in a plain list",
    "Only your last layer is registered: nn.Module does not see layers in a plain list or dict; "
    "put the hidden ones in an nn.ModuleList or an nn.Sequential.",
)
class _HiddenInPlainList(_Layers):
    def __init__(self, sizes: list[int], activation: type[nn.Module] = nn.ReLU) -> None:
        super().__init__(sizes, activation)
        *self.hidden, self.last = self.layers
        del self.layers

    def forward(self, x: Tensor) -> Any:
        for layer in self.hidden:
            x = self.activation(layer(x))
        return self.last(x)


@mlp.mistake(
    "one layer shared",
    "Your layers of equal sizes are one and the same layer met again, with one weight for all; "
    "call nn.Linear once for each.",
)
class _SharedLayer(_Layers):
    def __init__(self, sizes: list[int], activation: type[nn.Module] = nn.ReLU) -> None:
        super().__init__(sizes, activation)
        made: dict[tuple[int, int], nn.Module] = {}
        pairs = pairwise(sizes)
        self.layers = nn.ModuleList([made.setdefault(pair, nn.Linear(*pair)) for pair in pairs])

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers[:-1]:
            x = self.activation(layer(x))
        return self.layers[-1](x)  # type: ignore[no-any-return]


@mlp.mistake(
    "one hidden layer repeated",
    "[layer] * n is one layer n times, with one weight for all; make each hidden layer by its own "
    "nn.Linear, with the two sizes it stands between.",
)
class _RepeatedLayer(nn.Module):
    def __init__(self, sizes: list[int], activation: type[nn.Module] = nn.ReLU) -> None:
        super().__init__()
        first = [nn.Linear(sizes[0], sizes[1]), activation()]
        hidden = [nn.Linear(sizes[1], sizes[1]), activation()] * (len(sizes) - 3)
        self.network = nn.Sequential(*first, *hidden, nn.Linear(sizes[-2], sizes[-1]))

    def forward(self, x: Tensor) -> Any:
        return self.network(x)


@mlp.mistake(
    "inputs and outputs swapped",
    "Your layers are made with their sizes the wrong way round; nn.Linear takes the number of "
    "inputs first, then that of outputs.",
)
class _Swapped(_Layers):
    def __init__(self, sizes: list[int], activation: type[nn.Module] = nn.ReLU) -> None:
        super().__init__(sizes, activation)
        self.layers = nn.ModuleList([nn.Linear(b, a) for a, b in pairwise(sizes)])

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers[:-1]:
            x = self.activation(layer(x))
        return self.layers[-1](x)  # type: ignore[no-any-return]


@mlp.mistake(
    "output layer registered first",
    "Your output layer is registered before the hidden ones; make the layers in the order in which "
    "they are used.",
)
class _OutputFirst(nn.Module):
    def __init__(self, sizes: list[int], activation: type[nn.Module] = nn.ReLU) -> None:
        super().__init__()
        self.output = nn.Linear(sizes[-2], sizes[-1])
        self.hidden = nn.ModuleList([nn.Linear(*pair) for pair in pairwise(sizes[:-1])])
        self.activation = activation()

    def forward(self, x: Tensor) -> Any:
        for layer in self.hidden:
            x = self.activation(layer(x))
        return self.output(x)


@mlp.mistake(
    "last layer known by its size",
    "You recognise the last layer by its size, so a hidden layer of the same size gets no "
    "activation either; recognise it by its place.",
)
class _LastBySize(nn.Module):
    def __init__(self, sizes: list[int], activation: type[nn.Module] = nn.ReLU) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs in pairwise(sizes):
            layers.append(nn.Linear(inputs, outputs))
            if outputs != sizes[-1]:
                layers.append(activation())
        self.network = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Any:
        return self.network(x)


@mlp.mistake(
    "takes the caller's sizes",
    "Your __init__ changes the list of sizes, which is the caller's and may be used for another "
    "network; read it without pop, append and the like, or copy it first.",
)
class _TakesSizes(nn.Module):
    def __init__(self, sizes: list[int], activation: type[nn.Module] = nn.ReLU) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        while len(sizes) > 1:
            layers += [nn.Linear(sizes.pop(0), sizes[0]), activation()]
        self.network = nn.Sequential(*layers[:-1])

    def forward(self, x: Tensor) -> Any:
        return self.network(x)


@mlp.mistake(
    "last layer missing",
    "Your last layer is missing: sizes lists the input, every hidden layer and the output, so "
    "there is one layer fewer than sizes.",
)
class _LastMissing(_Layers):
    def __init__(self, sizes: list[int], activation: type[nn.Module] = nn.ReLU) -> None:
        super().__init__(sizes[:-1], activation)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = self.activation(layer(x))
        return x


@mlp.mistake(
    "super().__init__ missing",
    "nn.Module has not been set up yet; let super().__init__() be the first line of __init__.",
)
class _NoSuper(nn.Module):
    def __init__(self, sizes: list[int], activation: type[nn.Module] = nn.ReLU) -> None:
        self.layers = nn.ModuleList()

    def forward(self, x: Tensor) -> Tensor:
        return x


@exercise(
    groups=(Group.VALUES, Group.EXTREMES, Group.SHAPES, Group.NO_SIDE_EFFECTS),
    not_allowed=("torch.optim", "SGD", "linear", "torch.nn.Linear"),
)
def logistic_regression(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    """Return weight, (D,), and bias, (), after full-batch descent from zeros."""
    weight = torch.zeros(x.shape[1], dtype=x.dtype, device=x.device, requires_grad=True)
    bias = torch.zeros((), dtype=x.dtype, device=x.device, requires_grad=True)
    optimizer = torch.optim.SGD([weight, bias], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(x @ weight + bias, y)
        torch.autograd.backward(loss)
        optimizer.step()
    return weight.detach(), bias.detach()


@logistic_regression.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        for n, d, steps in ((8, 2, 10), (draw.size(9, 12), draw.size(3, 4), draw.size(12, 20))):
            x, y = draw.normal(n, d, dtype=dtype), _labels(draw, n, dtype)
            yield values(x=x, y=y, lr=draw.number(0.1, 0.9), steps=steps)
    x, y = draw.normal(5, 2), _labels(draw, 5)
    yield extremes("no steps", x=x, y=y, lr=0.5, steps=0)
    yield extremes("one step", x=x, y=y, lr=0.5, steps=1)
    apart = torch.where(_labels(draw, 6) == 1, 1, -1) * draw.uniform(6, low=3, high=4)
    yield extremes(
        "a loss that gets small, and many steps",
        x=apart[:, None].double(),
        y=(apart > 0).double(),
        lr=1.0,
        steps=60,
    )
    yield extremes("one example", x=x[:1], y=y[:1], lr=0.5, steps=5)
    yield extremes("all of class 1", x=x, y=torch.ones(5), lr=0.5, steps=5)
    yield extremes("an input that is always 0", x=x * torch.tensor([1.0, 0.0]), y=y, lr=1, steps=5)
    side = torch.tensor([1.0, 1.0, -1.0, -1.0, 1.0])
    far = torch.stack([100 * side * draw.uniform(5, low=0.95, high=1.05), draw.normal(5)], dim=1)
    label = torch.tensor([1.0, 1.0, 0.0, 0.0, 0.0])
    yield extremes("probabilities that round to 0 and 1", x=far, y=label, lr=0.1, steps=4)
    for dtype in FLOATS:
        for n, d in ((6, 1), (3, 5)):
            x, y = draw.normal(n, d, dtype=dtype), _labels(draw, n, dtype)
            yield shapes(x=x, y=y, lr=0.3, steps=3)


def _labels(draw: Draw, n: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Return n labels with both classes among them."""
    labels = draw.mask(n).to(dtype)
    labels[0], labels[-1] = 0, 1
    return labels


def _descend(
    x: Tensor, y: Tensor, lr: float, steps: int, slope: Callable[[Tensor, Tensor], Tensor]
) -> tuple[Tensor, Tensor]:
    """Descend along ``slope(z, y)``, the derivative of the loss with respect to each logit."""
    weight, bias = x.new_zeros(x.shape[1]), x.new_zeros(())
    for _ in range(steps):
        delta = slope(x @ weight + bias, y)
        weight, bias = weight - lr * (x.mT @ delta), bias - lr * delta.sum()
    return weight, bias


def _mean_slope(z: Tensor, y: Tensor) -> Tensor:
    return (z.sigmoid() - y) / len(y)


@logistic_regression.mistake(
    "summed loss",
    "Your loss is the sum over the examples; the mean is asked, so divide by N.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    return _descend(x, y, lr, steps, lambda z, y: z.sigmoid() - y)


@logistic_regression.mistake(
    "bias gradient summed",
    "Your bias descends along the sum of the errors p - y; its gradient is their mean, as that "
    "of the weight is a mean.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    weight, bias = x.new_zeros(x.shape[1]), x.new_zeros(())
    for _ in range(steps):
        error = (x @ weight + bias).sigmoid() - y
        weight, bias = weight - lr * (x.mT @ error) / len(y), bias - lr * error.sum()
    return weight, bias


@logistic_regression.mistake(
    "bias never updated",
    "Your bias stays 0; it descends along its own gradient, the mean of p - y.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    weight, bias = x.new_zeros(x.shape[1]), x.new_zeros(())
    for _ in range(steps):
        weight = weight - lr * (x.mT @ _mean_slope(x @ weight, y))
    return weight, bias


@logistic_regression.mistake(
    "gradients accumulate",
    "Each step still holds the gradients of the steps before it, since backward() adds to .grad; "
    "set .grad to None or zero before each backward().",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    weight, bias = x.new_zeros(x.shape[1]), x.new_zeros(())
    sums = torch.zeros_like(weight), torch.zeros_like(bias)
    for _ in range(steps):
        delta = _mean_slope(x @ weight + bias, y)
        sums = sums[0] + x.mT @ delta, sums[1] + delta.sum()
        weight, bias = weight - lr * sums[0], bias - lr * sums[1]
    return weight, bias


@logistic_regression.mistake(
    "ascends",
    "Your loss goes up in place of down: the gradient is to be that of the loss, p - y, and lr "
    "times it is to be subtracted.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    return _descend(x, y, -lr, steps, _mean_slope)


@logistic_regression.mistake(
    "one step too few",
    "You take one step too few; range(steps) gives as many as are asked.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    return _descend(x, y, lr, steps - 1, _mean_slope)


@logistic_regression.mistake(
    "one step too many",
    "You take one step too many; range(steps) gives as many as are asked.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    return _descend(x, y, lr, steps + 1, _mean_slope)


@logistic_regression.mistake(
    "stops early",
    "You stop once the loss is small; take all the steps that are asked.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    weight, bias = x.new_zeros(x.shape[1]), x.new_zeros(())
    for _ in range(steps):
        z = x @ weight + bias
        if F.binary_cross_entropy_with_logits(z, y) < 1e-2:
            break
        delta = _mean_slope(z, y)
        weight, bias = weight - lr * (x.mT @ delta), bias - lr * delta.sum()
    return weight, bias


def _by_backward(
    x: Tensor, y: Tensor, lr: float, steps: int, update: Callable[[Tensor, float], Tensor]
) -> tuple[Tensor, Tensor]:
    """Descend with the gradients that backward leaves in .grad."""
    weight = x.new_zeros(x.shape[1]).requires_grad_()
    bias = x.new_zeros(()).requires_grad_()
    for _ in range(steps):
        torch.autograd.backward(F.binary_cross_entropy_with_logits(x @ weight + bias, y))
        weight, bias = update(weight, lr), update(bias, lr)
    return weight.detach(), bias.detach()


@logistic_regression.mistake(
    "a new tensor each step",
    "w = w - … makes a new tensor, whose .grad stays None; write w -= … under torch.no_grad(), or "
    "ask torch.autograd.grad for the gradients.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    with warnings.catch_warnings(action="ignore"):
        return _by_backward(x, y, lr, steps, lambda t, lr: t - lr * t.grad)  # type: ignore


@logistic_regression.mistake(
    "a new tensor without gradient",
    "Under torch.no_grad(), w = w - … makes a new tensor that asks for no gradient; write w -= …, "
    "which keeps the old one.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    def update(t: Tensor, lr: float) -> Tensor:
        with torch.no_grad():
            return t - lr * t.grad  # type: ignore[operator]

    return _by_backward(x, y, lr, steps, update)


@logistic_regression.mistake(
    "updated under autograd's eyes",
    "Autograd records your update of the weight as part of the graph, which it refuses; make it "
    "under torch.no_grad().",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    def update(t: Tensor, lr: float) -> Tensor:
        t -= lr * t.grad  # type: ignore[operator]
        return t

    return _by_backward(x, y, lr, steps, update)


@logistic_regression.mistake(
    "cleared before there is a gradient",
    ".grad is None until the first backward(), and None cannot be set to zero; clear it at the "
    "end of a step.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    weight = x.new_zeros(x.shape[1]).requires_grad_()
    for _ in range(steps):
        weight.grad.zero_()  # type: ignore[union-attr]
    return weight.detach(), x.new_zeros(())


@logistic_regression.mistake(
    "squared error",
    "Your gradient holds a factor p(1 - p): it is that of the squared error; that of the "
    "cross-entropy is p - y alone.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    def slope(z: Tensor, y: Tensor) -> Tensor:
        p = z.sigmoid()
        return 2 * (p - y) * p * (1 - p) / len(y)

    return _descend(x, y, lr, steps, slope)


@logistic_regression.mistake(
    "half the squared error",
    "Your gradient is (p - y) p (1 - p), that of half the squared error; that of the "
    "cross-entropy is p - y alone.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    def slope(z: Tensor, y: Tensor) -> Tensor:
        p = z.sigmoid()
        return (p - y) * p * (1 - p) / len(y)

    return _descend(x, y, lr, steps, slope)


@logistic_regression.mistake(
    "no sigmoid",
    "You compare the logits with y as they are; take the sigmoid first.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    return _descend(x, y, lr, steps, lambda z, y: (z - y) / len(y))


def _by_logarithms(
    x: Tensor, y: Tensor, lr: float, steps: int, shape: tuple[int, ...] = (-1,), sign: int = -1
) -> tuple[Tensor, Tensor]:
    """Descend by autograd on the cross-entropy as it is written, with p of the shape given."""
    weight = x.new_zeros(x.shape[1]).requires_grad_()
    bias = x.new_zeros(()).requires_grad_()
    for _ in range(steps):
        p = torch.sigmoid(x @ weight + bias).reshape(shape)
        loss = sign * (y * p.log() + (1 - y) * (1 - p).log()).mean()
        slopes = torch.autograd.grad(loss, [weight, bias])
        with torch.no_grad():
            weight -= lr * slopes[0]
            bias -= lr * slopes[1]
    return weight, bias


@logistic_regression.mistake(
    "NaN from the loss",
    "Where a probability rounds to 0 or 1, a log or an exp on the way becomes infinite and then "
    "NaN; compute the loss from the logits, or use p - y, the gradient itself.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    return _by_logarithms(x, y, lr, steps)


@logistic_regression.mistake(
    "loss without its minus",
    "Your loss lacks the minus in front, so that you descend on the logarithm of the likelihood, "
    "which is to rise; and a probability that rounds to 0 or 1 makes it NaN.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    return _by_logarithms(x, y, lr, steps, sign=1)


@logistic_regression.mistake(
    "every row against every label",
    "Probabilities of shape (N, 1) and labels of shape (N,) broadcast to (N, N), so every row is "
    "compared with every label; give both the shape (N,).",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    return _by_logarithms(x, y, lr, steps, (-1, 1))


@logistic_regression.mistake(
    "stuck where a probability is rounded",
    "Where a wrong probability rounds to 0 or 1, the gradient through it is lost and your descent "
    "stands still; compute the loss from the logits, or use p - y, the gradient itself.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    def slope(z: Tensor, y: Tensor) -> Tensor:
        p = z.sigmoid()
        return torch.where((p == 0) | (p == 1), 0, p - y) / len(y)

    return _descend(x, y, lr, steps, slope)


@logistic_regression.mistake(
    "float32 zeros",
    "You start from float32 zeros whatever x is; give them the dtype and device of x, as by "
    "x.new_zeros.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    weight, bias = torch.zeros(x.shape[1]), torch.zeros(())
    for _ in range(steps):
        delta = _mean_slope(x @ weight + bias, y)
        weight, bias = weight - lr * (x.mT @ delta), bias - lr * delta.sum()
    return weight, bias


@logistic_regression.mistake(
    "bias of shape (1,)",
    "Your bias has shape (1,); a single number of shape () is asked.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    weight, bias = _descend(x, y, lr, steps, _mean_slope)
    return weight, bias[None]


@logistic_regression.mistake(
    "columns",
    "Your weight has shape (D, 1) and your bias (1,), as those of a layer with one neuron; asked "
    "are (D,) and ().",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    weight, bias = _descend(x, y, lr, steps, _mean_slope)
    return weight[:, None], bias[None]


@logistic_regression.mistake(
    "every dimension squeezed",
    "squeeze() drops every dimension of size 1, so that with one input the weight has shape (); "
    "say which one to drop, as in squeeze(-1), or start with the shape (D,).",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    weight, bias = _descend(x, y, lr, steps, _mean_slope)
    return weight[:, None].squeeze(), bias
