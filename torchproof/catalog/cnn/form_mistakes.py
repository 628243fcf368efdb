"""What goes wrong around a convolution, whichever it is: the bias and the form of the result."""

from typing import Any

from torch import Tensor

from torchproof.catalog.cnn.convolutions import Bias, like
from torchproof.checking.exercise import Exercise, Function


def misformed(of: Exercise, right: Function) -> None:
    """Add the mistakes that are made with the bias and with the form of the result.

    Args:
        of: the exercise to add them to.
        right: the exercise's right answer.
    """
    _misbiased(of, right)
    _unbiased(of, right)

    @of.mistake(
        "squeezed",
        "You squeeze the result, which also drops a dimension that is 1 by chance, as in a batch "
        "of one; drop none.",
    )
    @like(of)
    def _(**rest: Any) -> Any:
        return right(**rest).squeeze()

    @of.mistake(
        "channels last",
        "Your result is (N, oH, oW, C_out); the channels come second, (N, C_out, oH, oW).",
    )
    @like(of)
    def _(**rest: Any) -> Any:
        return right(**rest).movedim(1, -1)

    @of.mistake(
        "channels last, reshaped",
        "You computed (N, oH, oW, C_out), and reshape does not move the channels forward; permute "
        "the dimensions.",
    )
    @like(of)
    def _(**rest: Any) -> Any:
        result = right(**rest)
        return result.movedim(1, -1).reshape(result.shape)

    @of.mistake(
        "float32 whatever x is",
        "You collect the result in a tensor of float32, as torch.zeros makes it; give it the dtype "
        "of x, as x.new_zeros does.",
    )
    @like(of)
    def _(**rest: Any) -> Any:
        return right(**rest).float()

    @of.mistake(
        "only where it lies in order",
        "view needs a tensor that lies in memory in order, and what you are given need not; use "
        "reshape, which copies where it must.",
    )
    @like(of)
    def _(weight: Tensor, **rest: Any) -> Any:
        return right(weight=weight.view(len(weight), -1).view(weight.shape), **rest)

    @of.mistake(
        "no gradient",
        "You take the numbers out of their tensors, by .item(), .data, .detach() or NumPy, and no "
        "gradient flows through that; compute with the tensors.",
    )
    @like(of)
    def _(**rest: Any) -> Any:
        return right(**rest).detach()


def _misbiased(of: Exercise, right: Function) -> None:
    """Add the mistakes of a bias in the wrong place."""

    @of.mistake(
        "bias forgotten",
        "You leave bias out; where it is given, each output channel gets its number added.",
    )
    @like(of)
    def _(bias: Bias, **rest: Any) -> Any:
        return right(**rest)

    @of.mistake(
        "bias per pixel",
        "You add bias as it is, and broadcasting lays its numbers along the width; there is one "
        "for each output channel, so give it the shape (C_out, 1, 1) first.",
    )
    @like(of)
    def _(bias: Bias, **rest: Any) -> Any:
        result = right(**rest)
        return result if bias is None else result + bias


def _unbiased(of: Exercise, right: Function) -> None:
    """Add the mistakes of a bias that is used without a look whether it is None."""
    hint = "bias may be None, and then there is nothing to add; look whether it is None first."

    @of.mistake("None reshaped", hint)
    @like(of)
    def _(bias: Any, **rest: Any) -> Any:
        return right(**rest) + bias.reshape(-1, 1, 1)

    @of.mistake("None viewed", hint)
    @like(of)
    def _(bias: Any, **rest: Any) -> Any:
        return right(**rest) + bias.view(-1, 1, 1)

    @of.mistake("None indexed", hint)
    @like(of)
    def _(bias: Any, **rest: Any) -> Any:
        return right(**rest) + bias[:, None, None]

    @of.mistake(
        "if bias",
        "if asks a tensor of several numbers whether it is true, which has no answer; ask whether "
        "bias is None.",
    )
    @like(of)
    def _(bias: Bias, **rest: Any) -> Any:
        return right(bias=bias if bias else None, **rest)
