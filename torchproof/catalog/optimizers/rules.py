"""What the exercises of this assignment have in common."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from torchproof.checking.cases import FLOATS, Cases, Draw, Group, extremes, shapes
from torchproof.checking.exercise import exercise

State = dict[Any, Any]
Step = tuple[list[Tensor], State]

GROUPS = (Group.VALUES, Group.EXTREMES, Group.SHAPES, Group.NO_SIDE_EFFECTS)

NUMBER_GROUPS = (Group.VALUES, Group.EXTREMES, Group.SHAPES)
"""The groups of a function of numbers, which it could not change."""

OPTIM = (
    *("torch.optim", "torch.distributed"),
    *("SGD", "Adagrad", "RMSprop", "Adadelta", "Adam", "AdamW"),
    *("_fused_sgd_", "_fused_adagrad_", "_fused_adam_", "_fused_adamw_"),
    *("MultiStepLR", "ExponentialLR", "LambdaLR", "CosineAnnealingLR"),
)
"""torch's optimizers and schedulers under their many names."""

optimizer_exercise = exercise(groups=GROUPS, not_allowed=OPTIM, driver="optimizer_steps")
"""Makes a function that takes one step an exercise of this chapter."""


def torch_step(
    optimizer: type[torch.optim.Optimizer],
    params: list[Tensor],
    grads: list[Tensor],
    state: State,
    **options: Any,
) -> Step:
    """Let one of torch's optimizers take a step, on copies.

    Args:
        optimizer: its class.
        params: the parameters.
        grads: their gradients.
        state: what the step before returned, ``{}`` at first.
        options: what the optimizer is made with.

    Returns:
        The new parameters, and what torch keeps for each of them, by its index.
    """
    with torch._C.DisableTorchFunction():  # nothing here is to be counted, and it takes its time
        leaves = [param.clone().requires_grad_() for param in params]
        for leaf, grad in zip(leaves, grads, strict=True):
            leaf.grad = grad.clone()
        made = optimizer(leaves, **options)
        for index, kept in state.items():
            made.state[leaves[index]] = {key: _copied(value) for key, value in kept.items()}
        made.step()
        return [leaf.detach() for leaf in leaves], {
            index: made.state[leaf] for index, leaf in enumerate(leaves)
        }


def _copied(value: Any) -> Any:
    return value.clone() if isinstance(value, Tensor) else value


def torch_rate(
    step: int,
    base_lr: float,
    make: Callable[[torch.optim.Optimizer], torch.optim.lr_scheduler.LRScheduler],
) -> float:
    """Return the learning rate that one of torch's schedulers has come to.

    Args:
        step: how often it has taken a step.
        base_lr: the learning rate that its optimizer starts with.
        make: makes it for an optimizer.
    """
    optimizer = torch.optim.SGD([torch.zeros(())], lr=base_lr)
    scheduler = make(optimizer)
    for _ in range(step):
        optimizer.step()
        scheduler.step()
    return float(optimizer.param_groups[0]["lr"])


def problem(
    draw: Draw,
    *sizes: tuple[int, ...],
    dtype: torch.dtype = torch.float64,
    scale: float = 1.0,
) -> dict[str, Any]:
    """Return parameters of the given shapes, and two gradients for each, used in turn.

    Args:
        draw: what random numbers are drawn from.
        sizes: the shape of each parameter.
        dtype: the dtype of all tensors.
        scale: how large the gradients are.
    """
    return {
        "params": [draw.normal(*size, dtype=dtype) for size in sizes],
        "grads": [[scale * draw.normal(*size, dtype=dtype) for size in sizes] for _ in range(2)],
        "state": {},
    }


def step_cases(draw: Draw, **options: Any) -> Cases:
    """Yield the extremes and shapes that all optimizers are tried on.

    Args:
        draw: what random numbers are drawn from.
        options: the hyperparameters of every case, without weight decay.
    """
    options |= {"steps": 2}
    never = problem(draw, (3,))
    for (grad,) in never["grads"]:
        grad[1] = 0
    yield extremes("an element whose gradient is always 0", **never, **options)
    once = problem(draw, (2,))
    once["grads"][1][0].zero_()
    yield extremes("a gradient once, then none", **once, **options)
    yield extremes("very large gradients", **problem(draw, (3,), scale=1e30), **options)
    yield extremes("very small gradients", **problem(draw, (3,), scale=1e-9), **options)
    odd = problem(draw, (3,))
    odd["grads"][0][0][1] = torch.nan
    yield extremes("NaN in one element's gradient", **odd, **options)
    empty = problem(draw, (0, 3), (2,))
    yield extremes("a tensor without elements", **empty, **(options | {"steps": 1}))
    yield extremes("many tensors of one shape", **problem(draw, *[(2,)] * 3), **options)
    for dtype in FLOATS:
        yield shapes(**problem(draw, (2, 4), (), (3, 1, 2), dtype=dtype), **options)
