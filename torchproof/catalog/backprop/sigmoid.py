"""The sigmoid, backwards."""

import torch
from torch import Tensor

from torchproof.catalog.backprop.rules import AUTOGRAD, GROUPS
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=AUTOGRAD)
def sigmoid_backward(grad_output: Tensor, output: Tensor) -> Tensor:
    """Return the gradient at the sigmoid's input from that at its output, and the output."""
    result: Tensor = torch.ops.aten.sigmoid_backward(grad_output, output)
    return result


@sigmoid_backward.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        for shape in ([8], [draw.size(2, 4), draw.size(5, 7)]):
            yield values(
                grad_output=draw.normal(*shape, dtype=dtype),
                output=torch.sigmoid(2 * draw.normal(*shape, dtype=dtype)),
            )
    ends = torch.tensor([0.0, 1.0, 0.5, 1.0, 0.0])
    yield extremes("outputs of 0 and 1", grad_output=draw.normal(5), output=ends)
    tiny = torch.tensor([1e-30, 1e-10, 1 - 1e-6], dtype=torch.float64)
    large = torch.tensor([-1e30, 1e10, 1e6], dtype=torch.float64) * draw.number(1, 2)
    yield extremes("outputs near 0 and 1", grad_output=large, output=tiny)
    middle = draw.uniform(4, low=0.2, high=0.8)
    yield extremes("no gradient from above", grad_output=torch.zeros(4), output=middle)
    yield extremes("a gradient of 1", grad_output=torch.ones(4), output=middle)
    yield extremes("an empty batch", grad_output=torch.empty(0, 3), output=torch.empty(0, 3))
    for dtype in FLOATS:
        for shape in ([], [1], [3, 5], [2, 4, 3]):
            yield shapes(
                grad_output=draw.normal(*shape, dtype=dtype),
                output=draw.uniform(*shape, low=0.1, high=0.9, dtype=dtype),
            )


@sigmoid_backward.mistake(
    "upstream ignored",
    "You return the sigmoid's slope alone; multiply it by grad_output, which carries the slope of "
    "all that follows.",
)
def _(grad_output: Tensor, output: Tensor) -> Tensor:
    return output * (1 - output)


@sigmoid_backward.mistake(
    "upstream passed on",
    "You hand grad_output on as it came; multiply it by the sigmoid's slope, y·(1 - y).",
)
def _(grad_output: Tensor, output: Tensor) -> Tensor:
    return grad_output.clone()


@sigmoid_backward.mistake(
    "upstream added",
    "You add the two slopes; slopes of functions one after the other are multiplied.",
)
def _(grad_output: Tensor, output: Tensor) -> Tensor:
    return grad_output + output * (1 - output)


@sigmoid_backward.mistake(
    "sigmoid applied again",
    "You put output through the sigmoid once more; it is y already, so the slope is y·(1 - y).",
)
def _(grad_output: Tensor, output: Tensor) -> Tensor:
    again = torch.sigmoid(output)
    return grad_output * again * (1 - again)


@sigmoid_backward.mistake(
    "sigmoid of the upstream gradient",
    "You take the slope at grad_output; it belongs at output, y·(1 - y), and grad_output is what "
    "it is multiplied by.",
)
def _(grad_output: Tensor, output: Tensor) -> Tensor:
    return output * grad_output * (1 - grad_output)


@sigmoid_backward.mistake(
    "output in place of the slope",
    "You multiply grad_output by the sigmoid itself; multiply it by the sigmoid's slope, "
    "y·(1 - y).",
)
def _(grad_output: Tensor, output: Tensor) -> Tensor:
    return grad_output * output


@sigmoid_backward.mistake(
    "tanh's slope",
    "1 - y² is the slope of tanh; the sigmoid's is y·(1 - y).",
)
def _(grad_output: Tensor, output: Tensor) -> Tensor:
    return grad_output * (1 - output**2)


@sigmoid_backward.mistake(
    "sign swapped",
    "Your slope is y·(y - 1), which is negative; the sigmoid rises everywhere, with slope "
    "y·(1 - y).",
)
def _(grad_output: Tensor, output: Tensor) -> Tensor:
    return grad_output * output * (output - 1)


@sigmoid_backward.mistake(
    "NaN where the output is rounded",
    "You go back to the input by a logarithm, which is infinite where output is 0 or 1, and then "
    "get NaN; y·(1 - y) needs no input.",
)
def _(grad_output: Tensor, output: Tensor) -> Tensor:
    small = torch.exp(-torch.log(output / (1 - output)))
    return grad_output * small / (1 + small) ** 2


@sigmoid_backward.mistake(
    "summed",
    "You add up the gradients of all elements; each element has its own, in the shape of output.",
)
def _(grad_output: Tensor, output: Tensor) -> Tensor:
    return (grad_output * output * (1 - output)).sum()


@sigmoid_backward.mistake(
    "averaged",
    "You divide by the number of elements; an average, where there is one, is in grad_output "
    "already.",
)
def _(grad_output: Tensor, output: Tensor) -> Tensor:
    return grad_output * output * (1 - output) / max(output.numel(), 1)


@sigmoid_backward.mistake(
    "writes into grad_output",
    "grad_output *= ... changes the caller's gradient, which other steps back may still need; "
    "make a new tensor.",
)
def _(grad_output: Tensor, output: Tensor) -> Tensor:
    grad_output *= output * (1 - output)
    return grad_output


@sigmoid_backward.mistake(
    "writes into output",
    "output *= ... changes the caller's output, which other steps back may still need; make a "
    "new tensor.",
)
def _(grad_output: Tensor, output: Tensor) -> Tensor:
    output *= 1 - output
    return grad_output * output
