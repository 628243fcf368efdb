"""A trained network for digits: how it falls short, told by what its output looks like."""

from functools import cached_property

import torch
from torch import Tensor, nn

from torchproof.catalog.cnn.digit_net import (
    FULL,
    MAX_SIZE,
    NOTHING,
    NUM_CLASSES,
    DigitNet,
    answers,
    digit_net,
    size_of,
)
from torchproof.checking.cases import Case
from torchproof.checking.observe import Observation
from torchproof.data import digits

_GUESSING = 0.3
"""An accuracy that guessing never reaches on a few hundred images of ten classes."""


@digit_net.measured
def _(observation: Observation, case: Case) -> dict[str, str]:
    """Say how a network falls short: all that is seen of mistakes, no two of which are alike."""
    return {"The fault": _fault(observation, case)}


def _fault(observation: Observation, case: Case) -> str:
    given = answers(observation, case)
    if given is None:
        return "shape"
    if size_of(observation) > MAX_SIZE:
        return "size"
    logits, labels = given
    if logits.isnan().any():
        return "NaN"
    classes = logits.argmax(1)
    if (classes == classes[0]).all():
        return "one class"
    accuracy = (classes == labels).double().mean().item()
    bounds = {"guesses": _GUESSING, "learned little": NOTHING, "falls short": FULL}
    return next((fault for fault, bound in bounds.items() if accuracy < bound), "none")


class _Fitted(nn.Module):
    """A linear model by least squares, fitted to the first training images when it is called."""

    def __init__(self, num_images: int, spare: int = 0) -> None:
        super().__init__()
        self.num_images = num_images
        self.register_buffer("spare", torch.zeros(spare))

    @cached_property
    def weight(self) -> Tensor:
        """The weight, (65, 10); the last row is the bias."""
        images, labels = (part[: self.num_images] for part in digits()[:2])
        x = _with_ones(images).double()
        y = nn.functional.one_hot(labels, NUM_CLASSES).double()
        found: Tensor = torch.linalg.solve(x.mT @ x + torch.eye(65, dtype=x.dtype), x.mT @ y)
        return found

    def forward(self, x: Tensor) -> Tensor:
        return (_with_ones(x).double() @ self.weight).to(x.dtype)


def _with_ones(images: Tensor) -> Tensor:
    return torch.cat([images.flatten(1), torch.ones(len(images), 1)], dim=1)


digit_net.mistake(
    "falls short",
    "Your network is right in 90 % to 97 %, and a single linear layer gets a little beyond 90 %; "
    "try two or three convolutions, which look at neighbouring pixels together, with batch norm.",
)(_Fitted(1437))


digit_net.mistake(
    "learned little",
    "Your network has learned less than a single linear layer does; look whether logits go into "
    "cross_entropy as they are, without softmax or ReLU, and whether too little is left of the "
    "image where pooling or strides end.",
)(_Fitted(25))


class _Guesses(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(1)[:, 13 : 13 + NUM_CLASSES].roll(3, dims=1)


digit_net.mistake(
    "guesses",
    "Your network does hardly better than guessing; hand over the very model that was trained, "
    "and look whether its loss falls.",
)(_Guesses())


class _OneClass(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.arange(NUM_CLASSES, dtype=x.dtype).expand(len(x), NUM_CLASSES)


digit_net.mistake(
    "one class for all",
    "Your network gives the same class for all images; look whether anything of the image is left "
    "at its end, or whether every ReLU gives 0.",
)(_OneClass())


digit_net.mistake(
    "too many parameters",
    "Your network holds more than 50,000 numbers; most lie where a large feature map is flattened "
    "into a linear layer or where many channels meet many: pool before, or use fewer channels.",
)(_Fitted(1437, spare=MAX_SIZE + 1))


class _Nan(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.full((len(x), NUM_CLASSES), torch.nan)


digit_net.mistake(
    "NaN",
    "Your network gives NaN, from its forward or from weights that became NaN in training; look "
    "for a logarithm, a root or a quotient of 0, and for numbers that grow from layer to layer.",
)(_Nan())


class _SpatialLeft(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.zeros(len(x), NUM_CLASSES, 1, 1)


digit_net.mistake(
    "(N, 10, 1, 1)",
    "Your logits keep height and width as dimensions of size 1; (N, 10) is asked for, so "
    "flatten them.",
)(_SpatialLeft())


class _Classes(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.zeros(len(x), dtype=torch.int64)


digit_net.mistake(
    "classes instead of logits",
    "Your network gives one number for each image; it gives ten logits, one for each class, and "
    "argmax comes after it.",
)(_Classes())


digit_net.mistake(
    "the class itself",
    "You hand over the class; make a model of it, DigitNet(), train that, and hand it over.",
)(DigitNet)
