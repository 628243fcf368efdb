"""Perplexity: how many tokens a model hesitates between."""

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.checking.cases import FLOATS, Cases, Draw, Group, extremes, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=(Group.VALUES, Group.EXTREMES, Group.SHAPES, Group.NO_SIDE_EFFECTS))
def perplexity(logits: Tensor, targets: Tensor) -> Tensor:
    """Return the exponential of the mean cross-entropy of logits (..., C) and targets (...)."""
    return F.cross_entropy(logits.reshape(-1, logits.shape[-1]), targets.reshape(-1)).exp()


def _drawn(draw: Draw, *shape: int, dtype: torch.dtype = torch.float64) -> dict[str, Tensor]:
    """Draw logits of this shape, with targets that have a likely class more often than not."""
    logits = 2 * draw.normal(*shape, dtype=dtype)
    random = draw.integers(*shape[:-1], high=shape[-1])
    return {"logits": logits, "targets": torch.where(draw.mask(*shape[:-1]), random, _best(logits))}


def _best(logits: Tensor) -> Tensor:
    return logits.argmax(-1)


@perplexity.cases
def _(draw: Draw) -> Cases:
    single, double = FLOATS
    n, t, c = draw.size(4, 6), draw.size(7, 9), draw.size(10, 12)
    yield values("positions", **_drawn(draw, n * t, c, dtype=single))
    yield values("positions", **_drawn(draw, n, c, dtype=double))
    yield values("sequences", **_drawn(draw, n, t, c, dtype=single))
    yield values("sequences", **_drawn(draw, t, n, c, dtype=double))
    for dtype in FLOATS:
        for shape in ((t, c), (n, t, c), (2, n, 3, c), (c, c), (c, c, c)):
            yield shapes(**_drawn(draw, *shape, dtype=dtype))
    yield from _extremes(draw)


def _extremes(draw: Draw) -> Cases:
    drawn = _drawn(draw, 5, 6, 8)
    logits, targets = drawn["logits"], drawn["targets"]
    yield extremes(
        "every class as likely", logits=torch.full((3, 4, 7), 0.5), targets=targets[:3, :4] % 7
    )
    sure = 50.0 * F.one_hot(targets, 8).double()
    yield extremes("always sure, and right", logits=sure, targets=targets)
    yield extremes("large logits", logits=logits + 1000.0, targets=targets)
    yield extremes("large negative logits", logits=logits - 1000.0, targets=targets)
    unequal = torch.tensor([[200.0, 0.0], [0.0, 0.0]])
    zeros = torch.zeros(2, dtype=torch.int64)
    yield extremes("rows of very different sizes", logits=unequal, targets=zeros)
    unlikely = logits.clone()
    unlikely[2, 3, targets[2, 3]] = -900.0
    yield extremes("one target all but impossible", logits=unlikely, targets=targets)
    yield extremes("a single position", logits=draw.normal(1, 6), targets=draw.integers(1, high=6))
    yield extremes("one sequence", logits=draw.normal(1, 9, 6), targets=draw.integers(1, 9, high=6))
    yield extremes(
        "sequences of one", logits=draw.normal(9, 1, 6), targets=draw.integers(9, 1, high=6)
    )
    yield extremes(
        "a single class", logits=draw.normal(4, 5, 1), targets=torch.zeros(4, 5, dtype=torch.int64)
    )
    yield extremes(
        "no positions", logits=torch.empty(0, 6), targets=torch.empty(0, dtype=torch.int64)
    )


@perplexity.mistake(
    "base 2",
    "You raise 2 to the cross-entropy, but cross_entropy takes natural logarithms; take exp of it.",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    return torch.exp2(_loss(logits, targets))


def _loss(logits: Tensor, targets: Tensor, reduction: str = "mean") -> Tensor:
    """Return the cross-entropy over all positions, or one for each in one row of them."""
    flat = logits.reshape(-1, logits.shape[-1])
    return F.cross_entropy(flat, targets.reshape(-1), reduction=reduction)


@perplexity.mistake(
    "bits for nats",
    "You divide the cross-entropy by log 2, which makes it bits, and then take exp; leave it in "
    "natural logarithms, or raise 2 to it.",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    return (_loss(logits, targets) / torch.tensor(2.0).log()).exp()


@perplexity.mistake(
    "base 10",
    "You raise 10 to the cross-entropy, which is in natural logarithms; take exp of it.",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    return 10 ** _loss(logits, targets)


@perplexity.mistake(
    "1 for no positions",
    "Where there are no positions, your mean is 0 and so the result 1; the mean of nothing is NaN, "
    "so divide by the number of positions as it is, and leave NaN as it is.",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    return (_loss(logits, targets, "sum") / max(targets.numel(), 1)).exp()


@perplexity.mistake(
    "exp of the sum",
    "You take exp of the summed cross-entropy, which grows with the length of the text; take exp "
    "of its mean over all positions.",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    return _loss(logits, targets, "sum").exp()


@perplexity.mistake(
    "mean of the exponentials",
    "You take exp of each position's cross-entropy and then the mean; take the mean first, then "
    "exp.",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    return _loss(logits, targets, "none").exp().mean()


@perplexity.mistake(
    "one for each sequence",
    "You take a perplexity of each sequence and average those; take the mean cross-entropy over "
    "all positions of all sequences, then exp once.",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    return _loss(logits, targets, "none").reshape(targets.shape).mean(-1).exp().mean()


@perplexity.mistake(
    "summed over each sequence",
    "You sum the cross-entropy along each sequence and average over the sequences only; divide by "
    "the number of all positions.",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    return _loss(logits, targets, "none").reshape(targets.shape).sum(-1).mean().exp()


@perplexity.mistake(
    "no exponential",
    "You return the mean cross-entropy itself; the perplexity is exp of it.",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    return _loss(logits, targets)


@perplexity.mistake(
    "exp of minus the cross-entropy",
    "You take exp of minus the cross-entropy, a mean probability; the perplexity is one over that.",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    return (-_loss(logits, targets)).exp()


@perplexity.mistake(
    "softmax twice",
    "You hand probabilities to cross_entropy, which takes the softmax itself; hand it the logits.",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    return _loss(logits.softmax(-1), targets).exp()


@perplexity.mistake(
    "logits for log-probabilities",
    "You take the targets' logits for their logarithmic probabilities; log_softmax makes them so.",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    return logits.gather(-1, targets[..., None]).mean().neg().exp()


@perplexity.mistake(
    "log of a rounded softmax",
    "You take the softmax and then its logarithm, which is minus infinity where the softmax is "
    "rounded to 0; take log_softmax in one step, or cross_entropy.",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    return _from_probabilities(logits.softmax(-1), targets)


def _from_probabilities(p: Tensor, targets: Tensor) -> Tensor:
    return p.gather(-1, targets[..., None]).log().mean().neg().exp()


@perplexity.mistake(
    "overflow",
    "You take exp of the logits as they are, which overflows for large ones; use cross_entropy or "
    "log_softmax, which subtract the largest first.",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    return _from_probabilities(logits.exp() / logits.exp().sum(-1, keepdim=True), targets)


@perplexity.mistake(
    "one maximum for all positions",
    "You subtract one maximum from all logits, so that exp is rounded to 0 where a position's are "
    "much smaller; subtract each position's own, or use cross_entropy.",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    shifted = (logits - logits.max() if logits.numel() else logits).exp()
    return _from_probabilities(shifted / shifted.sum(-1, keepdim=True), targets)


@perplexity.mistake(
    "logits changed in place",
    "You change the logits, which are the caller's; use operations that return a new tensor, as "
    "logits - x in place of logits -= x.",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    if logits.numel():
        logits -= logits.max(-1, keepdim=True).values
    return _loss(logits, targets).exp()


@perplexity.mistake(
    "a small number inside the logarithm",
    "You add a small number to the probabilities before the logarithm, which hides how wrong an "
    "all but impossible target is; take log_softmax of the logits.",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    return _from_probabilities(logits.softmax(-1) + 1e-9, targets)


@perplexity.mistake(
    "the likeliest class",
    "You read off the likeliest class's probability; it is the target's that counts.",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    return logits.log_softmax(-1).amax(-1).mean().neg().exp()


@perplexity.mistake(
    "shifted",
    "You shift logits against targets by one position; targets already holds, at each position, "
    "the token that comes next.",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    dim = logits.dim() - 2
    steps = logits.shape[dim] - 1
    return _loss(logits.narrow(dim, 0, steps), targets.narrow(dim, 1, steps)).exp()


@perplexity.mistake(
    "the last position only",
    "You judge the last position of each sequence alone; take the mean over all positions.",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    return _loss(logits[..., -1:, :], targets[..., -1:]).exp()


@perplexity.mistake(
    "classes moved by reshape",
    "You bring the classes to dim 1 by reshape or view, which keeps the order of the numbers and "
    "so mixes positions with classes; use transpose or movedim, or flatten the positions.",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    first, *others = targets.shape
    return F.cross_entropy(logits.reshape(first, logits.shape[-1], *others), targets).exp()


@perplexity.mistake(
    "classes not in the second place",
    "F.cross_entropy wants the classes in dim 1, and behind them all other dimensions in the "
    "order of targets; flatten the positions, or use logits.movedim(-1, 1).",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    return F.cross_entropy(logits, targets).exp()


@perplexity.mistake(
    "divided by the number of classes, too",
    "You average over the classes, too; there is one cross-entropy for each position, so divide "
    "by the number of positions.",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    return (_loss(logits, targets) / logits.shape[-1]).exp()


@perplexity.mistake(
    "one for each position",
    "You return a number for each position; take the mean over all of them before exp.",
)
def _(logits: Tensor, targets: Tensor) -> Tensor:
    return _loss(logits, targets, "none").exp().reshape(targets.shape)


@perplexity.mistake(
    "a Python number",
    "You return a Python number, as .item() or math.exp gives; return a tensor of shape ().",
)
def _(logits: Tensor, targets: Tensor) -> float:
    return _loss(logits, targets).exp().item()
