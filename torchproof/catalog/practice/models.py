"""Small models and data that the exercises of training are tried on."""

from typing import Any

import torch
from torch import Tensor

from torchproof.checking.cases import Draw

Layers = list[dict[str, Any]]
Data = dict[str, Any]

CLASSES = 3
FEATURES = 4


def linear(outputs: int = CLASSES) -> Layers:
    """Return a model of one linear layer."""
    return [{"kind": "nn.Linear", "sizes": [FEATURES, outputs]}]


def mlp(outputs: int = CLASSES, dropout: float = 0.0) -> Layers:
    """Return a model with one hidden layer, and dropout where it is asked for."""
    hidden: Layers = [{"kind": "nn.Linear", "sizes": [FEATURES, 6]}, {"kind": "nn.Tanh"}]
    dropped: Layers = [{"kind": "nn.Dropout", "p": dropout}] if dropout else []
    return [*hidden, *dropped, {"kind": "nn.Linear", "sizes": [6, outputs]}]


def normed(dropout: float = 0.4) -> Layers:
    """Return a classifier with batch normalisation and dropout, which the mode matters to."""
    return [
        {"kind": "nn.Linear", "sizes": [FEATURES, 6]},
        {"kind": "nn.BatchNorm1d", "sizes": [6]},
        {"kind": "nn.ReLU"},
        {"kind": "nn.Dropout", "p": dropout},
        {"kind": "nn.Linear", "sizes": [6, CLASSES]},
    ]


def labelled(draw: Draw, n: int, dtype: torch.dtype = torch.float64, **options: Any) -> Data:
    """Return n random samples with random classes, and how a loader gives them."""
    x, y = draw.normal(n, FEATURES, dtype=dtype), draw.integers(n, high=CLASSES)
    return {"x": x, "y": y, **options}


def measured(draw: Draw, n: int, dtype: torch.dtype = torch.float64, **options: Any) -> Data:
    """Return n random samples with two random numbers each, and how a loader gives them."""
    x, y = draw.normal(n, FEATURES, dtype=dtype), draw.normal(n, 2, dtype=dtype)
    return {"x": x, "y": y, **options}


def images(draw: Draw, n: int, **options: Any) -> tuple[Layers, Data]:
    """Return a classifier of images, and n of them, 2 channels by 2 by 3."""
    layers: Layers = [
        {"kind": "nn.Linear", "sizes": [3, 4]},  # over each row, so x must come as it is
        {"kind": "nn.Flatten"},
        {"kind": "nn.Linear", "sizes": [16, CLASSES]},
    ]
    x: Tensor = draw.normal(n, 2, 2, 3, dtype=torch.float64)
    return layers, {"x": x, "y": draw.integers(n, high=CLASSES), **options}


def sgd(draw: Draw, **options: Any) -> dict[str, Any]:
    """Return plain gradient descent at a random rate, or with options."""
    return {"kind": "SGD", "lr": draw.number(0.1, 0.4), **options}
