"""The exercises of ``06_optimizers``."""

# ruff: noqa: F401, I001  # imported to be registered, in the order of the assignment.

from torchproof.catalog.optimizers import (
    ewma,
    exponential_lr,
    inverse_time_lr,
    multistep_lr,
    cosine_lr,
    sgd,
    sgd_handling_mistakes,
    adagrad,
    rmsprop,
    rmsprop_momentum_mistakes,
    adam,
    adadelta,
)
