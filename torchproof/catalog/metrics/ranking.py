"""What the exercises on ranking by scores share: their inputs, and counting at thresholds."""

from typing import Any

import torch
from torch import Tensor

from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values
from torchproof.checking.cases import vectorised as vectorised_case


def ranking_cases(draw: Draw) -> Cases:
    """Yield the cases that measures of a ranking are tried on."""
    single, double = FLOATS
    yield values("every score its own", **draw_scored(draw, draw.size(9, 12), dtype=double))
    for first, dtype, share in ((0, single, 0.35), (1, double, 0.6)):
        given = draw_scored(draw, draw.size(10, 14), share, tied=4, dtype=dtype)
        yield values("tied scores", **tie_two(given, first))
    few = draw_scored(draw, 20, 0.2, tied=6)
    yield values("few positives, ranked low", scores=-few["scores"], target=few["target"])
    yield shapes(**draw_scored(draw, 5, dtype=double))
    yield shapes(**draw_scored(draw, draw.size(8, 9), tied=3, dtype=single))
    yield from _extreme_rankings(draw)
    yield vectorised_case(draw_scored(draw, 6, tied=3), draw_scored(draw, 40, tied=9))


def _extreme_rankings(draw: Draw) -> Cases:
    target = torch.tensor([0, 0, 1, 0, 1, 1, 0, 1, 0])
    same = torch.full((9,), draw.number(-1.0, 1.0))
    yield extremes("all scores the same", scores=same, target=target)
    yield extremes("all scores the same, positives first", scores=same[:5], target=target[4:])
    order = draw.normal(9).sort().values
    yield extremes("no mistake in the ranking", scores=order, target=target.sort().values)
    backwards = target.sort(descending=True).values
    yield extremes("the ranking backwards", scores=order, target=backwards)
    tied = torch.tensor([0.5, 0.25, 0.5, -1.0, 0.75])
    yield extremes("only positives", scores=tied, target=torch.ones(5, dtype=torch.int64))
    yield extremes("only negatives", scores=tied, target=torch.zeros(5, dtype=torch.int64))
    for label in (0, 1):
        yield extremes("a single score", scores=draw.normal(1), target=torch.tensor([label]))
    large = torch.tensor([20.0, 80.0, 40.0, 30.0, -90.0, -100.0, 60.0, -70.0, 50.0])
    yield extremes("large logits", scores=large, target=target)
    tiny = torch.tensor([3.0, 1.0, 9.0, 2.0, 4.0, 6.0, 5.0, 8.0, 7.0]) * 1e-12
    yield extremes("scores that nearly tie", scores=0.5 + tiny.double(), target=target)
    wide = torch.tensor([1e30, -2e-30, 1e-30, -3e38, 2e-30, 3e38, 0.0, -1e30, -1e-30])
    yield extremes("very large and very small scores", scores=wide, target=target)


def draw_scored(
    draw: Draw,
    n: int,
    share: float = 0.5,
    tied: int = 0,
    dtype: torch.dtype = torch.float32,
) -> dict[str, Any]:
    """Return scores, somewhat higher for the positives, and their target, both classes in it.

    Args:
        draw: what they are drawn from.
        n: how many; at least two.
        share: how many of them are positive, about.
        tied: how many different scores there are, about; 0 if each is to be its own.
        dtype: of the scores.
    """
    target = draw.mask(n, share=share).long()
    target[0], target[-1] = 1, 0
    scores = draw.normal(n, dtype=torch.float64) + 0.8 * target
    if tied:
        scores = (scores * tied / 3).round() * 3 / tied
    return {"scores": scores.to(dtype), "target": target}


def tie_two(given: dict[str, Any], first: int) -> dict[str, Any]:
    """Let the first score be equal to the third, the one of class ``first`` and the other not."""
    scores, target = given["scores"].clone(), given["target"].clone()
    scores[2] = scores[0]
    target[0], target[2] = first, 1 - first
    return {"scores": scores, "target": target}


def counted(scores: Tensor, target: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Count the positives and the negatives at or above each of the different scores.

    Returns:
        True positives, false positives and thresholds, float64, the highest threshold first.
    """
    thresholds = scores.unique().flip(0)  # type: ignore[no-untyped-call]
    above = (scores >= thresholds[:, None]).double()
    hits = target.double()
    return above @ hits, above @ (1 - hits), thresholds.double()


def split(scores: Tensor, target: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Count one score at a time, the highest first, those that tie as they come."""
    ordered, order = scores.sort(descending=True, stable=True)
    hits = target[order].double()
    return hits.cumsum(0), (1 - hits).cumsum(0), ordered.double()


def with_zero(counts: Tensor) -> Tensor:
    """Put a 0 before the first of the counts."""
    return torch.cat([counts.new_zeros(1), counts])


def share_of(counts: Tensor, whole: Tensor) -> Tensor:
    """Divide the counts, where 0 / 0 is 0."""
    return counts / whole.clamp(min=1)
