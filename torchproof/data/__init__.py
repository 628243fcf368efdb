"""The data that lessons and exercises share; nothing is downloaded.

Sources: ``digits`` are the 1,797 pictures that come with scikit-learn. ``alice.txt`` is Lewis
Carroll's *Alice's Adventures in Wonderland* (1865), a paragraph a line, without the headings.
``tang.txt`` holds 1,200 poems of the Tang dynasty in simplified characters: those of five
characters a line and four or eight lines of which none of the characters is rare, in no
particular order. All of them are in the public domain.
"""

from importlib.resources import files
from typing import NamedTuple

import torch
from torch import Tensor

TEXTS = ("alice", "tang")
"""The texts there are."""


class Digits(NamedTuple):
    """Handwritten digits, split once for all into pictures to train on and pictures held out.

    Attributes:
        train_images: float32, shape (1437, 1, 8, 8), from 0 for paper to 1 for ink.
        train_labels: int64, shape (1437,), the digits from 0 to 9.
        test_images: float32, shape (360, 1, 8, 8).
        test_labels: int64, shape (360,).
    """

    train_images: Tensor
    train_labels: Tensor
    test_images: Tensor
    test_labels: Tensor


def digits() -> Digits:
    """Return scikit-learn's handwritten digits, the same split every time."""
    from sklearn.datasets import load_digits

    given = load_digits()
    images = torch.tensor(given.images, dtype=torch.float32)[:, None] / 16
    labels = torch.tensor(given.target)
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
    test, train = order[:360], order[360:]
    return Digits(images[train], labels[train], images[test], labels[test])


def text(name: str) -> str:
    """Return a text: ``"alice"``, in English, or ``"tang"``, in Chinese.

    Paragraphs of ``"alice"`` end with a newline; lines of a poem of ``"tang"`` too, and a blank
    line stands between two poems.

    Raises:
        ValueError: there is no text of this name.
    """
    if name not in TEXTS:
        raise ValueError(f"No text is called {name!r}; there are {' and '.join(TEXTS)}.")
    return (files(__name__) / f"{name}.txt").read_text(encoding="utf-8")
