"""Losses and their slopes against torch."""

import pytest
import torch
from torch.nn import functional as F

LOSSES = {
    "mse": lambda y, t, _: F.mse_loss(y, t, reduction="none"),
    "l1": lambda y, t, _: F.l1_loss(y, t, reduction="none"),
    "smooth_l1": lambda y, t, beta: F.smooth_l1_loss(y, t, beta=beta, reduction="none"),
    "huber": lambda y, t, delta: F.huber_loss(y, t, delta=delta, reduction="none"),
}


@pytest.mark.parametrize("beta", [0.1, 1.0, 2.5])
@pytest.mark.parametrize("name", LOSSES)
def test_loss_is_that_of_torch(call, name, beta):
    d = torch.linspace(-6, 6, 97, dtype=torch.float64, requires_grad=True)
    value = LOSSES[name](d, torch.zeros_like(d), beta)
    (slope,) = torch.autograd.grad(value.sum(), d)
    assert d[48] == 0  # the kink
    one = f"figure.losses.{name}"
    pair = f"given[0].map((d) => [{one}.f(d, given[1]), {one}.slope(d, given[1])])"
    found = torch.tensor(call("loss", pair, d.tolist(), beta), dtype=d.dtype)
    assert torch.allclose(found, torch.stack([value, slope], 1), atol=1e-9)


def test_every_loss_is_compared(call):
    assert set(call("loss", "Object.keys(figure.losses)")) == set(LOSSES)


@pytest.mark.parametrize(
    ("loss", "presses", "says"),
    [
        (
            "MSE",
            0,
            "MSE, error d = y − t = −2.00: loss 4.000, slope −4.000, so a step of descent raises",
        ),
        (
            "L1",
            40,
            "L1, error d = y − t = 0.00: loss 0.000, slope 0.000, so a step of descent leaves",
        ),
        (
            "Smooth L1",
            50,
            "Smooth L1 with β = 1.00, error d = y − t = 0.50: loss 0.125, slope 0.500",
        ),
        ("Huber", 60, "Huber with δ = 1.00, error d = y − t = 1.00: loss 0.500, slope 1.000"),
    ],
)
def test_loss_says_where_descent_goes(show, loss, presses, says):
    tab = show("loss")
    tab.get_by_role("combobox").select_option(label=loss)
    tab.get_by_label("Prediction y").focus()
    for _ in range(presses):
        tab.keyboard.press("ArrowRight")
    assert says in tab.locator(".play-says").inner_text()


@pytest.mark.parametrize("loss", ["MSE", "L1"])
def test_loss_without_beta_has_none_to_slide(show, loss):
    tab = show("loss")
    before = tab.get_by_label("β (Huber: δ)").is_disabled()
    tab.get_by_role("combobox").select_option(label=loss)
    assert (before, tab.get_by_label("β (Huber: δ)").is_disabled()) == (False, True)
