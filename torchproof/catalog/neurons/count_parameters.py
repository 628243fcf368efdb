"""How many parameters a model trains."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from torchproof.checking.cases import Cases, Draw, Group, extremes, values
from torchproof.checking.exercise import exercise


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
    "parameter that two of them share is met twice; model.parameters() gives every one once.",
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
    "names, and buffers, such as a running mean, which are never trained; use "
    "model.parameters().",
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
