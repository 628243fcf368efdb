"""Drawing the next token from its scores."""

import math
from typing import Any

import torch
from torch import Generator, Tensor

from torchproof.checking.cases import Case, Cases, Draw, Group, extremes, values
from torchproof.checking.compare import Measure
from torchproof.checking.exercise import exercise
from torchproof.checking.observe import Observation


@exercise(groups=(Group.VALUES, Group.EXTREMES), driver="sampled")
def sample_next(logits: Tensor, temperature: float, generator: Generator) -> int:
    """Return a token drawn with the probabilities softmax(logits / temperature).

    The logits have shape (C,), the temperature is above 0, and the generator gives all that is
    random.
    """
    probabilities = (logits / temperature).softmax(dim=0)
    return int(torch.multinomial(probabilities, 1, generator=generator).item())


def undecided(draw: Draw, unit: float = 1.0) -> Tensor:
    """Draw five scores, float64, of which one lies ahead of the others by about ``unit`` and more.

    The draws of nearly all mistakes differ much from those of softmax(scores / unit).
    """
    scores = torch.cat([draw.uniform(1, low=1.2, high=1.3), draw.uniform(4, low=-0.5, high=-0.2)])
    return unit * scores.double()[torch.randperm(5, generator=draw.generator)]


@sample_next.cases
def _(draw: Draw) -> Cases:
    def many(temperature: float, times: int, more: float = 0.0) -> dict[str, Any]:
        logits = undecided(draw, temperature) + more
        return {
            "logits": logits,
            "temperature": temperature,
            "times": times,
            "seed": draw.size(1, 1000),
        }

    yield values("cold", **many(draw.number(0.55, 0.65), 300))
    hot = many(draw.number(2.5, 3.5), 2000)
    yield values("hot", **(hot | {"logits": hot["logits"].float()}))
    yield extremes("close scores, nearly as cold as they are", **many(4e-4, 300))
    coldest = many(1.0, 60) | {"temperature": 1e-8}
    yield extremes("as cold as can be", **(coldest | {"logits": coldest["logits"].float()}))
    yield extremes("large scores", **many(1.5, 60, 2000.0))
    barred = many(2.5, 300, -2000.0)
    scores = barred["logits"]
    scores[scores.argmax()] = -torch.inf
    yield extremes("scores far below 0, one of them barred", **barred)
    yield extremes("a single token", **(many(1.0, 5) | {"logits": draw.normal(1)}))


@sample_next.measured
def _(seen: Observation, case: Case) -> dict[str, Any]:
    tokens = seen.result["tokens"]
    measured: dict[str, Any] = {
        "The same tokens from two generators of one seed": seen.result["again"],
        "torch's global generator left alone": seen.result["others"],
        "The logits left alone": seen.result["unchanged"],
    }
    scores = case.arguments["logits"].double() / case.arguments["temperature"]
    for token, asked in enumerate(scores.softmax(0).tolist()):
        share = (tokens == token).double().mean().item()
        measured[f"The share of token {token}"] = measured_share(share, asked, len(tokens))
    return measured


def measured_share(share: float, asked: float, draws: int) -> Measure:
    """Measure how often a token came, of so many independent draws.

    A share that may come by chance, within five standard errors, counts as the one asked for.
    """
    if abs(share - asked) <= (leeway := _leeway(asked, draws)):
        return Measure(asked, leeway)
    return Measure(share, 2**0.5 * _leeway(share, draws))


def _leeway(share: float, draws: int) -> float:
    """Return five standard errors, but none where a token comes always or never."""
    if not 1e-9 < share < 1 - 1e-9:
        return 0.0
    return 5 * math.sqrt(max(share * (1 - share), 1 / draws) / draws)
