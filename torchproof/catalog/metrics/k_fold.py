"""Cutting examples into folds, each of which validates once."""

from typing import Any

import torch
from torch import Generator, Tensor

from torchproof.checking.cases import Case, Cases, Draw, Group, extremes, values
from torchproof.checking.exercise import exercise
from torchproof.checking.observe import Observation

COUNTED = 50
"""Calls after which it is counted how often an index is where."""


@exercise(
    groups=(Group.VALUES, Group.EXTREMES),
    not_allowed=("sklearn.model_selection", "random_split"),
    driver="folds",
)
def k_fold(n: int, k: int, generator: Generator) -> list[tuple[Tensor, Tensor]]:
    """Return k pairs of indices to train on and to validate on, int64.

    Each of the n indices from 0 is in one validation part, at random, and in the training parts
    of all other pairs. The sizes of the validation parts differ by at most 1. k is from 2 to n,
    and the generator gives all that is random.
    """
    folds = torch.randperm(n, generator=generator).tensor_split(k)
    return [(torch.cat(folds[:i] + folds[i + 1 :]), folds[i]) for i in range(k)]


@k_fold.cases
def _(draw: Draw) -> Cases:
    def many(n: int, k: int, times: int) -> dict[str, Any]:
        return {"n": n, "k": k, "times": times, "seed": draw.size(1, 1000)}

    k, n = draw.size(3, 4), draw.size(5, 7)
    yield values("n a multiple of k", **many(3 * k, k, COUNTED))
    yield values("a remainder", **many(draw.size(2, 3) * 5 + draw.size(2, 4), 5, COUNTED))
    yield values("a remainder of 1", **many(4 * draw.size(3, 4) + 1, 4, 3))
    yield extremes("two folds", **many(2 * draw.size(3, 4) + 1, 2, COUNTED))
    yield extremes("folds of one", **many(n, n, 3))
    yield extremes("folds of one, and one of two", **many(n + 1, n, 3))
    yield extremes("two examples", **many(2, 2, 30))
    yield extremes("many examples", **many(draw.size(300, 330), 7, 2))


@k_fold.measured
def _(seen: Observation, case: Case) -> dict[str, Any]:
    train, valid = (seen.result[name] for name in ("train", "valid"))
    often = valid.sum(dim=1)
    measured: dict[str, Any] = {
        "Indices that no pair validates on": _most(often == 0),
        "Indices that several pairs validate on": _most((valid > 0).sum(dim=1) > 1),
        "Indices of a pair in both of its parts": _most((train > 0) & (valid > 0)),
        "Indices of a pair in neither of its parts": _most((train == 0) & (valid == 0)),
        "Indices more than once in a part": _most((train > 1) | (valid > 1)),
        "Sizes of the validation parts, sorted": _sizes(valid),
    }
    flags = {
        "The same folds from two generators of one seed": "again",
        "Other folds from a generator of another seed": "different",
        "torch's global generator left alone": "others",
        "The generator given drawn from": "drawn",
        "The generator never back where it was": "moved",
    }
    measured |= {what: seen.result[name] for what, name in flags.items()}
    if case.arguments["times"] >= COUNTED:
        sizes = (valid > 0).double().sum(dim=2)
        measured |= {
            "Every fold a slice of the indices in their order": _is_sliced(valid),
            "Each index about equally often in each fold": _spread(valid, sizes),
            "Each two indices about equally often in one fold": _together(valid, sizes),
            "Many neighbouring indices never in one fold": _neighbours(valid),
        }
    return measured


def _most(wrong: Tensor) -> int:
    """Return how many indices are wrong where the most are."""
    return int(wrong.sum(dim=-1).max())


def _sizes(valid: Tensor) -> list[int]:
    """Return the sizes of the validation parts, from the call where they differ most."""
    sizes = valid.sum(dim=2).sort(dim=1).values
    apart = sizes[:, -1] - sizes[:, 0]
    found: list[int] = sizes[apart.argmax()].tolist()
    return found


def _is_sliced(valid: Tensor) -> bool:
    """Tell whether the indices of each fold are neighbours, in every call."""
    jumps = (valid > 0).long().diff(dim=2).abs().sum(dim=2)
    ends = valid[..., 0].clamp(max=1) + valid[..., -1].clamp(max=1)
    return bool((jumps + ends <= 2).all())


def _spread(valid: Tensor, sizes: Tensor) -> bool:
    """Tell whether each index is as often in each fold as the fold's size makes it."""
    times, _, n = valid.shape
    asked = (sizes / n).mean(dim=0)[:, None]
    share = (valid > 0).double().mean(dim=0)
    return bool(((share - asked).abs() <= _leeway(asked, times)).all())


def _together(valid: Tensor, sizes: Tensor) -> bool:
    """Tell whether each two indices are as often in one fold as the folds' sizes make it.

    No more than a tenth of the pairs are never in one, which few calls give by chance to hardly
    any pair.
    """
    times, _, n = valid.shape
    inside = (valid > 0).double()
    share = torch.einsum("tki,tkj->ij", inside, inside) / times
    asked = (sizes * (sizes - 1)).sum(dim=1).mean() / (n * (n - 1))
    apart = (share - asked).abs().fill_diagonal_(0)
    pairs = share[torch.ones(n, n, dtype=torch.bool).triu(diagonal=1)]
    never = (pairs == 0).double().mean() > 0.1
    return bool((apart <= _leeway(asked, times)).all()) and not bool(never)


def _neighbours(valid: Tensor) -> bool:
    """Tell whether more than a quarter of the neighbouring indices are never in one fold."""
    inside = valid > 0
    meet = (inside[..., 1:] & inside[..., :-1]).flatten(0, 1).any(dim=0)
    return bool((~meet).double().mean() > 0.25)


def _leeway(share: Tensor, times: int) -> Tensor:
    """Return seven standard errors and, since few draws are not normal, three draws."""
    return 7 * (share * (1 - share) / times).clamp(min=0).sqrt() + 3 / times
