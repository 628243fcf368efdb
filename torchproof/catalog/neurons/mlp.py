"""A multilayer perceptron."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from torchproof.checking.cases import FLOATS, Cases, Draw, Group, shapes, values
from torchproof.checking.exercise import exercise


class MLP(nn.Module):
    """Linear layers of the given sizes with an activation between each and the next."""

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
