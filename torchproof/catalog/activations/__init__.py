"""The exercises of ``03_activations``."""

# ruff: noqa: F401, I001  # imported to be registered, in the order of the assignment.

from torchproof.catalog.activations import (
    relu,
    leaky_relu,
    elu,
    sigmoid,
    tanh,
    softmax,
    log_softmax,
    softmax2d,
    sigmoid_function,
    leaky_relu_function,
)
