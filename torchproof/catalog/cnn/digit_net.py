"""A trained network for digits: its reference, its cases, and how it is graded."""

from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from torchproof.checking.cases import Case, Cases, Draw, Group, held_out
from torchproof.checking.compare import Finding
from torchproof.checking.exercise import exercise
from torchproof.checking.observe import Observation
from torchproof.data import digits

MAX_SIZE = 50_000
"""How many numbers the parameters and buffers of a network may hold."""

FULL, NOTHING = 0.97, 0.90
"""The accuracy that scores all points, and the one up to which there are none."""

NUM_SHOWN = 300
"""How many of the images held out are shown; another choice, in another order, for each seed."""

_NOISE = 1 / 16
"""How far a pixel may be shifted: one step of the 17 grey levels, up or down."""

NUM_CLASSES = 10


class DigitNet(nn.Module):
    """Three convolutions, each with batch norm, pooled at last into one number a channel."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs in ((1, 16), (16, 32), (32, 64)):
            layers.append(nn.Conv2d(inputs, outputs, 3, padding=1, bias=False))
            layers += [nn.BatchNorm2d(outputs), nn.ReLU()]
        layers.insert(6, nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(64, NUM_CLASSES)

    def forward(self, x: Tensor) -> Any:
        """Return logits, (N, 10), for images, (N, 1, 8, 8), in [0, 1]."""
        return self.head(self.features(x).mean((2, 3)))


digit_net = exercise(points=5, groups=(Group.HELD_OUT,), driver="trained")(DigitNet)


@cache
def _held_out() -> tuple[Tensor, Tensor]:
    """Return the images held out and their labels; reading them anew takes longer than judging."""
    _, _, images, labels = digits()
    return images, labels


def shown(draw: Draw) -> tuple[Tensor, Tensor]:
    """Choose images held out, with a little noise, and return them and their labels."""
    images, labels = _held_out()
    chosen = torch.randperm(len(labels), generator=draw.generator)[:NUM_SHOWN]
    noise = draw.uniform(NUM_SHOWN, 1, 8, 8, low=-_NOISE, high=_NOISE)
    return (images[chosen] + noise).clamp(0, 1), labels[chosen]


@digit_net.cases
def _(draw: Draw) -> Cases:
    # The labels stay out of the case, which travels to the learner's code: whoever judges draws
    # them again from its seed.
    yield held_out("images held out, with a little noise", images=shown(draw)[0])


def answers(observation: Observation, case: Case) -> tuple[Tensor, Tensor] | None:
    """Return logits and labels, or None where the output has not the shape of logits."""
    result = observation.result
    logits = result.get("output") if isinstance(result, dict) else None
    labels = shown(Draw(case.seed))[1]
    if not isinstance(logits, Tensor) or logits.shape != (len(labels), NUM_CLASSES):
        return None
    return (logits, labels) if logits.is_floating_point() else None


def size_of(observation: Observation) -> int:
    """Return how many numbers the network holds; too many where that was not observed."""
    size = observation.result.get("size") if isinstance(observation.result, dict) else None
    return size if type(size) is int and size >= 0 else MAX_SIZE + 1


@digit_net.graded
def _(observation: Observation, case: Case) -> Finding | None:
    """Give full points from an accuracy of 0.97, none up to 0.90, and a share in between."""
    given = answers(observation, case)
    if given is None:
        asked = (len(case.arguments["images"]), NUM_CLASSES)
        return Finding(
            "shape", f"The model gives {_what(observation)}; logits {asked} are asked for."
        )
    if size_of(observation) > MAX_SIZE:
        size = f"{size_of(observation):,} numbers in parameters and buffers"
        return Finding("quality", f"The model has {size}; at most {MAX_SIZE:,} are allowed.")
    logits, labels = given
    if logits.isnan().any():
        return Finding("values", "Some of the logits are NaN.")
    right, n = int((logits.argmax(1) == labels).sum()), len(labels)
    if right / n >= FULL:
        return None
    message = (
        f"{right} of {n} images held out are recognised, {right / n:.1%}. "
        f"All points take {FULL:.0%}; up to {NOTHING:.0%} there are none."
    )
    return Finding("quality", message, share=max(0.0, (right / n - NOTHING) / (FULL - NOTHING)))


def _what(observation: Observation) -> str:
    """Describe an output that is not what is asked for."""
    result = observation.result
    output = result.get("output") if isinstance(result, dict) else None
    if isinstance(output, Tensor):
        return f"{str(output.dtype).removeprefix('torch.')} of shape {tuple(output.shape)}"
    return "something that is no tensor"
