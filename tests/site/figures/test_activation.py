"""Activations and their derivatives against torch."""

import pytest
import torch
from torch.nn import functional as F

ACTIVATIONS = {name: getattr(F, name) for name in ("relu", "leaky_relu", "elu", "silu", "gelu")}
ACTIVATIONS |= {"sigmoid": torch.sigmoid, "tanh": torch.tanh}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_is_that_of_torch(call, name):
    x = torch.linspace(-6, 6, 97, dtype=torch.float64, requires_grad=True)
    y = ACTIVATIONS[name](x)
    (slope,) = torch.autograd.grad(y.sum(), x)
    one = f"figure.functions.{name}"
    found = call("activation", f"given[0].map((x) => [{one}.f(x), {one}.slope(x)])", x.tolist())
    assert torch.allclose(torch.tensor(found, dtype=x.dtype), torch.stack([y, slope], 1), atol=1e-9)


def test_every_activation_is_compared(call):
    assert set(call("activation", "Object.keys(figure.functions)")) == set(ACTIVATIONS)
