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


def _scores(draw: Draw, classes: int, spread: float = 1.0) -> Tensor:
    """Draw scores that lie apart by about ``spread``, one above 0 and one below, in any order."""
    apart = spread * (torch.arange(classes) - (classes - 1) / 2 + draw.uniform(classes, high=0.2))
    return apart[torch.randperm(classes, generator=draw.generator)]


@sample_next.cases
def _(draw: Draw) -> Cases:
    def many(logits: Tensor, temperature: float, times: int = 250) -> dict[str, Any]:
        return {
            "logits": logits,
            "temperature": temperature,
            "times": times,
            "seed": draw.size(1, 1000),
        }

    yield values("cold", **many(_scores(draw, 5), draw.number(0.35, 0.45), 100))
    yield values("hot", **many(_scores(draw, 5).double(), draw.number(2.5, 3.5)))
    scores = _scores(draw, 4, 3.0)
    yield values("temperature 1", **many(scores, 1.0, 900))
    yield extremes("nearly cold as ice", **many(_scores(draw, 6, 0.05), 1e-3, 40))
    yield extremes("as cold as can be", **many(_scores(draw, 6), 1e-8, 40))
    yield extremes("very hot", **many(_scores(draw, 3, 3.0), 1e4, 100))
    yield extremes("large scores", **many(_scores(draw, 4).double() + 1000, 1.5, 40))
    yield extremes("small scores", **many(_scores(draw, 4).double() - 1000, 1.5, 40))
    barred = torch.where(scores == scores.max(), -torch.inf, scores)
    yield extremes("a token that is barred", **many(barred, 2.5, 100))
    yield extremes("a single token", **many(draw.normal(1), draw.number(0.5, 2.0), 10))


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
        certain = share in (0, 1) and not 1e-9 < asked < 1 - 1e-9
        within = 0.0 if certain else leeway(share, len(tokens))
        measured[f"The share of token {token}"] = Measure(share, within)
    return measured


def leeway(share: float, draws: int) -> float:
    """Return how far two shares of independent draws may lie apart: five standard errors.

    Few of many draws, or none, may be as many as three by chance, and are taken for so many.
    """
    return 5 * math.sqrt(2 * max(share * (1 - share), 3 / draws) / draws)
