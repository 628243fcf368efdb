"""What keeps a state from call to call."""

import contextlib
import io
from collections.abc import Callable, Sequence
from typing import Any

from torch import Tensor


def running_statistics(
    candidate: Callable[..., Any], running_mean: Tensor, running_var: Tensor, **arguments: Any
) -> dict[str, Any]:
    """Call a function that may change its running statistics in place; it is given copies.

    Returns:
        The result, and both running statistics afterwards.

    Raises:
        ValueError: autograd would follow the running statistics from call to call.
    """
    running = {
        "running_mean": running_mean.detach().clone(),
        "running_var": running_var.detach().clone(),
    }
    result = candidate(**running, **arguments)
    for name, statistic in running.items():
        if statistic.requires_grad:
            raise ValueError(
                f"{name} has become part of autograd's graph, which would grow with every batch; "
                "update it under torch.no_grad()."
            )
    return {"result": result, **running}


def stopper(
    candidate: Callable[..., Any], losses: Sequence[float], **init: Any
) -> dict[str, list[Any]]:
    """Make an object that watches a loss, and step it through a list of losses.

    A second one, made alike, is shown another loss in between: what is kept on the class, and so
    by both, shows itself.

    Args:
        candidate: a class whose objects have ``step(loss)``, ``best`` and ``best_step``.
        losses: what ``step`` is called with, in order.
        init: what the objects are made with.

    Returns:
        What each ``step`` returned, and ``best`` and ``best_step`` at first and after each.
    """
    watch, other = candidate(**init), candidate(**init)
    seen: dict[str, list[Any]] = {
        "step": [],
        "best": [watch.best],
        "best_step": [watch.best_step],
    }
    for loss in losses:
        seen["step"].append(watch.step(loss))
        with contextlib.redirect_stdout(io.StringIO()):
            other.step(-1000.0)
        seen["best"].append(watch.best)
        seen["best_step"].append(watch.best_step)
    return seen
