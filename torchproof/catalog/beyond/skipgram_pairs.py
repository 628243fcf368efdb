"""The training pairs of skip-gram: each word with the words around it."""

from collections.abc import Callable
from typing import Any

from torchproof.checking.cases import Cases, Draw, Group, extremes, values
from torchproof.checking.exercise import exercise

Pairs = list[tuple[int, int]]
"""Centres, each with one of its contexts."""


@exercise(groups=(Group.VALUES, Group.EXTREMES, Group.NO_SIDE_EFFECTS))
def skipgram_pairs(tokens: list[int], window: int) -> Pairs:
    """Return (centre, context) for each token and each other at most ``window`` places away.

    Centres in reading order; the contexts of each likewise. Mikolov et al. (2013).
    """
    return paired(tokens, lambda i: contexts(tokens, i, window))


@skipgram_pairs.cases
def _(draw: Draw) -> Cases:
    yield values("no token twice", tokens=_different(draw, 6), window=2)
    yield values("a window of 1", tokens=_text(draw, draw.size(6, 8)), window=1)
    for window in (2, 3, 4, 5):
        yield values(tokens=_text(draw, draw.size(11, 15)), window=window)
    yield extremes("no tokens", tokens=[], window=2)
    yield extremes("a single token", tokens=[draw.size(1, 9)], window=2)
    yield extremes("two tokens", tokens=_different(draw, 2), window=1)
    yield extremes("a window longer than the text", tokens=_different(draw, 4), window=7)
    yield extremes("a window as long as the text", tokens=_different(draw, 5), window=5)
    yield extremes("a window of 0", tokens=_text(draw, 7), window=0)
    yield extremes("one token again and again", tokens=[draw.size(1, 9)] * 5, window=2)
    yield extremes("two tokens taking turns", tokens=[3, 8] * 4, window=2)
    yield extremes("large numbers", tokens=[1_000_000 + i for i in _different(draw, 6)], window=3)


def _different(draw: Draw, length: int) -> list[int]:
    """Return different tokens, never in ascending order."""
    drawn = draw.uniform(length + 20).argsort()[:length].tolist()
    return [max(drawn), *(token for token in drawn if token != max(drawn))]


def _text(draw: Draw, length: int) -> list[int]:
    """Return tokens of which some repeat: next to one another, and two places apart.

    The first is 0, as in a vocabulary counted from 0, and comes again.
    """
    a, b = (token + 1 for token in draw.uniform(4).argsort()[:2].tolist())
    return [0, b, b, a, 0, a, *draw.integers(length - 6, high=7).tolist()]


def around(tokens: list[int], place: int, reach: int) -> range:
    """Return the places up to ``reach`` away from one, itself included, inside the text."""
    return range(max(place - reach, 0), min(place + reach + 1, len(tokens)))


def contexts(tokens: list[int], place: int, reach: int) -> list[int]:
    """Return the places up to ``reach`` away from one, inside the text, in reading order."""
    return [j for j in around(tokens, place, reach) if j != place]


def paired(tokens: list[int], places: Callable[[int], Any]) -> Pairs:
    """Pair the token of each place with those of the places that are given for it."""
    return [(tokens[i], tokens[j]) for i in range(len(tokens)) for j in places(i)]


def right_pairs(tokens: list[int], window: int) -> Pairs:
    """Return what is asked for, for mistakes that come after it."""
    return paired(tokens, lambda i: contexts(tokens, i, window))


@skipgram_pairs.mistake(
    "centre included",
    "You pair each token with itself; leave out the place of the centre.",
)
def _(tokens: list[int], window: int) -> Pairs:
    return paired(tokens, lambda i: around(tokens, i, window))


@skipgram_pairs.mistake(
    "equal tokens left out",
    "You leave out contexts that are the same word as the centre; a word may stand near itself, "
    "so compare places, not tokens.",
)
def _(tokens: list[int], window: int) -> Pairs:
    return [
        (centre, context) for centre, context in right_pairs(tokens, window) if centre != context
    ]


@skipgram_pairs.mistake(
    "only to the right",
    "You take the contexts after the centre only; those before it count as well.",
)
def _(tokens: list[int], window: int) -> Pairs:
    return paired(tokens, lambda i: range(i + 1, min(i + window + 1, len(tokens))))


@skipgram_pairs.mistake(
    "only to the left",
    "You take the contexts before the centre only; those after it count as well.",
)
def _(tokens: list[int], window: int) -> Pairs:
    return paired(tokens, lambda i: range(max(i - window, 0), i))


@skipgram_pairs.mistake(
    "last place on the right missing",
    "To the right you stop one place early: a range or a slice ends before its second number, "
    "which is to be i + window + 1.",
)
def _(tokens: list[int], window: int) -> Pairs:
    return paired(tokens, lambda i: [j for j in contexts(tokens, i, window) if j != i + window])


@skipgram_pairs.mistake(
    "last place on the left missing",
    "To the left you begin one place late; the first context stands at i - window.",
)
def _(tokens: list[int], window: int) -> Pairs:
    return paired(tokens, lambda i: [j for j in contexts(tokens, i, window) if j != i - window])


@skipgram_pairs.mistake(
    "window one too small",
    "Your window reaches one place too few to either side; a context at a distance of exactly "
    "window counts.",
)
def _(tokens: list[int], window: int) -> Pairs:
    return right_pairs(tokens, window - 1)


@skipgram_pairs.mistake(
    "window 0 taken for 1",
    "You take a window of 0 for one of 1; a window of 0 reaches nothing, so there are no pairs.",
)
def _(tokens: list[int], window: int) -> Pairs:
    return right_pairs(tokens, max(window, 1))


@skipgram_pairs.mistake(
    "window one too large",
    "Your window reaches one place too far to either side; the largest distance is window.",
)
def _(tokens: list[int], window: int) -> Pairs:
    return right_pairs(tokens, window + 1)


@skipgram_pairs.mistake(
    "window for both sides together",
    "You share the window out between the two sides; it counts the places to each side.",
)
def _(tokens: list[int], window: int) -> Pairs:
    return right_pairs(tokens, window // 2)


@skipgram_pairs.mistake(
    "one more place on the right",
    "To the right you go one place too far; the last context stands at i + window.",
)
def _(tokens: list[int], window: int) -> Pairs:
    places = range(len(tokens))
    return paired(
        tokens, lambda i: [j for j in places if j != i and -window <= j - i <= window + 1]
    )


@skipgram_pairs.mistake(
    "wraps round",
    "Your window goes on at the other end of the text; what lies outside has no token, so there "
    "are fewer pairs at both ends.",
)
def _(tokens: list[int], window: int) -> Pairs:
    offsets = [offset for offset in range(-window, window + 1) if offset]
    return paired(tokens, lambda i: [(i + offset) % len(tokens) for offset in offsets])


@skipgram_pairs.mistake(
    "negative places",
    "Left of the first token your place is negative, and Python counts those from the end; begin "
    "at max(0, i - window).",
)
def _(tokens: list[int], window: int) -> Pairs:
    reach = range(-window, window + 1)
    return paired(tokens, lambda i: [i + r for r in reach if r and i + r < len(tokens)])


@skipgram_pairs.mistake(
    "negative places, errors caught",
    "An IndexError does not tell you of places left of the first token: Python counts negative "
    "ones from the end; begin at max(0, i - window).",
)
def _(tokens: list[int], window: int) -> Pairs:
    end, reach = len(tokens), range(-window, window + 1)
    return paired(tokens, lambda i: [i + r for r in reach if r and -end <= i + r < end])


@skipgram_pairs.mistake(
    "slice with a negative start",
    "Near the beginning your slice starts at a negative place, which Python counts from the end; "
    "start at max(0, i - window).",
)
def _(tokens: list[int], window: int) -> Pairs:
    places = list(range(len(tokens)))
    return paired(tokens, lambda i: places[i - window : i] + places[i + 1 : i + window + 1])


@skipgram_pairs.mistake(
    "one slice with a negative start",
    "Near the beginning the slice around your centre starts at a negative place, which Python "
    "counts from the end; start at max(0, i - window).",
)
def _(tokens: list[int], window: int) -> Pairs:
    places = list(range(len(tokens)))
    return paired(tokens, lambda i: [j for j in places[i - window : i + window + 1] if j != i])


@skipgram_pairs.mistake(
    "reads past the end",
    "You read a place after the last token; end at min(len(tokens), i + window + 1).",
)
def _(tokens: list[int], window: int) -> Pairs:
    return paired(
        tokens, lambda i: [j for j in range(max(i - window, 0), i + window + 1) if j != i]
    )
