"""The area under a curve given by points."""

import torch
from torch import Tensor

from torchproof.catalog.metrics.rules import GROUPS, LIBRARIES
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values, vectorised
from torchproof.checking.exercise import exercise

_TRAPEZOIDS = ("trapezoid", "trapz", "cumulative_trapezoid", "scipy.integrate")
"""What does the whole job; numpy's have the same names."""


@exercise(groups=GROUPS, not_allowed=(*LIBRARIES, *_TRAPEZOIDS), picture="curve")
def auc(x: Tensor, y: Tensor) -> float:
    """Return the area under the straight lines between points.

    x and y have shape (N,), N at least 2, and one dtype; x never falls. Below 0 the area counts
    as negative.
    """
    from sklearn import metrics  # here, since it takes long

    return float(metrics.auc(x.double().cpu().numpy(), y.double().cpu().numpy()))


def _draw_points(draw: Draw, n: int, dtype: torch.dtype) -> dict[str, Tensor]:
    """Return points that lie unevenly, some of them above each other."""
    x = draw.uniform(n, low=-0.5, high=1.5, dtype=dtype).sort().values
    if n > 4:
        x[3] = x[2]
    return {"x": x, "y": draw.uniform(n, high=2.0, dtype=dtype)}


@auc.cases
def _(draw: Draw) -> Cases:
    single, double = FLOATS
    yield values(**_draw_points(draw, draw.size(6, 9), single))
    mixed = _draw_points(draw, draw.size(9, 12), double)
    mixed["y"][:2] = -draw.uniform(2, low=0.5)
    yield values("some of y below 0", **mixed)
    rising = _draw_points(draw, draw.size(7, 9), double)
    yield values("a rising curve", x=rising["x"], y=rising["y"].sort().values)
    falling = rising["y"].sort(descending=True).values
    yield values("a falling curve", x=rising["x"] + 3, y=falling)
    even = torch.arange(5, dtype=double) / 4
    yield values("evenly spaced", x=even, y=draw.uniform(5, dtype=double))
    for dtype in FLOATS:
        for n in (3, 8):
            yield shapes(**_draw_points(draw, n, dtype))
    yield extremes("two points", **_draw_points(draw, 2, single))
    upright = torch.full((4,), draw.number(0.0, 1.0))
    yield extremes("all points above each other", x=upright, y=draw.uniform(4))
    corner = torch.tensor([0.0, 0.0, 1.0])
    yield extremes("a corner", x=corner, y=torch.tensor([0.0, 1.0, 1.0]))
    yield extremes("a step down", x=torch.tensor([0.0, 1.0, 1.0, 2.0]), y=2 - corner[[0, 0, 2, 2]])
    below = _draw_points(draw, 6, double)
    yield extremes("all of y below 0", x=below["x"], y=-below["y"])
    wide = torch.tensor([-1e12, -1e6, 0.0, 1e3, 1e12])
    yield extremes("a wide curve", x=wide, y=draw.uniform(5, low=0.5))
    narrow = 1 + 1e-9 * torch.tensor([0.0, 1.0, 2.0, 4.0, 5.0], dtype=double)
    yield extremes("a narrow curve, high up", x=narrow, y=1e9 * draw.uniform(5, low=0.5).double())
    yield vectorised(_draw_points(draw, 5, double), _draw_points(draw, 40, double))


def _heights(y: Tensor) -> Tensor:
    """Return the mean of each two neighbours."""
    return (y[1:] + y[:-1]) / 2


@auc.mistake(
    "left rectangles",
    "You take the height at the left end of each piece; take the mean of the heights at its ends.",
)
def _(x: Tensor, y: Tensor) -> float:
    x, y = x.double(), y.double()
    return float((x.diff() * y[:-1]).sum())


@auc.mistake(
    "right rectangles",
    "You take the height at the right end of each piece; take the mean of the heights at its ends.",
)
def _(x: Tensor, y: Tensor) -> float:
    x, y = x.double(), y.double()
    return float((x.diff() * y[1:]).sum())


@auc.mistake(
    "not halved",
    "You add the two heights of each piece but do not halve the sum.",
)
def _(x: Tensor, y: Tensor) -> float:
    x, y = x.double(), y.double()
    return float((x.diff() * (y[1:] + y[:-1])).sum())


@auc.mistake(
    "the higher of two",
    "You take the greater of the two heights of each piece; take their mean.",
)
def _(x: Tensor, y: Tensor) -> float:
    x, y = x.double(), y.double()
    return float((x.diff() * torch.maximum(y[1:], y[:-1])).sum())


@auc.mistake(
    "the lower of two",
    "You take the smaller of the two heights of each piece; take their mean.",
)
def _(x: Tensor, y: Tensor) -> float:
    x, y = x.double(), y.double()
    return float((x.diff() * torch.minimum(y[1:], y[:-1])).sum())


@auc.mistake(
    "the mean of y",
    "You take the mean of all y; each piece counts by its width, x[i] - x[i - 1].",
)
def _(x: Tensor, y: Tensor) -> float:
    return float(y.double().mean())


@auc.mistake(
    "widths of 1",
    "You add the heights up as if every piece were 1 wide; multiply each by its width, "
    "x[i] - x[i - 1].",
)
def _(x: Tensor, y: Tensor) -> float:
    return float(_heights(y.double()).sum())


@auc.mistake(
    "even widths",
    "You give every piece the same width; the points need not be evenly spaced, so take "
    "x[i] - x[i - 1] for each.",
)
def _(x: Tensor, y: Tensor) -> float:
    x, y = x.double(), y.double()
    return float((x[-1] - x[0]) * _heights(y).mean())


@auc.mistake(
    "a mean height",
    "You divide the area by the range of x, which gives the mean height; the area is asked for.",
)
def _(x: Tensor, y: Tensor) -> float:
    x, y = x.double(), y.double()
    return float((x.diff() * _heights(y)).sum() / (x[-1] - x[0]))


@auc.mistake(
    "x and y swapped",
    "You take the widths from y and the heights from x; it is the other way round.",
)
def _(x: Tensor, y: Tensor) -> float:
    x, y = x.double(), y.double()
    return float((y.diff() * _heights(x)).sum())


@auc.mistake(
    "backwards",
    "Your area has the wrong sign; the width of a piece is the later x minus the earlier one.",
)
def _(x: Tensor, y: Tensor) -> float:
    x, y = x.double(), y.double()
    return float(-(x.diff() * _heights(y)).sum())


@auc.mistake(
    "the last piece left out",
    "The last piece is missing; N points have N - 1 pieces between them.",
)
def _(x: Tensor, y: Tensor) -> float:
    x, y = x.double(), y.double()
    return float((x.diff() * _heights(y))[:-1].sum())


@auc.mistake(
    "the first piece left out",
    "The first piece is missing; N points have N - 1 pieces between them.",
)
def _(x: Tensor, y: Tensor) -> float:
    x, y = x.double(), y.double()
    return float((x.diff() * _heights(y))[1:].sum())


@auc.mistake(
    "from 0",
    "You add a piece from x = 0 to the first point; the area lies between the first point and the "
    "last.",
)
def _(x: Tensor, y: Tensor) -> float:
    x, y = x.double(), y.double()
    return float((x.diff() * _heights(y)).sum() + x[0] * y[0])


@auc.mistake(
    "positive below 0",
    "You count area below 0 as positive; it counts as negative, so leave the sign of y as it is.",
)
def _(x: Tensor, y: Tensor) -> float:
    x, y = x.double(), y.double()
    return float((x.diff() * _heights(y)).abs().sum())


@auc.mistake(
    "sign lost at the end",
    "You return the absolute value of the area; where y is below 0 the area is negative.",
)
def _(x: Tensor, y: Tensor) -> float:
    x, y = x.double(), y.double()
    return abs(float((x.diff() * _heights(y)).sum()))


@auc.mistake(
    "one point of each x",
    "You keep one of several points with the same x; all count, for the curve ends at one of them "
    "and goes on from another.",
)
def _(x: Tensor, y: Tensor) -> float:
    x, y = x.double(), y.double()
    first = torch.cat([x.diff() != 0, x.new_ones(1, dtype=torch.bool)])
    return float((x[first].diff() * _heights(y[first])).sum())


@auc.mistake(
    "y sorted",
    "You sort y by itself, so that it no longer belongs to its x; the points come in order "
    "already.",
)
def _(x: Tensor, y: Tensor) -> float:
    x, y = x.double(), y.double()
    return float((x.diff() * _heights(y.sort().values)).sum())


@auc.mistake(
    "in float32",
    "You turn the points into float32, in which some that lie close have the same x; compute in "
    "the dtype they have.",
)
def _(x: Tensor, y: Tensor) -> float:
    x, y = x.float(), y.float()
    return float((x.diff() * _heights(y)).double().sum())


@auc.mistake(
    "areas so far",
    "You return the area up to each point; the whole area, the last of these, is asked for.",
)
def _(x: Tensor, y: Tensor) -> Tensor:
    return (x.diff() * _heights(y)).cumsum(0)


@auc.mistake(
    "returns a tensor",
    "You return a tensor with one element; a Python float is asked for: .item() gives it.",
)
def _(x: Tensor, y: Tensor) -> Tensor:
    return (x.double().diff() * _heights(y.double())).sum()


@auc.mistake(
    "piece by piece",
    "You add one piece after the other; subtract and add whole tensors, as x[1:] - x[:-1], and sum "
    "at the end.",
)
def _(x: Tensor, y: Tensor) -> float:
    area = 0.0
    for i in range(1, len(x)):
        area += float((x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2)
    return area
