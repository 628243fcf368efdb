"""The gradient by central differences."""

import itertools
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.backprop.rules import AUTOGRAD, GROUPS, Function
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values
from torchproof.checking.exercise import exercise


def _along_each(x: Tensor, eps: float, slope: Callable[[Tensor], Any]) -> Tensor:
    """Fill a tensor like x with ``slope`` of a step of eps along each element in turn."""
    result = torch.zeros_like(x)
    for index in itertools.product(*map(range, x.shape)):
        step = torch.zeros_like(x)
        step[index] = eps
        result[index] = slope(step)
    return result


@exercise(groups=GROUPS, not_allowed=AUTOGRAD, driver="with_function")
def numerical_gradient(f: Function, x: Tensor, eps: float) -> Tensor:
    """Return central differences of f, which gives one number, along each element of x."""
    return _along_each(x, eps, lambda step: (f(x + step) - f(x - step)) / (2 * eps))


@numerical_gradient.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        narrow = dtype is torch.float32  # a small eps leaves it few right digits
        eps = draw.number(0.2, 0.4) if narrow else draw.number(0.02, 0.1)
        n, d, k = draw.size(3, 5), draw.size(2, 3), draw.size(4, 6)
        weight = draw.uniform(n, low=0.5, high=1.5, dtype=dtype)
        wave = [("sin",), ("mul", weight), ("sum",)]
        yield values("a sum of waves", f=wave, x=draw.normal(n, dtype=dtype), eps=eps)
        layer = [("matmul", draw.normal(d, k, dtype=dtype)), ("tanh",), ("mean",)]
        yield values("a layer of neurons", f=layer, x=draw.normal(n, d, dtype=dtype), eps=eps)
        product = [("square",), ("add", 1.0), ("prod",)]
        x = draw.uniform(2, 2, low=-1, high=1, dtype=dtype)
        yield values("a product", f=product, x=x, eps=eps)
        cubic = [("sub", draw.number(1, 2)), ("pow", 3), ("sum",)]
        yield values("cubes", f=cubic, x=draw.uniform(n, low=-1, dtype=dtype), eps=eps)
    wide = {"x": draw.normal(4, dtype=torch.float64), "eps": 0.05}
    yield extremes("a constant", f=[("mul", 0.0), ("sum",), ("add", 3.0)], **wide)
    index = torch.tensor(2)
    yield extremes("one element counts", f=[("take", index), ("exp",)], **wide)
    kink = [("abs",), ("sum",)]
    yield extremes("a kink", f=kink, x=torch.tensor([0.0, -1.5, 0.0]), eps=0.25)
    tie = torch.tensor([1.5, -0.5, 1.5])
    yield extremes("two largest elements", f=[("max",)], x=tie, eps=0.25)
    far = 1e4 * draw.normal(3, dtype=torch.float64)
    yield extremes("large numbers", f=[("sin",), ("sum",)], x=far, eps=0.3)
    yield extremes("a large step", f=[("exp",), ("sum",)], **(wide | {"eps": 2.0}))
    yield extremes("a small step", f=[("exp",), ("sum",)], **(wide | {"eps": 1e-4}))
    yield extremes("no elements", f=[("sum",)], x=torch.empty(0), eps=0.1)
    for dtype in FLOATS:
        cube = [("pow", 3), ("sum",)]
        for shape in ((), (1,), (4,), (2, 3), (2, 1, 3)):
            note = "" if shape else "a single number"
            x = draw.uniform(*shape, low=0.5, high=1.5, dtype=dtype)
            yield shapes(note, f=cube, x=x, eps=0.25)


@numerical_gradient.mistake(
    "forward difference",
    "You compare f ahead with f at x, a forward difference; a central one compares f ahead with f "
    "behind, f(x + step) - f(x - step), over 2·eps.",
)
def _(f: Function, x: Tensor, eps: float) -> Tensor:
    return _along_each(x, eps, lambda step: (f(x + step) - f(x)) / eps)


@numerical_gradient.mistake(
    "backward difference",
    "You compare f at x with f behind, a backward difference; a central one compares f ahead with "
    "f behind, f(x + step) - f(x - step), over 2·eps.",
)
def _(f: Function, x: Tensor, eps: float) -> Tensor:
    return _along_each(x, eps, lambda step: (f(x) - f(x - step)) / eps)


@numerical_gradient.mistake(
    "eps not doubled",
    "The two points are 2·eps apart, and you divide by eps; your slopes are twice too large.",
)
def _(f: Function, x: Tensor, eps: float) -> Tensor:
    return _along_each(x, eps, lambda step: (f(x + step) - f(x - step)) / eps)


@numerical_gradient.mistake(
    "divided by half of eps",
    "/ 2 * eps divides by 2 and then multiplies by eps; put the product in brackets, / (2 * eps).",
)
def _(f: Function, x: Tensor, eps: float) -> Tensor:
    return _along_each(x, eps, lambda step: (f(x + step) - f(x - step)) / 2 * eps)


@numerical_gradient.mistake(
    "not divided",
    "You return the difference of the two values; a slope is that difference over the distance "
    "of the two points, 2·eps.",
)
def _(f: Function, x: Tensor, eps: float) -> Tensor:
    return _along_each(x, eps, lambda step: f(x + step) - f(x - step))


@numerical_gradient.mistake(
    "sign swapped",
    "You subtract f ahead from f behind; it should be the other way round.",
)
def _(f: Function, x: Tensor, eps: float) -> Tensor:
    return _along_each(x, eps, lambda step: (f(x - step) - f(x + step)) / (2 * eps))


@numerical_gradient.mistake(
    "x left changed",
    "You move the elements of x itself and leave them moved, so later slopes are taken elsewhere "
    "and the caller's x is changed; move a clone, or put each element back.",
)
def _(f: Function, x: Tensor, eps: float) -> Tensor:
    result = torch.zeros_like(x)
    for index in itertools.product(*map(range, x.shape)):
        x[index] += eps
        ahead = f(x)
        x[index] -= 2 * eps
        result[index] = (ahead - f(x)) / (2 * eps)
    return result


@numerical_gradient.mistake(
    "a clone left changed",
    "You move the elements of one clone and never put them back, so every slope after the first "
    "is taken beside x; move one element at a time, from x as it was.",
)
def _(f: Function, x: Tensor, eps: float) -> Tensor:
    moved, result = x.clone(), torch.zeros_like(x)
    for index in itertools.product(*map(range, x.shape)):
        moved[index] += eps
        ahead = f(moved)
        moved[index] -= 2 * eps
        result[index] = (ahead - f(moved)) / (2 * eps)
    return result


@numerical_gradient.mistake(
    "steps add up",
    "Your step keeps eps in every element it has visited, so from the second on you move along "
    "several at once; make a step of zeros for each element.",
)
def _(f: Function, x: Tensor, eps: float) -> Tensor:
    step, result = torch.zeros_like(x), torch.zeros_like(x)
    for index in itertools.product(*map(range, x.shape)):
        step[index] = eps
        result[index] = (f(x + step) - f(x - step)) / (2 * eps)
    return result


@numerical_gradient.mistake(
    "all elements at once",
    "x + eps moves all elements at once and gives one slope, the sum of all; move one element at "
    "a time.",
)
def _(f: Function, x: Tensor, eps: float) -> Tensor:
    return (f(x + eps) - f(x - eps)) / (2 * eps)


@numerical_gradient.mistake(
    "all elements at once, spread",
    "x + eps moves all elements at once, and you give every element the sum of all slopes; move "
    "one element at a time.",
)
def _(f: Function, x: Tensor, eps: float) -> Tensor:
    return torch.full_like(x, ((f(x + eps) - f(x - eps)) / (2 * eps)).item())


@numerical_gradient.mistake(
    "rows at once",
    "Your loop runs over the first dimension of x alone, so x[i] is a whole row where x has more "
    "dimensions; visit every element.",
)
def _(f: Function, x: Tensor, eps: float) -> Tensor:
    result = torch.zeros_like(x)
    for row in range(len(x)):
        step = torch.zeros_like(x)
        step[row] = eps
        result[row] = (f(x + step) - f(x - step)) / (2 * eps)
    return result


@numerical_gradient.mistake(
    "flat",
    "Your result is flat; give it the shape of x.",
)
def _(f: Function, x: Tensor, eps: float) -> Tensor:
    return numerical_gradient.reference(f, x, eps).flatten()  # type: ignore[no-any-return]


@numerical_gradient.mistake(
    "eps of its own",
    "Your step is always the same, whatever eps is; use the eps that you are given.",
)
def _(f: Function, x: Tensor, eps: float) -> Tensor:
    return numerical_gradient.reference(f, x, 1e-5)  # type: ignore[no-any-return]


@numerical_gradient.mistake(
    "step in proportion to x",
    "Your step is eps times the element, and none at all where it is 0; move each by eps itself.",
)
def _(f: Function, x: Tensor, eps: float) -> Tensor:
    def slope(step: Tensor) -> Tensor:
        return (f(x + step * x) - f(x - step * x)) / (2 * eps * x[step != 0][0])

    return _along_each(x, eps, slope)


@numerical_gradient.mistake(
    "view of a clone",
    "view asks for elements that lie side by side in memory, and those of x need not; visit the "
    "elements of x by their index, or use reshape on a tensor of steps.",
)
def _(f: Function, x: Tensor, eps: float) -> Tensor:
    moved = x.clone()
    flat, slopes = moved.view(-1), []
    for i in range(len(flat)):
        flat[i] += eps
        ahead = f(moved)
        flat[i] -= 2 * eps
        slopes.append((ahead - f(moved)) / (2 * eps))
        flat[i] += eps
    return torch.stack(slopes).reshape(x.shape) if slopes else torch.zeros_like(x)


@numerical_gradient.mistake(
    "writes into a copy",
    "Where x is not contiguous in memory, flatten and reshape copy it, so what you write there "
    "never reaches the tensor you hand to f, and every slope is 0; shape the step itself like x.",
)
def _(f: Function, x: Tensor, eps: float) -> Tensor:
    moved = x.clone()
    flat, slopes = moved.flatten(), []
    for i in range(len(flat)):
        flat[i] += eps
        ahead = f(moved)
        flat[i] -= 2 * eps
        slopes.append((ahead - f(moved)) / (2 * eps))
        flat[i] += eps
    return torch.stack(slopes).reshape(x.shape) if slopes else torch.zeros_like(x)


@numerical_gradient.mistake(
    "float32 slopes",
    "You collect the slopes as Python numbers or in torch.zeros, which makes them float32; give "
    "them the dtype and device of x, as torch.zeros_like(x) does.",
)
def _(f: Function, x: Tensor, eps: float) -> Tensor:
    return numerical_gradient.reference(f, x, eps).float()  # type: ignore[no-any-return]
