"""Drawing the next token: how it goes wrong."""

import torch
from torch import Generator, Tensor

from torchproof.catalog.rnn.sample_next import sample_next


def _drawn(probabilities: Tensor, generator: Generator | None) -> int:
    """Draw a token, given what stands for the probabilities."""
    return int(torch.multinomial(probabilities, 1, generator=generator).item())


@sample_next.mistake(
    "multiplied by the temperature",
    "You multiply the logits by the temperature, so that a cold one makes the draws more random; "
    "divide by it.",
)
def _(logits: Tensor, temperature: float, generator: Generator) -> int:
    return _drawn((logits * temperature).softmax(0), generator)


@sample_next.mistake(
    "always greedy",
    "You always take the likeliest token; draw one, each with its probability, as "
    "torch.multinomial does.",
)
def _(logits: Tensor, temperature: float, generator: Generator) -> int:
    return int(logits.argmax().item())


@sample_next.mistake(
    "temperature without effect",
    "The temperature has no effect on your draws; divide the logits by it before the softmax, "
    "for a factor on the probabilities is lost when they are made to sum to 1.",
)
def _(logits: Tensor, temperature: float, generator: Generator) -> int:
    return _drawn(logits.softmax(0), generator)


@sample_next.mistake(
    "generator ignored",
    "You draw from torch's global generator; hand the one you are given on, as "
    "generator=generator.",
)
def _(logits: Tensor, temperature: float, generator: Generator) -> int:
    return _drawn((logits / temperature).softmax(0), None)


@sample_next.mistake(
    "a generator of its own",
    "You draw from another generator than the one you are given, so nobody can repeat what you "
    "drew; hand it on, as generator=generator.",
)
def _(logits: Tensor, temperature: float, generator: Generator) -> int:
    return _drawn((logits / temperature).softmax(0), _OWN)


_OWN = torch.Generator()


@sample_next.mistake(
    "seeded at every call",
    "You begin with the same random numbers at every call, so that the same token comes each "
    "time; let the generator go on from where it is.",
)
def _(logits: Tensor, temperature: float, generator: Generator) -> int:
    generator.manual_seed(generator.initial_seed())
    return _drawn((logits / temperature).softmax(0), generator)


@sample_next.mistake(
    "the global generator seeded at every call",
    "You seed torch's global generator with the seed of yours, so that the same token comes each "
    "time and all other draws are disturbed; hand the generator on, as generator=generator.",
)
def _(logits: Tensor, temperature: float, generator: Generator) -> int:
    torch.default_generator.manual_seed(generator.initial_seed())
    return _drawn((logits / temperature).softmax(0), None)


@sample_next.mistake(
    "softmax twice",
    "You take the softmax of probabilities; take it once, of logits / temperature.",
)
def _(logits: Tensor, temperature: float, generator: Generator) -> int:
    return _drawn((logits / temperature).softmax(0).softmax(0), generator)


@sample_next.mistake(
    "logits for probabilities",
    "You hand torch.multinomial numbers that are negative, infinite or NaN, as logits may be; hand "
    "it softmax(logits / temperature), and see that no step before makes NaN of -inf.",
)
def _(logits: Tensor, temperature: float, generator: Generator) -> int:
    return _drawn(logits / temperature, generator)


@sample_next.mistake(
    "uniform",
    "You draw every token with the same probability; the probabilities are softmax(logits / "
    "temperature).",
)
def _(logits: Tensor, temperature: float, generator: Generator) -> int:
    return int(torch.randint(len(logits), (1,), generator=generator).item())


@sample_next.mistake(
    "overflow",
    "You take exp of logits / temperature as they are, which overflows where the temperature is "
    "near 0 or the logits are large; use softmax, which subtracts the largest first.",
)
def _(logits: Tensor, temperature: float, generator: Generator) -> int:
    weights = (logits / temperature).exp()
    return _drawn(weights / weights.sum(), generator)


@sample_next.mistake(
    "temperature kept from 0",
    "You do not let the temperature come near 0, so that scores as close together as the "
    "temperature is small are drawn as if they were equal; divide by the temperature as it is.",
)
def _(logits: Tensor, temperature: float, generator: Generator) -> int:
    return _drawn((logits / max(temperature, 0.1)).softmax(0), generator)


@sample_next.mistake(
    "logits changed in place",
    "You divide the logits in place, so that the next call gets them divided already; use "
    "logits / temperature, which makes a new tensor.",
)
def _(logits: Tensor, temperature: float, generator: Generator) -> int:
    return _drawn(logits.div_(temperature).nan_to_num_().softmax(0), generator)


@sample_next.mistake(
    "the other end",
    "The least likely tokens come most often; divide the logits by the temperature without "
    "changing their sign.",
)
def _(logits: Tensor, temperature: float, generator: Generator) -> int:
    scores = -logits / temperature
    return _drawn(torch.where(logits.isinf(), -torch.inf, scores).softmax(0), generator)


@sample_next.mistake(
    "one place too far",
    "Your token lies one place behind the one drawn; the first for which the summed probabilities "
    "exceed the random number is it.",
)
def _(logits: Tensor, temperature: float, generator: Generator) -> int:
    return (_drawn((logits / temperature).softmax(0), generator) + 1) % len(logits)


@sample_next.mistake(
    "a tensor",
    "You return a tensor; .item() makes it a Python number.",
)
def _(logits: Tensor, temperature: float, generator: Generator) -> Tensor:
    return torch.multinomial((logits / temperature).softmax(0), 1, generator=generator)


@sample_next.mistake(
    "the probability",
    "You return a float; return the number of the token drawn, as an int.",
)
def _(logits: Tensor, temperature: float, generator: Generator) -> float:
    probabilities = (logits / temperature).softmax(0)
    return float(probabilities[_drawn(probabilities, generator)])
