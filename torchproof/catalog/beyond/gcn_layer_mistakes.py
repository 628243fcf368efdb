"""Layers of graph convolution normalised wrongly, and in the wrong form."""

from collections.abc import Callable

import torch
from torch import Tensor

from torchproof.catalog.beyond.gcn_layer import gcn_layer, root, symmetric, with_loops


def _scaled(name: str, hint: str, mix: Callable[[Tensor, Tensor], Tensor]) -> None:
    """Add a mistake in how A + I is divided by its degrees (N,)."""

    @gcn_layer.mistake(name, hint)
    def _(x: Tensor, adjacency: Tensor, weight: Tensor) -> Tensor:
        matrix = with_loops(adjacency)
        return mix(matrix, matrix.sum(dim=1)) @ x @ weight


_scaled(
    "rows normalised",
    "You divide each row by its degree, which makes it a mean over neighbours; divide by the root "
    "of the degree, of both the row and the column.",
    lambda a, degrees: a / degrees[:, None],
)
_scaled(
    "columns normalised",
    "You divide each column by its degree; divide by the root of the degree, of both the row and "
    "the column.",
    lambda a, degrees: a / degrees,
)
_scaled(
    "only from the left",
    "You multiply by D^-1/2 from the left only; the columns are divided by the roots of their "
    "degrees as well.",
    lambda a, degrees: a * root(degrees)[:, None],
)
_scaled(
    "only from the right",
    "You multiply by D^-1/2 from the right only; the rows are divided by the roots of their "
    "degrees as well.",
    lambda a, degrees: a * root(degrees),
)
_scaled(
    "no root",
    "You divide by the degrees of both nodes; divide by their roots.",
    lambda a, degrees: a / degrees[:, None] / degrees,
)
_scaled(
    "multiplied by the roots",
    "You multiply by the roots of the degrees, D^1/2; divide by them, D^-1/2, so that nodes with "
    "many edges do not outweigh the others.",
    lambda a, degrees: degrees.sqrt()[:, None] * a * degrees.sqrt(),
)
_scaled(
    "not normalised",
    "You add up the neighbours without dividing; divide each entry of A + I by the roots of both "
    "nodes' degrees.",
    lambda a, degrees: a,
)
_scaled(
    "root of the whole degree matrix",
    "You raise the whole degree matrix to the power -1/2, its zeros included, which makes them "
    "infinite; raise the degrees alone, then make a diagonal matrix of them.",
    lambda a, degrees: degrees.diag().pow(-0.5) @ a @ degrees.diag().pow(-0.5),
)
_scaled(
    "one degree for all",
    "You divide by the sum of the whole matrix; each node has a degree of its own, the sum of its "
    "row, dim=1.",
    lambda a, degrees: a / a.sum(),
)
_scaled(
    "neighbours counted",
    "Your degrees count the edges of each node; they are the sums of its edges' weights.",
    lambda a, degrees: symmetric(a, (a > 0).to(a.dtype).sum(dim=1)),
)
_scaled(
    "weights of the edges dropped",
    "You treat every edge as 1; keep the weights of the edges, in the matrix and in the degrees.",
    lambda a, degrees: symmetric((a > 0).to(a.dtype)),
)
_scaled(
    "Laplacian",
    "You subtract the normalised matrix from the identity, which takes differences of neighbours; "
    "mix by the normalised matrix itself.",
    lambda a, degrees: with_loops(-symmetric(a)),
)
_scaled(
    "two hops",
    "You mix over the edges twice; one layer reaches the neighbours only.",
    lambda a, degrees: symmetric(a) @ symmetric(a),
)
_scaled(
    "softmax of the rows",
    "You take a softmax of each row, which gives weight to nodes that are not joined as well; "
    "divide by the roots of the degrees.",
    lambda a, degrees: a.softmax(dim=1),
)


for _eps in (1e-5, 1e-6):
    _scaled(
        f"{_eps:g} added to the degrees",
        f"The {_eps:g} that you add to the degrees changes every result a little; with self loops "
        "no degree is 0, so nothing needs to be added.",
        lambda a, degrees, eps=_eps: symmetric(a, degrees + eps),  # type: ignore[misc]
    )


def _mix(x: Tensor, adjacency: Tensor) -> Tensor:
    return symmetric(with_loops(adjacency)) @ x


@gcn_layer.mistake(
    "ReLU",
    "You end with a ReLU; no activation is asked here.",
)
def _(x: Tensor, adjacency: Tensor, weight: Tensor) -> Tensor:
    return torch.relu(_mix(x, adjacency) @ weight)


@gcn_layer.mistake(
    "ReLU before the weights",
    "You take a ReLU of the mixed features before the weights; no activation is asked here.",
)
def _(x: Tensor, adjacency: Tensor, weight: Tensor) -> Tensor:
    return torch.relu(_mix(x, adjacency)) @ weight


@gcn_layer.mistake(
    "no edges",
    "You return x @ weight, in which no node hears of any other; multiply by the normalised matrix "
    "from the left.",
)
def _(x: Tensor, adjacency: Tensor, weight: Tensor) -> Tensor:
    return x @ weight


@gcn_layer.mistake(
    "weight transposed",
    "You multiply by the transposed weight; weight is (D, H), so it is x @ weight.",
)
def _(x: Tensor, adjacency: Tensor, weight: Tensor) -> Tensor:
    return _mix(x, adjacency) @ weight.mT


@gcn_layer.mistake(
    "result transposed",
    "Your result is (H, N); each node should have a row, so the normalised matrix stands on the "
    "left, and nothing is transposed.",
)
def _(x: Tensor, adjacency: Tensor, weight: Tensor) -> Tensor:
    return (_mix(x, adjacency) @ weight).mT


@gcn_layer.mistake(
    "matrix on the right",
    "You multiply by the normalised matrix from the right, where it would mix the features; it is "
    "to mix the nodes, so it stands on the left of x.",
)
def _(x: Tensor, adjacency: Tensor, weight: Tensor) -> Tensor:
    return x @ weight @ symmetric(with_loops(adjacency))


@gcn_layer.mistake(
    "features without a gradient",
    "Your features get no gradient, so no layer before this one could learn; leave out .detach() "
    "and torch.no_grad().",
)
def _(x: Tensor, adjacency: Tensor, weight: Tensor) -> Tensor:
    return _mix(x.detach(), adjacency) @ weight


@gcn_layer.mistake(
    "adjacency changed",
    "You write the self loops into the adjacency matrix that you were given, and whoever called "
    "you finds them there; make a new one, adjacency + torch.eye(N, device=x.device).",
)
def _(x: Tensor, adjacency: Tensor, weight: Tensor) -> Tensor:
    adjacency.fill_diagonal_(1)
    return symmetric(adjacency) @ x @ weight


@gcn_layer.mistake(
    "a loop over the nodes",
    "You go through the nodes, or the edges, one by one; let one product of matrices add up the "
    "neighbours of all.",
)
def _(x: Tensor, adjacency: Tensor, weight: Tensor) -> Tensor:
    matrix, features = symmetric(with_loops(adjacency)), x @ weight
    rows = [(row[:, None] * features).sum(dim=0) for row in matrix]
    return torch.stack(rows) if rows else features
