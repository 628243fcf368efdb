"""Augmenting images: how it goes wrong."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Generator, Tensor

from torchproof.catalog.practice.augment import FLIP, NOISE, augment, salted, shifted

_Steps = dict[str, Callable[..., Any]]


def draw_flips(n: int, generator: Generator | None) -> Tensor:
    """Draw which images are flipped, shape (N, 1, 1, 1)."""
    return torch.rand(n, 1, 1, 1, generator=generator) < FLIP


def flipped(images: Tensor, flips: Tensor) -> Tensor:
    """Return the images, some of them mirrored."""
    return torch.where(flips, images.flip(-1), images)


def draw_shifts(n: int, generator: Generator | None) -> Tensor:
    """Draw where each of n images is cut out, down and across."""
    return torch.randint(3, (n, 2), generator=generator)


def draw_noise(images: Tensor, generator: Generator | None) -> Tensor:
    """Draw a number for each pixel, shared by its channels."""
    n, _, height, width = images.shape
    return torch.rand(n, 1, height, width, generator=generator)


_RIGHT: _Steps = {
    "flips": draw_flips,
    "flipped": flipped,
    "shifts": draw_shifts,
    "shifted": shifted,
    "noise": draw_noise,
    "salted": salted,
}


def augmented(images: Tensor, generator: Generator | None, **other: Callable[..., Any]) -> Tensor:
    """Augment images rightly but for the steps given."""
    do = _RIGHT | other
    moved = do["flipped"](images, do["flips"](len(images), generator))
    moved = do["shifted"](moved, do["shifts"](len(images), generator))
    result: Tensor = do["salted"](moved, do["noise"](moved, generator))
    return result


def wrong_step(**other: Callable[..., Any]) -> Callable[[Tensor, Generator], Tensor]:
    """Make an answer in which some steps are other than asked."""

    def wrong(images: Tensor, generator: Generator) -> Tensor:
        return augmented(images, generator, **other)

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
        {"flips": _alike(draw_flips)},
    ),
    "one shift for the whole batch": (
        "You shift all images alike, or none; draw two numbers for each image.",
        {"shifts": _alike(draw_shifts)},
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
        {"shifts": lambda n, generator: draw_shifts(n, generator)[:, :1].expand(n, 2)},
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
        {"shifts": lambda n, generator: draw_shifts(n, generator) * torch.tensor([0, 1]) + _UP},
    ),
    "shifted up and down only": (
        "You never shift sideways; shift in both directions.",
        {"shifts": lambda n, generator: draw_shifts(n, generator) * torch.tensor([1, 0]) + _LEFT},
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
        {"noise": _alike(draw_noise)},
    ),
    "whole rows of noise": (
        "Whole rows become salt or pepper; draw a number for each pixel.",
        {"noise": _alike(draw_noise, dim=3)},
    ),
    "noise added": (
        "You add the noise to the image; a noisy pixel becomes 1 or 0, whatever it was before.",
        {"salted": lambda images, noise: images + (noise < NOISE / 2).to(images) - _dark(noise)},
    ),
    "noise added and clipped": (
        "You add a little noise to every pixel; salt and pepper are 1 and 0 in a few pixels, and "
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
    augment.mistake(_name, _hint)(wrong_step(**_other))
