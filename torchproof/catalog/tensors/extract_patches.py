"""The windows of a picture."""

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values, vectorised
from torchproof.checking.exercise import exercise


@exercise(not_allowed=("torch.nn.functional.unfold", "torch.nn.Unfold", "im2col"), picture="map")
def extract_patches(images: Tensor, size: int, stride: int) -> Tensor:
    """Cut images, (N, C, H, W), into patches, (N, C·size², L), in the layout of F.unfold."""
    return F.unfold(images, size, stride=stride)


@extract_patches.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        yield values(images=draw.normal(2, 3, 6, 7, dtype=dtype), size=3, stride=2)
        height, width = draw.size(5, 7), draw.size(8, 9)
        yield values(images=draw.normal(1, 2, height, width, dtype=dtype), size=2, stride=1)
    yield extremes("one patch", images=draw.normal(2, 2, 3, 3), size=3, stride=1)
    yield extremes("patches of one pixel", images=draw.normal(1, 3, 4, 5), size=1, stride=1)
    yield extremes("stride beyond size", images=draw.normal(1, 2, 7, 8), size=2, stride=3)
    yield extremes("pixels left over", images=draw.normal(1, 1, 6, 8), size=3, stride=2)
    yield extremes("an empty batch", images=torch.empty(0, 2, 4, 5), size=2, stride=1)
    for dtype in FLOATS:
        yield shapes(images=draw.normal(2, 3, 4, 7, dtype=dtype), size=2, stride=2)
        yield shapes(images=draw.normal(3, 2, 8, 5, dtype=dtype), size=3, stride=1)
    yield vectorised(
        {"images": draw.normal(1, 1, 4, 5), "size": 2, "stride": 1},
        {"images": draw.normal(3, 2, 8, 11), "size": 2, "stride": 1},
    )


def _windows(images: Tensor, size: int, stride: int) -> Tensor:
    """Return (N, C, rows, columns, size, size): every window at its place."""
    return images.unfold(2, size, stride).unfold(3, size, stride)


@extract_patches.mistake(
    "transposed patches",
    "Each patch is read column by column; a patch's pixels go row by row, so keep its height "
    "before its width.",
)
def _(images: Tensor, size: int, stride: int) -> Tensor:
    n, c = images.shape[:2]
    windows = _windows(images, size, stride)
    places = windows.shape[2] * windows.shape[3]
    return windows.permute(0, 1, 5, 4, 2, 3).reshape(n, c * size * size, places)


@extract_patches.mistake(
    "transposed places",
    "The patches are ordered column by column; they go along the first row of the image first.",
)
def _(images: Tensor, size: int, stride: int) -> Tensor:
    n, c = images.shape[:2]
    windows = _windows(images, size, stride)
    places = windows.shape[2] * windows.shape[3]
    return windows.permute(0, 1, 4, 5, 3, 2).reshape(n, c * size * size, places)


@extract_patches.mistake(
    "channels last",
    "Inside a patch your channels vary fastest; all pixels of channel 0 come first, "
    "then those of channel 1.",
)
def _(images: Tensor, size: int, stride: int) -> Tensor:
    n, c = images.shape[:2]
    windows = _windows(images, size, stride)
    places = windows.shape[2] * windows.shape[3]
    return windows.permute(0, 4, 5, 1, 2, 3).reshape(n, c * size * size, places)


@extract_patches.mistake(
    "stride ignored",
    "Your patches start at every pixel; stride says how far apart they start.",
)
def _(images: Tensor, size: int, stride: int) -> Tensor:
    n, c = images.shape[:2]
    windows = _windows(images, size, 1)
    places = windows.shape[2] * windows.shape[3]
    return windows.permute(0, 1, 4, 5, 2, 3).reshape(n, c * size * size, places)


@extract_patches.mistake(
    "size used as stride",
    "Your patches lie side by side, size apart; stride says how far apart they start.",
)
def _(images: Tensor, size: int, stride: int) -> Tensor:
    n, c = images.shape[:2]
    windows = _windows(images, size, size)
    places = windows.shape[2] * windows.shape[3]
    return windows.permute(0, 1, 4, 5, 2, 3).reshape(n, c * size * size, places)


@extract_patches.mistake(
    "reshaped without permute",
    "The shape is right but the numbers are scrambled: reshape only re-reads memory in order; "
    "permute first, so that the window's dimensions come before those of its place.",
)
def _(images: Tensor, size: int, stride: int) -> Tensor:
    n, c = images.shape[:2]
    windows = _windows(images, size, stride)
    places = windows.shape[2] * windows.shape[3]
    return windows.reshape(n, c * size * size, places)


@extract_patches.mistake(
    "(N, L, C·size²)",
    "Your patches are the rows; they should be the columns, (N, C·size², L).",
)
def _(images: Tensor, size: int, stride: int) -> Tensor:
    n, c = images.shape[:2]
    windows = _windows(images, size, stride)
    places = windows.shape[2] * windows.shape[3]
    return windows.permute(0, 2, 3, 1, 4, 5).reshape(n, places, c * size * size)


@extract_patches.mistake(
    "reshaped from (N, L, C·size²)",
    "Your patches are rows, and reshape does not turn rows into columns; swap the two dimensions "
    "with .mT.",
)
def _(images: Tensor, size: int, stride: int) -> Tensor:
    n, c = images.shape[:2]
    windows = _windows(images, size, stride)
    places = windows.shape[2] * windows.shape[3]
    return windows.permute(0, 2, 3, 1, 4, 5).reshape(n, c * size * size, places)


@extract_patches.mistake(
    "size left open in an empty batch",
    "With no images, -1 stands for any number and torch cannot infer it; write the size instead.",
)
def _(images: Tensor, size: int, stride: int) -> Tensor:
    n, c = images.shape[:2]
    windows = _windows(images, size, stride)
    return windows.permute(0, 1, 4, 5, 2, 3).reshape(n, c * size * size, -1)


@extract_patches.mistake(
    "last window missing",
    "The last row and column of windows are missing; a window may start as late as H - size, so "
    "the range ends at H - size + 1.",
)
def _(images: Tensor, size: int, stride: int) -> Tensor:
    n, c = images.shape[:2]
    windows = _windows(images[:, :, :-1, :-1], size, stride)
    places = windows.shape[2] * windows.shape[3]
    return windows.permute(0, 1, 4, 5, 2, 3).reshape(n, c * size * size, places)


@extract_patches.mistake(
    "one place at a time",
    "The values are right, but you cut the patches out one by one; Tensor.unfold gives all "
    "windows at once.",
)
def _(images: Tensor, size: int, stride: int) -> Tensor:
    height, width = images.shape[2:]
    patches = [
        images[:, :, top : top + size, left : left + size].flatten(1)
        for top in range(0, height - size + 1, stride)
        for left in range(0, width - size + 1, stride)
    ]
    return torch.stack(patches, dim=-1)
