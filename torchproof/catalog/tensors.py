"""The exercises of ``01_tensors``."""

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.checking.cases import (
    FLOATS,
    Cases,
    Draw,
    Group,
    extremes,
    gradients,
    shapes,
    values,
    vectorised,
)
from torchproof.checking.exercise import FUNCTION_GROUPS, exercise

_WITHOUT_GRADIENTS = tuple(group for group in FUNCTION_GROUPS if group is not Group.GRADIENTS)


@exercise(groups=_WITHOUT_GRADIENTS, loops=False, picture="curve")
def threshold(t: Tensor, limit: float) -> Tensor:
    """Return 1 where t is above the limit, else 0, in t's shape and dtype."""
    return torch.where(t > limit, 1, 0).to(t.dtype)


@threshold.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        yield values(t=draw.normal(12, dtype=dtype), limit=draw.number(-0.5, 0.5))
        yield values(t=draw.normal(2, 3, 4, dtype=dtype), limit=draw.number(-0.5, 0.5))
    yield extremes("equal to the limit", t=torch.tensor([0.25, 0.5, 0.75]), limit=0.5)
    odd = torch.tensor([-torch.inf, 1e38, torch.inf, torch.nan])
    yield extremes("infinities and NaN", t=odd, limit=3e38)
    yield extremes("a limit above 1", t=torch.tensor([0.5, 1.5, 2.5]), limit=1.25)
    yield extremes("whole numbers, a limit between", t=torch.tensor([-1, 0, 2]), limit=-0.5)
    yield extremes("a single element", t=torch.tensor(2.0), limit=1.0)
    yield extremes("an empty batch", t=torch.empty(0, 3), limit=0.0)
    for dtype in (*FLOATS, torch.int64):
        t = draw.integers(3, draw.size(4, 7), low=-3, high=4).to(dtype)
        yield shapes(t=t, limit=0.5)
    yield vectorised({"t": draw.normal(4), "limit": 0.0}, {"t": draw.normal(9, 5), "limit": 0.0})


@threshold.mistake(
    ">= in place of >",
    "You compare with >=; an element equal to the limit is not above it, so it becomes 0.",
)
def _(t: Tensor, limit: float) -> Tensor:
    return torch.where(t >= limit, 1, 0).to(t.dtype)


@threshold.mistake(
    "returns bool",
    "A comparison gives booleans; turn them into t's dtype, as with .to(t.dtype).",
)
def _(t: Tensor, limit: float) -> Tensor:
    return t > limit


@threshold.mistake(
    "always float32",
    "Your result is float32 whatever t is; give it t's own dtype.",
)
def _(t: Tensor, limit: float) -> Tensor:
    return (t > limit).float()


@threshold.mistake(
    "returns int64",
    "Your result is int64 whatever t is; give it t's own dtype, as with .to(t.dtype).",
)
def _(t: Tensor, limit: float) -> Tensor:
    return torch.where(t > limit, 1, 0)


@threshold.mistake(
    "keeps the values above",
    "You keep the elements above the limit as they are; each of them should become 1.",
)
def _(t: Tensor, limit: float) -> Tensor:
    return torch.where(t > limit, t, 0).to(t.dtype)


@threshold.mistake(
    "the other way round",
    "You give 1 below the limit and 0 above it; it should be the other way round.",
)
def _(t: Tensor, limit: float) -> Tensor:
    return torch.where(t < limit, 1, 0).to(t.dtype)


@threshold.mistake(
    "reads what it wrote",
    "Your second assignment reads what the first has written: the new ones count as values too. "
    "Compare once and keep the mask.",
)
def _(t: Tensor, limit: float) -> Tensor:
    result = t.clone()
    result[result > limit] = 1
    result[result <= limit] = 0
    return result


@threshold.mistake(
    "limit cast to the dtype of t",
    "You cast the limit to t's dtype, which cuts its fraction off when t holds whole numbers; "
    "compare with the number itself.",
)
def _(t: Tensor, limit: float) -> Tensor:
    return (t > torch.full_like(t, limit)).to(t.dtype)


@threshold.mistake(
    "writes into its input",
    "You write the zeros and ones into t itself, which the caller still needs; make a new tensor.",
)
def _(t: Tensor, limit: float) -> Tensor:
    above = t > limit
    t[above] = 1
    t[~above] = 0
    return t


@exercise()
def standardize(x: Tensor) -> Tensor:
    """Shift and scale each column of x, (N, D), to mean 0 and population std 1.

    A constant column becomes 0.
    """
    centred = x - x.mean(dim=0)
    std = x.std(dim=0, correction=0)
    constant = (x == x[:1]).all(dim=0)
    return torch.where(constant, 0, centred / torch.where(constant, 1, std))


@standardize.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        for n, d in ((5, 3), (draw.size(6, 9), draw.size(2, 5))):
            scale = draw.uniform(d, low=0.5, high=4, dtype=dtype)
            yield values(x=draw.normal(n, d, dtype=dtype) * scale + draw.number(-3, 3))
    x = draw.normal(6, 3, dtype=torch.float64)
    x[:, 1] = 2.0
    yield extremes("a constant column", x=x)
    yield gradients("a constant column", x=x)
    yield extremes("a constant column of tenths", x=torch.full((7, 2), 0.1))
    yield extremes("a constant column of thirds", x=torch.full((6, 2), 0.3))
    far = draw.normal(6, 2, dtype=torch.float64) + 1e6
    yield extremes("far from 0", x=far)
    yield extremes("a single row", x=draw.normal(1, 4))
    yield extremes("a small spread", x=1e-4 * draw.normal(6, 2, dtype=torch.float64))
    yield extremes("a large spread", x=1e6 * draw.normal(6, 2, dtype=torch.float64))
    for dtype in FLOATS:
        yield shapes(x=draw.normal(4, 7, dtype=dtype))
        yield shapes(x=draw.normal(7, 2, dtype=dtype))
    yield vectorised({"x": draw.normal(4, 3)}, {"x": draw.normal(11, 9)})


@standardize.mistake(
    "sample std",
    "You divide by the sample standard deviation (N-1); the population's divides by N: "
    "pass correction=0.",
)
def _(x: Tensor) -> Tensor:
    centred = x - x.mean(dim=0)
    if len(x) < 2:
        return torch.zeros_like(x)
    std = x.std(dim=0)
    constant = (x == x[:1]).all(dim=0)
    return torch.where(constant, 0, centred / torch.where(constant, 1, std))


@standardize.mistake(
    "sample std, and NaN on a constant column",
    "You divide by the sample standard deviation (N-1), and by 0 where a column is constant: "
    "pass correction=0, and let a constant column become 0.",
)
def _(x: Tensor) -> Tensor:
    return (x - x.mean(dim=0)) / x.std(dim=0)


@standardize.mistake(
    "over all elements",
    "You use one mean and one standard deviation for the whole table; each column has its own: "
    "reduce over dim=0.",
)
def _(x: Tensor) -> Tensor:
    return (x - x.mean()) / x.std(correction=0)


@standardize.mistake(
    "over rows",
    "You standardise each row; the columns are asked, so reduce over dim=0.",
)
def _(x: Tensor) -> Tensor:
    return (x - x.mean(dim=1, keepdim=True)) / x.std(dim=1, correction=0, keepdim=True)


@standardize.mistake(
    "constant columns found by their std, NaN gradient",
    "Two things about constant columns: rounding can leave them a tiny standard deviation, so find "
    "them by comparing elements; and 0/0 behind a torch.where still makes the gradient NaN, so "
    "put a 1 in place of the 0 before you divide.",
)
def _(x: Tensor) -> Tensor:
    std = x.std(dim=0, correction=0)
    return torch.where(std > 0, (x - x.mean(dim=0)) / std, 0)


@standardize.mistake(
    "constant columns found by their std",
    "Rounding can leave a constant column a tiny standard deviation in place of 0; find constant "
    "columns by comparing their elements.",
)
def _(x: Tensor) -> Tensor:
    std = x.std(dim=0, correction=0)
    return (x - x.mean(dim=0)) / torch.where(std == 0, 1, std)


@standardize.mistake(
    "std overwritten",
    "You write into std, which the gradient still needs; torch.where makes a new tensor instead.",
)
def _(x: Tensor) -> Tensor:
    std = x.std(dim=0, correction=0)
    std[std == 0] = 1
    return (x - x.mean(dim=0)) / std


@standardize.mistake(
    "mean of squares minus square of the mean",
    "You compute the variance as the mean of squares minus the square of the mean, in which the "
    "digits cancel far from 0; subtract the mean first.",
)
def _(x: Tensor) -> Tensor:
    constant = (x == x[:1]).all(dim=0)
    mean = x.mean(dim=0)
    variance = (x * x).mean(dim=0) - mean * mean
    std = torch.where(constant, 1, variance).sqrt()
    return torch.where(constant, 0, (x - mean) / std)


@standardize.mistake(
    "NaN on a constant column",
    "A constant column has standard deviation 0, and 0/0 is NaN; let such a column become 0.",
)
def _(x: Tensor) -> Tensor:
    return (x - x.mean(dim=0)) / x.std(dim=0, correction=0)


@standardize.mistake(
    "a tiny constant added to the std",
    "You add a small constant to the standard deviation, which shrinks columns of small spread; "
    "treat the constant column apart.",
)
def _(x: Tensor) -> Tensor:
    return (x - x.mean(dim=0)) / (x.std(dim=0, correction=0) + 1e-8)


@standardize.mistake(
    "a constant added to the std",
    "You add a small constant to the standard deviation, which shrinks columns of small spread; "
    "treat the constant column apart.",
)
def _(x: Tensor) -> Tensor:
    return (x - x.mean(dim=0)) / (x.std(dim=0, correction=0) + 1e-5)


@standardize.mistake(
    "mean not subtracted",
    "You scale the columns without subtracting their means first.",
)
def _(x: Tensor) -> Tensor:
    std = x.std(dim=0, correction=0)
    constant = (x == x[:1]).all(dim=0)
    return torch.where(constant, 0, x / torch.where(constant, 1, std))


@standardize.mistake(
    "variance in place of std",
    "You divide by the variance; divide by its square root, the standard deviation.",
)
def _(x: Tensor) -> Tensor:
    variance = x.var(dim=0, correction=0)
    constant = (x == x[:1]).all(dim=0)
    return torch.where(constant, 0, (x - x.mean(dim=0)) / torch.where(constant, 1, variance))


@standardize.mistake(
    "mean and std cut out of the gradient",
    "The values are right, but mean and std are detached: their own gradients are lost.",
)
def _(x: Tensor) -> Tensor:
    std = x.std(dim=0, correction=0).detach()
    constant = (x == x[:1]).all(dim=0)
    centred = x - x.mean(dim=0).detach()
    return torch.where(constant, 0, centred / torch.where(constant, 1, std))


@exercise(groups=_WITHOUT_GRADIENTS, not_allowed=("one_hot",))
def one_hot(labels: Tensor, num_classes: int) -> Tensor:
    """Turn int64 labels of any shape into int64 rows with a 1 at the label and 0 elsewhere."""
    return F.one_hot(labels, num_classes)


@one_hot.cases
def _(draw: Draw) -> Cases:
    for shape in ((6,), (3, 4), (2, 1, 3)):
        num_classes = draw.size(3, 6)
        yield values(labels=draw.integers(*shape, high=num_classes), num_classes=num_classes)
    yield extremes("classes nobody has", labels=torch.tensor([0, 1, 1]), num_classes=5)
    yield extremes("one class", labels=torch.zeros(3, dtype=torch.int64), num_classes=1)
    yield extremes("the last class", labels=torch.tensor([3, 3]), num_classes=4)
    yield extremes("a single label", labels=torch.tensor(2), num_classes=4)
    yield extremes("no labels", labels=torch.empty(0, dtype=torch.int64), num_classes=3)
    yield shapes(labels=draw.integers(5, high=4), num_classes=4)
    yield shapes(labels=draw.integers(3, 5, high=7), num_classes=7)
    yield vectorised(
        {"labels": draw.integers(3, high=4), "num_classes": 4},
        {"labels": draw.integers(7, 5, high=9), "num_classes": 9},
    )


@one_hot.mistake(
    "classes from max+1",
    "You take the number of classes from the largest label; a batch may lack the last classes, "
    "so use num_classes.",
)
def _(labels: Tensor, num_classes: int) -> Tensor:
    size = int(labels.max()) + 1
    return (labels[..., None] == torch.arange(size, device=labels.device)).long()


@one_hot.mistake(
    "one dimension of labels only",
    "You expect one dimension; labels may have any shape, and labels[..., None] adds the last one.",
)
def _(labels: Tensor, num_classes: int) -> Tensor:
    return (labels[:, None] == torch.arange(num_classes, device=labels.device)).long()


@one_hot.mistake(
    "every label's column in every row",
    "You set the column of every label in every row; each row has a 1 at its own label only.",
)
def _(labels: Tensor, num_classes: int) -> Tensor:
    rows = torch.zeros(*labels.shape, num_classes, dtype=torch.int64, device=labels.device)
    rows[..., labels] = 1
    return rows


@one_hot.mistake(
    "float result",
    "Your zeros and ones are floats; int64 is asked, as from .long().",
)
def _(labels: Tensor, num_classes: int) -> Tensor:
    return (labels[..., None] == torch.arange(num_classes, device=labels.device)).float()


@one_hot.mistake(
    "returns bool",
    "A comparison gives booleans; int64 is asked, as from .long().",
)
def _(labels: Tensor, num_classes: int) -> Tensor:
    return labels[..., None] == torch.arange(num_classes, device=labels.device)


@one_hot.mistake(
    "classes first",
    "You put the classes in the first dimension; they belong in the last.",
)
def _(labels: Tensor, num_classes: int) -> Tensor:
    rows = labels[..., None] == torch.arange(num_classes, device=labels.device)
    return rows.long().movedim(-1, 0)


@one_hot.mistake(
    "labels counted from 1",
    "Your 1 stands one place too far left; labels count from 0.",
)
def _(labels: Tensor, num_classes: int) -> Tensor:
    return (labels[..., None] == torch.arange(1, num_classes + 1, device=labels.device)).long()


@one_hot.mistake(
    "one label at a time",
    "The values are right, but you visit the labels one by one; compare them all at once.",
)
def _(labels: Tensor, num_classes: int) -> Tensor:
    rows = torch.zeros(labels.numel(), num_classes, dtype=torch.int64, device=labels.device)
    for row, label in zip(rows, labels.flatten(), strict=True):
        row[label] = 1
    return rows.reshape(*labels.shape, num_classes)


@exercise(not_allowed=("cdist", "_cdist_forward", "pairwise_distance", "torch.nn.PairwiseDistance"))
def pairwise_distance(a: Tensor, b: Tensor) -> Tensor:
    """Return the Euclidean distance of each row of a, (N, D), to each of b, (M, D), as (N, M)."""
    return torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist")


@pairwise_distance.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        for n, m, d in ((3, 4, 2), (draw.size(4, 6), draw.size(2, 3), draw.size(1, 5))):
            yield values(a=draw.normal(n, d, dtype=dtype), b=draw.normal(m, d, dtype=dtype))
    a = draw.normal(3, 2)
    yield gradients("rows at distance 0", a=a, b=torch.cat([a[:2], draw.normal(2, 2)]))
    yield extremes("rows at distance 0", a=a, b=a)
    yield extremes("far from the origin", a=a.double() + 1e6, b=draw.normal(2, 2).double() + 1e6)
    yield extremes("one row each", a=draw.normal(1, 3), b=draw.normal(1, 3))
    yield extremes("an empty batch", a=torch.empty(0, 3), b=draw.normal(2, 3))
    for dtype in FLOATS:
        yield shapes(a=draw.normal(5, 3, dtype=dtype), b=draw.normal(2, 3, dtype=dtype))
    yield vectorised(
        {"a": draw.normal(2, 3), "b": draw.normal(3, 3)},
        {"a": draw.normal(7, 6), "b": draw.normal(9, 6)},
    )


def _safe_root(square: Tensor) -> Tensor:
    zero = square == 0
    return torch.where(zero, 0, torch.where(zero, 1, square).sqrt())


@pairwise_distance.mistake(
    "squared",
    "You return the squared distance; take the square root.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    return (a[:, None] - b).square().sum(dim=-1)


@pairwise_distance.mistake(
    "L1",
    "You sum absolute differences, the L1 distance; the Euclidean one squares them, sums, "
    "and takes the root.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    return (a[:, None] - b).abs().sum(dim=-1)


@pairwise_distance.mistake(
    "(M, N)",
    "Your rows go with b and your columns with a; the shape asked is (N, M).",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    return _safe_root((b[:, None] - a).square().sum(dim=-1))


@pairwise_distance.mistake(
    "NaN gradient at distance 0",
    "The values are right, but the root's slope at 0 is infinite and the gradient becomes NaN; "
    "torch gives 0 there. Keep zeros out of the root: a torch.where after it comes too late.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    return (a[:, None] - b).square().sum(dim=-1).sqrt()


@pairwise_distance.mistake(
    "by expanding the square",
    "You expand (a-b)² to a² - 2ab + b²; far from the origin the large terms cancel and few "
    "digits are left. Subtract first.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    square = (a * a).sum(1)[:, None] - 2 * a @ b.mT + (b * b).sum(1)
    return _safe_root(square.clamp(min=0))


@pairwise_distance.mistake(
    "a constant under the root",
    "The constant under the root keeps the gradient finite but moves every distance; "
    "it should be exactly 0 for equal rows.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    return ((a[:, None] - b).square().sum(dim=-1) + 1e-4).sqrt()


@pairwise_distance.mistake(
    "one row at a time",
    "The values are right, but you visit the rows one by one; let broadcasting compare them all.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    rows = [_safe_root((row - b).square().sum(dim=-1)) for row in a]
    return torch.stack(rows) if rows else a.new_zeros(0, len(b))


@exercise()
def masked_mean(x: Tensor, mask: Tensor, dim: int) -> Tensor:
    """Return the mean along dim of the elements of x where mask is True, and 0 where none is."""
    total = torch.where(mask, x, 0).sum(dim)
    return total / mask.sum(dim).clamp(min=1)


@masked_mean.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        yield values(x=draw.normal(4, 6, dtype=dtype), mask=_some(draw, 4, 6, dim=1), dim=1)
        yield values(x=draw.normal(5, 3, dtype=dtype), mask=_some(draw, 5, 3, dim=0), dim=0)
        yield values(x=draw.normal(2, 3, 4, dtype=dtype), mask=_some(draw, 2, 3, 4, dim=1), dim=1)
    mask = _some(draw, 3, 4, dim=1)
    mask[1] = False
    yield extremes("no element taken", x=draw.normal(3, 4), mask=mask, dim=1)
    yield extremes("all taken", x=draw.normal(3, 4), mask=torch.ones(3, 4).bool(), dim=0)
    hidden = torch.tensor([[1.0, torch.nan, 3.0], [torch.inf, 5.0, 7.0]])
    yield extremes("NaN and infinity hidden", x=hidden, mask=hidden.isfinite(), dim=1)
    yield extremes("NaN and infinity taken", x=hidden, mask=~hidden.isfinite(), dim=1)
    yield extremes("an empty batch", x=torch.empty(0, 3), mask=torch.empty(0, 3).bool(), dim=1)
    for dtype in FLOATS:
        yield shapes(x=draw.normal(3, 5, dtype=dtype), mask=_some(draw, 3, 5, dim=-1), dim=-1)
        yield shapes(x=draw.normal(3, 5, 2, dtype=dtype), mask=_some(draw, 3, 5, 2, dim=0), dim=0)
    yield vectorised(
        {"x": draw.normal(2, 3), "mask": _some(draw, 2, 3, dim=1), "dim": 1},
        {"x": draw.normal(9, 7), "mask": _some(draw, 9, 7, dim=1), "dim": 1},
    )


def _some(draw: Draw, *shape: int, dim: int) -> Tensor:
    """Return a mask that takes some elements along ``dim`` everywhere, and leaves some out."""
    mask = draw.mask(*shape)
    mask.select(dim, 0).fill_(True)
    mask.select(dim, 1).fill_(False)
    return mask


@masked_mean.mistake(
    "divides by the full length",
    "You divide by the full length of dim; divide by the number of elements taken.",
)
def _(x: Tensor, mask: Tensor, dim: int) -> Tensor:
    return torch.where(mask, x, 0).mean(dim)


@masked_mean.mistake(
    "NaN on an empty mask",
    "Where no element is taken you compute 0/0, which is NaN; the result there should be 0.",
)
def _(x: Tensor, mask: Tensor, dim: int) -> Tensor:
    return torch.where(mask, x, 0).sum(dim) / mask.sum(dim)


@masked_mean.mistake(
    "multiplied by the mask",
    "You multiply by the mask, but 0 times NaN or infinity is NaN; choose with torch.where.",
)
def _(x: Tensor, mask: Tensor, dim: int) -> Tensor:
    return (x * mask).sum(dim) / mask.sum(dim).clamp(min=1)


@masked_mean.mistake(
    "multiplied by the mask, and NaN on an empty mask",
    "Two things: 0 times NaN is NaN, so choose with torch.where; and where no element is taken, "
    "0/0 is NaN where 0 is asked.",
)
def _(x: Tensor, mask: Tensor, dim: int) -> Tensor:
    return (x * mask).sum(dim) / mask.sum(dim)


@masked_mean.mistake(
    "NaN taken for hidden",
    "You drop NaN or infinity wherever it stands; what the mask takes counts, only what it hides "
    "is dropped.",
)
def _(x: Tensor, mask: Tensor, dim: int) -> Tensor:
    kept = mask & x.isfinite()
    return torch.where(kept, x, 0).sum(dim) / kept.sum(dim).clamp(min=1)


@masked_mean.mistake(
    "dim ignored",
    "You always average along dimension 1; dim says along which.",
)
def _(x: Tensor, mask: Tensor, dim: int) -> Tensor:
    return torch.where(mask, x, 0).sum(1) / mask.sum(1).clamp(min=1)


@masked_mean.mistake(
    "mask the other way round",
    "You average the elements where the mask is False; those where it is True are asked.",
)
def _(x: Tensor, mask: Tensor, dim: int) -> Tensor:
    return torch.where(mask, 0, x).sum(dim) / (~mask).sum(dim).clamp(min=1)


@masked_mean.mistake(
    "over all elements",
    "You average over the whole tensor; reduce over dim only.",
)
def _(x: Tensor, mask: Tensor, dim: int) -> Tensor:
    return torch.where(mask, x, 0).sum() / mask.sum().clamp(min=1)


@masked_mean.mistake(
    "dimension kept",
    "Your result keeps dim as a dimension of size 1; it should be gone.",
)
def _(x: Tensor, mask: Tensor, dim: int) -> Tensor:
    total = torch.where(mask, x, 0).sum(dim, keepdim=True)
    return total / mask.sum(dim, keepdim=True).clamp(min=1)


@masked_mean.mistake(
    "zeroes its input",
    "You write zeros into x itself, which the caller still needs; make a new tensor.",
)
def _(x: Tensor, mask: Tensor, dim: int) -> Tensor:
    with torch.no_grad():
        x[~mask] = 0
    return torch.where(mask, x, 0).sum(dim) / mask.sum(dim).clamp(min=1)


@exercise(groups=_WITHOUT_GRADIENTS, loops=False)
def topk_accuracy(logits: Tensor, labels: Tensor, k: int) -> float:
    """Return the share of rows of logits, (N, C), with the label, (N,), among the k largest."""
    best = logits.topk(k, dim=1).indices
    return (best == labels[:, None]).any(dim=1).double().mean().item()


@topk_accuracy.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        for n, classes, k in ((40, 6, 2), (draw.size(30, 50), draw.size(7, 9), 3)):
            logits = draw.normal(n, classes, dtype=dtype)
            yield values(logits=logits, labels=draw.integers(n, high=classes), k=k)
    logits = draw.normal(20, 5)
    yield extremes("k = 1", logits=logits, labels=draw.integers(20, high=5), k=1)
    yield extremes("k = C", logits=logits, labels=draw.integers(20, high=5), k=5)
    yield extremes("one row", logits=logits[:1], labels=logits[:1].argmax(dim=1), k=1)
    yield extremes("all wrong", logits=logits, labels=logits.argmin(dim=1), k=2)
    yield extremes(
        "infinite logits",
        logits=torch.tensor([[-torch.inf, 2.0, torch.inf]] * 2),
        labels=torch.tensor([0, 2]),
        k=1,
    )
    for n, classes in ((3, 8), (8, 3)):
        yield shapes(logits=draw.normal(n, classes), labels=draw.integers(n, high=classes), k=2)
    yield vectorised(
        {"logits": draw.normal(3, 4), "labels": draw.integers(3, high=4), "k": 2},
        {"logits": draw.normal(12, 9), "labels": draw.integers(12, high=9), "k": 2},
    )


@topk_accuracy.mistake(
    "top-1 only",
    "You compare with the largest logit only; the label may be any of the k largest.",
)
def _(logits: Tensor, labels: Tensor, k: int) -> float:
    return (logits.argmax(dim=1) == labels).double().mean().item()


@topk_accuracy.mistake(
    "percent",
    "You return percent; a fraction between 0 and 1 is asked.",
)
def _(logits: Tensor, labels: Tensor, k: int) -> float:
    best = logits.topk(k, dim=1).indices
    return 100 * (best == labels[:, None]).any(dim=1).double().mean().item()


@topk_accuracy.mistake(
    "smallest in place of largest",
    "You take the k smallest logits; the largest are the model's guesses.",
)
def _(logits: Tensor, labels: Tensor, k: int) -> float:
    best = logits.topk(k, dim=1, largest=False).indices
    return (best == labels[:, None]).any(dim=1).double().mean().item()


@topk_accuracy.mistake(
    "mean over all N·k comparisons",
    "You average over all N·k comparisons; each row counts once, when any of its k is the label.",
)
def _(logits: Tensor, labels: Tensor, k: int) -> float:
    best = logits.topk(k, dim=1).indices
    return (best == labels[:, None]).double().mean().item()


@topk_accuracy.mistake(
    "returns a count",
    "You return how many rows are right; divide by their number.",
)
def _(logits: Tensor, labels: Tensor, k: int) -> float:
    best = logits.topk(k, dim=1).indices
    return float((best == labels[:, None]).sum())


@topk_accuracy.mistake(
    "only the k-th guess",
    "You compare with the k-th largest alone; the label may be any of the k largest.",
)
def _(logits: Tensor, labels: Tensor, k: int) -> float:
    return (logits.topk(k, dim=1).indices[:, -1] == labels).double().mean().item()


@topk_accuracy.mistake(
    "labels without a second dimension",
    "topk gives (N, k) indices and labels has shape (N,); labels[:, None] sets each label beside "
    "its own row's guesses.",
)
def _(logits: Tensor, labels: Tensor, k: int) -> float:
    return (logits.topk(k, dim=1).indices == labels).any(dim=1).double().mean().item()


@topk_accuracy.mistake(
    "scores compared with labels",
    "You compare the values that topk returns; the class numbers are its indices.",
)
def _(logits: Tensor, labels: Tensor, k: int) -> float:
    return (logits.topk(k, dim=1).values == labels[:, None]).any(dim=1).double().mean().item()


@topk_accuracy.mistake(
    "guesses of all rows",
    "You look for the label among the guesses of all rows; only those of its own row count.",
)
def _(logits: Tensor, labels: Tensor, k: int) -> float:
    return torch.isin(labels, logits.topk(k, dim=1).indices).double().mean().item()


@topk_accuracy.mistake(
    "returns a tensor",
    "You return a tensor with one element; a Python float is asked: .item() gives it.",
)
def _(logits: Tensor, labels: Tensor, k: int) -> Tensor:
    best = logits.topk(k, dim=1).indices
    return (best == labels[:, None]).any(dim=1).float().mean()


@exercise(not_allowed=("torch.nn.functional.unfold", "torch.nn.Unfold", "im2col"), picture="map")
def extract_patches(images: Tensor, size: int, stride: int) -> Tensor:
    """Cut images, (N, C, H, W), into patches, (N, C·size², L), in the layout of F.unfold."""
    return F.unfold(images, size, stride=stride)


@extract_patches.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        yield values(images=draw.normal(2, 3, 6, 7, dtype=dtype), size=3, stride=2)
        height, width = draw.size(5, 7), draw.size(8, 9)
        yield values(images=draw.normal(1, 2, height, width, dtype=dtype), size=2, stride=1)
    yield extremes("one patch", images=draw.normal(2, 2, 3, 3), size=3, stride=1)
    yield extremes("patches of one pixel", images=draw.normal(1, 3, 4, 5), size=1, stride=1)
    yield extremes("stride beyond size", images=draw.normal(1, 2, 7, 8), size=2, stride=3)
    yield extremes("pixels left over", images=draw.normal(1, 1, 6, 8), size=3, stride=2)
    yield extremes("an empty batch", images=torch.empty(0, 2, 4, 5), size=2, stride=1)
    for dtype in FLOATS:
        yield shapes(images=draw.normal(2, 3, 4, 7, dtype=dtype), size=2, stride=2)
        yield shapes(images=draw.normal(3, 2, 8, 5, dtype=dtype), size=3, stride=1)
    yield vectorised(
        {"images": draw.normal(1, 1, 4, 5), "size": 2, "stride": 1},
        {"images": draw.normal(3, 2, 8, 11), "size": 2, "stride": 1},
    )


def _windows(images: Tensor, size: int, stride: int) -> Tensor:
    """Return (N, C, rows, columns, size, size): every window at its place."""
    return images.unfold(2, size, stride).unfold(3, size, stride)


@extract_patches.mistake(
    "transposed patches",
    "Each patch is read column by column; a patch's pixels go row by row, so keep its height "
    "before its width.",
)
def _(images: Tensor, size: int, stride: int) -> Tensor:
    n, c = images.shape[:2]
    windows = _windows(images, size, stride)
    places = windows.shape[2] * windows.shape[3]
    return windows.permute(0, 1, 5, 4, 2, 3).reshape(n, c * size * size, places)


@extract_patches.mistake(
    "transposed places",
    "The patches are ordered column by column; they go along the first row of the image first.",
)
def _(images: Tensor, size: int, stride: int) -> Tensor:
    n, c = images.shape[:2]
    windows = _windows(images, size, stride)
    places = windows.shape[2] * windows.shape[3]
    return windows.permute(0, 1, 4, 5, 3, 2).reshape(n, c * size * size, places)


@extract_patches.mistake(
    "channels last",
    "Inside a patch your channels vary fastest; all pixels of channel 0 come first, "
    "then those of channel 1.",
)
def _(images: Tensor, size: int, stride: int) -> Tensor:
    n, c = images.shape[:2]
    windows = _windows(images, size, stride)
    places = windows.shape[2] * windows.shape[3]
    return windows.permute(0, 4, 5, 1, 2, 3).reshape(n, c * size * size, places)


@extract_patches.mistake(
    "stride ignored",
    "Your patches start at every pixel; stride says how far apart they start.",
)
def _(images: Tensor, size: int, stride: int) -> Tensor:
    n, c = images.shape[:2]
    windows = _windows(images, size, 1)
    places = windows.shape[2] * windows.shape[3]
    return windows.permute(0, 1, 4, 5, 2, 3).reshape(n, c * size * size, places)


@extract_patches.mistake(
    "size used as stride",
    "Your patches lie side by side, size apart; stride says how far apart they start.",
)
def _(images: Tensor, size: int, stride: int) -> Tensor:
    n, c = images.shape[:2]
    windows = _windows(images, size, size)
    places = windows.shape[2] * windows.shape[3]
    return windows.permute(0, 1, 4, 5, 2, 3).reshape(n, c * size * size, places)


@extract_patches.mistake(
    "reshaped without permute",
    "The shape is right but the numbers are scrambled: reshape only re-reads memory in order; "
    "permute the window's dimensions before those of its place first.",
)
def _(images: Tensor, size: int, stride: int) -> Tensor:
    n, c = images.shape[:2]
    windows = _windows(images, size, stride)
    places = windows.shape[2] * windows.shape[3]
    return windows.reshape(n, c * size * size, places)


@extract_patches.mistake(
    "(N, L, C·size²)",
    "Your patches are the rows; they should be the columns, (N, C·size², L).",
)
def _(images: Tensor, size: int, stride: int) -> Tensor:
    n, c = images.shape[:2]
    windows = _windows(images, size, stride)
    places = windows.shape[2] * windows.shape[3]
    return windows.permute(0, 2, 3, 1, 4, 5).reshape(n, places, c * size * size)


@extract_patches.mistake(
    "reshaped from (N, L, C·size²)",
    "Your patches are rows, and reshape does not turn rows into columns; swap the two dimensions "
    "with .mT.",
)
def _(images: Tensor, size: int, stride: int) -> Tensor:
    n, c = images.shape[:2]
    windows = _windows(images, size, stride)
    places = windows.shape[2] * windows.shape[3]
    return windows.permute(0, 2, 3, 1, 4, 5).reshape(n, c * size * size, places)


@extract_patches.mistake(
    "size left open in an empty batch",
    "With no images, -1 stands for any number and torch cannot infer it; write the size instead.",
)
def _(images: Tensor, size: int, stride: int) -> Tensor:
    n, c = images.shape[:2]
    windows = _windows(images, size, stride)
    return windows.permute(0, 1, 4, 5, 2, 3).reshape(n, c * size * size, -1)


@extract_patches.mistake(
    "last window missing",
    "The last row and column of windows are missing; a window may start as late as H - size, so "
    "the range ends at H - size + 1.",
)
def _(images: Tensor, size: int, stride: int) -> Tensor:
    n, c = images.shape[:2]
    windows = _windows(images[:, :, :-1, :-1], size, stride)
    places = windows.shape[2] * windows.shape[3]
    return windows.permute(0, 1, 4, 5, 2, 3).reshape(n, c * size * size, places)


@extract_patches.mistake(
    "one place at a time",
    "The values are right, but you cut the patches out one by one; Tensor.unfold gives all "
    "windows at once.",
)
def _(images: Tensor, size: int, stride: int) -> Tensor:
    height, width = images.shape[2:]
    patches = [
        images[:, :, top : top + size, left : left + size].flatten(1)
        for top in range(0, height - size + 1, stride)
        for left in range(0, width - size + 1, stride)
    ]
    return torch.stack(patches, dim=-1)
