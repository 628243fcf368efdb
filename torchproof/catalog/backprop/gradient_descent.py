"""Gradient descent."""

from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.backprop.rules import GROUPS, OPTIM, Function
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values
from torchproof.checking.exercise import exercise


def _bowl(draw: Draw, *shape: int, dtype: torch.dtype) -> list[Any]:
    """Describe the gradient of a bowl that is steeper along some elements than along others."""
    centre = draw.normal(*shape, dtype=dtype)
    return [("sub", centre), ("mul", draw.uniform(*shape, low=0.5, high=2.0, dtype=dtype))]


def _slanted_bowl(draw: Draw, size: int, dtype: torch.dtype) -> list[Any]:
    """Describe the gradient of a bowl whose axes are not those of the coordinates."""
    square = draw.normal(size, size, dtype=dtype)
    hessian = square @ square.mT / size + torch.eye(size, dtype=dtype) / 2
    return [("sub", draw.normal(size, dtype=dtype)), ("matmul", hessian)]


@exercise(groups=GROUPS, not_allowed=OPTIM, driver="with_function")
def gradient_descent(grad: Function, x0: Tensor, lr: float, steps: int) -> Tensor:
    """Return the points of a descent from x0, one row for each; row 0 is x0."""
    points = [x0]
    for _ in range(steps):
        points.append(points[-1] - lr * grad(points[-1]))
    return torch.stack(points)


@gradient_descent.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        x0 = draw.normal(3, dtype=dtype)
        bowl = _bowl(draw, 3, dtype=dtype)
        yield values("a bowl", grad=bowl, x0=x0, lr=draw.number(0.1, 0.4), steps=draw.size(4, 6))
        d = draw.size(2, 4)
        yield values(
            "a bowl askew",
            grad=_slanted_bowl(draw, d, dtype),
            x0=draw.normal(d, dtype=dtype),
            lr=draw.number(0.1, 0.3),
            steps=draw.size(5, 7),
        )
        waves = draw.uniform(2, 3, low=0.5, high=2.5, dtype=dtype)
        yield values("waves", grad=[("sin",)], x0=waves, lr=draw.number(0.2, 0.8), steps=4)
    start, slope = draw.normal(2), _bowl(draw, 2, dtype=torch.float32)
    yield extremes("no steps", grad=slope, x0=start, lr=0.1, steps=0)
    yield extremes("one step", grad=slope, x0=start, lr=0.1, steps=1)
    yield extremes("a learning rate of 0", grad=slope, x0=start, lr=0.0, steps=4)
    yield extremes("a step too large", grad=slope, x0=start, lr=4.5, steps=6)
    yield extremes("a start in the minimum", grad=slope, x0=slope[0][1], lr=0.3, steps=4)
    yield extremes("a plateau", grad=[("mul", 0.0)], x0=start, lr=0.3, steps=4)
    yield extremes("a slope of 1 or -1 only", grad=[("sign",)], x0=start, lr=0.3, steps=12)
    yield extremes("many steps", grad=slope, x0=start, lr=0.02, steps=100)
    for dtype in FLOATS:
        number = draw.uniform(low=0.5, high=2.5, dtype=dtype)
        yield shapes("a single number", grad=[("sin",)], x0=number, lr=0.4, steps=3)
        for shape in ((1,), (2, 4), (3, 1, 2)):
            x0 = draw.normal(*shape, dtype=dtype)
            yield shapes(grad=_bowl(draw, *shape, dtype=dtype), x0=x0, lr=0.2, steps=5)


@gradient_descent.mistake(
    "ascends",
    "You add lr times the gradient, which climbs; the gradient points uphill, so subtract it.",
)
def _(grad: Function, x0: Tensor, lr: float, steps: int) -> Tensor:
    points = [x0]
    for _ in range(steps):
        points.append(points[-1] + lr * grad(points[-1]))
    return torch.stack(points)


@gradient_descent.mistake(
    "starting point missing",
    "Your first row is the point after the first step; begin with x0 itself, so that there are "
    "steps + 1 rows.",
)
def _(grad: Function, x0: Tensor, lr: float, steps: int) -> Tensor:
    x, points = x0, []
    for _ in range(steps):
        x = x - lr * grad(x)
        points.append(x)
    return torch.stack(points)


@gradient_descent.mistake(
    "last point missing",
    "You note each point before its step and never the point after the last one; with it there "
    "are steps + 1 rows.",
)
def _(grad: Function, x0: Tensor, lr: float, steps: int) -> Tensor:
    x, points = x0, []
    for _ in range(steps):
        points.append(x)
        x = x - lr * grad(x)
    return torch.stack(points)


@gradient_descent.mistake(
    "one step too many",
    "You take steps + 1 steps; x0 is a row too, so steps of them are enough for steps + 1 rows.",
)
def _(grad: Function, x0: Tensor, lr: float, steps: int) -> Tensor:
    points = [x0]
    for _ in range(steps + 1):
        points.append(points[-1] - lr * grad(points[-1]))
    return torch.stack(points)


@gradient_descent.mistake(
    "every row the same tensor",
    "All your rows are one and the same tensor, which x -= ... changes in place, so each shows "
    "the last point; make a new tensor with x = x - ..., or keep a clone.",
)
def _(grad: Function, x0: Tensor, lr: float, steps: int) -> Tensor:
    x = x0.clone()
    points = [x]
    for _ in range(steps):
        x -= lr * grad(x)
        points.append(x)
    return torch.stack(points)


@gradient_descent.mistake(
    "writes into x0",
    "x -= ... changes the caller's x0; make a new tensor with x = x - ..., or start from a clone.",
)
def _(grad: Function, x0: Tensor, lr: float, steps: int) -> Tensor:
    x = x0
    points = [x.clone()]
    for _ in range(steps):
        x -= lr * grad(x)
        points.append(x.clone())
    return torch.stack(points)


@gradient_descent.mistake(
    "last point only",
    "You return the last point alone; all points are asked for, stacked in rows, with x0 first.",
)
def _(grad: Function, x0: Tensor, lr: float, steps: int) -> Tensor:
    x = x0
    for _ in range(steps):
        x = x - lr * grad(x)
    return x


@gradient_descent.mistake(
    "lr forgotten",
    "You subtract the whole gradient; multiply it by lr first.",
)
def _(grad: Function, x0: Tensor, lr: float, steps: int) -> Tensor:
    points = [x0]
    for _ in range(steps):
        points.append(points[-1] - grad(points[-1]))
    return torch.stack(points)


@gradient_descent.mistake(
    "gradient of the starting point",
    "You use the gradient at x0 for every step; the slope changes on the way, so ask for it at "
    "the point you are at.",
)
def _(grad: Function, x0: Tensor, lr: float, steps: int) -> Tensor:
    points, slope = [x0], grad(x0)
    for _ in range(steps):
        points.append(points[-1] - lr * slope)
    return torch.stack(points)


@gradient_descent.mistake(
    "every step from x0",
    "Each of your steps starts at x0 again; subtract from the point you are at.",
)
def _(grad: Function, x0: Tensor, lr: float, steps: int) -> Tensor:
    points = [x0]
    for _ in range(steps):
        points.append(x0 - lr * grad(points[-1]))
    return torch.stack(points)


@gradient_descent.mistake(
    "steps of one length",
    "You divide the gradient by its length, so that all steps are equally long and none is short "
    "near the minimum; subtract lr times the gradient as it is.",
)
def _(grad: Function, x0: Tensor, lr: float, steps: int) -> Tensor:
    points = [x0]
    for _ in range(steps):
        slope = grad(points[-1])
        points.append(points[-1] - lr * slope / slope.norm())
    return torch.stack(points)


@gradient_descent.mistake(
    "a list",
    "You return a Python list of points; make one tensor of them with torch.stack.",
)
def _(grad: Function, x0: Tensor, lr: float, steps: int) -> Any:
    points = [x0]
    for _ in range(steps):
        points.append(points[-1] - lr * grad(points[-1]))
    return points


@gradient_descent.mistake(
    "joined end to end",
    "torch.cat joins the points along the dimension they have, and rows are lost; torch.stack "
    "gives each of them a row of its own.",
)
def _(grad: Function, x0: Tensor, lr: float, steps: int) -> Tensor:
    points = [x0]
    for _ in range(steps):
        points.append(points[-1] - lr * grad(points[-1]))
    return torch.cat(points)


@gradient_descent.mistake(
    "points in columns",
    "Your points are stacked along the last dimension; the rows, dimension 0, should be the steps.",
)
def _(grad: Function, x0: Tensor, lr: float, steps: int) -> Tensor:
    points = [x0]
    for _ in range(steps):
        points.append(points[-1] - lr * grad(points[-1]))
    return torch.stack(points, dim=-1)


@gradient_descent.mistake(
    "float32 rows",
    "You fill a table made by torch.zeros, which is float32 whatever x0 is; give it the dtype and "
    "device of x0, as x0.new_zeros does.",
)
def _(grad: Function, x0: Tensor, lr: float, steps: int) -> Tensor:
    points, x = torch.zeros(steps + 1, *x0.shape), x0
    points[0] = x0
    for step in range(steps):
        x = x - lr * grad(x)
        points[step + 1] = x
    return points
