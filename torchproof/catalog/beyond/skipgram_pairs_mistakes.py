"""Pairs of skip-gram in the wrong order, of the wrong things, and in the wrong form."""

import itertools
from collections.abc import Iterator
from typing import Any

import torch

from torchproof.catalog.beyond.skipgram_pairs import (
    Pairs,
    contexts,
    paired,
    right_pairs,
    skipgram_pairs,
)


@skipgram_pairs.mistake(
    "context first",
    "Your pairs are (context, centre); the centre comes first.",
)
def _(tokens: list[int], window: int) -> Pairs:
    return [(context, centre) for centre, context in right_pairs(tokens, window)]


@skipgram_pairs.mistake(
    "sorted",
    "You sort the pairs; leave them in the order of the text.",
)
def _(tokens: list[int], window: int) -> Pairs:
    return sorted(right_pairs(tokens, window))


@skipgram_pairs.mistake(
    "order of a set",
    "You collect the pairs in a set, which loses their order and each repetition; a pair that "
    "occurs twice counts twice.",
)
def _(tokens: list[int], window: int) -> Pairs:
    return list(set(right_pairs(tokens, window)))


@skipgram_pairs.mistake(
    "set, sorted",
    "You sort the pairs and keep each once; keep all, in the order of the text.",
)
def _(tokens: list[int], window: int) -> Pairs:
    return sorted(set(right_pairs(tokens, window)))


@skipgram_pairs.mistake(
    "repetitions left out",
    "You keep each pair once; a pair that occurs twice in the text counts twice.",
)
def _(tokens: list[int], window: int) -> Pairs:
    return list(dict.fromkeys(right_pairs(tokens, window)))


@skipgram_pairs.mistake(
    "repeated contexts left out",
    "You keep each context of a centre once; where a word occurs twice in a window it makes two "
    "pairs.",
)
def _(tokens: list[int], window: int) -> Pairs:
    pairs = []
    for i in range(len(tokens)):
        near = [tokens[j] for j in contexts(tokens, i, window)]
        pairs += [(tokens[i], context) for context in dict.fromkeys(near)]
    return pairs


@skipgram_pairs.mistake(
    "right before left",
    "You take the contexts to the right of a centre first; those to its left come before them.",
)
def _(tokens: list[int], window: int) -> Pairs:
    return paired(tokens, lambda i: sorted(contexts(tokens, i, window), key=lambda j: j < i))


@skipgram_pairs.mistake(
    "nearest on the left first",
    "On the left you go away from the centre, so the nearest context comes first; take them in "
    "the order of the text.",
)
def _(tokens: list[int], window: int) -> Pairs:
    def places(i: int) -> list[int]:
        return [
            *range(i - 1, max(i - window, 0) - 1, -1),
            *range(i + 1, min(i + window + 1, len(tokens))),
        ]

    return paired(tokens, places)


@skipgram_pairs.mistake(
    "by distance",
    "You order the contexts of a centre by their distance; take them in the order of the text.",
)
def _(tokens: list[int], window: int) -> Pairs:
    return paired(tokens, lambda i: sorted(contexts(tokens, i, window), key=lambda j: abs(j - i)))


@skipgram_pairs.mistake(
    "both directions at once",
    "You add (a, b) and (b, a) as soon as you meet a pair, which mixes the centres; take all "
    "contexts of one centre, then go on to the next.",
)
def _(tokens: list[int], window: int) -> Pairs:
    later = paired(tokens, lambda i: range(i + 1, min(i + window + 1, len(tokens))))
    return [pair for a, b in later for pair in ((a, b), (b, a))]


@skipgram_pairs.mistake(
    "distance in the outer loop",
    "Your outer loop goes over the distances; let it go over the centres, and the inner one over "
    "the places around each.",
)
def _(tokens: list[int], window: int) -> Pairs:
    offsets = [offset for offset in range(-window, window + 1) if offset]
    places = range(len(tokens))
    return [
        (tokens[i], tokens[i + offset])
        for offset, i in itertools.product(offsets, places)
        if 0 <= i + offset < len(tokens)
    ]


@skipgram_pairs.mistake(
    "centres near the ends left out",
    "You leave out centres whose window does not fit into the text; they have fewer contexts, but "
    "they count.",
)
def _(tokens: list[int], window: int) -> Pairs:
    inside = range(window, len(tokens) - window)
    return [(tokens[i], tokens[j]) for i in inside for j in contexts(tokens, i, window)]


@skipgram_pairs.mistake(
    "place of the first such token",
    "tokens.index finds the first place of a token, also where you are at a later one; count the "
    "places, as enumerate does.",
)
def _(tokens: list[int], window: int) -> Pairs:
    first = [tokens.index(token) for token in tokens]
    return [(tokens[i], tokens[j]) for i in first for j in contexts(tokens, i, window)]


@skipgram_pairs.mistake(
    "places in place of tokens",
    "Your pairs hold places in the text; they should hold the tokens that stand there.",
)
def _(tokens: list[int], window: int) -> Pairs:
    return right_pairs(list(range(len(tokens))), window)


@skipgram_pairs.mistake(
    "padded with 0",
    "You fill up the text with zeros at both ends, and they turn up as contexts; what lies outside "
    "the text makes no pair.",
)
def _(tokens: list[int], window: int) -> Pairs:
    edge = [0] * window
    padded = edge + tokens + edge
    inside = range(window, window + len(tokens))
    return [(padded[i], padded[j]) for i in inside for j in contexts(padded, i, window)]


@skipgram_pairs.mistake(
    "first equal token removed",
    "list.remove takes away the first token that equals the centre, which may be another one; "
    "leave out the centre by its place.",
)
def _(tokens: list[int], window: int) -> Pairs:
    pairs = []
    for i, centre in enumerate(tokens):
        near = tokens[max(0, i - window) : i + window + 1]
        near.remove(centre)
        pairs += [(centre, context) for context in near]
    return pairs


@skipgram_pairs.mistake(
    "token 0 left out",
    "You leave out token 0, which counts as false in a condition such as if token; it is a word "
    "like any other.",
)
def _(tokens: list[int], window: int) -> Pairs:
    return [pair for pair in right_pairs(tokens, window) if all(pair)]


@skipgram_pairs.mistake(
    "first token never a context",
    "The token at place 0 is never a context in your pairs; places count from 0, so ask for "
    "j >= 0.",
)
def _(tokens: list[int], window: int) -> Pairs:
    return paired(tokens, lambda i: [j for j in contexts(tokens, i, window) if j])


@skipgram_pairs.mistake(
    "last token never a context",
    "The last token is never a context in your pairs; its place is len(tokens) - 1, so ask for "
    "j < len(tokens).",
)
def _(tokens: list[int], window: int) -> Pairs:
    last = len(tokens) - 1
    return paired(tokens, lambda i: [j for j in contexts(tokens, i, window) if j != last])


@skipgram_pairs.mistake(
    "first centre only",
    "You return after the first centre; the return belongs after the loop, not inside it.",
)
def _(tokens: list[int], window: int) -> Pairs:
    return [(tokens[0], context) for context in tokens[1 : window + 1]]


@skipgram_pairs.mistake(
    "lists in place of pairs",
    "Your pairs are lists; (centre, context) in round brackets makes a tuple.",
)
def _(tokens: list[int], window: int) -> Any:
    return [list(pair) for pair in right_pairs(tokens, window)]


@skipgram_pairs.mistake(
    "all contexts of a centre together",
    "You give each centre once, with a list of all its contexts; each context makes a pair of its "
    "own.",
)
def _(tokens: list[int], window: int) -> Any:
    near = [[tokens[j] for j in contexts(tokens, i, window)] for i in range(len(tokens))]
    return list(zip(tokens, near, strict=True))


@skipgram_pairs.mistake(
    "contexts first, as for CBOW",
    "You return a list of contexts with each centre, as CBOW takes them; skip-gram takes single "
    "pairs, (centre, context).",
)
def _(tokens: list[int], window: int) -> Any:
    near = [[tokens[j] for j in contexts(tokens, i, window)] for i in range(len(tokens))]
    return list(zip(near, tokens, strict=True))


@skipgram_pairs.mistake(
    "a list for each centre",
    "You return a list of lists, one for each centre; put all pairs into one list, by extend or "
    "+=.",
)
def _(tokens: list[int], window: int) -> Any:
    return [
        [(centre, tokens[j]) for j in contexts(tokens, i, window)]
        for i, centre in enumerate(tokens)
    ]


@skipgram_pairs.mistake(
    "a generator",
    "You return a generator, which can be read only once; list(...) makes a list of it.",
)
def _(tokens: list[int], window: int) -> Iterator[tuple[int, int]]:
    yield from right_pairs(tokens, window)


@skipgram_pairs.mistake(
    "a tensor",
    "You return a tensor; a list of pairs of whole numbers is asked for.",
)
def _(tokens: list[int], window: int) -> Any:
    return torch.tensor(right_pairs(tokens, window))


@skipgram_pairs.mistake(
    "a set",
    "You return a set, which has no order and holds each pair once; return a list.",
)
def _(tokens: list[int], window: int) -> Any:
    return set(right_pairs(tokens, window))


@skipgram_pairs.mistake(
    "tokens changed",
    "You take tokens off the list you were given, and whoever called you loses them; read them by "
    "their places instead.",
)
def _(tokens: list[int], window: int) -> Pairs:
    pairs = right_pairs(tokens, window)
    tokens.clear()
    return pairs
