"""A trained model of characters, judged on text it has not seen."""

import math
from functools import cache
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.checking.cases import Case, Cases, Draw, Group, held_out
from torchproof.checking.compare import Finding, Measure
from torchproof.checking.exercise import exercise
from torchproof.checking.observe import Observation
from torchproof.data import text

LENGTH = 24
"""Characters of a window, after which the next one is to be foretold."""

PARTS = [LENGTH // 2, *[1] * (LENGTH // 2)]
"""Lengths that a window is cut to; where a part of the state is lost so often, it shows."""

WINDOWS = 1000
"""Windows of a case; no two of them overlap, so that none holds what comes after another."""

LINE = 1000
"""Characters of the one longer piece that is read without a batch."""

MAX_SIZE = 100_000
"""Numbers a model may hold."""

FULL, NONE = 6.0, 9.0
"""The perplexity up to which all points are scored, and the one from which on none are."""


@exercise(points=4, groups=(Group.HELD_OUT,), driver="trained")
def CharModel(tokens: Tensor, state: Any = None) -> None:  # noqa: N802  # it stands for a class
    """Stand for a trained model of characters: logits (N, L, C) and a state, for tokens (N, L)."""


@cache
def tokens_of_text() -> tuple[Tensor, int, int]:
    """Return *Alice* as tokens, lower-cased, where its held-out part begins, and C.

    A token is a character's place among all that occur, sorted; the last fifth is held out.
    """
    letters = text("alice").lower()
    vocab = sorted(set(letters))
    place = {letter: index for index, letter in enumerate(vocab)}
    return torch.tensor([place[letter] for letter in letters]), int(0.8 * len(letters)), len(vocab)


def _windows(draw: Draw) -> tuple[Tensor, Tensor, Tensor]:
    """Return windows of held-out text, the character after each, and one longer piece."""
    tokens, begin, _ = tokens_of_text()
    held = tokens[begin + draw.size(0, LENGTH) :]
    rows = held[: len(held) // (LENGTH + 1) * (LENGTH + 1)].view(-1, LENGTH + 1)
    picked = rows[torch.randperm(len(rows), generator=draw.generator)[:WINDOWS]]
    line = held[(at := draw.size(0, len(held) - LINE)) : at + LINE]
    return picked[:, :-1], picked[:, -1], line


@CharModel.cases
def _(draw: Draw) -> Cases:
    windows, _, line = _windows(draw)
    yield held_out("the next character", tokens=windows, parts=[LENGTH])
    yield held_out("with the state carried", tokens=windows, parts=PARTS)
    yield held_out("one sequence without a batch", tokens=line, parts=[LINE])


@CharModel.measured
def _(seen: Observation, case: Case) -> dict[str, Any]:
    shape, large = _shape(seen), _given(seen)[1] > MAX_SIZE
    measured = {"The shape of the logits": shape, "The model is too large": large}
    if shape != _asked(case) or large:
        return measured
    loss = _loss(seen, case)
    measured |= {
        "The perplexity is a number": math.isfinite(loss),
        "The model looks ahead": looks_ahead(seen, case),
    }
    if not math.isfinite(loss) or looks_ahead(seen, case):
        return measured
    if len(case.arguments["parts"]) > 1:  # how bad it is without a state says little
        loss = min(loss, math.log(NONE))
    return measured | {"The logarithm of the perplexity": Measure(loss, 0.2)}


@CharModel.graded
def _(seen: Observation, case: Case) -> Finding | None:
    if (shape := _shape(seen)) != (asked := _asked(case)):
        return Finding("quality", f"The logits have shape {shape}; {asked} is asked for.")
    if (size := _given(seen)[1]) > MAX_SIZE:
        return Finding("quality", f"The model holds {size:,} numbers; {MAX_SIZE:,} are allowed.")
    loss = _loss(seen, case)
    if not math.isfinite(loss):
        return Finding("quality", "The perplexity of the held-out text is no finite number.")
    found = math.exp(min(loss, 100))
    if looks_ahead(seen, case):
        message = "Inside a sequence the next character is foretold as if it were known."
        return Finding("quality", message)
    bound = FULL if case.arguments["tokens"].dim() == 2 else NONE
    if found <= bound:
        return None
    message = f"The perplexity of the held-out text is {found:.3g}; at most {bound:g} is asked for."
    return Finding("quality", message, share=max(0.0, (NONE - found) / (NONE - FULL)))


def _given(seen: Observation) -> tuple[Any, int]:
    """Return the output, and how many numbers the model holds; too many where nothing says it.

    An observation may come from a hostile process, and hold anything.
    """
    result = seen.result if isinstance(seen.result, dict) else {}
    size = result.get("size")
    return result.get("output"), size if type(size) is int and size >= 0 else MAX_SIZE + 1


def _shape(seen: Observation) -> tuple[int, ...]:
    """Return the shape of the logits, or none where there are no numbers."""
    logits, _ = _given(seen)
    return tuple(logits.shape) if isinstance(logits, Tensor) and not logits.is_complex() else ()


def _asked(case: Case) -> tuple[int, ...]:
    batch = case.arguments["tokens"].shape[:-1]
    return *batch, case.arguments["parts"][-1], tokens_of_text()[2]


def _loss(seen: Observation, case: Case) -> float:
    """Return the mean cross-entropy, in windows that of the character after each.

    The case does not hold that character. Its own are judged only where there is no batch.
    """
    logits, tokens = _given(seen)[0].double(), case.arguments["tokens"]
    if tokens.dim() == 1:
        return F.cross_entropy(logits[:-1], tokens[1:]).item()
    _, targets, _ = _windows(Draw(case.seed))
    return F.cross_entropy(logits[:, -1], targets).item()


def looks_ahead(seen: Observation, case: Case) -> bool:
    """Tell whether the characters of the case itself are foretold better than anyone can."""
    logits, tokens = _given(seen)[0].double(), case.arguments["tokens"]
    if len(case.arguments["parts"]) > 1:
        return False
    loss = F.cross_entropy(logits[..., :-1, :].flatten(0, -2), tokens[..., 1:].flatten())
    return loss.item() < math.log(2)
