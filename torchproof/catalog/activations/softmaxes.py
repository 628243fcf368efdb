"""Inputs that softmax and its logarithm are tried on."""

import torch

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


def slices(draw: Draw) -> Cases:
    """Yield the cases that softmax and its logarithm are tried on; no case is square."""
    for dtype in FLOATS:
        yield values(x=draw.normal(3, draw.size(4, 6), dtype=dtype), dim=1)
        yield values(x=draw.normal(draw.size(4, 6), 3, dtype=dtype), dim=0)
        for dim in (0, 1, -1):
            yield values(x=draw.normal(2, 3, 4, dtype=dtype), dim=dim)
        yield shapes(x=draw.normal(4, 7, dtype=dtype), dim=1)
        yield shapes(x=draw.normal(7, 2, dtype=dtype), dim=-1)
        yield shapes(x=draw.normal(2, 5, 3, dtype=dtype), dim=1)
    far = torch.tensor([[-1000.0], [0.0], [1000.0]])
    yield gradients("rows far apart", x=draw.normal(3, 4) + far, dim=1)
    yield gradients("one far below", x=torch.tensor([[0.0, -1000.0, 1.0], [1.0, 2.0, 3.0]]), dim=1)
    yield extremes("large", x=draw.normal(2, 4) + 100, dim=1)
    yield extremes("very negative", x=draw.normal(2, 4) - 120, dim=1)
    yield extremes("very large", x=draw.normal(2, 4, dtype=torch.float64) + 1e4, dim=1)
    yield extremes("rows far apart", x=draw.normal(3, 4, dtype=torch.float64) + far, dim=1)
    yield extremes("one far below", x=torch.tensor([[0.0, -1000.0, 1.0]]), dim=1)
    deep = torch.tensor([[-20000.0, -20001.0, -20003.0]], dtype=torch.float64)
    yield extremes("far below 0", x=deep + draw.uniform(1, 3, dtype=torch.float64), dim=1)
    yield extremes("beyond measure", x=torch.tensor([[1e30, 0.0, -1e30]]), dim=1)
    yield extremes("-infinity as a mask", x=torch.tensor([[0.5, -torch.inf, 1.0]]), dim=1)
    yield extremes("ties", x=torch.full((2, 3), 7.0), dim=1)
    yield extremes("a single element", x=torch.tensor([3.0]), dim=0)
    yield extremes("an empty batch", x=torch.empty(0, 3), dim=1)
    yield vectorised({"x": draw.normal(2, 3), "dim": 1}, {"x": draw.normal(9, 7), "dim": 1})
