"""What classes with a hand-written backward have in common."""

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from torchproof.checking.cases import Cases, Draw, Group
from torchproof.checking.exercise import exercise

AUTOGRAD = (
    *("backward", "enable_grad", "set_grad_enabled", "torch.autograd.grad"),
    *("torch.func.grad", "torch.func.vjp", "torch.func.jacrev", "torch.func.jacfwd"),
    *("sigmoid_backward", "leaky_relu_backward"),
)
"""What would find the gradient in the learner's place."""


BACKWARD_GROUPS = (Group.GRADIENTS, Group.EXTREMES, Group.SHAPES)


backward_exercise = exercise(
    groups=BACKWARD_GROUPS, not_allowed=AUTOGRAD, driver="autograd_function"
)
"""Makes a class with a hand-written backward an exercise."""


def with_backward(draw: Draw, given: Cases) -> Cases:
    """Let cases beyond ``gradients`` try the backward too, wherever x is finite."""
    for case in given:
        x = case.arguments["x"]
        if x.isinf().any():
            yield case
        else:
            upstream = draw.normal(*x.shape, dtype=x.dtype)
            yield replace(case, arguments={**case.arguments, "grad_output": upstream})


def by_autograd(function: Callable[[Tensor], Tensor], x: Tensor, grad_output: Tensor) -> Tensor:
    """Return the gradient that autograd finds for a function of one variable."""
    leaf = x.detach().requires_grad_()
    with torch.enable_grad():
        result = function(leaf)
    return torch.autograd.grad(result, leaf, grad_output)[0]
