"""The exercises of ``01_tensors``."""

# ruff: noqa: F401, I001  # imported to be registered, in the order of the assignment.

from torchproof.catalog.tensors import (
    threshold,
    standardize,
    one_hot,
    pairwise_distance,
    masked_mean,
    topk_accuracy,
    extract_patches,
)
