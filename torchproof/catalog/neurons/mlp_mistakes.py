"""A multilayer perceptron: how it goes wrong."""

from itertools import pairwise
from typing import Any

from torch import Tensor, nn

from torchproof.catalog.neurons.mlp import mlp


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
