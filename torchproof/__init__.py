"""Torchproof: a deep-learning course whose every exercise is checked against PyTorch."""

from torchproof.checking import check
from torchproof.device import default_device

__all__ = ["check", "default_device"]
