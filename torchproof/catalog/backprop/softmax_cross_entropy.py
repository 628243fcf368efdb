"""Softmax and cross-entropy, backwards."""

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.backprop.rules import AUTOGRAD, GROUPS
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=AUTOGRAD)
def softmax_cross_entropy_backward(logits: Tensor, target: Tensor) -> Tensor:
    """Return the gradient of the mean cross-entropy at the logits, (N, C); target is (N,)."""
    leaf = logits.detach().requires_grad_()
    return torch.autograd.grad(F.cross_entropy(leaf, target), leaf)[0]


def _labels(draw: Draw, n: int, c: int) -> Tensor:
    """Return n labels of c classes, 0 among them."""
    labels = draw.integers(n, high=c)
    labels[0] = 0
    return labels


@softmax_cross_entropy_backward.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        for n, c in ((4, 3), (draw.size(6, 8), draw.size(4, 5)), (3, draw.size(6, 7)), (4, 4)):
            logits = 2 * draw.normal(n, c, dtype=dtype)
            yield values(logits=logits, target=_labels(draw, n, c))
    three, two = draw.normal(3, 4), draw.normal(2, 3)
    yield extremes(
        "logits of 1000 and -1000",
        logits=torch.tensor([[1000.0, 0.0, -1000.0], [-1000.0, 1000.0, 0.0], [0.0, 1.0, -1000.0]]),
        target=torch.tensor([0, 0, 1]),
    )
    yield extremes("all logits large", logits=200 + two, target=torch.tensor([2, 0]))
    yield extremes("all logits equal", logits=torch.full((3, 4), 7.0), target=_labels(draw, 3, 4))
    yield extremes("the last class in no target", logits=three, target=_labels(draw, 3, 3))
    yield extremes("one target for all", logits=three, target=torch.full((3,), 2))
    masked = two + torch.tensor([[0.0, -torch.inf, 0.0], [-torch.inf, 0.0, 0.0]])
    yield extremes("a class ruled out by -infinity", logits=masked, target=torch.tensor([2, 1]))
    yield extremes("one example", logits=draw.normal(1, 4), target=torch.tensor([draw.size(0, 3)]))
    only = torch.zeros(3, dtype=torch.int64)
    yield extremes("one class", logits=draw.normal(3, 1), target=only)
    yield extremes("an empty batch", logits=torch.empty(0, 3), target=only[:0])
    for dtype in FLOATS:
        for n, c in ((5, 3), (2, 6), (7, 2)):
            yield shapes(logits=draw.normal(n, c, dtype=dtype), target=_labels(draw, n, c))


def _marked(logits: Tensor, target: Tensor) -> Tensor:
    """Return 1 at each row's target and 0 elsewhere, in the dtype of logits."""
    return F.one_hot(target, logits.shape[1]).to(logits.dtype)


@softmax_cross_entropy_backward.mistake(
    "not divided by N",
    "Your gradient is that of the summed loss; the loss is the mean over the N rows, so divide "
    "by N.",
)
def _(logits: Tensor, target: Tensor) -> Tensor:
    return logits.softmax(1) - _marked(logits, target)


@softmax_cross_entropy_backward.mistake(
    "divided by N·C",
    "You divide by the number of all elements; the mean is over the N rows, so divide by N.",
)
def _(logits: Tensor, target: Tensor) -> Tensor:
    return (logits.softmax(1) - _marked(logits, target)) / max(logits.numel(), 1)


@softmax_cross_entropy_backward.mistake(
    "divided by C",
    "You divide by the number of classes; the mean is over the N rows, so divide by N.",
)
def _(logits: Tensor, target: Tensor) -> Tensor:
    return (logits.softmax(1) - _marked(logits, target)) / logits.shape[1]


@softmax_cross_entropy_backward.mistake(
    "one-hot forgotten",
    "You return the probabilities over N; at each row's target, 1 is to be subtracted from them "
    "first.",
)
def _(logits: Tensor, target: Tensor) -> Tensor:
    return logits.softmax(1) / len(logits)


@softmax_cross_entropy_backward.mistake(
    "sign swapped",
    "You subtract the probabilities from the target; that is the direction of descent, and the "
    "gradient is the opposite: probabilities minus one-hot target.",
)
def _(logits: Tensor, target: Tensor) -> Tensor:
    return (_marked(logits, target) - logits.softmax(1)) / len(logits)


@softmax_cross_entropy_backward.mistake(
    "softmax over the rows",
    "Your softmax runs over the rows, dim=0; the classes of one row share the probability, dim=1.",
)
def _(logits: Tensor, target: Tensor) -> Tensor:
    return (logits.softmax(0) - _marked(logits, target)) / len(logits)


@softmax_cross_entropy_backward.mistake(
    "no softmax",
    "You subtract the target from the logits themselves; take their softmax first.",
)
def _(logits: Tensor, target: Tensor) -> Tensor:
    return (logits - _marked(logits, target)) / len(logits)


@softmax_cross_entropy_backward.mistake(
    "log of the softmax",
    "You subtract the target from the log-probabilities; the gradient has the probabilities "
    "themselves.",
)
def _(logits: Tensor, target: Tensor) -> Tensor:
    return (logits.log_softmax(1) - _marked(logits, target)) / len(logits)


@softmax_cross_entropy_backward.mistake(
    "sigmoid",
    "You take the sigmoid of each logit, as if each class were a question of its own; the classes "
    "share one probability, by the softmax.",
)
def _(logits: Tensor, target: Tensor) -> Tensor:
    return (logits.sigmoid() - _marked(logits, target)) / len(logits)


@softmax_cross_entropy_backward.mistake(
    "maximum not subtracted",
    "Your exponentials overflow for large logits, and infinity over infinity is NaN; use "
    "torch.softmax, or subtract each row's largest first.",
)
def _(logits: Tensor, target: Tensor) -> Tensor:
    probabilities = logits.exp() / logits.exp().sum(1, keepdim=True)
    return (probabilities - _marked(logits, target)) / len(logits)


@softmax_cross_entropy_backward.mistake(
    "target's column only",
    "Your gradient is 0 but for the target; the other logits matter too, since they share the "
    "probability: theirs is p over N.",
)
def _(logits: Tensor, target: Tensor) -> Tensor:
    marked = _marked(logits, target)
    return torch.where(marked > 0, logits.softmax(1) - 1, 0) / len(logits)


@softmax_cross_entropy_backward.mistake(
    "the gradient at the probabilities",
    "-1/p at the target is the gradient with respect to the probabilities; send it back through "
    "the softmax as well, and what is left at the logits is p minus the one-hot target.",
)
def _(logits: Tensor, target: Tensor) -> Tensor:
    return -_marked(logits, target) / logits.softmax(1) / len(logits)


@softmax_cross_entropy_backward.mistake(
    "slope of the softmax again",
    "You multiply by p·(1 - p) as if a sigmoid followed; softmax and logarithm together leave p "
    "minus the one-hot target, and nothing is multiplied.",
)
def _(logits: Tensor, target: Tensor) -> Tensor:
    p = logits.softmax(1)
    return (p - _marked(logits, target)) * p * (1 - p) / len(logits)


@softmax_cross_entropy_backward.mistake(
    "every row at every target",
    "p[:, target] picks the columns of all targets in every row; pair each row with its own "
    "target, p[torch.arange(N), target].",
)
def _(logits: Tensor, target: Tensor) -> Tensor:
    gradient = logits.softmax(1)
    gradient[:, target] -= 1
    return gradient / len(logits)


@softmax_cross_entropy_backward.mistake(
    "whole rows at the targets",
    "p[target] picks whole rows, numbered by the classes; pair each row with its own target, "
    "p[torch.arange(N), target].",
)
def _(logits: Tensor, target: Tensor) -> Tensor:
    gradient = logits.softmax(1)
    gradient[target] -= 1
    return gradient / len(logits)


@softmax_cross_entropy_backward.mistake(
    "targets as they are",
    "You subtract the numbers of the classes; a target stands for a row of zeros with a 1 in its "
    "column.",
)
def _(logits: Tensor, target: Tensor) -> Tensor:
    return (logits.softmax(1) - target[:, None]) / len(logits)


@softmax_cross_entropy_backward.mistake(
    "as many classes as targets show",
    "F.one_hot makes as many columns as the largest target needs, and a class may be missing from "
    "a batch; give it the number of classes, logits.shape[1].",
)
def _(logits: Tensor, target: Tensor) -> Tensor:
    return (logits.softmax(1) - F.one_hot(target)) / len(logits)


@softmax_cross_entropy_backward.mistake(
    "writes into the logits",
    "You change the caller's logits in place, as by logits -= ...; make a new tensor.",
)
def _(logits: Tensor, target: Tensor) -> Tensor:
    logits -= logits.amax(1, keepdim=True)
    return (logits.softmax(1) - _marked(logits, target)) / len(logits)
