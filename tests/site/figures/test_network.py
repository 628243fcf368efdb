"""The 2-2-2 network against autograd and torch.optim."""

import math

import pytest
import torch
from torch import nn

# The parameters of the 2-2-2 network by the names of its lesson, in the order of `parameters()`.
NETWORK = ("w1", "w2", "w3", "w4", "b_h1", "b_h2", "w5", "w6", "w7", "w8", "b_y1", "b_y2")


def network_by_torch(lr):
    """The gradients, the parameters after one step, and the losses before and after it."""
    net = nn.Sequential(nn.Linear(2, 2), nn.Sigmoid(), nn.Linear(2, 2), nn.Sigmoid()).double()
    first, last = [0.15, 0.2, 0.25, 0.3, 0.35, 0.35], [0.4, 0.45, 0.5, 0.55, 0.6, 0.6]
    nn.utils.vector_to_parameters(torch.tensor(first + last, dtype=torch.float64), net.parameters())
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    inputs, target = torch.tensor([[0.05, 0.1], [0.01, 0.99]], dtype=torch.float64)
    before = ((net(inputs) - target) ** 2).sum() / 2
    before.backward()
    gradients = torch.cat([p.grad.flatten() for p in net.parameters()]).tolist()
    optimizer.step()
    moved = nn.utils.parameters_to_vector(net.parameters()).tolist()
    return gradients, moved, before.item(), (((net(inputs) - target) ** 2).sum() / 2).item()


@pytest.mark.parametrize("lr", [0.5, 5.0, 20.0])
def test_network_steps_as_torch_does(call, lr):
    gradients, moved, before, after = network_by_torch(lr)
    shown = call("network", "Object.assign({}, ...figure.steps(given[0]).map((s) => s.sets))", lr)
    old = call("network", "figure.forward(figure.start).E")
    backward = [shown[name.replace("b_", "δ_").replace("w", "g_w")] for name in NETWORK]
    found = [*backward, *(shown[name] for name in NETWORK), old, shown["E"]]
    expected = [*gradients, *moved, before, after]
    assert found == pytest.approx(expected, rel=1e-9)


def test_network_writes_each_number_as_its_formula_gives_it(call):
    """The numbers in a sentence, put together as its formula says, make the number at its end."""
    for step in call("network", "figure.steps(0.5).slice(1, 22)"):
        *_, numbers, result = step["says"].rstrip(".").split(" = ")
        code = numbers.translate(str.maketrans({"·": "*", "−": "-", "²": "**2", "½": "0.5"}))
        made = eval(code, {"σ": lambda z: 1 / (1 + math.exp(-z))})
        assert made == pytest.approx(float(result.replace("−", "-")), abs=2e-6), step["says"]


def test_network_takes_its_step(show):
    """The buttons go forth and back, the slider to the end, and the learning rate counts there."""
    tab = show("network")
    says = tab.locator(".play-says")
    for name, times in (("Next", 3), ("Back", 2)):
        for _ in range(times):
            tab.get_by_role("button", name=name).click()
    assert says.inner_text().endswith("= 0.15 · 0.05 + 0.2 · 0.1 + 0.35 = 0.3775.")
    tab.get_by_role("slider").last.press("End")
    assert "E goes from 0.298371 to 0.280471, lower by 0.0179;" in says.inner_text()
    for _ in range(9):
        tab.get_by_label("Learning rate lr").press("ArrowRight")
    assert "E goes from 0.298371 to 0.124737," in says.inner_text()
