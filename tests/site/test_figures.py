"""The figures that answer to the reader: drawn, used by keyboard, their numbers against torch."""

import inspect
import json
import math
import re
import threading
from functools import partial
from http.server import ThreadingHTTPServer

import pytest
import torch
from sklearn import metrics
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.nn import functional as F

from tests.site.book import LESSONS, ROOT
from tests.site.visits import Quiet
from torchproof.checking.exercise import find

STATIC = ROOT / "_static"
SHARED = {"panel", "plot.min", "start"}
FIGURES = sorted({path.stem for path in (STATIC / "figures").glob("*.js")} - SHARED)
PAGE = """<!doctype html><html lang="en"><title>A figure</title>
<link rel="stylesheet" href="/custom.css"><div data-figure="{}"></div>
<script src="/figures/start.js"></script></html>"""


@pytest.fixture(scope="module")
def address():
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=STATIC)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def tab(browser):
    with browser.new_page() as page:
        page.route(
            "**/page/*", lambda route: route.fulfill(content_type="text/html", body=html(route))
        )
        yield page


def html(route):
    return PAGE.format(route.request.url.rpartition("/")[2])


@pytest.fixture
def show(tab, address):
    """Open a page that holds one figure, and wait until it is drawn."""

    def opened(figure):
        tab.goto(f"{address}/page/{figure}")
        tab.wait_for_selector(".play-says:not(:empty)")
        return tab

    return opened


@pytest.fixture
def call(show):
    """Evaluate an expression in which `figure` is a figure's module, and `given` the arguments."""

    def evaluate(figure, expression, *given):
        code = f"const figure = await import('/figures/{figure}.js'); return {expression};"
        return show(figure).evaluate(f"async (given) => {{ {code} }}", list(given))

    return evaluate


@pytest.mark.parametrize("figure", FIGURES)
def test_figure_stands_in_one_lesson(figure):
    texts = [(ROOT / f"{lesson}.ipynb").read_text("utf-8") for lesson in LESSONS]
    assert sum(text.count(f'<div data-figure=\\"{figure}\\"></div>') for text in texts) == 1


def test_every_place_has_its_figure():
    texts = [(ROOT / f"{lesson}.ipynb").read_text("utf-8") for lesson in LESSONS]
    places = {name for text in texts for name in re.findall(r'data-figure=\\"(\w+)\\"', text)}
    assert places == set(FIGURES)


@pytest.mark.parametrize("figure", FIGURES)
def test_drawing_says_what_it_shows(show, figure):
    drawings = show(figure).locator(".play-drawing > *")
    labels = [drawing.get_attribute("aria-label") for drawing in drawings.all()]
    assert labels
    assert all(label and len(label) > 20 for label in labels)


@pytest.mark.parametrize("figure", FIGURES)
def test_keyboard_moves_the_figure(show, figure):
    """The last slider moves by the arrow keys, and the sentence changes."""
    tab = show(figure)
    says = tab.locator(".play-says")
    before = says.inner_text()
    tab.locator("input[type=range]").last.focus()
    tab.keyboard.press("ArrowRight")
    assert says.inner_text() != before


@pytest.mark.parametrize("figure", FIGURES)
def test_figure_fits_a_phone(show, figure):
    tab = show(figure)
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.wait_for_timeout(100)
    width = tab.evaluate("document.documentElement.scrollWidth")
    tab.set_viewport_size({"width": 1280, "height": 800})
    assert width <= 390


@pytest.mark.parametrize("figure", FIGURES)
def test_figure_logs_no_error(browser, show, figure):
    errors = []
    tab = show(figure)
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.reload()
    tab.wait_for_selector(".play-says:not(:empty)")
    assert errors == []


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


KERNELS = {"edges": [[-1, 0, 1]] * 3, "numbers": [[1, 2, 3], [4, 5, 6], [7, 8, 9]]}
KERNELS |= {"ones": [[1, 1], [1, 1]]}


@pytest.mark.parametrize("kernel", KERNELS)
def test_convolution_is_that_of_torch(call, kernel):
    """Outputs, their size and the rows that no window reads, over all settings of the sliders."""
    settings = [(p, s, d) for p in range(3) for s in range(1, 4) for d in range(1, 4)]
    x, w = call("convolution", "[figure.x, figure.kernels[given[0]].w]", kernel)
    one = (
        "[figure.convolve(w, set), figure.outputSize(w.length, set), figure.unread(w.length, set)]"
    )
    each = f"([p, s, d]) => {{ const [w, set] = [given[1], {{ p, s, d }}]; return {one}; }}"
    found = call("convolution", f"given[0].map({each})", settings, w)
    assert w == KERNELS[kernel]
    picture = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    for (p, s, d), (y, size, unread) in zip(settings, found, strict=True):
        weight = torch.tensor(w, dtype=torch.float64)[None, None]
        if 6 + 2 * p < d * (len(w) - 1) + 1:
            with pytest.raises(RuntimeError, match="greater than actual input"):
                F.conv2d(picture[None, None], weight, padding=p, stride=s, dilation=d)
            assert (y, size, unread) == ([], 0, list(range(6)))
            continue
        expected = F.conv2d(picture[None, None], weight, padding=p, stride=s, dilation=d)[0, 0]
        assert (y, size) == (expected.tolist(), len(expected))
        reads = F.conv2d(picture[None, None], weight.abs() + 1, padding=p, stride=s, dilation=d)
        (slope,) = torch.autograd.grad(reads.sum(), picture)
        assert unread == (slope.sum(dim=1) == 0).nonzero().flatten().tolist()


def test_every_kernel_of_the_convolution_is_compared(call):
    assert set(call("convolution", "Object.keys(figure.kernels)")) == set(KERNELS)


def test_convolution_writes_its_sum_out(show):
    tab = show("convolution")
    tab.get_by_label("Kernel").select_option(label="3 × 3, from 1 to 9")
    tab.get_by_label("Padding").press("ArrowLeft")
    tab.get_by_label("Stride").press("ArrowRight")
    tab.get_by_role("slider", name="Output").press("ArrowRight")
    says = tab.locator(".play-says").inner_text()
    assert "⌊(6 + 2 · 0 − 1 · (3 − 1) − 1) / 2⌋ + 1 = 2 rows" in says
    assert "(1, 1) reads rows 2, 3, 4 and columns 2, 3, 4:" in says
    terms = re.findall(r"(\d) · (\d)", says.partition("columns 2, 3, 4:")[2])
    total = sum(int(weight) * int(pixel) for weight, pixel in terms)
    assert [int(weight) for weight, _ in terms] == list(range(1, 10))
    assert says.endswith(f" = {total}. No window reads row and column 5, in grey.")


def test_convolution_says_when_no_window_fits(show):
    tab = show("convolution")
    tab.get_by_label("Padding").press("Home")
    tab.get_by_label("Dilation").press("End")
    says = tab.locator(".play-says").inner_text()
    assert says.endswith("the numerator is −1, so not even one window fits.")
    assert tab.locator(".play-drawing svg").get_attribute("aria-label") == "input 6 × 6, no output"


def recurrent_by_torch(inputs, weights):
    """The states that nn.RNN leaves with one number for a word and one for the state."""
    rnn = nn.RNN(input_size=1, hidden_size=1).double()
    nn.utils.vector_to_parameters(torch.tensor(weights, dtype=torch.float64), rnn.parameters())
    with torch.no_grad():
        states, _ = rnn(torch.tensor(inputs, dtype=torch.float64)[:, None])
    return states.flatten().tolist()


@pytest.mark.parametrize("inputs", [[1, 0.5, -1], [-1, 0.5, 1], [2, -1.7, 0.3, 0, 1.1]])
@pytest.mark.parametrize("w_hh", [0.5, -2.0, 0.0, 1.7])
@pytest.mark.parametrize("rest", [(1, 0.2, -0.1), (-0.7, 0.4, 0.3)])
def test_recurrent_states_are_those_of_torch(call, inputs, w_hh, rest):
    w_ih, b_ih, b_hh = rest
    weights = {"W_ih": w_ih, "b_ih": b_ih, "W_hh": w_hh, "b_hh": b_hh}
    found = call("recurrent", "figure.unroll(...given).map(({ h }) => h)", inputs, weights)
    expected = recurrent_by_torch(inputs, [w_ih, w_hh, b_ih, b_hh])
    assert found == pytest.approx(expected, abs=1e-12)


def test_recurrent_writes_each_number_as_its_formula_gives_it(call):
    """The numbers of each step, put together as its formula says, make the state at its end."""
    code = """[-2, -0.3, 0.5, 1.4].flatMap((W_hh) => {
      const set = { ...figure.weights, W_hh };
      const steps = figure.read("man bites dog", figure.words, set);
      return [1, 2, 3].map((t) => figure.formula(steps, t, set));
    })"""
    for written in call("recurrent", code):
        _, _, numbers, total, state = written.replace("−", "-").replace("·", "*").split(" = ")
        assert eval(numbers, {"tanh": math.tanh}) == pytest.approx(float(state), abs=0.002), written
        assert eval(total, {"tanh": math.tanh}) == pytest.approx(float(state), abs=0.001), written


def test_recurrent_reads_word_by_word(show):
    """The slider walks through the table of the lesson, and the other order ends elsewhere."""
    tab = show("recurrent")
    says, at = tab.locator(".play-says"), tab.get_by_label("Step t")
    ends = []
    for key in ("Home", "ArrowRight", "ArrowRight"):
        at.press(key)
        ends.append(says.inner_text().partition(" + b_hh) = ")[2])
    assert ends == [
        "tanh(1 · 1 + 0.2 + 0.5 · 0 − 0.1) = tanh(1.100) = 0.800.",
        "tanh(1 · 0.5 + 0.2 + 0.5 · 0.800 − 0.1) = tanh(1.000) = 0.762.",
        "tanh(1 · (−1) + 0.2 + 0.5 · 0.762 − 0.1) = tanh(−0.519) = −0.477. "
        "In the order man bites dog it would be 0.839.",
    ]
    tab.get_by_label("Sentence").select_option("man bites dog")
    assert " = tanh(1.219) = 0.839. In the order dog" in says.inner_text()
    for name, times in (("W_hh", 5), ("dog", 10)):
        for _ in range(times):
            tab.get_by_role("slider", name=name).press("ArrowLeft")
    end = recurrent_by_torch([-1, 0.5, 0], [1, 0, 0.2, -0.1])[2]
    assert f"tanh(1 · 0 + 0.2 + 0 · 0.537 − 0.1) = tanh(0.100) = {end:.3f}." in says.inner_text()


@pytest.fixture(scope="module")
def tumours():
    """The first 120 tumours of the lesson on thresholds, with their scores by two features."""
    data = load_breast_cancer()
    x_train, _, t_train, _ = train_test_split(
        data.data, 1 - data.target, test_size=0.25, stratify=1 - data.target, random_state=0
    )
    model = make_pipeline(StandardScaler(), LogisticRegression(tol=1e-8))
    p = cross_val_predict(model, x_train[:, :2], t_train, cv=10, method="predict_proba")
    return p[:120, 1], t_train[:120]


@pytest.fixture
def shown(call):
    """The scores that the figure holds, and their labels."""
    scores = call("threshold", "figure.scores")
    p = scores["malignant"] + scores["benign"]
    return p, [1] * len(scores["malignant"]) + [0] * len(scores["benign"])


def test_threshold_shows_scores_of_the_lesson(shown, tumours):
    p, target = tumours
    expected = sorted(p[target == 1]) + sorted(p[target == 0])
    assert shown[0] == pytest.approx(expected, abs=0.00051)


def test_threshold_curves_are_those_of_sklearn(call, shown):
    """The points of both curves at every threshold, and what is written of their areas."""
    p, target = shown
    found = call("threshold", "figure.sweep()")
    fpr, tpr, thresholds = metrics.roc_curve(target, p, drop_intermediate=False)
    precision, recall, _ = metrics.precision_recall_curve(target, p)
    assert [point["threshold"] for point in found] == thresholds[1:].tolist()
    ours = {name: [point[name] for point in found] for name in ("fpr", "recall", "precision")}
    assert ours["fpr"] == pytest.approx(fpr[1:])
    assert ours["recall"] == pytest.approx(tpr[1:])
    assert ours["recall"] == pytest.approx(recall[-2::-1])
    assert ours["precision"] == pytest.approx(precision[-2::-1])
    areas = [metrics.roc_auc_score(target, p), metrics.average_precision_score(target, p)]
    assert call("threshold", "[figure.auc, figure.ap]") == pytest.approx(areas)


def test_threshold_counts_are_those_of_sklearn(call, shown):
    p, target = shown
    for threshold in (0.0, 0.048, 0.049, 0.2, 0.5, 0.797, 1.0, 1.01):
        called = [score >= threshold for score in p]
        tn, fp, fn, tp = metrics.confusion_matrix(target, called).ravel().tolist()
        found = call("threshold", "figure.counts(given[0])", threshold)
        assert found == {"TN": tn, "FP": fp, "FN": fn, "TP": tp}


def test_threshold_moves_counts_and_rates(show, shown):
    p, target = shown
    tab = show("threshold")
    says = tab.locator(".play-says")
    at = tab.get_by_role("slider")
    for _ in range(20):
        at.press("ArrowLeft")
    called = [score >= 0.3 for score in p]
    recall, precision = (f(target, called) for f in (metrics.recall_score, metrics.precision_score))
    tn, fp, fn, tp = metrics.confusion_matrix(target, called).ravel().tolist()
    assert says.inner_text() == (
        f"At the threshold 0.30, recall is {tp} / ({tp} + {fn}) = {recall:.3f}, the false positive "
        f"rate {fp} / ({fp} + {tn}) = {fp / (fp + tn):.3f}, and precision {tp} / ({tp} + {fp}) = "
        f"{precision:.3f}."
    )
    cells = tab.locator("td:not(:empty)").all_inner_texts()
    assert cells == [f"TN {tn}", f"FP {fp}", f"FN {fn}", f"TP {tp}"]
    at.press("End")
    assert "precision 0 / 0, which has no value, since nothing is called" in says.inner_text()


BOXES = [[0, 0, 4, 3], [2, 1, 6, 5], [4, 1, 6, 3], [1, 1, 3, 2], [5, 5, 7, 6], [0, 0, 4, 3]]
BOXES += [[0.5, 2.5, 8, 3], [1, 1, 1, 1], [3, 0, 3.5, 7], [0, 0, 8, 7], [6, 6.5, 8, 7]]


def test_boxes_overlap_as_in_the_catalog(call):
    """All pairs, also of boxes that touch, lie apart or in each other, or have no area."""
    many = torch.tensor(BOXES, dtype=torch.float64)
    expected = find("metrics.box_iou").reference(many, many)
    pairs = "given[0].map((a) => given[0].map((b) => figure.overlap(a, b).iou))"
    found = torch.tensor(call("boxes", pairs, BOXES), dtype=torch.float64)
    assert torch.allclose(found, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("act", "by", "box"),
    [
        ("moved", (1.2, -0.3), [3, 0.5, 7, 4.5]),
        ("moved", (9, 9), [4, 3, 8, 7]),
        ("moved", (-9, -9), [0, 0, 4, 4]),
        ("resized", (-1.4, 0.6), [2, 1, 4.5, 5.5]),
        ("resized", (9, 9), [2, 1, 8, 7]),
        ("resized", (-9, -9), [2, 1, 2.5, 1.5]),
    ],
)
def test_boxes_stay_in_their_picture(call, act, by, box):
    assert call("boxes", f"figure.{act}(figure.start.B, ...given)", *by) == box


def drag(tab, box, act, right, down):
    """Drag a box, or its corner, by pixels of the screen."""
    spot = tab.locator(f"[data-box={box}][data-act={act}]").bounding_box()
    x, y = spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] * (0.5, 0.8)[act == "moved"]
    tab.mouse.move(x, y)
    tab.mouse.down()
    for part in (0.3, 1):
        tab.mouse.move(x + part * right, y + part * down)
    tab.mouse.up()
    tab.mouse.move(x, y)  # moves nothing any more


def test_boxes_are_dragged(show):
    tab = show("boxes")
    says = tab.locator(".play-says")
    assert says.inner_text() == (
        "Area of A 4 · 3 = 12, of B 4 · 4 = 16; intersection max(0, 4 − 2) · max(0, 3 − 1) = 4, "
        "union 12 + 16 − 4 = 24; IoU = 4 / 24 = 0.167."
    )
    pixel = (min(tab.locator(".play-drawing").bounding_box()["width"], 560) - 50) / 8
    drag(tab, "B", "moved", -pixel, pixel / 2)
    assert "max(0, 4 − 1) · max(0, 3 − 1.5) = 4.5, union" in says.inner_text()
    drag(tab, "A", "resized", pixel, pixel)
    assert says.inner_text().startswith("Area of A 5 · 4 = 20, of B 4 · 4 = 16;")
    assert says.inner_text().endswith("IoU = 10 / 26 = 0.385.")


@pytest.mark.parametrize(("on", "stays"), [("[data-box=B]", True), (".play-drawing", False)])
def test_page_stays_under_a_finger_on_a_box(show, on, stays):
    code = "it => !it.dispatchEvent(new Event('touchstart', {bubbles: true, cancelable: true}))"
    assert show("boxes").locator(on).first.evaluate(code) == stays


def test_boxes_move_by_keyboard(show):
    """Arrow keys on a box in the drawing, which keeps the focus, and the sliders of the other."""
    tab = show("boxes")
    tab.locator("[data-box=A][data-act=moved]").focus()
    for keys in ("ArrowRight", "ArrowDown", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowUp"):
        tab.keyboard.press(keys)
    says = tab.locator(".play-says")
    common = "max(0, 5 − 2) · max(0, 3.5 − 1) = 7.5"
    assert says.inner_text().startswith(
        f"Area of A 4.5 · 2.5 = 11.25, of B 4 · 4 = 16; intersection {common}"
    )
    tab.get_by_role("combobox").select_option("B")
    tab.get_by_role("slider").first.press("End")
    tab.get_by_label("Height").press("ArrowRight")
    common = "max(0, 5 − 4) · max(0, 3.5 − 1) = 2.5"
    assert f"of B 4 · 4.5 = 18; intersection {common}, union" in says.inner_text()
