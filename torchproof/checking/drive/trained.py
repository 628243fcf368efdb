"""Models that come already trained."""

from typing import Any

import torch
from torch import nn


def trained(candidate: nn.Module, **inputs: Any) -> dict[str, Any]:
    """Call a trained model in evaluation mode, without gradients, and leave it as it was.

    Args:
        candidate: the model itself, no class.
        inputs: what it is called on, in the order in which they are given.

    Returns:
        ``output``, and ``size``: how many numbers its parameters and buffers hold.
        A parameter that is shared counts once.

    Raises:
        TypeError: the candidate is no model, or one that was not made yet.
    """
    if not isinstance(candidate, nn.Module):
        what = "a class" if isinstance(candidate, type) else f"a {type(candidate).__name__}"
        raise TypeError(f"the model is asked, an object of nn.Module; this is {what}.")
    was_training = candidate.training
    candidate.eval()
    try:
        with torch.no_grad():
            output = candidate(*inputs.values())
    finally:
        candidate.train(was_training)
    held = {id(each): each.numel() for each in [*candidate.parameters(), *candidate.buffers()]}
    return {"output": output, "size": sum(held.values())}
