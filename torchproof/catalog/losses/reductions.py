"""What the losses share: how they become exercises, and are reduced, rightly or wrongly."""

# ruff: noqa: A002  # torch calls the predictions ``input``, and so do the learners' functions.

import inspect
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from torchproof.checking.cases import Group
from torchproof.checking.exercise import FUNCTION_GROUPS, Exercise, Function, exercise

Weight = Tensor | None
"""What multiplies the losses, where anything does."""

GROUPS = tuple(group for group in FUNCTION_GROUPS if group is not Group.VECTORISED)
"""The groups that losses are checked in."""

REDUCTIONS = ("mean", "sum", "none")
"""What ``reduction`` may be."""

LOSSES = (
    *("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"),
    *("nll_loss", "nll_loss_nd", "nll_loss2d", "nll_loss_forward", "nll_loss2d_forward"),
    *("cross_entropy", "cross_entropy_loss", "linear_cross_entropy"),
    *("binary_cross_entropy", "binary_cross_entropy_with_logits"),
    *("soft_margin_loss", "cosine_embedding_loss", "margin_ranking_loss", "hinge_embedding_loss"),
    *("multi_margin_loss", "multilabel_margin_loss", "multilabel_margin_loss_forward"),
    *("multilabel_soft_margin_loss", "triplet_margin_loss", "triplet_margin_with_distance_loss"),
    *("kl_div", "poisson_nll_loss", "gaussian_nll_loss", "ctc_loss"),
    *(f"torch.nn.{name}" for name in torch.nn.modules.loss.__all__),
    *("torch.nn.modules.loss", "torch.distributions"),
)
"""torch's losses under their many names, and what knows entropy and divergence."""

LABELLED = ("margin_ranking_loss", "soft_margin_loss", "cosine_embedding_loss")
"""The losses whose targets are labels that a mistake must not give a gradient."""

loss_exercise = exercise(groups=GROUPS, not_allowed=LOSSES)
"""Makes a function an exercise of this chapter."""


def reduce(losses: Tensor, reduction: str) -> Tensor:
    """Return the losses as they are, their mean or their sum, as ``reduction`` says."""
    if reduction == "none":
        return losses
    return losses.mean() if reduction == "mean" else losses.sum()


def divided(losses: Tensor, total: Tensor | int, reduction: str) -> Tensor:
    """Reduce losses, with a mean that divides their sum by ``total``.

    Args:
        losses: one loss for each element.
        total: what the mean divides by, in place of the number of elements.
        reduction: "mean", "sum" or "none".

    Returns:
        A single number, or the losses as they are where reduction is "none".
    """
    return losses.sum() / total if reduction == "mean" else reduce(losses, reduction)


def like(of: Exercise) -> Callable[[Function], Function]:
    """Give a function the exercise's signature; it is handed the arguments that it names.

    Args:
        of: the exercise.

    Returns:
        A decorator. A function that takes ``**rest`` is handed all arguments, with the defaults
        of the exercise. Weights and labels are constants, as in the reference, so that a learner
        is like the mistake whether a gradient flows to them or not.
    """
    signature = inspect.signature(of.reference)
    labelled = of.reference.__name__ in LABELLED
    constants = ("weight", "pos_weight", *(("target",) if labelled else ()))

    def make(wrong: Function) -> Function:
        named = inspect.signature(wrong).parameters
        takes_rest = "rest" in named

        def candidate(**arguments: Any) -> Any:
            bound = signature.bind(**arguments)
            bound.apply_defaults()
            for name in constants:
                if isinstance(bound.arguments.get(name), Tensor):
                    bound.arguments[name] = bound.arguments[name].detach()
            given = bound.arguments.items()
            return wrong(**{name: value for name, value in given if takes_rest or name in named})

        candidate.__signature__ = signature  # type: ignore[attr-defined]
        return candidate

    return make


def reduced(of: Exercise) -> Callable[[Function], Function]:
    """Make a whole loss of a function that gives the loss of each element, without weight.

    Args:
        of: the exercise, whose signature the loss gets.

    Returns:
        A decorator; the loss multiplies by ``weight``, where the exercise takes one, and reduces.
    """

    def make(each: Function) -> Function:
        takes = inspect.signature(each).parameters

        @like(of)
        def candidate(reduction: str, **rest: Any) -> Tensor:
            losses = each(**{name: rest[name] for name in takes})
            weight = rest.get("weight")
            return reduce(losses if weight is None else losses * weight, reduction)

        return candidate

    return make


def misreduced(of: Exercise, right: Function, elementwise: bool = True) -> None:
    """Add the mistakes that are made in reducing.

    Args:
        of: the exercise to add them to.
        right: the exercise's right answer.
        elementwise: whether each element has its own loss, so that the sum may be divided by the
            rows only.
    """

    @of.mistake(
        "summed where the mean is asked",
        "You add the losses up where reduction is 'mean'; divide by what the mean is taken over.",
    )
    @like(of)
    def _(reduction: str, **rest: Any) -> Any:
        return right(reduction="none" if reduction == "none" else "sum", **rest)

    @of.mistake(
        "always the mean",
        "You return the mean whatever reduction says; 'sum' adds the losses up, and 'none' keeps "
        "each of them.",
    )
    @like(of)
    def _(reduction: str, **rest: Any) -> Any:
        return right(reduction="mean", **rest)

    @of.mistake(
        "nothing for 'none'",
        "Where reduction is 'none' your function ends without a return, which gives None; return "
        "the losses as they are.",
    )
    @like(of)
    def _(reduction: str, **rest: Any) -> Any:
        return None if reduction == "none" else right(reduction=reduction, **rest)

    @of.mistake(
        "a Python number",
        "You turn the loss into a Python number, as .item() does, and no gradient flows through "
        "that; return the tensor.",
    )
    @like(of)
    def _(reduction: str, **rest: Any) -> Any:
        loss = right(reduction=reduction, **rest)
        return loss if reduction == "none" else loss.item()

    @of.mistake(
        "squeezed",
        "You squeeze what 'none' returns, which also drops a dimension that is 1 by chance, as in "
        "a batch of one; name the dimension to drop, or drop none.",
    )
    @like(of)
    def _(reduction: str, **rest: Any) -> Any:
        return right(reduction=reduction, **rest).squeeze()

    if not elementwise:
        return

    @of.mistake(
        "divided by the length",
        "You divide the sum by the number of rows; the mean is taken over all elements.",
    )
    @like(of)
    def _(reduction: str, **rest: Any) -> Any:
        losses = right(reduction="none", **rest)
        return divided(losses, len(losses), reduction)

    @of.mistake(
        "divided by the number of rows",
        "You divide the sum by the number of rows; the mean is taken over all elements.",
    )
    @like(of)
    def _(reduction: str, **rest: Any) -> Any:
        losses = right(reduction="none", **rest)
        return divided(losses, losses.shape[0], reduction)

    @of.mistake(
        "mean over the first dimension only",
        "Your mean runs over the first dimension only and leaves one number for each column; "
        "take it over all elements, without dim.",
    )
    @like(of)
    def _(reduction: str, **rest: Any) -> Any:
        losses = right(reduction="none", **rest)
        return losses.mean(dim=0) if reduction == "mean" else reduce(losses, reduction)

    @of.mistake(
        "mean over the last dimension only",
        "Your mean runs over the last dimension only and leaves one number for each row; take it "
        "over all elements, without dim.",
    )
    @like(of)
    def _(reduction: str, **rest: Any) -> Any:
        losses = right(reduction="none", **rest)
        return losses.mean(dim=-1) if reduction == "mean" else reduce(losses, reduction)


def missized(of: Exercise, right: Function, name: str) -> None:
    """Add the mistake of a mean that divides by the size of one argument.

    Args:
        of: the exercise to add it to, whose arguments broadcast.
        right: the exercise's right answer.
        name: the argument.
    """

    @of.mistake(
        f"divided by the size of {name}",
        f"Your mean divides by the number of elements of {name}; where shapes broadcast the "
        "losses may be more, so divide by their own number.",
    )
    @like(of)
    def _(reduction: str, **rest: Any) -> Any:
        losses = right(reduction="none", **rest)
        return divided(losses, rest[name].numel(), reduction)


def guarded(of: Exercise, right: Function) -> None:
    """Add the mistakes of a mean of classes that is 0 where it should be NaN.

    Args:
        of: the exercise to add them to, with target, ignore_index and reduction.
        right: the exercise's right answer.
    """
    hint = (
        "You guard the mean against dividing by 0; where nothing counts torch gives NaN, which "
        "does not pass for a perfect loss: divide without a guard."
    )

    @of.mistake("0 where the weights that count sum to 0", hint)
    @like(of)
    def _(reduction: str, **rest: Any) -> Any:
        summed = right(reduction="sum", **rest)
        loss = right(reduction=reduction, **rest)
        return torch.where(loss.isnan() & ~summed.isnan(), 0 * summed, loss)

    @of.mistake("0 where all targets are ignored", hint)
    @like(of)
    def _(target: Tensor, ignore_index: int, reduction: str, **rest: Any) -> Any:
        given = {"target": target, "ignore_index": ignore_index, **rest}
        nothing = reduction == "mean" and not (target != ignore_index).any()
        return right(reduction="sum" if nothing else reduction, **given)


def together(fault: str) -> Callable[[str], str]:
    """Return what makes a hint of a mistake, alone or together with a second fault.

    Args:
        fault: the second fault and its remedy, without full stop; empty where there is none.

    Returns:
        A function from the first fault, written likewise, to the whole hint.
    """

    def hint(first: str) -> str:
        sentence = f"{first[0].upper()}{first[1:]}."
        return f"{sentence} Besides, {fault}." if fault else sentence

    return hint


def constant(weight: Weight) -> Weight:
    """Take a weight out of the graph; torch's losses refuse one that asks for a gradient."""
    return None if weight is None else weight.detach()


def broadcast(input: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """Give both the shape they broadcast to; torch's losses do so too, but with a warning."""
    shape = torch.broadcast_shapes(input.shape, target.shape)  # type: ignore[no-untyped-call]
    return input.expand(shape), target.expand(shape)
