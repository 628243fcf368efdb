"""Functions that draw tokens, from scores or from a model."""

import operator
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from torchproof.checking.tree import describe

AGAIN = 60
"""Tokens that are drawn a second time at most."""

MAX_FED = 3000
"""Tokens that a model takes; to feed it all tokens at every step soon takes too long."""


def sampled(
    candidate: Callable[..., Any], logits: Tensor, temperature: float, times: int, seed: int
) -> dict[str, Any]:
    """Draw many tokens from the same logits, then some of them again.

    Args:
        candidate: a function of logits, temperature and generator that draws one token.
        logits: the scores, shape (C,); every call is given the same tensor.
        temperature: what they are divided by.
        times: how many tokens are drawn.
        seed: where the generator begins.

    Returns:
        The ``tokens``, shape (times,); whether the first of them came ``again`` from another
        generator of this seed; whether ``others`` can go on drawing as if nothing had been drawn,
        torch's global generator being where it was; and whether the logits are ``unchanged``.

    Raises:
        TypeError: what was returned is no int.
    """
    before, shared = logits.clone(), _moved_on()

    def draw(number: int) -> list[int]:
        generator = torch.Generator().manual_seed(seed)
        return [_int(candidate(logits, temperature, generator)) for _ in range(number)]

    tokens = draw(times)
    unchanged = torch.equal(logits, before)
    logits = before
    return {
        "tokens": torch.tensor(tokens),
        "again": draw(min(times, AGAIN)) == tokens[:AGAIN],
        "others": torch.equal(torch.get_rng_state(), shared),
        "unchanged": unchanged,
    }


def _moved_on() -> Tensor:
    """Draw from torch's global generator, and return where it is; no seed leads there at once."""
    torch.rand(())
    return torch.get_rng_state()


def _int(token: Any) -> int:
    if type(token) is not int:
        number = isinstance(token, Tensor) and token.numel() == 1
        more = " A tensor with one element becomes a Python number by .item()." if number else ""
        raise TypeError(f"{describe(token)} was returned; an int is asked for.{more}")
    return token


def _ints(tokens: Any) -> list[int]:
    if type(tokens) is not list:
        raise TypeError(f"{describe(tokens)} was returned; a list of int is asked for.")
    for token in tokens:
        if type(token) is not int:
            raise TypeError(f"{describe(token)} is in the list; all its tokens must be int.")
    return tokens.copy()


def generated(
    candidate: Callable[..., Any],
    model: dict[str, Any],
    start: list[int],
    length: int,
    seed: int,
) -> dict[str, Any]:
    """Let a function generate tokens from a small model, then some of them twice more.

    Args:
        candidate: a function of model, start, length and generator.
        model: what a `Follower` is made with.
        start: the tokens to begin with.
        length: how many tokens are to follow.
        seed: where the generator begins.

    Returns:
        The ``tokens``; whether the first of them came ``again`` from another generator of this
        seed; how many of those are ``different`` from one of another seed; how many bytes of the
        generator's state ``moved``; whether ``others`` can go on drawing as if nothing had been
        drawn, torch's global generator being where it was; whether start is ``unchanged``; and
        how many tokens the model was ``fed``.

    Raises:
        TypeError: what was returned is no list of int.
    """
    shared, given, made = _moved_on(), list(start), Follower(**model)
    generator = torch.Generator().manual_seed(seed)
    untouched = generator.get_state()
    tokens = _ints(candidate(made, given, length, generator))
    few = min(length, AGAIN)

    def begun(seed: int) -> list[int]:
        generator = torch.Generator().manual_seed(seed)
        return _ints(candidate(Follower(**model), list(start), few, generator))

    first = tokens[: len(tokens) - length + few]
    return {
        "tokens": tokens,
        "again": begun(seed) == first,
        "different": sum(map(operator.ne, begun(seed + 1), first)),
        "moved": int((generator.get_state() != untouched).sum()),
        "others": torch.equal(torch.get_rng_state(), shared),
        "unchanged": given == start,
        "fed": made.fed,
    }


class Follower(nn.Module):
    """Scores the next token by all tokens before it, in their order.

    A number stands for those, ``n = (n * factor + token + 1) % modulus``, from 1 at the
    beginning, so that a state of 0 is not that; the scores are ``logits``, moved on by n places.

    Attributes:
        fed: how many tokens it was called on so far.
    """

    def __init__(
        self,
        logits: Sequence[float],
        factor: int = 1,
        modulus: int = 997,
        pack: bool = False,
        wide: int = 1,
    ) -> None:
        """Make a model.

        Args:
            logits: the scores of the tokens that lie 0, 1, 2, ... places after n.
            factor: how the number is made from the one before.
            modulus: what it stays below.
            pack: whether the state is a tuple of two tensors, as an LSTM's, and not one tensor.
            wide: how many numbers each tensor of the state holds.
        """
        super().__init__()
        self.logits = nn.Parameter(torch.tensor(logits))
        self.factor, self.modulus, self.pack, self.wide = factor, modulus, pack, wide
        at = torch.arange(len(logits))
        self.places = (at - at[:, None]) % len(logits)
        self.fed = 0

    def forward(self, tokens: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        """Return the scores after each token, shape (L, C), and the state after the last.

        Raises:
            TypeError: the tokens are no tensor of int64.
            ValueError: they have another shape than (L,), or there are none; or one is not below
                C, or the state is not of this model; or it was fed too many.
        """
        given = self._taken(tokens, state)
        packed = state[0] if state is not None and self.pack else state
        numbers = self.follow(given, 1 if packed is None else int(packed[0]))
        self.fed += len(given)
        if self.fed > MAX_FED:
            raise ValueError("the model was fed far more tokens than there are; feed each once.")
        places = self.places[[number % len(self.places) for number in numbers]]
        after = torch.tensor([float(numbers[-1])] * self.wide)
        return self.logits[places], (after, after.clone()) if self.pack else after

    def follow(self, tokens: Sequence[int], number: int = 1) -> list[int]:
        """Return the number after each token, from the one before the first."""
        numbers = []
        for token in tokens:
            number = (number * self.factor + token + 1) % self.modulus
            numbers.append(number)
        return numbers

    def _taken(self, tokens: Any, state: Any) -> list[int]:
        """Return the tokens, where they and the state are as they should be."""
        if not isinstance(tokens, Tensor):
            raise TypeError(f"the model takes a tensor of tokens; it was given {describe(tokens)}.")
        if tokens.dtype is not torch.int64:
            raise TypeError(f"the model takes tokens of dtype int64; these are {tokens.dtype}.")
        shape = tuple(tokens.shape)
        if len(shape) != 1 or shape == (0,):
            raise ValueError(f"the model takes tokens of shape (L,), L at least 1; not {shape}.")
        given: list[int] = tokens.tolist()
        last = self.logits.shape[0] - 1
        if min(given) < 0 or max(given) > last:
            raise ValueError(f"the model knows the tokens from 0 to {last} only.")
        if state is not None and not isinstance(state, tuple if self.pack else Tensor):
            raise ValueError("the model takes None, or the state it returned, as it was.")
        return given
