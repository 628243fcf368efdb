"""The binary cross-entropy of logits."""

# ruff: noqa: A002  # torch calls the predictions ``input``, and so do the learners' functions.

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.losses.binary_cross_entropy import Logs, bounded_logs
from torchproof.catalog.losses.reductions import (
    REDUCTIONS,
    Weight,
    constant,
    divided,
    like,
    loss_exercise,
    misreduced,
    reduce,
    reduced,
    together,
)
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, gradients, shapes, values


@loss_exercise
def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Weight = None,
    reduction: str = "mean",
    pos_weight: Weight = None,
) -> Tensor:
    """Return the binary cross-entropy of sigmoid(input), right for logits of any size.

    input holds logits and target numbers from 0 to 1, both of one shape; weight multiplies the
    loss of each element and pos_weight the term of the ones, and both broadcast.
    """
    return F.binary_cross_entropy_with_logits(
        input,
        target,
        constant(weight),
        reduction=reduction,
        pos_weight=constant(pos_weight),
    )


@binary_cross_entropy_with_logits.cases
def _(draw: Draw) -> Cases:
    single, double = FLOATS
    yield values("targets 0 and 1", **_logits(draw, draw.size(7, 9), hard=True))
    for reduction, dtype in zip(REDUCTIONS, (double, single, double), strict=True):
        pos_weight = draw.uniform(6, low=1.5, high=4.0, dtype=dtype)
        pair = _logits(draw, 4, 6, dtype=dtype)
        yield values("pos_weight", **pair, pos_weight=pos_weight, reduction=reduction)
    weight = draw.uniform(4, 1, low=0.3, high=2.0)
    yield values("weight", **_logits(draw, 4, 6), weight=weight)
    both = {"weight": weight.double(), "pos_weight": draw.uniform(low=0.2, high=0.6, dtype=double)}
    for reduction in ("sum", "none"):
        pair = _logits(draw, 4, 3, dtype=double)
        yield values("both weights", **pair, **both, reduction=reduction)
    for dtype in FLOATS:
        for reduction in ("mean", "none"):
            pair = _logits(draw, 2, 4, 3, dtype=dtype)
            pos_weight = draw.uniform(3, low=1.5, high=4.0, dtype=dtype)
            yield shapes(**pair, pos_weight=pos_weight, reduction=reduction)
    yield shapes("a batch of one", **_logits(draw, 1, 3), reduction="none")
    far = torch.tensor([-1000.0, -1000.0, -30.0, 30.0, 1000.0, 1000.0])
    labels = torch.tensor([0.0, 1.0, 1.0, 0.0, 0.0, 1.0])
    yield gradients("logits far from 0", input=far, target=labels, reduction="none")
    halves = {"input": torch.zeros(3), "target": torch.tensor([0.0, 1.0, 0.25])}
    three = torch.tensor([3.0])
    yield gradients("logits of 0", **halves, reduction="none", pos_weight=three)
    yield extremes("logits far from 0", input=far, target=labels, reduction="none")
    yield extremes("logits far from 0", input=far, target=labels, pos_weight=three)
    soft = torch.full((6,), 0.25)
    yield extremes("logits far from 0, soft targets", input=far, target=soft, reduction="none")
    yield extremes("pos_weight 0", **_logits(draw, 4, hard=True), pos_weight=torch.zeros(()))
    yield extremes("weight 0 throughout", **_logits(draw, 3), weight=torch.zeros(3))
    yield extremes("a single number", **_logits(draw))
    for reduction in REDUCTIONS:
        yield extremes("an empty batch", **_logits(draw, 0, 3), reduction=reduction)


def _logits(
    draw: Draw, *shape: int, dtype: torch.dtype = torch.float32, hard: bool = False
) -> dict[str, Tensor]:
    """Return logits and targets from 0 to 1; hard ones are 0 and 1, both among them."""
    target = draw.mask(*shape) if hard else draw.uniform(*shape)
    if hard:
        target[0], target[-1] = False, True
    return {"input": 2 * draw.normal(*shape, dtype=dtype), "target": target.to(dtype)}


def _stable_logs(z: Tensor) -> tuple[Tensor, Tensor]:
    """Return the logarithms of sigmoid(z) and of 1 - sigmoid(z)."""
    return F.logsigmoid(z), F.logsigmoid(-z)


def _naive_logs(z: Tensor) -> tuple[Tensor, Tensor]:
    p = torch.sigmoid(z)
    return p.log(), (1 - p).log()


def _one(pos_weight: Weight) -> Tensor | float:
    return 1.0 if pos_weight is None else pos_weight


@reduced(binary_cross_entropy_with_logits)
def _bce_of_logits(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    log_p, log_not = _stable_logs(input)
    return -(_one(pos_weight) * target * log_p + (1 - target) * log_not)


misreduced(binary_cross_entropy_with_logits, _bce_of_logits)


@binary_cross_entropy_with_logits.mistake(
    "log of a rounded sigmoid",
    "Far from 0 the sigmoid rounds to 0 or 1, and the logarithm of 0 spoils the loss; take the "
    "logarithm on paper: log σ(z) is logsigmoid(z), and log(1 - σ(z)) is logsigmoid(-z).",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    log_p, log_not = _naive_logs(input)
    return -(_one(pos_weight) * target * log_p + (1 - target) * log_not)


@binary_cross_entropy_with_logits.mistake(
    "bounded at 100",
    "You take the logarithm of a rounded sigmoid and bound it, so that a logit of -1000 costs "
    "100 and gets no gradient; logsigmoid gives 1000 and the gradient.",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    log_p, log_not = bounded_logs(torch.sigmoid(input))
    return -(_one(pos_weight) * target * log_p + (1 - target) * log_not)


@binary_cross_entropy_with_logits.mistake(
    "log(1 + exp(-z)) overflows",
    "exp(-z) overflows for very negative z, and log(1 + exp(-z)) is infinite where it should be "
    "-z; give exp nothing positive, or use logsigmoid.",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    factor = 1 + (_one(pos_weight) - 1) * target
    return (1 - target) * input + factor * torch.log1p(torch.exp(-input))


@binary_cross_entropy_with_logits.mistake(
    "log(1 + exp(±z)) overflows",
    "exp(-z) and exp(z) overflow on one side each, and 0 times infinity is NaN; give exp nothing "
    "positive, or use logsigmoid(z) and logsigmoid(-z).",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    up, down = torch.log1p(torch.exp(-input)), torch.log1p(torch.exp(input))
    return _one(pos_weight) * target * up + (1 - target) * down


@binary_cross_entropy_with_logits.mistake(
    "gradient wrong at 0, by clamp",
    "The values are right, but at a logit of 0 clamp passes the whole gradient and |z| none, so "
    "that theirs do not add up to σ(0) - target; use logsigmoid, or choose by torch.where.",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    factor = 1 + (_one(pos_weight) - 1) * target
    soft = torch.log1p(torch.exp(-input.abs())) + (-input).clamp(min=0)
    return (1 - target) * input + factor * soft


@binary_cross_entropy_with_logits.mistake(
    "gradient wrong at 0, by ReLU",
    "The values are right, but at a logit of 0 neither ReLU nor |z| passes a gradient, so that "
    "σ(0) = ½ is missing in yours; use logsigmoid, or choose by torch.where.",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    factor = 1 + (_one(pos_weight) - 1) * target
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
        ones = _one(pos_weight) * target * (p + eps).log()
        return -(ones + (1 - target) * (1 - p + eps).log())

    hint = (
        f"You keep the probabilities {eps:g} away from 0 and 1, which bounds the loss of any "
        f"logit by {-math.log(eps):.1f} and stops its gradient; use logsigmoid instead."
    )

    @binary_cross_entropy_with_logits.mistake(f"probabilities kept {eps:g} from 0 and 1", hint)
    @reduced(binary_cross_entropy_with_logits)
    def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
        p = torch.sigmoid(input).clamp(eps, 1 - eps)
        return -(_one(pos_weight) * target * p.log() + (1 - target) * (1 - p).log())


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
        return -(target * log_p + _one(pos_weight) * (1 - target) * log_not)

    @binary_cross_entropy_with_logits.mistake(
        f"pos_weight on both terms{also}",
        hint("your pos_weight multiplies the whole loss; it belongs to the term of the ones only"),
    )
    @reduced(binary_cross_entropy_with_logits)
    def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
        log_p, log_not = logs(input)
        return -_one(pos_weight) * (target * log_p + (1 - target) * log_not)

    @binary_cross_entropy_with_logits.mistake(
        f"pos_weight ignored{also}",
        hint("you leave out pos_weight; it multiplies the term of the ones where there is one"),
    )
    @reduced(binary_cross_entropy_with_logits)
    def _(input: Tensor, target: Tensor) -> Tensor:
        log_p, log_not = logs(input)
        return -(target * log_p + (1 - target) * log_not)


_logits_mistakes(_stable_logs, "", "")
_logits_mistakes(
    _naive_logs,
    ", and log of a rounded sigmoid",
    "far from 0 the sigmoid rounds to 0 or 1, so take its logarithm by logsigmoid",
)


@binary_cross_entropy_with_logits.mistake(
    "weight ignored",
    "You leave out weight; each loss is multiplied by it where there is one.",
)
@like(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight, reduction: str) -> Tensor:
    log_p, log_not = _stable_logs(input)
    losses = -(_one(pos_weight) * target * log_p + (1 - target) * log_not)
    return reduce(losses, reduction)


@binary_cross_entropy_with_logits.mistake(
    "divided by the sum of the weights",
    "You divide by the sum of the weights; here torch divides by the number of elements.",
)
@like(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, weight: Weight, pos_weight: Weight, reduction: str) -> Tensor:
    log_p, log_not = _stable_logs(input)
    weight = torch.ones_like(input) if weight is None else weight.expand_as(input)
    losses = -weight * (_one(pos_weight) * target * log_p + (1 - target) * log_not)
    return divided(losses, weight.sum(), reduction)


@binary_cross_entropy_with_logits.mistake(
    "divided by the sum of weight as it is",
    "You divide by the sum of the weights; here torch divides by the number of elements.",
)
@like(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, weight: Weight, pos_weight: Weight, reduction: str) -> Tensor:
    log_p, log_not = _stable_logs(input)
    weight = torch.ones_like(input) if weight is None else weight
    losses = -weight * (_one(pos_weight) * target * log_p + (1 - target) * log_not)
    return divided(losses, weight.sum(), reduction)


@binary_cross_entropy_with_logits.mistake(
    "sign of the logit turned",
    "Your loss is that of -z: the sign of the logit is turned; log σ(z) is logsigmoid(z), and "
    "log(1 - σ(z)) is logsigmoid(-z).",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    log_p, log_not = _stable_logs(-input)
    return -(_one(pos_weight) * target * log_p + (1 - target) * log_not)


def _held_back(limit: int) -> None:
    hint = (
        f"You keep the logits within ±{limit}, which bounds the loss and stops its gradient "
        "beyond; logsigmoid is right for every logit as it is."
    )

    @binary_cross_entropy_with_logits.mistake(f"logits kept within {limit}", hint)
    @reduced(binary_cross_entropy_with_logits)
    def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
        log_p, log_not = _stable_logs(input.clamp(-limit, limit))
        return -(_one(pos_weight) * target * log_p + (1 - target) * log_not)


for _limit in (20, 50, 100):
    _held_back(_limit)


@binary_cross_entropy_with_logits.mistake(
    "sign missing",
    "You leave out the minus; logarithms of probabilities are negative, the loss is not.",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    log_p, log_not = _stable_logs(input)
    return _one(pos_weight) * target * log_p + (1 - target) * log_not


@binary_cross_entropy_with_logits.mistake(
    "second term missing",
    "You leave out the term of the zeros; add (1 - target)·log(1 - σ(z)).",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    return -_one(pos_weight) * target * _stable_logs(input)[0]


@binary_cross_entropy_with_logits.mistake(
    "hard targets only",
    "You choose one term by the target, which may lie between 0 and 1; weigh both by it.",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    log_p, log_not = _stable_logs(input)
    return -torch.where(target == 1, _one(pos_weight) * log_p, log_not)


@binary_cross_entropy_with_logits.mistake(
    "sigmoid applied twice",
    "You take the sigmoid of a sigmoid; once is enough.",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    log_p, log_not = _stable_logs(torch.sigmoid(input))
    return -(_one(pos_weight) * target * log_p + (1 - target) * log_not)


@binary_cross_entropy_with_logits.mistake(
    "sigmoid missing",
    "You put the logits into the logarithms as they are; input holds logits here, and the "
    "sigmoid makes probabilities of them.",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    return -(_one(pos_weight) * target * input.log() + (1 - target) * (1 - input).log())


@binary_cross_entropy_with_logits.mistake(
    "sigmoid missing, logarithms bounded",
    "You put the logits into the logarithms as they are; input holds logits here, and logsigmoid "
    "makes the logarithms of probabilities of them.",
)
@reduced(binary_cross_entropy_with_logits)
def _(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    log_p, log_not = bounded_logs(input)
    return -(_one(pos_weight) * target * log_p + (1 - target) * log_not)
