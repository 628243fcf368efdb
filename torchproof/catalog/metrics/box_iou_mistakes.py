"""What goes wrong in the overlap of boxes."""

from collections.abc import Callable

import torch
from torch import Tensor

from torchproof.catalog.metrics.box_iou import box_iou
from torchproof.catalog.metrics.overlaps import (
    area,
    common,
    divide,
    from_centre_and_size,
    from_corner_and_size,
    iou,
    iou_of_pixels,
    sentence,
)

Fraction = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]
"""What is divided by what, for two sets of boxes."""


def _fraction(name: str, fault: str) -> Callable[[Fraction], Fraction]:
    """Add a mistake with 0/0 made 0, and the same with NaN there.

    Args:
        name: the fault in a few words.
        fault: what is wrong and its remedy, as part of a sentence.
    """

    def add(fraction: Fraction) -> Fraction:
        @box_iou.mistake(name, sentence(fault))
        def _(a: Tensor, b: Tensor) -> Tensor:
            return divide(*fraction(a, b))

        @box_iou.mistake(
            f"{name}, and NaN",
            f"Two things: {fault}; and where two boxes have no area you divide 0 by 0, which "
            "should give 0.",
        )
        def _(a: Tensor, b: Tensor) -> Tensor:
            part, whole = fraction(a, b)
            return part / whole

        return fraction

    return add


def union(a: Tensor, b: Tensor, both: Tensor) -> Tensor:
    """Return the area of the union of each two boxes, which have ``both`` in common."""
    return area(a)[:, None] + area(b) - both


def _inner_sides(a: Tensor, b: Tensor) -> Tensor:
    return torch.minimum(a[:, None, 2:], b[:, 2:]) - torch.maximum(a[:, None, :2], b[:, :2])


def outer(a: Tensor, b: Tensor) -> Tensor:
    """Return the area of the smallest box around each two."""
    sides = torch.maximum(a[:, None, 2:], b[:, 2:]) - torch.minimum(a[:, None, :2], b[:, :2])
    return sides.prod(dim=-1)


def _vanishing(largest: float) -> None:
    """Add the mistake of taking a union up to ``largest`` for 0."""

    @box_iou.mistake(
        f"a union up to {largest:.0e} taken for 0",
        "You give 0 where the union is small, and boxes may be that small; only where it is 0 "
        "is the overlap 0/0, so compare with 0 itself.",
    )
    def _(a: Tensor, b: Tensor) -> Tensor:
        both = common(a, b)
        whole = union(a, b, both)
        return torch.where(whole <= largest, 0, both / whole)


for _largest in (1e-8, 1e-9, 1e-12):
    _vanishing(_largest)


@_fraction(
    "intersection of disjoint boxes positive",
    "you multiply the sides of the intersection as they are, and for boxes that are apart they are "
    "negative; clamp each side at 0 before you multiply",
)
def _(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    both = _inner_sides(a, b).prod(dim=-1)
    return both, union(a, b, both)


@_fraction(
    "clamped after multiplying",
    "you clamp the area of the intersection, but for boxes that are apart in both directions it is "
    "a product of two negative sides, which is positive; clamp each side before you multiply",
)
def _(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    both = _inner_sides(a, b).prod(dim=-1).clamp(min=0)
    return both, union(a, b, both)


@_fraction(
    "absolute sides",
    "you take the absolute value of the intersection's sides, which gives boxes that are apart an "
    "intersection; clamp each side at 0",
)
def _(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    both = _inner_sides(a, b).abs().prod(dim=-1)
    return both, union(a, b, both)


@_fraction(
    "union without subtracting the intersection",
    "you divide by the sum of the two areas, in which the intersection counts twice; subtract it "
    "once to get the union",
)
def _(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    return common(a, b), area(a)[:, None] + area(b)


@_fraction(
    "Dice",
    "you divide twice the intersection by the sum of the areas, which is the Dice coefficient; "
    "divide the intersection by the union",
)
def _(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    return 2 * common(a, b), area(a)[:, None] + area(b)


@_fraction(
    "over the smaller area",
    "you divide the intersection by the smaller of the two areas, so that a box inside another "
    "gets 1; divide by the union",
)
def _(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    return common(a, b), torch.minimum(area(a)[:, None], area(b))


@_fraction(
    "over the area of a",
    "you divide the intersection by the area of the box of a; divide by the union of both",
)
def _(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    both = common(a, b)
    return both, area(a)[:, None].expand_as(both)


@_fraction(
    "over the area of b",
    "you divide the intersection by the area of the box of b; divide by the union of both",
)
def _(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    both = common(a, b)
    return both, area(b).expand_as(both)


@_fraction(
    "over the box around both",
    "you divide by the area of the smallest box around both, in which there may be more than "
    "their union; the union is the sum of the areas minus the intersection",
)
def _(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    return common(a, b), outer(a, b)


@_fraction(
    "intersection from the outer corners",
    "your intersection is the box around both; it begins at the larger of the first corners and "
    "ends at the smaller of the second",
)
def _(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    both = outer(a, b)
    return both, union(a, b, both)


@_fraction(
    "transposed",
    "your result is (M, N); the boxes of a belong to the rows and those of b to the columns",
)
def _(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    both = common(b, a)
    return both, union(b, a, both)


@box_iou.mistake(
    "boxes as corner and size",
    "You take the last two numbers of a box for its width and height; they are its second corner, "
    "x2 and y2.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    return iou(from_corner_and_size(a), from_corner_and_size(b))


@box_iou.mistake(
    "boxes as centre and size",
    "You take a box for its centre, width and height; it is given by two corners, x1, y1, x2, y2.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    return iou(from_centre_and_size(a), from_centre_and_size(b))


@_fraction(
    "boxes as x1, x2, y1, y2",
    "you read a box as x1, x2, y1, y2; its numbers are x1, y1, x2, y2",
)
def _(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    a, b = a[:, [0, 2, 1, 3]], b[:, [0, 2, 1, 3]]
    return common(a, b), union(a, b, common(a, b))


@box_iou.mistake(
    "NaN for 0/0",
    "Where two boxes have no area you divide 0 by 0, which is NaN; their overlap should be 0.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    both = common(a, b)
    return both / union(a, b, both)


@box_iou.mistake(
    "1 for 0/0",
    "You give 1 where two boxes have no area and 0 is divided by 0; their overlap should be 0.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    both = common(a, b)
    return (both / union(a, b, both)).nan_to_num(nan=1)


@box_iou.mistake(
    "+1 pixel boxes",
    "You add 1 to every side, as for boxes of whole pixels; here the sides are x2 - x1 and "
    "y2 - y1.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    return iou_of_pixels(a, b)


@_fraction(
    "+1 in the intersection only",
    "you add 1 to the sides of the intersection; they are the differences of its corners as they "
    "are",
)
def _(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    both = common(a, b, 1)
    return both, union(a, b, both)


@box_iou.mistake(
    "+1 in the areas only",
    "You add 1 to the sides of the boxes; they are x2 - x1 and y2 - y1 as they are.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    both = common(a, b)
    return both / (area(a, 1)[:, None] + area(b, 1) - both)
