"""InfoNCE: which key belongs to which query."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.checking.cases import (
    FLOATS,
    Cases,
    Draw,
    extremes,
    gradients,
    shapes,
    values,
    vectorised,
)
from torchproof.checking.exercise import exercise


@exercise()
def info_nce(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    """Return the mean cross-entropy of finding each query's own key by cosine / temperature.

    queries and keys are (N, D), and row i of the one belongs to row i of the other. van den Oord
    et al. (2018).
    """
    return cross_entropy(cosines(queries, keys) / temperature)


def cosines(queries: Tensor, keys: Tensor) -> Tensor:
    """Return the cosine of each query with each key, (N, N)."""
    return F.normalize(queries, dim=1) @ F.normalize(keys, dim=1).mT


def own(logits: Tensor) -> Tensor:
    """Return the class of each row, which is its number."""
    return torch.arange(len(logits), device=logits.device)


def cross_entropy(logits: Tensor) -> Tensor:
    """Return the mean over rows of the cross-entropy with the diagonal as target."""
    return F.cross_entropy(logits, own(logits))


@info_nce.cases
def _(draw: Draw) -> Cases:
    single, double = FLOATS
    for temperature, dtype in ((0.5, single), (0.1, double), (0.07, single), (2.0, double)):
        n, d = draw.size(4, 6), draw.size(7, 9)
        yield values(**_drawn(draw, n, d, dtype=dtype), temperature=temperature)
    yield values("as many numbers as rows", **_drawn(draw, 5, 5, dtype=double), temperature=0.2)
    for dtype in FLOATS:
        for n, d in ((3, 6), (7, 4), (2, 3)):
            yield shapes(**_drawn(draw, n, d, dtype=dtype), temperature=draw.number(0.2, 0.8))
    yield shapes("a whole number", **_drawn(draw, 4, 3), temperature=1)
    yield from _extremes(draw)
    small = _drawn(draw, 3, 4) | {"temperature": 0.5}
    yield vectorised(small, _drawn(draw, 9, 4) | {"temperature": 0.5})
    yield vectorised(small, _drawn(draw, 3, 12) | {"temperature": 0.5})


def _drawn(draw: Draw, n: int, d: int, dtype: torch.dtype = torch.float32) -> dict[str, Tensor]:
    """Draw queries and keys that are a little alike, and of various lengths."""
    queries, other = (draw.normal(n, d, dtype=dtype) for _ in range(2))
    lengths = draw.uniform(2, n, 1, low=0.5, high=3.0, dtype=dtype)
    return {"queries": lengths[0] * queries, "keys": lengths[1] * (other + 0.3 * queries)}


def _extremes(draw: Draw) -> Cases:
    _, double = FLOATS
    low = {"temperature": 5e-4}
    drawn = _drawn(draw, 6, 4, dtype=double)
    keys = drawn["keys"]
    wrong = {"queries": 2 * keys, "keys": -keys} | low
    row = draw.normal(1, 4, dtype=double) + 0.1
    yield extremes("a low temperature", **drawn, **low)
    yield extremes("every key its query", queries=2 * keys, keys=keys, **low)
    yield extremes("every key opposite to its query", **wrong)
    yield extremes("all alike", queries=row.repeat(5, 1), keys=row.repeat(5, 1), **low)
    other = {"queries": row.repeat(5, 1), "keys": -row.repeat(5, 1)}
    yield extremes("all keys opposite to all queries", **other, **low)
    yield gradients("a low temperature", **drawn, **low)
    yield gradients("every key opposite to its query", **wrong)
    yield extremes("a high temperature", **drawn, temperature=50.0)
    lengths = torch.tensor([1e-5, 1.0, 1e5, 1e-5, 1e3, 1e-4], dtype=double)[:, None]
    varied = {"queries": lengths * drawn["queries"], "keys": lengths.flip(0) * keys}
    yield extremes("very short and very long rows", **varied, temperature=0.1)
    yield extremes("a single pair", **_drawn(draw, 1, 3, dtype=double), temperature=0.5)
    yield extremes("rows of one number", **_drawn(draw, 5, 1, dtype=double), temperature=0.5)
    known = {"queries": 3 * torch.eye(4), "keys": 2 * torch.eye(4)}
    yield extremes("rows at right angles", **known, temperature=0.5)


@info_nce.mistake(
    "not normalised",
    "You take the dot products of the rows as they are; bring the rows of both to length 1 first.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    return cross_entropy(queries @ keys.mT / temperature)


@info_nce.mistake(
    "only the queries normalised",
    "You bring the queries to length 1 and leave the keys as they are; the keys need it, too.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    return cross_entropy(F.normalize(queries, dim=1) @ keys.mT / temperature)


@info_nce.mistake(
    "only the keys normalised",
    "You bring the keys to length 1 and leave the queries as they are; the queries need it, too.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    return cross_entropy(queries @ F.normalize(keys, dim=1).mT / temperature)


def _misnormalised(name: str, hint: str, normalise: Callable[[Tensor], Tensor]) -> None:
    @info_nce.mistake(name, hint)
    def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
        return cross_entropy(normalise(queries) @ normalise(keys).mT / temperature)


_misnormalised(
    "columns normalised",
    "You bring the columns to length 1; each row is a vector, so take the length along dim=1.",
    lambda x: F.normalize(x, dim=0),
)
_misnormalised(
    "normalised as a whole",
    "You divide by the length of the whole tensor; each row has a length of its own, so name the "
    "dimension, and keep it to divide: dim=1, keepdim=True.",
    lambda x: x / x.norm(),
)
_misnormalised(
    "divided by the squared length",
    "You divide each row by its squared length; take the root of the sum of squares.",
    lambda x: x / x.square().sum(dim=1, keepdim=True),
)
_misnormalised(
    "sum of absolute values",
    "You divide each row by the sum of its absolute values; its length is the root of the sum of "
    "squares.",
    lambda x: F.normalize(x, p=1, dim=1),
)
_misnormalised(
    "softmax of the rows",
    "You take a softmax of each row of queries and keys; bring the rows to length 1, so that their "
    "dot products are cosines.",
    lambda x: x.softmax(dim=1),
)
for _eps in (1e-6, 1e-8):
    _misnormalised(
        f"{_eps:g} added to the length",
        f"The {_eps:g} that you add to the lengths makes short rows too short; F.normalize bounds "
        "the length from below instead, by a much smaller number.",
        lambda x, eps=_eps: x / (x.norm(dim=1, keepdim=True) + eps),  # type: ignore[misc]
    )


@info_nce.mistake(
    "multiplied by the temperature",
    "You multiply the similarities by the temperature; divide by it, so that a low one makes "
    "differences large.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    return cross_entropy(cosines(queries, keys) * temperature)


@info_nce.mistake(
    "temperature left out",
    "You leave out the temperature; divide the similarities by it before the softmax.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    return cross_entropy(cosines(queries, keys))


@info_nce.mistake(
    "temperature twice",
    "You divide by the temperature twice, perhaps both queries and keys; divide the similarities "
    "by it once.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    return cross_entropy(cosines(queries, keys) / temperature**2)


@info_nce.mistake(
    "loss divided by the temperature",
    "You divide the loss by the temperature; divide the similarities by it, inside the softmax.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    return cross_entropy(cosines(queries, keys)) / temperature
