"""Inputs that every function of one variable is tried on."""

import torch

from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values, vectorised


def curve_cases(draw: Draw, scale: float, **options: float) -> Cases:
    """Yield the cases that every function of one variable is tried on."""
    for dtype in FLOATS:
        yield values(x=scale * draw.normal(12, dtype=dtype), **options)
        yield values(x=scale * draw.normal(2, 3, 4, dtype=dtype), **options)
        yield shapes(x=draw.normal(3, 5, dtype=dtype), **options)
        yield shapes(x=draw.normal(2, 4, 3, dtype=dtype), **options)
    yield extremes("a single element", x=torch.tensor(draw.number(0.5, 1.5)), **options)
    yield extremes("an empty batch", x=torch.empty(0, 3), **options)
    yield extremes("infinities", x=torch.tensor([-torch.inf, -1.0, torch.inf]), **options)
    big = torch.tensor([-3e38, -1000.0, -100.0, -1e-30, 0.0, 1e-30, 100.0, 1000.0, 3e38])
    yield extremes("very large and very small", x=big, **options)
    yield vectorised({"x": draw.normal(4), **options}, {"x": draw.normal(9, 5), **options})
