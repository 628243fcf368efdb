"""Models that come already trained."""

from typing import Any

import torch
from torch import Tensor, nn

from torchproof.checking.tree import describe


def trained(candidate: nn.Module, parts: list[int] | None = None, **inputs: Any) -> dict[str, Any]:
    """Call a trained model in evaluation mode, without gradients, and leave it as it was.

    Args:
        candidate: the model itself, no class.
        parts: where given, the model is recurrent and returns its output and a state. Its one
            input is cut along the last dimension into parts of these lengths; it is called on
            each, with the state that the call before returned, and the last output counts.
            Between two parts it is called on another input, without a state, so that what it
            keeps in itself is of no use.
        inputs: what it is called on, in the order in which they are given.

    Returns:
        ``output``, and ``size``: how many numbers its parameters and buffers hold.
        A parameter that is shared counts once.

    Raises:
        TypeError: the candidate is no model, or one that was not made yet; or it is recurrent and
            does not return a pair.
        ValueError: a recurrent model does not take the state that it returned.
    """
    if not isinstance(candidate, nn.Module):
        what = "a class" if isinstance(candidate, type) else f"a {type(candidate).__name__}"
        raise TypeError(f"the model itself is asked for, an object of nn.Module; this is {what}.")
    was_training = candidate.training
    candidate.eval()
    try:
        with torch.no_grad():
            if parts is None:
                output = candidate(*inputs.values())
            else:
                output = _last_output(candidate, parts, *inputs.values())
    finally:
        candidate.train(was_training)
    held = {id(each): each.numel() for each in [*candidate.parameters(), *candidate.buffers()]}
    return {"output": output, "size": sum(held.values())}


def _last_output(model: nn.Module, parts: list[int], sequences: Tensor) -> Any:
    output: Any = None
    carried: tuple[Any, ...] = ()
    for part in torch.split(sequences, parts, dim=-1):
        if carried:
            model(sequences.flip(-1)[..., : parts[0]])
        try:
            returned = model(part, *carried)
        except RuntimeError as error:
            if not carried:
                raise
            message = f"the model does not go on from the state that it returned: {error}"
            raise ValueError(message) from error
        if not isinstance(returned, tuple) or len(returned) != 2:
            what = f"{len(returned)} parts" if isinstance(returned, tuple) else describe(returned)
            raise TypeError(f"the model returned {what}; a tuple of logits and state is asked for.")
        output, carried = returned[0], returned[1:]
    return output
