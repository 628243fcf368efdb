"""Augmentation: how the steps are put together wrongly, and how numbers are drawn."""

import torch
from torch import Generator, Tensor

from torchproof.catalog.practice.augment import FLIP, augment, salted, shifted
from torchproof.catalog.practice.augment_mistakes import (
    augmented,
    draw_flips,
    draw_noise,
    draw_shifts,
    flipped,
    wrong_step,
)
from torchproof.catalog.practice.randomness import elsewhere


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
)(wrong_step(flips=_exactly_half))


augment.mistake(
    "as many noisy pixels in every image",
    "You make as many pixels noisy in every image; draw a number for each pixel.",
)(wrong_step(noise=_as_many))


@augment.mistake(
    "one number for flip and shift",
    "Which way you shift an image says something of whether it is flipped; draw one number for "
    "the flip and others for the shifts.",
)
def _(images: Tensor, generator: Generator) -> Tensor:
    number = torch.rand(len(images), generator=generator)
    moved = flipped(images, (number < FLIP)[:, None, None, None])
    shifts = draw_shifts(len(images), generator)
    shifts[:, 0] = (3 * number).long()
    return salted(shifted(moved, shifts), draw_noise(images, generator))


@augment.mistake(
    "noise before the shift",
    "The border that comes in has no salt: you put the noise in before you shift; shift first.",
)
def _(images: Tensor, generator: Generator) -> Tensor:
    noisy = salted(images, draw_noise(images, generator))
    moved = flipped(noisy, draw_flips(len(images), generator))
    return shifted(moved, draw_shifts(len(images), generator))


@augment.mistake(
    "flipped or shifted, not both",
    "No image is both flipped and shifted; draw for each on its own, and do what comes.",
)
def _(images: Tensor, generator: Generator) -> Tensor:
    flips = draw_flips(len(images), generator)
    shifts = torch.where(flips[:, :, 0, 0], 1, draw_shifts(len(images), generator))
    moved = shifted(flipped(images, flips), shifts)
    return salted(moved, draw_noise(images, generator))


@augment.mistake(
    "noise written into the input",
    "You write into images; make a new tensor, as torch.where and images.clone() do.",
)
def _(images: Tensor, generator: Generator) -> Tensor:
    result = augmented(images, generator)
    images.copy_(result)
    return images


@augment.mistake(
    "flips written into the input",
    "You write the flipped images back into images; make a new tensor, as torch.where does.",
)
def _(images: Tensor, generator: Generator) -> Tensor:
    images.copy_(flipped(images, draw_flips(len(images), generator)))
    moved = shifted(images, draw_shifts(len(images), generator))
    return salted(moved, draw_noise(images, generator))


@augment.mistake(
    "generator ignored",
    "Not all of your draws come from the generator you are given, so that some disturb torch's "
    "global one; hand generator=generator to every function that draws.",
)
def _(images: Tensor, generator: Generator) -> Tensor:
    return augmented(images, generator, noise=lambda moved, _: draw_noise(moved, None))


@augment.mistake(
    "the global generator seeded",
    "You seed torch's global generator, which disturbs everyone who draws after you; hand the "
    "generator you are given on, as generator=generator.",
)
def _(images: Tensor, generator: Generator) -> Tensor:
    torch.default_generator.manual_seed(0)
    return augmented(images, None)


@augment.mistake(
    "random numbers from elsewhere",
    "Your random numbers come from no generator of torch's, as those of Python's random and of "
    "NumPy do not; draw with torch's functions and generator=generator.",
)
def _(images: Tensor, generator: Generator) -> Tensor:
    return augmented(images, elsewhere())


@augment.mistake(
    "a seed of its own",
    "You draw the same numbers whatever the generator; hand the one you are given on, as "
    "generator=generator, without a seed of your own.",
)
def _(images: Tensor, generator: Generator) -> Tensor:
    return augmented(images, torch.Generator().manual_seed(0))


@augment.mistake(
    "seeded at every call",
    "The generator you are given has not moved on after your draws, so that the next call gives "
    "the same again; draw from it itself, not from a copy, and do not set it back.",
)
def _(images: Tensor, generator: Generator) -> Tensor:
    generator.manual_seed(generator.initial_seed())
    return augmented(images, generator)
