"""The focal loss."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.losses.inputs import draw_signs
from torchproof.catalog.losses.reductions import loss_exercise, together
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, gradients, shapes, values


@loss_exercise
def focal_loss(logits: Tensor, target: Tensor, gamma: float = 2.0, alpha: float = 0.25) -> Tensor:
    """Return the mean of -a·(1 - p)^gamma·log p, where p is the probability of the right answer.

    logits and target, of zeros and ones, have one shape. Where target is 1, p = sigmoid(logits)
    and a = alpha; where it is 0, p = 1 - sigmoid(logits) and a = 1 - alpha. gamma is 0 or more.
    """
    target = target.detach()
    hard, _, log_p = _stable_parts(logits, target, gamma)
    return (-(alpha * target + (1 - alpha) * (1 - target)) * hard * log_p).mean()


Parts = Callable[[Tensor, Tensor, float], tuple[Tensor, Tensor, Tensor]]


def _stable_parts(logits: Tensor, target: Tensor, gamma: float) -> tuple[Tensor, Tensor, Tensor]:
    """Return (1 - p)^gamma, p^gamma and log p, with gradients that are finite everywhere."""
    sure = torch.where(target == 1, logits, -logits)
    log_p, log_not = F.logsigmoid(sure), F.logsigmoid(-sure)
    return (gamma * log_not).exp(), (gamma * log_p).exp(), log_p


def _power_parts(logits: Tensor, target: Tensor, gamma: float) -> tuple[Tensor, Tensor, Tensor]:
    """The same by powers, whose gradients at 0 are infinite where gamma is below 1."""
    log_p = F.logsigmoid(torch.where(target == 1, logits, -logits))
    p = log_p.exp()
    return (1 - p) ** gamma, p**gamma, log_p


def _rounded_parts(logits: Tensor, target: Tensor, gamma: float) -> tuple[Tensor, Tensor, Tensor]:
    """The same from the sigmoid, which rounds to 0 and 1."""
    one = torch.sigmoid(logits)
    p = torch.where(target == 1, one, 1 - one)
    return (1 - p) ** gamma, p**gamma, p.log()


@focal_loss.cases
def _(draw: Draw) -> Cases:
    yield values(**_questions(draw, draw.size(8, 12)))
    for dtype, shape in zip(FLOATS, ((draw.size(3, 4), draw.size(5, 7)), (2, 3, 4)), strict=True):
        given = _questions(draw, *shape, dtype=dtype)
        yield values(**given, gamma=draw.number(1.2, 3.0), alpha=draw.number(0.6, 0.9))
    for dtype in FLOATS:
        yield shapes(**_questions(draw, 3, 5, dtype=dtype), gamma=1.5, alpha=0.3)
        yield shapes(**_questions(draw, 2, 4, 3, dtype=dtype), gamma=0.5, alpha=0.75)
    yield values("gamma 0", **_questions(draw, 4, 5), gamma=0.0, alpha=draw.number(0.1, 0.4))
    yield values("gamma between 0 and 1", **_questions(draw, 4, 5), gamma=0.5)
    far = torch.tensor([-1000.0, -1000.0, -50.0, 50.0, 1000.0, 1000.0])
    labels = torch.tensor([0.0, 1.0, 1.0, 0.0, 0.0, 1.0])
    for gamma in (0.0, 0.5, 2.0):
        yield gradients("logits far from 0", logits=far, target=labels, gamma=gamma)
        yield extremes("logits far from 0", logits=far, target=labels, gamma=gamma)
    yield extremes("all of class 1", logits=draw.normal(5), target=torch.ones(5), alpha=0.8)
    yield extremes("all of class 0", logits=draw.normal(5), target=torch.zeros(5), alpha=0.8)
    for alpha in (0.0, 1.0):
        yield extremes(f"alpha {alpha:g}", **_questions(draw, 6), alpha=alpha)
    yield extremes("a single number", logits=draw.normal(), target=torch.tensor(1.0))
    yield extremes("an empty batch", logits=torch.empty(0, 3), target=torch.empty(0, 3))


def _questions(draw: Draw, *shape: int, dtype: torch.dtype = torch.float32) -> dict[str, Tensor]:
    """Return logits and answers, 0 and 1, both among them."""
    return {
        "logits": 2 * draw.normal(*shape, dtype=dtype),
        "target": (draw_signs(draw, *shape, dtype=dtype) + 1) / 2,
    }


def _balance(target: Tensor, alpha: float) -> Tensor:
    """Return the weight of each element; no gradient flows to the target."""
    target = target.detach()
    return alpha * target + (1 - alpha) * (1 - target)


@focal_loss.mistake(
    "NaN gradient for gamma below 1",
    "The values are right, but where the model is sure, 1 - p is rounded to 0, its power with "
    "gamma below 1 has an infinite slope, and infinity times 0 is NaN; take the power as "
    "exp(gamma·log(1 - p)), with logsigmoid for log(1 - p).",
)
def _(logits: Tensor, target: Tensor, gamma: float = 2.0, alpha: float = 0.25) -> Tensor:
    hard, _, log_p = _power_parts(logits, target, gamma)
    return (-_balance(target, alpha) * hard * log_p).mean()


@focal_loss.mistake(
    "NaN gradient for gamma below 1, in both terms",
    "The values are right, but p^gamma and (1 - p)^gamma with gamma below 1 have infinite slopes "
    "at 0, and the term that target switches off makes NaN of them; take the powers as "
    "exp(gamma·logsigmoid(±z)).",
)
def _(logits: Tensor, target: Tensor, gamma: float = 2.0, alpha: float = 0.25) -> Tensor:
    p, target = torch.sigmoid(logits), target.detach()
    ones = alpha * target * (1 - p) ** gamma * F.logsigmoid(logits)
    zeros = (1 - alpha) * (1 - target) * p**gamma * F.logsigmoid(-logits)
    return -(ones + zeros).mean()


@focal_loss.mistake(
    "factor without gradient",
    "The values are right, but no gradient flows through (1 - p)^gamma, as after .detach(), and "
    "yours is too small; let it flow.",
)
def _(logits: Tensor, target: Tensor, gamma: float = 2.0, alpha: float = 0.25) -> Tensor:
    hard, _, log_p = _stable_parts(logits, target, gamma)
    return (-_balance(target, alpha) * hard.detach() * log_p).mean()


@focal_loss.mistake(
    "log of a rounded sigmoid",
    "Far from 0 the sigmoid rounds to 0 or 1, and the logarithm of 0 is minus infinity; take the "
    "logarithm on paper: log σ(z) is logsigmoid(z), and log(1 - σ(z)) is logsigmoid(-z).",
)
def _(logits: Tensor, target: Tensor, gamma: float = 2.0, alpha: float = 0.25) -> Tensor:
    hard, _, log_p = _rounded_parts(logits, target, gamma)
    return (-_balance(target, alpha) * hard * log_p).mean()


@focal_loss.mistake(
    "log of a rounded sigmoid, in both terms",
    "Far from 0 the sigmoid rounds to 0 or 1, and the term that target switches off is 0 times "
    "log(0), NaN; use logsigmoid(z) for log σ(z), and logsigmoid(-z) for log(1 - σ(z)).",
)
def _(logits: Tensor, target: Tensor, gamma: float = 2.0, alpha: float = 0.25) -> Tensor:
    p, target = torch.sigmoid(logits), target.detach()
    ones = alpha * target * (1 - p) ** gamma * p.log()
    zeros = (1 - alpha) * (1 - target) * p**gamma * (1 - p).log()
    return -(ones + zeros).mean()


def _focal_mistakes(parts: Parts, also: str, fault: str) -> None:
    hint = together(fault)

    @focal_loss.mistake(
        f"alpha on the wrong class{also}",
        hint("your alpha weighs the zeros; alpha is for the ones, 1 - alpha for the zeros"),
    )
    def _(logits: Tensor, target: Tensor, gamma: float = 2.0, alpha: float = 0.25) -> Tensor:
        hard, _, log_p = parts(logits, target, gamma)
        return (-_balance(target, 1 - alpha) * hard * log_p).mean()

    @focal_loss.mistake(
        f"alpha on both classes{also}",
        hint("your alpha weighs both classes alike; the zeros have weight 1 - alpha"),
    )
    def _(logits: Tensor, target: Tensor, gamma: float = 2.0, alpha: float = 0.25) -> Tensor:
        hard, _, log_p = parts(logits, target, gamma)
        return (-alpha * hard * log_p).mean()

    @focal_loss.mistake(
        f"alpha on the ones only{also}",
        hint("your alpha weighs the ones, and the zeros count whole; their weight is 1 - alpha"),
    )
    def _(logits: Tensor, target: Tensor, gamma: float = 2.0, alpha: float = 0.25) -> Tensor:
        hard, _, log_p = parts(logits, target, gamma)
        return (-torch.where(target == 1, alpha, 1) * hard * log_p).mean()

    @focal_loss.mistake(
        f"zeros left out{also}",
        hint("your loss has the ones' term only; the zeros count too, by 1 - alpha"),
    )
    def _(logits: Tensor, target: Tensor, gamma: float = 2.0, alpha: float = 0.25) -> Tensor:
        hard, _, log_p = parts(logits, target, gamma)
        return (-alpha * target.detach() * hard * log_p).mean()

    @focal_loss.mistake(
        f"alpha ignored{also}",
        hint("you leave out alpha; the ones have weight alpha, the zeros 1 - alpha"),
    )
    def _(logits: Tensor, target: Tensor, gamma: float = 2.0, alpha: float = 0.25) -> Tensor:
        hard, _, log_p = parts(logits, target, gamma)
        return (-hard * log_p).mean()

    @focal_loss.mistake(
        f"gamma on p{also}",
        hint("your factor is p^gamma, which makes easy examples count; it is (1 - p)^gamma"),
    )
    def _(logits: Tensor, target: Tensor, gamma: float = 2.0, alpha: float = 0.25) -> Tensor:
        _, easy, log_p = parts(logits, target, gamma)
        return (-_balance(target, alpha) * easy * log_p).mean()

    @focal_loss.mistake(
        f"summed{also}",
        hint("you add the losses up; their mean is asked for"),
    )
    def _(logits: Tensor, target: Tensor, gamma: float = 2.0, alpha: float = 0.25) -> Tensor:
        hard, _, log_p = parts(logits, target, gamma)
        return (-_balance(target, alpha) * hard * log_p).sum()


_focal_mistakes(_stable_parts, "", "")
_focal_mistakes(
    _rounded_parts,
    ", and log of a rounded sigmoid",
    "far from 0 the sigmoid rounds to 0 or 1, so take its logarithm by logsigmoid",
)


@focal_loss.mistake(
    "gamma ignored",
    "You leave out (1 - p)^gamma, which makes the loss of easy examples small; what is left is a "
    "weighted cross-entropy.",
)
def _(logits: Tensor, target: Tensor, gamma: float = 2.0, alpha: float = 0.25) -> Tensor:
    _, _, log_p = _stable_parts(logits, target, gamma)
    return (-_balance(target, alpha) * log_p).mean()


@focal_loss.mistake(
    "gamma always 2",
    "You square 1 - p whatever gamma is; raise it to gamma.",
)
def _(logits: Tensor, target: Tensor, gamma: float = 2.0, alpha: float = 0.25) -> Tensor:
    hard, _, log_p = _power_parts(logits, target, 2)
    return (-_balance(target, alpha) * hard * log_p).mean()


@focal_loss.mistake(
    "alpha always 0.25",
    "You weigh the classes by 0.25 and 0.75 whatever alpha is; use alpha and 1 - alpha.",
)
def _(logits: Tensor, target: Tensor, gamma: float = 2.0, alpha: float = 0.25) -> Tensor:
    hard, _, log_p = _stable_parts(logits, target, gamma)
    return (-_balance(target, 0.25) * hard * log_p).mean()


@focal_loss.mistake(
    "probability of class 1 throughout",
    "You use the probability of class 1 for every example; where target is 0, the right answer's "
    "probability is 1 - σ(z).",
)
def _(logits: Tensor, target: Tensor, gamma: float = 2.0, alpha: float = 0.25) -> Tensor:
    hard, _, log_p = _stable_parts(logits, torch.ones_like(target), gamma)
    return (-_balance(target, alpha) * hard * log_p).mean()


@focal_loss.mistake(
    "sign missing",
    "You leave out the minus; logarithms of probabilities are negative, the loss is not.",
)
def _(logits: Tensor, target: Tensor, gamma: float = 2.0, alpha: float = 0.25) -> Tensor:
    hard, _, log_p = _stable_parts(logits, target, gamma)
    return (_balance(target, alpha) * hard * log_p).mean()


@focal_loss.mistake(
    "not reduced",
    "You return a loss for each element; their mean is asked for.",
)
def _(logits: Tensor, target: Tensor, gamma: float = 2.0, alpha: float = 0.25) -> Tensor:
    hard, _, log_p = _power_parts(logits, target, gamma)
    return -_balance(target, alpha) * hard * log_p


@focal_loss.mistake(
    "divided by the ones only",
    "You divide by the number of ones, as is done where ones are few, in detectors; here the mean "
    "is taken over all elements.",
)
def _(logits: Tensor, target: Tensor, gamma: float = 2.0, alpha: float = 0.25) -> Tensor:
    hard, _, log_p = _stable_parts(logits, target, gamma)
    return (-_balance(target, alpha) * hard * log_p).sum() / target.detach().sum()


@focal_loss.mistake(
    "sigmoid missing",
    "You take the logits for probabilities; the sigmoid makes probabilities of them.",
)
def _(logits: Tensor, target: Tensor, gamma: float = 2.0, alpha: float = 0.25) -> Tensor:
    p = torch.where(target == 1, logits, 1 - logits)
    return (-_balance(target, alpha) * (1 - p) ** gamma * p.log()).mean()
