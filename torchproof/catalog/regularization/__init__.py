"""The exercises of ``07_regularization``."""

# ruff: noqa: F401, I001  # imported to be registered, in the order of the assignment.

from torchproof.catalog.regularization import (
    l1_penalty,
    l2_penalty,
    early_stopping,
    early_stopping_mistakes,
    xavier_uniform,
    kaiming_normal,
    dropout,
    dropout_mistakes,
    batch_norm,
    batch_norm_mistakes,
    batch_norm_shape_mistakes,
    xavier_normal,
    kaiming_uniform,
    layer_norm,
    layer_norm_mistakes,
)
