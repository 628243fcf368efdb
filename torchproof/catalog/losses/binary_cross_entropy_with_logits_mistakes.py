"""Binary cross entropy of logits: how it goes wrong."""

# ruff: noqa: A002  # torch calls the predictions ``input``, and so do the learners' functions.

import math

import torch
from torch import Tensor

from torchproof.catalog.losses.binary_cross_entropy import Logs, bounded_logs
from torchproof.catalog.losses.binary_cross_entropy_with_logits import (
    binary_cross_entropy_with_logits,
    naive_logs,
    positive_factor,
    stable_logs,
)
from torchproof.catalog.losses.reductions import (
    Weight,
    divided,
    like,
    reduce,
    reduced,
    together,
)


@binary_cross_entropy_with_logits.mistake(
    "log of a rounded sigmoid",
    "Far from 0 the sigmoid rounds to 0 or 1, and the logarithm of 0 spoils the loss; take the "
    "logarithm on paper: log σ(z) is logsigmoid(z), and log(1 - σ(z)) is logsigmoid(-z).",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    log_p, log_not = naive_logs(input)
    return -(positive_factor(pos_weight) * target * log_p + (1 - target) * log_not)


@binary_cross_entropy_with_logits.mistake(
    "bounded at 100",
    "You take the logarithm of a rounded sigmoid and bound it, so that a logit of -1000 costs "
    "100 and gets no gradient; logsigmoid gives 1000 and the gradient.",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    log_p, log_not = bounded_logs(torch.sigmoid(input))
    return -(positive_factor(pos_weight) * target * log_p + (1 - target) * log_not)


@binary_cross_entropy_with_logits.mistake(
    "log(1 + exp(-z)) overflows",
    "exp(-z) overflows for very negative z, and log(1 + exp(-z)) is infinite where it should be "
    "-z; give exp nothing positive, or use logsigmoid.",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    factor = 1 + (positive_factor(pos_weight) - 1) * target
    return (1 - target) * input + factor * torch.log1p(torch.exp(-input))


@binary_cross_entropy_with_logits.mistake(
    "log(1 + exp(±z)) overflows",
    "exp(-z) and exp(z) overflow on one side each, and 0 times infinity is NaN; give exp nothing "
    "positive, or use logsigmoid(z) and logsigmoid(-z).",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    up, down = torch.log1p(torch.exp(-input)), torch.log1p(torch.exp(input))
    return positive_factor(pos_weight) * target * up + (1 - target) * down


@binary_cross_entropy_with_logits.mistake(
    "gradient wrong at 0, by clamp",
    "The values are right, but at a logit of 0 clamp passes the whole gradient and |z| none, so "
    "that the slope of log(1 + exp(-z)) comes out as -1 there, not -½; use logsigmoid, or choose "
    "by torch.where.",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    factor = 1 + (positive_factor(pos_weight) - 1) * target
    soft = torch.log1p(torch.exp(-input.abs())) + (-input).clamp(min=0)
    return (1 - target) * input + factor * soft


@binary_cross_entropy_with_logits.mistake(
    "gradient wrong at 0, by ReLU",
    "The values are right, but at a logit of 0 neither ReLU nor |z| passes a gradient, so that "
    "the slope of log(1 + exp(-z)), which is -½ there, is missing in yours; use logsigmoid, or "
    "choose by torch.where.",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    factor = 1 + (positive_factor(pos_weight) - 1) * target
    soft = torch.log1p(torch.exp(-input.abs())) + torch.relu(-input)
    return (1 - target) * input + factor * soft


def _almost_rounded(eps: float) -> None:
    hint = (
        f"You add {eps:g} in the logarithms, which bounds the loss of any logit by "
        f"{-math.log(eps):.1f} and stops its gradient; use logsigmoid, which needs no constant."
    )

    @binary_cross_entropy_with_logits.mistake(f"{eps:g} added in the logarithms", hint)
    @reduced(binary_cross_entropy_with_logits)
    def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
        p = torch.sigmoid(input)
        ones = positive_factor(pos_weight) * target * (p + eps).log()
        return -(ones + (1 - target) * (1 - p + eps).log())

    hint = (
        f"You keep the probabilities {eps:g} away from 0 and 1, which bounds the loss by "
        f"{-math.log(eps):.1f} and stops its gradient, and fails in float32, where 1 - {eps:g} is "
        "1; use logsigmoid instead."
    )

    @binary_cross_entropy_with_logits.mistake(f"probabilities kept {eps:g} from 0 and 1", hint)
    @reduced(binary_cross_entropy_with_logits)
    def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
        p = torch.sigmoid(input).clamp(eps, 1 - eps)
        return -(positive_factor(pos_weight) * target * p.log() + (1 - target) * (1 - p).log())


for _eps in (1e-8, 1e-12):
    _almost_rounded(_eps)


def _logits_mistakes(logs: Logs, also: str, fault: str) -> None:
    """Add mistakes made with logsigmoid, and made together with a rounded sigmoid."""
    hint = together(fault)

    @binary_cross_entropy_with_logits.mistake(
        f"pos_weight on the wrong term{also}",
        hint("your pos_weight multiplies the term of the zeros; it belongs to that of the ones"),
    )
    @reduced(binary_cross_entropy_with_logits)
    def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
        log_p, log_not = logs(input)
        return -(target * log_p + positive_factor(pos_weight) * (1 - target) * log_not)

    @binary_cross_entropy_with_logits.mistake(
        f"pos_weight on both terms{also}",
        hint("your pos_weight multiplies the whole loss; it belongs to the term of the ones only"),
    )
    @reduced(binary_cross_entropy_with_logits)
    def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
        log_p, log_not = logs(input)
        return -positive_factor(pos_weight) * (target * log_p + (1 - target) * log_not)

    @binary_cross_entropy_with_logits.mistake(
        f"pos_weight ignored{also}",
        hint("you leave out pos_weight; it multiplies the term of the ones where there is one"),
    )
    @reduced(binary_cross_entropy_with_logits)
    def _(input: Tensor, target: Tensor) -> Tensor:
        log_p, log_not = logs(input)
        return -(target * log_p + (1 - target) * log_not)


_logits_mistakes(stable_logs, "", "")


_logits_mistakes(
    naive_logs,
    ", and log of a rounded sigmoid",
    "far from 0 the sigmoid rounds to 0 or 1, so take its logarithm by logsigmoid",
)


@binary_cross_entropy_with_logits.mistake(
    "weight ignored",
    "You leave out weight; each loss is multiplied by it where there is one.",
)
@like(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight, reduction: str) -> Tensor:
    log_p, log_not = stable_logs(input)
    losses = -(positive_factor(pos_weight) * target * log_p + (1 - target) * log_not)
    return reduce(losses, reduction)


@binary_cross_entropy_with_logits.mistake(
    "divided by the sum of the weights",
    "You divide by the sum of the weights; here torch divides by the number of elements.",
)
@like(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, weight: Weight, pos_weight: Weight, reduction: str) -> Tensor:
    log_p, log_not = stable_logs(input)
    weight = torch.ones_like(input) if weight is None else weight.expand_as(input)
    losses = -weight * (positive_factor(pos_weight) * target * log_p + (1 - target) * log_not)
    return divided(losses, weight.sum(), reduction)


@binary_cross_entropy_with_logits.mistake(
    "divided by the sum of weight as it is",
    "You divide by the sum of the weights; here torch divides by the number of elements.",
)
@like(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, weight: Weight, pos_weight: Weight, reduction: str) -> Tensor:
    log_p, log_not = stable_logs(input)
    weight = torch.ones_like(input) if weight is None else weight
    losses = -weight * (positive_factor(pos_weight) * target * log_p + (1 - target) * log_not)
    return divided(losses, weight.sum(), reduction)


@binary_cross_entropy_with_logits.mistake(
    "sign of the logit turned",
    "Your loss is that of -z: the sign of the logit is turned; log σ(z) is logsigmoid(z), and "
    "log(1 - σ(z)) is logsigmoid(-z).",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    log_p, log_not = stable_logs(-input)
    return -(positive_factor(pos_weight) * target * log_p + (1 - target) * log_not)


def _held_back(limit: int) -> None:
    hint = (
        f"You keep the logits within ±{limit}, which bounds the loss and stops its gradient "
        "beyond; logsigmoid is right for every logit as it is."
    )

    @binary_cross_entropy_with_logits.mistake(f"logits kept within {limit}", hint)
    @reduced(binary_cross_entropy_with_logits)
    def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
        log_p, log_not = stable_logs(input.clamp(-limit, limit))
        return -(positive_factor(pos_weight) * target * log_p + (1 - target) * log_not)


for _limit in (20, 50, 100):
    _held_back(_limit)


@binary_cross_entropy_with_logits.mistake(
    "sign missing",
    "You leave out the minus; logarithms of probabilities are negative, the loss is not.",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    log_p, log_not = stable_logs(input)
    return positive_factor(pos_weight) * target * log_p + (1 - target) * log_not


@binary_cross_entropy_with_logits.mistake(
    "second term missing",
    "You leave out the term of the zeros; add (1 - target)·log(1 - σ(z)).",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    return -positive_factor(pos_weight) * target * stable_logs(input)[0]


@binary_cross_entropy_with_logits.mistake(
    "hard targets only",
    "You choose one term by the target, which may lie between 0 and 1; weigh both by it.",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    log_p, log_not = stable_logs(input)
    return -torch.where(target == 1, positive_factor(pos_weight) * log_p, log_not)


@binary_cross_entropy_with_logits.mistake(
    "sigmoid applied twice",
    "You take the sigmoid of a sigmoid; once is enough.",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    log_p, log_not = stable_logs(torch.sigmoid(input))
    return -(positive_factor(pos_weight) * target * log_p + (1 - target) * log_not)


@binary_cross_entropy_with_logits.mistake(
    "sigmoid missing",
    "You put the logits into the logarithms as they are; input holds logits here, and the "
    "sigmoid makes probabilities of them.",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    return -(positive_factor(pos_weight) * target * input.log() + (1 - target) * (1 - input).log())


@binary_cross_entropy_with_logits.mistake(
    "sigmoid missing, logarithms bounded",
    "You put the logits into the logarithms as they are; input holds logits here, and logsigmoid "
    "makes the logarithms of probabilities of them.",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    log_p, log_not = bounded_logs(input)
    return -(positive_factor(pos_weight) * target * log_p + (1 - target) * log_not)
