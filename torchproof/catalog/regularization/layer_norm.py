"""Layer normalisation."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.regularization.norms import GROUPS, NORMS, Parameter
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values
from torchproof.checking.exercise import exercise

Shape = tuple[int, ...]


@exercise(groups=GROUPS, not_allowed=NORMS)
def layer_norm(x: Tensor, shape: Shape, weight: Parameter, bias: Parameter, eps: float) -> Tensor:
    """Return x normalised over its last dimensions, which are ``shape``, scaled and shifted.

    weight and bias have that shape, or are None.
    """
    return F.layer_norm(x, shape, weight, bias, eps)


def _layer(
    draw: Draw,
    batch: Shape,
    shape: Shape,
    dtype: torch.dtype = torch.float32,
    affine: str = "wb",
    eps: float = 1e-5,
) -> dict[str, Any]:
    """Return the arguments of a layer, (*batch, *shape), with weight, bias or both."""
    return {
        "x": 1.0 + 2 * draw.normal(*batch, *shape, dtype=dtype),
        "shape": shape,
        "weight": draw.uniform(*shape, low=0.5, high=2.0, dtype=dtype) if "w" in affine else None,
        "bias": draw.normal(*shape, dtype=dtype) if "b" in affine else None,
        "eps": eps,
    }


@layer_norm.cases
def _(draw: Draw) -> Cases:
    double = torch.float64
    n, d = draw.size(4, 6), draw.size(7, 9)
    large = draw.number(0.3, 0.9)
    yield values("rows", **_layer(draw, (n,), (d,)))
    yield values("a large eps", **_layer(draw, (n,), (d,), double, eps=large))
    yield values("a sequence of words", **_layer(draw, (2, n), (d,), eps=large))
    yield values("two dimensions", **_layer(draw, (n,), (3, d), double))
    yield values("no weight, no bias", **_layer(draw, (n, 2), (d,), affine=""))
    yield values("no bias", **_layer(draw, (n,), (d,), double, affine="w"))
    yield values("no weight", **_layer(draw, (n,), (2, 3), affine="b"))
    yield from _layer_extremes(draw, d)
    for dtype in FLOATS:
        yield shapes("images", **_layer(draw, (3,), (2, 4, 5), dtype))
    yield shapes("a single example", **_layer(draw, (), (d,)))
    yield shapes("a batch of one", **_layer(draw, (1,), (d,), double, affine=""))
    yield shapes("a square", **_layer(draw, (d,), (d,)))
    yield shapes("the last of many", **_layer(draw, (2, 3, 2), (4,), double))


def _layer_extremes(draw: Draw, d: int) -> Cases:
    """Yield the cases of rows that hardly vary, of two numbers or one, and of no rows."""
    layer = _layer(draw, (3,), (d,), torch.float64)
    level = torch.tensor([[1.5], [-2.0], [0.0]], dtype=torch.float64).expand(3, d).clone()
    yield extremes("constant rows", **(layer | {"x": level}))
    offset = layer["x"] + 1e6
    yield extremes("far from 0, compared with the spread", **(layer | {"x": offset}))
    yield extremes("a spread near the root of eps", **(layer | {"x": 3e-3 * layer["x"]}))
    yield extremes("large numbers", **(layer | {"x": 1e12 * layer["x"]}))
    yield extremes("two numbers a row", **_layer(draw, (4,), (2,), torch.float64))
    yield extremes("one number a row", **_layer(draw, (4,), (1,), torch.float64))
    yield extremes("an empty batch", **_layer(draw, (0,), (d,)))
    outlier = torch.eye(d)[:3] * 1000
    yield extremes("one large number a row", **(_layer(draw, (3,), (d,)) | {"x": outlier}))
