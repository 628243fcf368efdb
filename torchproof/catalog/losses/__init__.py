"""The exercises of ``04_losses``."""

# ruff: noqa: F401, I001  # imported to be registered, in the order of the assignment.

from torchproof.catalog.losses import (
    mse,
    l1,
    smooth_l1,
    entropy,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_mistakes,
    nll,
    nll_mistakes,
    nll_weight_mistakes,
    cross_entropy,
    cross_entropy_mistakes,
    cross_entropy_smoothing_mistakes,
    kl_divergence,
    topk,
    margin_ranking,
    soft_margin,
    cosine_embedding,
    focal,
)
