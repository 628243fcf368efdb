"""The exercises of ``02_neurons``."""

# ruff: noqa: F401, I001  # imported to be registered, in the order of the assignment.

from torchproof.catalog.neurons import (
    linear,
    predict_proba,
    count_parameters,
    mlp,
    mlp_mistakes,
    logistic_regression,
    logistic_regression_mistakes,
)
