"""Augmenting images: the reference, its cases, and what is measured of the results."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from torchproof.catalog.practice.randomness import (
    Measured,
    draws,
    dtypes,
    finite,
    found,
    once,
    share,
    sources,
    spread,
)
from torchproof.checking.cases import FLOATS, Case, Cases, Draw, Group, extremes, values
from torchproof.checking.exercise import exercise
from torchproof.checking.observe import Observation

FLIP, NOISE = 0.5, 0.05
"""The probabilities of a flip, and of salt or pepper."""

MANY = 20
"""Images from which on two results are practically never the same."""


@exercise(
    groups=(Group.VALUES, Group.EXTREMES, Group.NO_SIDE_EFFECTS),
    driver="with_generator",
)
def augment(images: Tensor, generator: Generator) -> Tensor:
    """Return images, shape (N, C, H, W), each flipped, shifted and sprinkled at random.

    Flipped left to right with probability 1/2; shifted by -1, 0 or 1 pixels in each direction,
    each as likely, with zeros coming in; then each pixel, in all channels alike, becomes 1 or 0
    with probability 0.025 each. The numbers of the images lie from 0 to 1.
    """
    n, _, height, width = images.shape
    flips = torch.rand(n, generator=generator) < FLIP
    shifts = torch.randint(3, (n, 2), generator=generator)
    flipped = torch.where(flips[:, None, None, None], images.flip(-1), images)
    noise = torch.rand(n, 1, height, width, generator=generator)
    return salted(shifted(flipped, shifts), noise)


def shifted(images: Tensor, shifts: Tensor, mode: str = "constant") -> Tensor:
    """Cut a window of its old size out of each image with a border of one pixel.

    Args:
        images: shape (N, C, H, W).
        shifts: where each window begins, 0, 1 or 2, shape (N, 2).
        mode: what the border is, as in `torch.nn.functional.pad`.
    """
    n, _, height, width = images.shape
    padded = F.pad(images, (1, 1, 1, 1), mode=mode)
    rows = (shifts[:, :1] + torch.arange(height))[:, :, None]
    columns = (shifts[:, 1:] + torch.arange(width))[:, None]
    return padded[torch.arange(n)[:, None, None], :, rows, columns].movedim(-1, 1)


def salted(images: Tensor, noise: Tensor, salt: float = NOISE / 2, pepper: float = NOISE) -> Tensor:
    """Return images with 1 where the noise is below ``salt``, and 0 from there to ``pepper``."""
    return images.masked_fill(noise < pepper, 0.0).masked_fill(noise < salt, 1.0)


@augment.cases
def _(draw: Draw) -> Cases:
    def given(*shape: int, dtype: torch.dtype = torch.float32) -> dict[str, Any]:
        images = draw.uniform(*shape, low=0.2, high=0.8, dtype=dtype)
        return {"images": images, "seed": draw.size(1, 1000)}

    for dtype, channels in zip(FLOATS, (3, 1), strict=True):
        height = draw.size(6, 8)
        yield values(**given(MANY, channels, height, height + draw.size(1, 3), dtype=dtype))
    yield values("many times", **given(4, 2, draw.size(7, 8), draw.size(5, 6)), times=75)
    yield extremes("a single image", **given(1, 3, 9, 7))
    yield extremes("a single row", **given(30, 2, 1, 12))
    yield extremes("a single column", **given(30, 2, 12, 1))
    yield extremes("a single pixel", **given(30, 3, 1, 1))
    yield extremes("black images", **(given(30, 1, 6, 6) | {"images": torch.zeros(30, 1, 6, 6)}))
    yield extremes("white images", **(given(30, 2, 6, 6) | {"images": torch.ones(30, 2, 6, 6)}))


@augment.measured
@once
def _(seen: Observation, case: Case) -> Measured:
    images, calls = case.arguments["images"], seen.result["what each call returned"]
    if not all(_fits(call, images) for call in calls):
        return {}
    measured: Measured = {"The dtype of the result": dtypes(calls)}
    several = len(images) >= MANY or draws(case) > 1
    measured |= sources(seen.result, varied=several and images[0, 0].numel() > 1)
    if seen.result["next"] != 1:
        calls = calls[:1]  # for the others say nothing more
    batch, images = len(images), images.repeat(len(calls), 1, 1, 1)
    result = finite(torch.cat(calls))
    padded = F.pad(images.double(), (1, 1, 1, 1))
    places = _places(padded, result)
    transformed = _moved(padded, places)
    black, white = ((result == tone).all(dim=1) for tone in (0, 1))
    strange = ~(_is_same(transformed, result).all(dim=1) | black | white)
    measured["Pixels that are neither the image's nor salt nor pepper"] = found(int(strange.sum()))
    if strange.any():
        measured |= _borders(images.double(), places, result, strange)
    if len(calls) == 1:
        return measured
    measured |= _motions(places, batch)
    return measured | _noise(transformed.amax(dim=1) > 0, white, black)


def _fits(call: Any, images: Tensor) -> bool:
    return isinstance(call, Tensor) and call.shape == images.shape and not call.is_complex()


def _is_same(pixels: Tensor, others: Tensor) -> Tensor:
    return (pixels - others).abs() < 1e-3


def _places(padded: Tensor, result: Tensor) -> Tensor:
    """Find which of 18 places fits each image best, shape (N,): 9 shifts, then those of flips.

    Args:
        padded: the images with a border of zeros, shape (N, C, H + 2, W + 2).
        result: what became of them, shape (N, C, H, W).
    """
    height, width = result.shape[-2:]
    first = result[:, 0]
    fits = [
        _is_same(side[:, y : y + height, x : x + width], first).sum(dim=(1, 2))
        for side in (padded[:, 0], padded[:, 0].flip(-1))
        for y in range(3)
        for x in range(3)
    ]
    return torch.stack(fits).argmax(0)


def _moved(padded: Tensor, places: Tensor) -> Tensor:
    """Return the images of these places, (N, C, H, W); see `_places`."""
    n, _, height, width = padded.shape
    flipped = torch.where((places >= 9)[:, None, None, None], padded.flip(-1), padded)
    rows = (places % 9 // 3)[:, None] + torch.arange(height - 2)
    columns = (places % 3)[:, None] + torch.arange(width - 2)
    each = torch.arange(n)[:, None, None]
    return flipped[each, :, rows[:, :, None], columns[:, None]].movedim(-1, 1)


def _borders(images: Tensor, places: Tensor, result: Tensor, strange: Tensor) -> Measured:
    """Measure what comes in at the border instead of zeros."""
    measured: Measured = {}
    modes = {"circular": "come in from the other side", "replicate": "repeat the border"}
    for mode, name in modes.items():
        moved = _moved(F.pad(images, (1, 1, 1, 1), mode=mode), places)
        alike = strange & _is_same(moved, result).all(dim=1)
        measured[f"Pixels that {name}"] = found(int(alike.sum()))
    return measured


def _motions(places: Tensor, batch: int) -> Measured:
    """Measure how often images are flipped and shifted, and whether one says anything of another.

    Args:
        places: what was found of each image, shape (N,); see `_places`.
        batch: how many images come in each call.
    """
    flip, dy, dx = places // 9, 1 - places % 9 // 3, 1 - places % 3
    flips = flip.double().view(-1, batch).sum(dim=1)
    measured: Measured = {
        "The share of images flipped": share(flip == 1, FLIP),
        "The spread of the number of images flipped": spread(
            flips, torch.full_like(flips, batch), FLIP
        ),
        "The share of images treated as the one before": share(places.diff() == 0, 1 / 18),
        "The share shifted as far down as to the right": share(dy == dx, 1 / 3),
        "The share shifted as far up as to the right": share(dy == -dx, 1 / 3),
    }
    for name, seen in (("up", dy == -1), ("down", dy == 1), ("left", dx == -1), ("right", dx == 1)):
        measured[f"The share of images shifted {name}"] = share(seen, 1 / 3)
        for whether, images in (("flipped", flip == 1), ("not flipped", flip == 0)):
            measured[f"The share of images {whether} shifted {name}"] = share(seen[images], 1 / 3)
    return measured


def _noise(inside: Tensor, white: Tensor, black: Tensor) -> Measured:
    """Measure how often pixels are salt and pepper.

    Args:
        inside: where the shifted image is not 0, shape (N, H, W).
        white: which pixels are 1 in all channels.
        black: which are 0.
    """
    noisy = (white | black) & inside
    before = (inside[1:] & noisy[:-1], noisy[1:])
    beside = (inside[..., 1:] & noisy[..., :-1], noisy[..., 1:])
    below = (inside[:, 1:] & noisy[:, :-1], noisy[:, 1:])
    shares = {
        "The share of salt": (inside, white, NOISE / 2),
        "The share of pepper": (inside, black, NOISE / 2),
        "The share of salt in the border that came in": (~inside, white, NOISE / 2),
        "The share of noisy pixels that were noisy in the image before": (*before, NOISE),
        "The share of noisy pixels beside a noisy one": (*beside, NOISE),
        "The share of noisy pixels below a noisy one": (*below, NOISE),
    }
    measured: Measured = {
        name: share(seen[of], asked) for name, (of, seen, asked) in shares.items()
    }
    counts, pixels = (each.double().sum(dim=(1, 2)) for each in (noisy, inside))
    return measured | {"The spread of the number of noisy pixels": spread(counts, pixels, NOISE)}
