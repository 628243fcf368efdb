"""Generating tokens with a model that carries a state."""

from typing import Any

import torch
from torch import Generator, Tensor, nn

from torchproof.catalog.rnn.sample_next import measured_share, undecided
from torchproof.checking.cases import Case, Cases, Draw, Group, extremes, values
from torchproof.checking.compare import Measure
from torchproof.checking.drive.sampling import Follower
from torchproof.checking.exercise import exercise
from torchproof.checking.observe import Observation

FEW, MANY = 60, 900
"""New tokens of a model that hesitates: to see how they are drawn, and how often each is."""


@exercise(groups=(Group.VALUES, Group.EXTREMES), driver="generated")
def generate(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    """Return the tokens of start and ``length`` more, each drawn after all before it.

    ``model(tokens, state)`` takes tokens of shape (L,) and a state, None at the beginning, and
    returns logits of shape (L, C) and the new state, which is handed on. A token is drawn with the
    probabilities softmax(logits), and fed to the model once.
    """
    tokens, state = list(start), None
    given = torch.tensor(start)
    with torch.no_grad():
        for _ in range(length):
            logits, state = model(given, state)
            tokens.append(drawn(logits[-1], generator))
            given = torch.tensor(tokens[-1:])
    return tokens


def drawn(logits: Tensor, generator: Generator | None) -> int:
    """Draw a token with the probabilities softmax(logits), from logits of shape (C,)."""
    return int(torch.multinomial(logits.softmax(dim=0), 1, generator=generator).item())


def _certain(draw: Draw, classes: int, **more: Any) -> dict[str, Any]:
    """Describe a model whose next token is all but certain."""
    logits = [0.0] * classes
    logits[draw.size(0, classes - 1)] = 100.0
    return {"logits": logits, "factor": draw.size(3, 40)} | more


def _undecided(draw: Draw) -> dict[str, Any]:
    """Describe a model that hesitates between five tokens."""
    return {"logits": undecided(draw).tolist(), "factor": draw.size(3, 40)}


@generate.cases
def _(draw: Draw) -> Cases:
    def start(length: int, classes: int) -> list[int]:
        return [int(token) for token in draw.integers(length, high=classes)]

    for note, classes, before, length, more in (
        ("", 7, 4, 9, {}),
        ("a state of two parts", 9, 6, 8, {"pack": True}),
        ("a state of several numbers", 11, 1, 12, {"wide": 4}),
        ("a state that may be 0", 10, 5, 14, {"modulus": 3}),
    ):
        model = _certain(draw, classes, **more)
        given = {"start": start(before, classes), "length": length, "seed": draw.size(1, 1000)}
        yield values(note, model=model, **given)
    for length in (FEW, MANY):
        given = {"start": start(3, 5), "length": length, "seed": draw.size(1, 1000)}
        yield values("a model that hesitates", model=_undecided(draw), **given)
    for note, classes, before, length in (
        ("one new token", 8, 3, 1),
        ("one new token after one", 8, 1, 1),
        ("no new tokens", 8, 3, 0),
        ("a long start", 12, 60, 5),
        ("many new tokens", 10, 2, 40),
        ("a single kind of token", 1, 3, 4),
    ):
        given = {"start": start(before, classes), "length": length, "seed": draw.size(1, 1000)}
        yield extremes(note, model=_certain(draw, classes), **given)


@generate.measured
def _(seen: Observation, case: Case) -> dict[str, Any]:
    start, length = case.arguments["start"], case.arguments["length"]
    result = seen.result
    measured: dict[str, Any] = {
        "The number of tokens": len(result["tokens"]),
        "The start of the result": result["tokens"][: len(start)],
        "The list start left alone": result["unchanged"],
        "The same tokens from two generators of one seed": result["again"],
        "torch's global generator left alone": result["others"],
        "Every token fed to the model at most once": result["fed"] <= len(start) + length,
    }
    if length < FEW:
        return measured | {"The tokens": result["tokens"]}
    measured |= {
        "Other tokens from a generator of another seed": result["different"] > 0,
        "The generator moved on by the draws": result["moved"] > 0,
    }
    return measured | _shares(result["tokens"], len(start), case)


def _shares(tokens: list[int], first: int, case: Case) -> dict[str, Measure]:
    """Measure how often each score was drawn, wherever the model has moved it."""
    model = Follower(**case.arguments["model"])
    before = model.follow(tokens)[first - 1 : -1]
    classes = len(model.logits)
    pairs = zip(tokens[first:], before, strict=True)
    places = [(token - number) % classes for token, number in pairs]
    asked = model.logits.softmax(0).tolist()
    return {
        f"The share of tokens with the score {model.logits[place]:.3g}": measured_share(
            places.count(place) / max(len(places), 1), asked[place], len(places)
        )
        for place in range(classes)
    }
