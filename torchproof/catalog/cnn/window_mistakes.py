"""Slips with the window that go wrong in the same way whatever is done with its pixels."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.cnn.pooling import Pool, padded, windows
from torchproof.checking.exercise import Exercise

Reduce = Callable[[Tensor], Tensor]
"""What becomes of windows, (..., kernel_size, kernel_size); the result has shape (...)."""


def _add(
    of: Exercise, pool: Callable[[Tensor, int, int | None, int], Tensor], name: str, hint: str
) -> None:
    """Add a mistake of the signature that poolings have."""

    @of.mistake(name, hint)
    def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
        return pool(x, kernel_size, stride, padding)


def add_window_mistakes(of: Exercise, reduce: Reduce, value: float) -> None:
    """Add the slips to a pooling.

    Args:
        of: the exercise.
        reduce: what is done with each window.
        value: what images are padded with.
    """

    def pool(x: Tensor, kernel_size: int, stride: int, padding: int) -> Tensor:
        return reduce(windows(padded(x, padding, value), kernel_size, stride))

    _add_stride(of, pool)
    _add_padding(of, reduce, value)
    _add_places(of, pool, reduce, value)
    _add_handling(of, pool, reduce, value)


def _add_stride(of: Exercise, pool: Pool) -> None:
    _add(
        of,
        lambda x, k, s, p: pool(x, k, 1 if s is None else s, p),
        "stride 1 by default",
        "Where stride is None you move the window by 1; it moves by kernel_size then, so that "
        "the windows lie side by side.",
    )
    _add(
        of,
        lambda x, k, s, p: pool(x, k, k, p),
        "stride ignored",
        "Your windows always lie side by side, kernel_size apart; stride says how far the next "
        "one is, where it is not None.",
    )
    _add(
        of,
        lambda x, k, s, p: pool(x, k, 1, p),
        "always by 1",
        "Your window always moves by 1; it moves by stride, or by kernel_size where stride is "
        "None.",
    )
    _add(
        of,
        lambda x, k, s, p: pool(x, k, 2 if s is None else s, p),
        "stride 2 by default",
        "Where stride is None you move the window by 2; it moves by kernel_size then, whatever "
        "that is.",
    )
    hint = (
        "stride may be None, which is no number to compute with; replace it by kernel_size first."
    )
    _add(of, lambda x, k, s, p: pool(x, k, s, p), "None handed to unfold", hint)  # type: ignore[arg-type]
    _add(
        of,
        lambda x, k, s, p: pool(x, k, (x.shape[2] + 2 * p - k) // s and 1, p),  # type: ignore[operator]
        "None divided by",
        hint,
    )
    _add(
        of,
        lambda x, k, s, p: pool(x, k, range(0, x.shape[2], s).step, p),  # type: ignore[arg-type]
        "None handed to range",
        hint,
    )


def _add_padding(of: Exercise, reduce: Reduce, value: float) -> None:
    def framed(x: Tensor, k: int, s: int | None, *frame: int) -> Tensor:
        return reduce(windows(F.pad(x, frame, value=value), k, s or k))

    _add(
        of,
        lambda x, k, s, p: framed(x, k, s, 0, 0),
        "padding ignored",
        "You do not pad the image; padding says how wide a frame it gets on each of its four "
        "sides.",
    )
    _add(
        of,
        lambda x, k, s, p: framed(x, k, s, 0, p, 0, p),
        "padded on the right and below only",
        "You pad on the right and below only; padding goes on all four sides.",
    )
    _add(
        of,
        lambda x, k, s, p: framed(x, k, s, p, 0, p, 0),
        "padded on the left and above only",
        "You pad on the left and above only; padding goes on all four sides.",
    )
    _add(
        of,
        lambda x, k, s, p: framed(x, k, s, p, p),
        "columns padded only",
        "You pad on the left and right only: the first two numbers that F.pad takes are for the "
        "last dimension, the next two for the one before; padding goes on all four sides.",
    )
    _add(
        of,
        lambda x, k, s, p: framed(x, k, s, 0, 0, p, p),
        "rows padded only",
        "You pad above and below only; padding goes on all four sides.",
    )
    _add(
        of,
        lambda x, k, s, p: framed(x, k, s, p, p, p, p, p, p),
        "channels padded too",
        "You pad the channels as well; only height and width get a frame, the last two dimensions.",
    )


def _add_places(of: Exercise, pool: Pool, reduce: Reduce, value: float) -> None:
    _add(
        of,
        lambda x, k, s, p: pool(x, k, s or k, p).mT,
        "rows and columns swapped",
        "The rows of your result are the columns of the right one; the first row of windows gives "
        "the first row of the result.",
    )
    _add(
        of,
        lambda x, k, s, p: pool(x, k, s or k, p).flatten(2),
        "(N, C, L)",
        "Your result lists the windows in one dimension; give it the rows and columns that they "
        "lie in, (N, C, rows, columns).",
    )

    def up(x: Tensor, k: int, s: int | None, p: int) -> Tensor:
        s = s or k
        short = [-(size + 2 * p - k) % s for size in x.shape[:1:-1]]
        frame = [p, p + short[0], p, p + short[1]]
        return reduce(windows(F.pad(x, frame, value=value), k, s))

    _add(
        of,
        up,
        "rounds up",
        "Your result has a row or column too many: a window that would reach beyond the padded "
        "image is left out, so the number of places is rounded down.",
    )

    def early(x: Tensor, k: int, s: int | None, p: int) -> Tensor:
        return reduce(windows(padded(x, p, value)[:, :, :-1, :-1], k, s or k))

    _add(
        of,
        early,
        "last window missing",
        "Windows are missing at the right and lower end; a window may start as late as "
        "H - kernel_size, of the padded image, so the range ends at H - kernel_size + 1.",
    )


def _add_handling(of: Exercise, pool: Pool, reduce: Reduce, value: float) -> None:
    hint = (
        "With no images, -1 stands for any number and torch cannot infer it; write the size "
        "instead."
    )

    def open_size(x: Tensor, k: int, s: int | None, p: int) -> Tensor:
        cut = windows(padded(x, p, value), k, s or k)
        return reduce(cut.reshape(*cut.shape[:4], -1).reshape(cut.shape))

    _add(of, open_size, "size left open in an empty batch", hint)

    def open_places(x: Tensor, k: int, s: int | None, p: int) -> Tensor:
        cut = windows(padded(x, p, value), k, s or k)
        columns = cut.movedim((2, 3), (4, 5)).reshape(len(x), x.shape[1], k * k, -1)
        places = columns.reshape(*x.shape[:2], k, k, *cut.shape[2:4])
        return reduce(places.movedim((2, 3), (4, 5)))

    _add(of, open_places, "number of places left open in an empty batch", hint)

    _add(
        of,
        lambda x, k, s, p: pool(x.float(), k, s or k, p).to(x.dtype),
        "computed in float32",
        "You compute in float32 and return to the dtype of x, but float64 holds larger numbers and "
        "more digits; stay in the dtype of x.",
    )

    def one_by_one(x: Tensor, k: int, s: int | None, p: int) -> Tensor:
        x, s = padded(x, p, value), s or k
        rows = [
            torch.stack(
                [
                    reduce(x[:, :, top : top + k, left : left + k])
                    for left in range(0, x.shape[3] - k + 1, s)
                ],
                dim=-1,
            )
            for top in range(0, x.shape[2] - k + 1, s)
        ]
        return torch.stack(rows, dim=-2)

    _add(
        of,
        one_by_one,
        "one at a time",
        "The values are right, but Python visits windows, channels or images one by one; "
        "Tensor.unfold gives all windows at once, or loop over the positions inside a window only.",
    )
