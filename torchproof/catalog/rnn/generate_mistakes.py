"""Generating tokens: how it goes wrong."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import torch
from torch import Generator, Tensor, nn

from torchproof.catalog.rnn.generate import drawn, generate


def _new(
    model: nn.Module,
    fed: list[int],
    generator: Generator | None,
    state: Any = None,
    draw: Callable[[Tensor, Generator | None], int] = drawn,
) -> Iterator[int]:
    """Yield new tokens without end; ``fed`` is what the model is fed first."""
    given = torch.tensor(fed)
    while True:
        logits, state = model(given, state)
        token = draw(logits[-1], generator)
        yield token
        given = torch.tensor([token])


@generate.mistake(
    "state reset at each step",
    "You hand None to the model at every step, so that it knows only the tokens of that call; "
    "hand it the state it returned.",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    tokens, given = list(start), torch.tensor(start)
    for _ in range(length):
        tokens.append(drawn(model(given, None)[0][-1], generator))
        given = torch.tensor(tokens[-1:])
    return tokens


@generate.mistake(
    "state kept from the start",
    "You hand the model the state after start at every step; hand it the one that its last call "
    "returned.",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    tokens = list(start)
    logits, state = model(torch.tensor(start), None)
    for _ in range(length):
        tokens.append(drawn(logits[-1], generator))
        logits, _new_state = model(torch.tensor(tokens[-1:]), state)
    return tokens


@generate.mistake(
    "only the last token of start fed",
    "You feed the model only the last token of start, so that its state knows nothing of the "
    "others; feed all of them first.",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    return [*start, *islice(_new(model, start[-1:], generator), length)]


@generate.mistake(
    "last token of start fed twice",
    "You feed all of start and then its last token once more; draw the first new token from the "
    "logits that start gave.",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    state = model(torch.tensor(start), None)[1] if length else None
    return [*start, *islice(_new(model, start[-1:], generator, state), length)]


@generate.mistake(
    "all tokens fed again with the state",
    "You feed all tokens again at every step and the state, too, which knows them already; feed "
    "the new token alone.",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    tokens, state = list(start), None
    for _ in range(length):
        logits, state = model(torch.tensor(tokens), state)
        tokens.append(drawn(logits[-1], generator))
    return tokens


@generate.mistake(
    "all tokens fed again without a state",
    "You feed all tokens again at every step, which gives the right ones, but takes longer and "
    "longer; carry the state, and feed the new token alone.",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    tokens = list(start)
    for _ in range(length):
        tokens.append(drawn(model(torch.tensor(tokens), None)[0][-1], generator))
    return tokens


@generate.mistake(
    "start fed again and again",
    "You feed start at every step and never the new tokens; after start feed the token you drew "
    "last.",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    tokens, state = list(start), None
    for _ in range(length):
        logits, state = model(torch.tensor(start), state)
        tokens.append(drawn(logits[-1], generator))
    return tokens


@generate.mistake(
    "start missing in the result",
    "You return the new tokens alone; the result begins with those of start.",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    return list(islice(_new(model, start, generator), length))


@generate.mistake(
    "one too many",
    "You draw one token too many; length says how many new ones there are, and it may be 0.",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    return [*start, *islice(_new(model, start, generator), length + 1)]


@generate.mistake(
    "one too few",
    "You draw one token too few; length is the number of the new ones.",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    return [*start, *islice(_new(model, start, generator), max(length - 1, 0))]


@generate.mistake(
    "length for the whole",
    "You take length for the number of all tokens; it counts the new ones only.",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    return [*start, *islice(_new(model, start, generator), max(length - len(start), 0))]


@generate.mistake(
    "at least one",
    "You draw a token even where length is 0; return the tokens of start alone then.",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    return [*start, *islice(_new(model, start, generator), max(length, 1))]


@generate.mistake(
    "argmax",
    "You take the likeliest token each time; draw it, with the probabilities softmax(logits).",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    new = _new(model, start, generator, draw=lambda z, _: int(z.argmax()))
    return [*start, *islice(new, length)]


@generate.mistake(
    "generator ignored",
    "You draw from torch's global generator; hand the one you are given on, as "
    "generator=generator.",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    return [*start, *islice(_new(model, start, None), length)]


@generate.mistake(
    "a generator of its own",
    "You draw from another generator than the one you are given, so that its seed has no effect or "
    "it is not moved on; hand it on itself, as generator=generator.",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    own = torch.Generator().manual_seed(0)
    return [*start, *islice(_new(model, start, own), length)]


@generate.mistake(
    "a generator of its own with the seed of the given one",
    "You draw from a generator of your own with the seed of the given one, which stays where it "
    "is, so that the next text would be the same; hand it on itself, as generator=generator.",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    own = torch.Generator().manual_seed(generator.initial_seed())
    return [*start, *islice(_new(model, start, own), length)]


@generate.mistake(
    "global generator seeded",
    "You seed torch's global generator and draw from it, which disturbs all other draws; hand "
    "the generator you are given on, as generator=generator.",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    torch.default_generator.manual_seed(generator.initial_seed())
    return [*start, *islice(_new(model, start, None), length)]


@generate.mistake(
    "start changed",
    "You append to the list start itself, which is the caller's; begin with a copy, list(start).",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    new = list(islice(_new(model, list(start), generator), length))
    start += new
    return start


@generate.mistake(
    "logits of the first position",
    "You draw from the logits of the first position, which know only the first token; take those "
    "of the last, logits[-1].",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    tokens, state, given = list(start), None, torch.tensor(start)
    for _ in range(length):
        logits, state = model(given, state)
        tokens.append(drawn(logits[0], generator))
        given = torch.tensor(tokens[-1:])
    return tokens


@generate.mistake(
    "logits for probabilities",
    "You draw with the logits as weights; take their softmax first.",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    def draw(logits: Tensor, generator: Generator | None) -> int:
        return int(torch.multinomial(logits, 1, generator=generator))

    return [*start, *islice(_new(model, start, generator, draw=draw), length)]


@generate.mistake(
    "softmax twice",
    "You take the softmax of probabilities, which makes all tokens nearly as likely; take it "
    "once, of the logits.",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    new = _new(model, start, generator, draw=lambda z, g: drawn(z.softmax(0), g))
    return [*start, *islice(new, length)]


@generate.mistake(
    "a batch",
    "You give the model tokens with a dimension for the batch; it takes shape (L,).",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    tokens, state, given = list(start), None, torch.tensor([start])
    for _ in range(length):
        logits, state = model(given, state)
        tokens.append(drawn(logits[0, -1], generator))
        given = torch.tensor([tokens[-1:]])
    return tokens


@generate.mistake(
    "a single number fed",
    "You give the model a tensor of shape (); one token is a tensor of shape (1,).",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    tokens, state, given = list(start), None, torch.tensor(start)
    for _ in range(length):
        logits, state = model(given, state)
        tokens.append(drawn(logits[-1], generator))
        given = torch.tensor(tokens[-1])
    return tokens


@generate.mistake(
    "state taken for a tensor",
    "You treat the state as a tensor, but it may be of several parts, as an LSTM's; hand it on as "
    "it is.",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[int]:
    tokens, state, given = list(start), None, torch.tensor(start)
    for _ in range(length):
        logits, state = model(given, state)
        tokens.append(drawn(logits[-1], generator))
        given, state = torch.tensor(tokens[-1:]), state.detach()
    return tokens


@generate.mistake(
    "a tensor",
    "You return a tensor; a list of int is asked for, as .tolist() gives it.",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> Tensor:
    return torch.tensor([*start, *islice(_new(model, start, generator), length)])


@generate.mistake(
    "tensors in the list",
    "Your list holds tensors; .item() makes each a Python number.",
)
def _(model: nn.Module, start: list[int], length: int, generator: Generator) -> list[Any]:
    return [*start, *map(torch.tensor, islice(_new(model, start, generator), length))]
