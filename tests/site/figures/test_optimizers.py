"""The race against torch.optim."""

import inspect
import json
import math
import re

import pytest
import torch

from tests.site.book import ROOT

OPTIMIZERS = {
    "SGD": (torch.optim.SGD, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}),
    "AdaGrad": (torch.optim.Adagrad, {}),
    "RMSprop": (torch.optim.RMSprop, {}),
    "Adam": (torch.optim.Adam, {}),
}
MAPS = {
    "ravine": lambda x, y: (x**2 + 100 * y**2) / 2,
    "turned": lambda x, y: MAPS["ravine"]((x + y) / math.sqrt(2), (y - x) / math.sqrt(2)),
    "rosenbrock": lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    "beale": lambda x, y: sum(
        (c - x + x * y**k) ** 2 for k, c in ((1, 1.5), (2, 2.25), (3, 2.625))
    ),
    "saddle": lambda x, y: 5 * x**2 + (y**2 - 1) ** 2 / 40,
}


def steps_by_torch(runner, height, places, lr):
    """Where torch steps to from each place of a path, so that no rounding piles up."""
    make, options = OPTIMIZERS[runner]
    here = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    optimizer = make([here], lr=lr, **options)
    for place in places[:-1]:
        here.data = place.clone()
        optimizer.zero_grad()
        height(*here).backward()
        optimizer.step()
        yield here.detach().clone()


@pytest.mark.parametrize("lr", [0.001, 0.03, 1.0])
@pytest.mark.parametrize("runner", OPTIMIZERS)
def test_optimizers_step_as_torch_does(call, runner, lr):
    walk = "([name, map]) => [name, figure.path(given[0], map, given[1], 60)]"
    walks = call("optimizers", f"Object.entries(figure.maps).map({walk})", runner, lr)
    assert [name for name, _ in walks] == list(MAPS)
    for name, walk in walks:
        places = torch.tensor(walk, dtype=torch.float64)
        near = int((places.abs() < 1e6).all(dim=1).cumprod(dim=0).sum())  # some runs diverge
        places = places[: near + 1] if runner in ("SGD", "momentum") else places
        expected = torch.stack(list(steps_by_torch(runner, MAPS[name], places, lr)))
        assert len(expected) >= (60 if lr == 0.001 else 1)
        assert torch.allclose(places[1:], expected, rtol=1e-9, atol=1e-9), name


@pytest.mark.parametrize("name", MAPS)
def test_optimizers_know_the_heights(call, name):
    places = [[0.5, -0.25], [-1.5, 2.0], [3.0, 0.125]]
    one = f"figure.maps.{name}"
    found = call(
        "optimizers", f"[...given[0], ...{one}.lowest].map((at) => {one}.f(...at))", places
    )
    heights = [MAPS[name](*place) for place in places]
    assert found == pytest.approx([*heights, *[0] * (len(found) - 3)], abs=1e-12)
    assert len(found) > 3


def test_optimizers_have_the_rates_of_torch(call):
    rates = call(
        "optimizers", "Object.entries(figure.runners).map(([name, { rate }]) => [name, rate])"
    )
    defaults = {
        name: inspect.signature(kind).parameters["lr"] for name, (kind, _) in OPTIMIZERS.items()
    }
    assert rates == [[name, lr.default] for name, lr in defaults.items()]


def test_optimizers_have_the_best_rates_of_the_lesson(call):
    cells = json.loads((ROOT / "chapters/06_optimizers/races.ipynb").read_text("utf-8"))["cells"]
    (table,) = (cell["outputs"][0]["text"] for cell in cells if cell["id"] == "map-table")
    printed = {}
    for line in "".join(table).partition("best of twelve rates\n")[2].splitlines():
        found = re.findall(r"never|\(([\d.]+)\)", line)
        printed[line.split()[0]] = [float(rate) if rate else None for rate in found]
    best = call("optimizers", "Object.values(figure.maps).map(({ best }) => best)")
    shown = [[None if math.isnan(k) else float(f"{10**k:.3g}") for k in row] for row in best]
    assert list(map(list, zip(*shown, strict=True))) == [printed[name] for name in OPTIMIZERS]


def test_optimizers_race(show):
    tab = show("optimizers")
    tab.get_by_label("Map").select_option(label="ravine")
    tab.get_by_label("Learning rates").select_option(label="the same for all")
    tab.get_by_label("lr for all").fill("-3")
    tab.get_by_role("slider", name="Step").fill("99")
    tab.get_by_role("slider", name="Step").press("ArrowRight")
    for runner in ("momentum", "RMSprop"):
        tab.get_by_role("checkbox", name=runner).uncheck()
    says = tab.locator(".play-says").inner_text()
    sgd = (9.4 * (1 - 0.001) ** 100) ** 2 / 2 + 50 * (0.83 * (1 - 0.1) ** 100) ** 2
    assert says.startswith(
        f"Heights on the ravine after 100 steps, lowest first: SGD (lr 0.001) at {sgd:.3f}, "
    )
    assert [word for word in says.replace("(", " ").split() if word in OPTIMIZERS] == [
        "SGD",
        "Adam",
        "AdaGrad",
    ]


def test_optimizers_play_and_pause(show):
    tab = show("optimizers")
    step = tab.get_by_role("slider", name="Step")
    tab.get_by_role("button", name="Play").click()
    tab.wait_for_function(
        "document.querySelector('.play-says').innerText.includes('after 44 steps')"
    )
    tab.get_by_role("button", name="Pause").click()
    paused = step.input_value()
    tab.wait_for_timeout(200)
    assert step.input_value() == paused
    assert f" after {paused} steps" in tab.locator(".play-says").inner_text()
