"""Augmenting images: how it goes wrong."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Generator, Tensor

from torchproof.catalog.practice.augment import FLIP, NOISE, augment, salted, shifted
from torchproof.catalog.practice.randomness import elsewhere

_Steps = dict[str, Callable[..., Any]]


def _flips(n: int, generator: Generator | None) -> Tensor:
    """Draw which images are flipped, shape (N, 1, 1, 1)."""
    return torch.rand(n, 1, 1, 1, generator=generator) < FLIP


def _flipped(images: Tensor, flips: Tensor) -> Tensor:
    return torch.where(flips, images.flip(-1), images)


def _shifts(n: int, generator: Generator | None) -> Tensor:
    return torch.randint(3, (n, 2), generator=generator)


def _noise(images: Tensor, generator: Generator | None) -> Tensor:
    n, _, height, width = images.shape
    return torch.rand(n, 1, height, width, generator=generator)


_RIGHT: _Steps = {
    "flips": _flips,
    "flipped": _flipped,
    "shifts": _shifts,
    "shifted": shifted,
    "noise": _noise,
    "salted": salted,
}


def _augmented(images: Tensor, generator: Generator | None, **other: Callable[..., Any]) -> Tensor:
    """Augment images rightly but for the steps given."""
    do = _RIGHT | other
    moved = do["flipped"](images, do["flips"](len(images), generator))
    moved = do["shifted"](moved, do["shifts"](len(images), generator))
    result: Tensor = do["salted"](moved, do["noise"](moved, generator))
    return result


def _wrong_step(**other: Callable[..., Any]) -> Callable[[Tensor, Generator], Tensor]:
    def wrong(images: Tensor, generator: Generator) -> Tensor:
        return _augmented(images, generator, **other)

    return wrong


def _rolled(images: Tensor, shifts: Tensor) -> Tensor:
    rows = [
        image.roll((1 - dy, 1 - dx), (1, 2))
        for image, (dy, dx) in zip(images, shifts.tolist(), strict=True)
    ]
    return torch.stack(rows)


def _alike(drawn: Callable[..., Tensor], dim: int = 0) -> Callable[..., Tensor]:
    """Draw once for all images what should be drawn for each."""

    def once(given: Any, generator: Generator | None) -> Tensor:
        each = drawn(given, generator)
        return each.narrow(dim, 0, 1).expand_as(each)

    return once


def _noise_of_channels(images: Tensor, generator: Generator | None) -> Tensor:
    return torch.rand(images.shape, generator=generator)


_UP, _LEFT = torch.tensor([1, 0]), torch.tensor([0, 1])
"""What no shift up or down, or none to a side, adds to where a window begins."""

_STEPS: dict[str, tuple[str, _Steps]] = {
    "one flip for the whole batch": (
        "You flip all images or none; draw a number for each image.",
        {"flips": _alike(_flips)},
    ),
    "one shift for the whole batch": (
        "You shift all images alike, or none; draw two numbers for each image.",
        {"shifts": _alike(_shifts)},
    ),
    "flipped upside down": (
        "You flip the rows, which turns images upside down; left and right are the last dimension.",
        {"flipped": lambda images, flips: torch.where(flips, images.flip(-2), images)},
    ),
    "flipped both ways": (
        "You flip rows and columns, which turns images by half a turn; flip the last dimension "
        "only.",
        {"flipped": lambda images, flips: torch.where(flips, images.flip(-1, -2), images)},
    ),
    "channels flipped": (
        "You flip another dimension than the last, and so the channels; left and right are the "
        "last dimension.",
        {"flipped": lambda images, flips: torch.where(flips, images.flip(1), images)},
    ),
    "rolled around": (
        "What leaves an image on one side comes in on the other, as torch.roll does it; zeros "
        "should come in.",
        {"shifted": _rolled},
    ),
    "border repeated": (
        "You repeat the border where an image moves away from it; zeros should come in.",
        {"shifted": lambda images, shifts: shifted(images, shifts, "replicate")},
    ),
    "one number for both directions": (
        "You shift as far down as to the right; draw one number for each direction.",
        {"shifts": lambda n, generator: _shifts(n, generator)[:, :1].expand(n, 2)},
    ),
    "never by 1": (
        "Your shifts are -1 and 0 only; torch.randint(-1, 1, ...) ends before 1.",
        {"shifts": lambda n, generator: torch.randint(1, 3, (n, 2), generator=generator)},
    ),
    "always by a pixel": (
        "You shift every image by a pixel in both directions; 0 is as likely as -1 and 1.",
        {"shifts": lambda n, generator: 2 * torch.randint(2, (n, 2), generator=generator)},
    ),
    "shifted sideways only": (
        "You never shift up or down; shift in both directions.",
        {"shifts": lambda n, generator: _shifts(n, generator) * torch.tensor([0, 1]) + _UP},
    ),
    "shifted up and down only": (
        "You never shift sideways; shift in both directions.",
        {"shifts": lambda n, generator: _shifts(n, generator) * torch.tensor([1, 0]) + _LEFT},
    ),
    "no noise": (
        "There is no salt and no pepper; draw a number for each pixel to see which it gets.",
        {"salted": lambda images, noise: images},
    ),
    "only salt": (
        "All noise is salt; half of it should be pepper, which is 0.",
        {"salted": lambda images, noise: salted(images, noise, NOISE, NOISE)},
    ),
    "only pepper": (
        "All noise is pepper; half of it should be salt, which is 1.",
        {"salted": lambda images, noise: salted(images, noise, 0.0, NOISE)},
    ),
    "twice the noise": (
        "You have twice as much noise: 0.05 is the probability of salt or pepper together, half "
        "of it for each.",
        {"salted": lambda images, noise: salted(images, noise, NOISE, 2 * NOISE)},
    ),
    "salt by the whole, pepper by half": (
        "You have more salt than pepper; each comes with probability 0.025.",
        {"salted": lambda images, noise: salted(images, noise, NOISE, 1.5 * NOISE)},
    ),
    "noise in each channel by itself": (
        "You draw noise for each channel by itself, which gives coloured specks; draw once for "
        "each pixel position, and use it in all channels.",
        {"noise": _noise_of_channels},
    ),
    "the same noise in all images": (
        "All images have salt and pepper in the same places; draw noise for each image.",
        {"noise": _alike(_noise)},
    ),
    "whole rows of noise": (
        "Whole rows become salt or pepper; draw a number for each pixel.",
        {"noise": _alike(_noise, dim=3)},
    ),
    "noise added": (
        "You add the noise to the image; a noisy pixel becomes 1 or 0, whatever it was before.",
        {"salted": lambda images, noise: images + (noise < NOISE / 2).to(images) - _dark(noise)},
    ),
    "noise added and clipped": (
        "You add smooth noise to every pixel; salt and pepper are 1 and 0 in a few pixels, and "
        "leave all others alone.",
        {"salted": lambda images, noise: (images + 0.1 * (noise - 0.5)).clamp(0, 1).to(images)},
    ),
    "grey noise": (
        "Your noisy pixels have any value; salt is 1 and pepper is 0.",
        {"salted": lambda images, noise: torch.where(noise < NOISE, noise / NOISE, images)},
    ),
    "salt of 255": (
        "Your salt is 255; the images' numbers lie from 0 to 1, so salt is 1.",
        {
            "salted": lambda images, noise: images.masked_fill(noise < NOISE, 0).masked_fill(
                noise < NOISE / 2, 255
            )
        },
    ),
    "float32 whatever came": (
        "Your result is float32 where the images are float64; keep their dtype.",
        {"salted": lambda images, noise: salted(images, noise).float()},
    ),
}


def _dark(noise: Tensor) -> Tensor:
    return ((noise >= NOISE / 2) & (noise < NOISE)).float()


for _name, (_hint, _other) in _STEPS.items():
    augment.mistake(_name, _hint)(_wrong_step(**_other))


def _exactly_half(n: int, generator: Generator | None) -> Tensor:
    return (torch.randperm(n, generator=generator) < n // 2)[:, None, None, None]


def _as_many(images: Tensor, generator: Generator | None) -> Tensor:
    """Draw noise of which the same number of pixels is small in each image."""
    n, _, height, width = images.shape
    ranks = torch.rand(n, height * width, generator=generator).argsort(dim=1).argsort(dim=1)
    return ((ranks + 0.5) / (height * width)).view(n, 1, height, width)


augment.mistake(
    "exactly half of the images flipped",
    "You flip as many images in every batch; draw a number for each image.",
)(_wrong_step(flips=_exactly_half))

augment.mistake(
    "as many noisy pixels in every image",
    "You make as many pixels noisy in every image; draw a number for each pixel.",
)(_wrong_step(noise=_as_many))


@augment.mistake(
    "one number for flip and shift",
    "Which way you shift an image says something of whether it is flipped; draw one number for "
    "the flip and others for the shifts.",
)
def _(images: Tensor, generator: Generator) -> Tensor:
    number = torch.rand(len(images), generator=generator)
    moved = _flipped(images, (number < FLIP)[:, None, None, None])
    shifts = _shifts(len(images), generator)
    shifts[:, 0] = (3 * number).long()
    return salted(shifted(moved, shifts), _noise(images, generator))


@augment.mistake(
    "noise before the shift",
    "The border that comes in has no salt: you put the noise in before you shift; shift first.",
)
def _(images: Tensor, generator: Generator) -> Tensor:
    noisy = salted(images, _noise(images, generator))
    moved = _flipped(noisy, _flips(len(images), generator))
    return shifted(moved, _shifts(len(images), generator))


@augment.mistake(
    "flipped or shifted, not both",
    "No image is both flipped and shifted; draw for each on its own, and do what comes.",
)
def _(images: Tensor, generator: Generator) -> Tensor:
    flips = _flips(len(images), generator)
    shifts = torch.where(flips[:, :, 0, 0], 1, _shifts(len(images), generator))
    moved = shifted(_flipped(images, flips), shifts)
    return salted(moved, _noise(images, generator))


@augment.mistake(
    "noise written into the input",
    "You write into images; make a new tensor, as torch.where and images.clone() do.",
)
def _(images: Tensor, generator: Generator) -> Tensor:
    result = _augmented(images, generator)
    images.copy_(result)
    return images


@augment.mistake(
    "flips written into the input",
    "You write the flipped images back into images; make a new tensor, as torch.where does.",
)
def _(images: Tensor, generator: Generator) -> Tensor:
    images.copy_(_flipped(images, _flips(len(images), generator)))
    moved = shifted(images, _shifts(len(images), generator))
    return salted(moved, _noise(images, generator))


@augment.mistake(
    "generator ignored",
    "Not all of your draws come from the generator you are given, so that some disturb torch's "
    "global one; hand generator=generator to every function that draws.",
)
def _(images: Tensor, generator: Generator) -> Tensor:
    return _augmented(images, generator, noise=lambda moved, _: _noise(moved, None))


@augment.mistake(
    "the global generator seeded",
    "You seed torch's global generator, which disturbs everyone who draws after you; hand the "
    "generator you are given on, as generator=generator.",
)
def _(images: Tensor, generator: Generator) -> Tensor:
    torch.default_generator.manual_seed(0)
    return _augmented(images, None)


@augment.mistake(
    "random numbers from elsewhere",
    "Your random numbers come from no generator of torch's, as those of Python's random and of "
    "NumPy do not; draw with torch's functions and generator=generator.",
)
def _(images: Tensor, generator: Generator) -> Tensor:
    return _augmented(images, elsewhere())


@augment.mistake(
    "a seed of its own",
    "You draw the same numbers whatever the generator; hand the one you are given on, as "
    "generator=generator, without a seed of your own.",
)
def _(images: Tensor, generator: Generator) -> Tensor:
    return _augmented(images, torch.Generator().manual_seed(0))


@augment.mistake(
    "seeded at every call",
    "The generator you are given has not moved on after your draws, so that the next call gives "
    "the same again; draw from it itself, not from a copy, and do not set it back.",
)
def _(images: Tensor, generator: Generator) -> Tensor:
    generator.manual_seed(generator.initial_seed())
    return _augmented(images, generator)
