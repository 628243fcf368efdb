"""A layer of a graph convolutional network."""

from collections.abc import Callable

import torch
from torch import Tensor

from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values, vectorised
from torchproof.checking.exercise import exercise


@exercise(driver="on_graph")
def gcn_layer(x: Tensor, adjacency: Tensor, weight: Tensor) -> Tensor:
    """Return D^-1/2 (A + I) D^-1/2 X W, where D holds the degrees of A + I.

    x is (N, D), adjacency (N, N) and symmetric with a diagonal of zeros, weight (D, H). Kipf and
    Welling (2017).
    """
    return symmetric(with_loops(adjacency)) @ x @ weight


def with_loops(adjacency: Tensor, loop: float = 1.0) -> Tensor:
    """Return the matrix of a graph whose nodes are joined to themselves, too."""
    n = len(adjacency)
    return adjacency + loop * torch.eye(n, dtype=adjacency.dtype, device=adjacency.device)


def symmetric(matrix: Tensor, degrees: Tensor | None = None) -> Tensor:
    """Divide each entry by the roots of both nodes' degrees, those of the matrix itself or others.

    Where a degree is 0 nothing is left of the row and the column.
    """
    scale = root(matrix.sum(dim=1) if degrees is None else degrees)
    return scale[:, None] * matrix * scale


def root(degrees: Tensor) -> Tensor:
    """Return one over the root of each degree, and 0 where it is 0."""
    return torch.where(degrees > 0, degrees, 1).rsqrt() * (degrees > 0)


@gcn_layer.cases
def _(draw: Draw) -> Cases:
    single, double = FLOATS
    for weighted, dtype in ((False, single), (True, single), (False, double), (True, double)):
        n, d, h = draw.size(6, 8), draw.size(4, 5), draw.size(2, 3)
        note = "weighted edges" if weighted else "edges of 0 and 1"
        yield values(note, **_drawn(draw, n, d, h, weighted=weighted, dtype=dtype))
    for dtype in FLOATS:
        for n, d, h in ((5, 3, 4), (7, 2, 2), (4, 4, 4)):
            yield shapes(**_drawn(draw, n, d, h, weighted=n != 5, dtype=dtype))
    yield shapes("one number a node", **_drawn(draw, 5, 1, 1))
    yield from _extremes(draw)
    small = _drawn(draw, 4, 3, 2)
    yield vectorised(small, _drawn(draw, 12, 3, 2))
    yield vectorised(small, _drawn(draw, 4, 9, 2))
    yield vectorised(small, _drawn(draw, 4, 3, 7))


def _drawn(
    draw: Draw, n: int, d: int, h: int, weighted: bool = False, dtype: torch.dtype = torch.float32
) -> dict[str, Tensor]:
    """Draw a graph, with the first node joined to every other, the last to the first alone."""
    edges = draw.mask(n, n).to(dtype)
    edges[:1] = 1
    edges[1:, -1:] = 0
    if weighted:
        edges = edges * draw.uniform(n, n, low=0.3, high=2.5, dtype=dtype)
    edges = edges.triu(diagonal=1)
    return {
        "x": draw.normal(n, d, dtype=dtype) + 0.3,
        "adjacency": edges + edges.mT,
        "weight": draw.normal(d, h, dtype=dtype),
    }


def _extremes(draw: Draw) -> Cases:
    _, double = FLOATS
    for name, weighted in (("a node without edges", False), ("weighted, a node without", True)):
        drawn = _drawn(draw, 5, 3, 4, weighted=weighted, dtype=double)
        drawn["adjacency"][2], drawn["adjacency"][:, 2] = 0, 0
        yield extremes(name, **drawn)
    drawn = _drawn(draw, 5, 3, 2, weighted=True)
    edges = drawn["adjacency"]
    yield extremes("no edges at all", **drawn | {"adjacency": torch.zeros(5, 5)})
    yield extremes("every node joined to every other", **drawn | {"adjacency": 1 - torch.eye(5)})
    yield extremes("heavy edges", **drawn | {"adjacency": 1e4 * edges})
    yield extremes("light edges", **drawn | {"adjacency": 1e-4 * edges})
    large = _drawn(draw, 5, 3, 2, dtype=double)
    yield extremes("large features", **large | {"x": 1e4 * large["x"]})
    yield extremes("a single node", **_drawn(draw, 1, 3, 2))
    yield extremes("two nodes", **_drawn(draw, 2, 3, 2, weighted=True, dtype=double))
    nothing = {"x": torch.zeros(0, 3), "adjacency": torch.zeros(0, 0)}
    yield extremes("no nodes", **nothing, weight=draw.normal(3, 2))


def _mixed(name: str, hint: str, mix: Callable[[Tensor], Tensor]) -> None:
    """Add a mistake in the matrix that the features are mixed by."""

    @gcn_layer.mistake(name, hint)
    def _(x: Tensor, adjacency: Tensor, weight: Tensor) -> Tensor:
        return mix(adjacency) @ x @ weight


def raw(matrix: Tensor, degrees: Tensor) -> Tensor:
    """Divide each entry by the roots of both nodes' degrees, and a 0 by 0 gives NaN."""
    scale = degrees.rsqrt()
    return scale[:, None] * matrix * scale


_mixed(
    "no self loops",
    "You leave out the self loops, so a node forgets its own features, and one without edges gets "
    "zeros; start from A + I.",
    symmetric,
)
_mixed(
    "no self loops, NaN",
    "You leave out the self loops, so a node without edges has degree 0, and one over its root "
    "makes NaN; start from A + I.",
    lambda a: raw(a, a.sum(dim=1)),
)
_mixed(
    "degrees without self loops",
    "Your degrees leave out the self loops, though the matrix has them; take the row sums of "
    "A + I.",
    lambda a: symmetric(with_loops(a), a.sum(dim=1)),
)
_mixed(
    "degrees without self loops, infinite",
    "Your degrees leave out the self loops, so that a node without edges has degree 0, and one "
    "over its root is infinite; take the row sums of A + I.",
    lambda a: raw(with_loops(a), a.sum(dim=1)),
)
_mixed(
    "self loops in the degrees only",
    "Your degrees have the self loops, but the matrix that you divide does not, so a node forgets "
    "its own features; divide A + I.",
    lambda a: symmetric(a, with_loops(a).sum(dim=1)),
)
_mixed(
    "self loops after normalising",
    "You add I after you have normalised A; add it first, so that it is in the degrees and is "
    "divided by them, too.",
    lambda a: with_loops(symmetric(a)),
)
_mixed(
    "self loops after normalising, NaN",
    "You add I after you have normalised A, and a node without edges has degree 0 then, which "
    "makes NaN; add it first.",
    lambda a: with_loops(raw(a, a.sum(dim=1))),
)
_mixed(
    "self loops before and after",
    "You add I to A, and once more after normalising; it belongs before, once.",
    lambda a: with_loops(symmetric(with_loops(a))),
)
_mixed(
    "2I",
    "You give each node two self loops; add I once.",
    lambda a: symmetric(with_loops(a, 2.0)),
)
_mixed(
    "1 added everywhere",
    "A + 1 joins every node to every other; the identity, torch.eye(N), has its ones on the "
    "diagonal only.",
    lambda a: symmetric(a + 1),
)
