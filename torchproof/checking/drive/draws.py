"""Functions that draw random numbers."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from torchproof.checking.tree import describe, map_tensors


def initialiser(
    candidate: Callable[..., Any], weight: Tensor, requires_grad: bool = False, **arguments: Any
) -> dict[str, Any]:
    """Let a function fill a weight with random numbers, and then another one like it.

    Args:
        candidate: a function of a weight that changes it in place and returns it.
        weight: what is to be filled.
        requires_grad: whether it is a parameter, and the function must keep autograd out.
        arguments: what the function takes beside it.

    Returns:
        Whether a weight of fewer than two dimensions was refused by an error; what was returned,
        in words; the weight afterwards and whether it can be trained; and whether the other one
        got the same numbers.
    """
    other = weight.clone()
    if requires_grad:
        weight, other = nn.Parameter(weight), nn.Parameter(other)
    refused, returned = False, None
    try:
        returned = candidate(weight, **arguments)
        candidate(other, **arguments)
    except (ValueError, IndexError):
        if weight.dim() > 1:
            raise
        refused = True
    another = "another tensor" if isinstance(returned, Tensor) else describe(returned)
    return {
        "refused": refused,
        "returned": "weight itself" if returned is weight else another,
        "weight": weight.detach(),
        "weight can be trained": weight.is_leaf and weight.requires_grad,
        "same numbers again": torch.equal(weight, other),
    }


def repeatedly(candidate: Callable[..., Any], times: int = 2, **arguments: Any) -> list[Any]:
    """Call a function several times, each time with the arguments of the case.

    The first call is given the arguments themselves, so that a change of them can be seen, and
    each later one copies, so that it does not suffer from that change; gradients reach both.
    """
    copies = [map_tensors(torch.clone, dict(arguments)) for _ in range(times - 1)]
    return [candidate(**given) for given in (arguments, *copies)]
