"""The exercises of ``05_backprop``."""

# ruff: noqa: F401, I001  # imported to be registered, in the order of the assignment.

from torchproof.catalog.backprop import (
    gradient_descent,
    numerical_gradient,
    sigmoid,
    linear,
    softmax_cross_entropy,
    two_layer_step,
    two_layer_step_mistakes,
    value,
    value_graph_mistakes,
    value_operation_mistakes,
)
