"""A multilayer perceptron."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from torchproof.checking.cases import FLOATS, Cases, Draw, Group, shapes, values
from torchproof.checking.exercise import exercise


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
