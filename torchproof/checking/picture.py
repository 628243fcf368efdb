"""Pictures of what went wrong, for findings that one look explains better than a number."""

import base64
import html
import io

import matplotlib
import torch
from matplotlib.figure import Figure
from torch import Tensor

from torchproof.checking.cases import Case
from torchproof.checking.compare import Finding
from torchproof.plotting import BLUE, ORANGE, THEME


def draw(kind: str | None, case: Case, finding: Finding) -> str:
    """Draw a finding as an HTML image, or return nothing where a picture would not help.

    Args:
        kind: "curve" draws the learner's values over torch's against the first input, "map"
            shows where the wrong elements lie in the last two dimensions.
        case: the failing case.
        finding: what is wrong with its result.
    """
    if kind is None or finding.kind != "values" or finding.actual is None:
        return ""
    assert finding.expected is not None
    actual, expected = finding.actual.detach().double(), finding.expected.detach().double()
    x = next(value for value in case.arguments.values() if isinstance(value, Tensor))
    if kind == "curve" and x.shape == expected.shape and x.numel() > 1:
        return _curve(x.double().flatten(), actual.flatten(), expected.flatten())
    if kind == "map" and expected.dim() >= 2 and expected.numel() > 0:
        return _map(actual, expected)
    return ""


def _curve(x: Tensor, actual: Tensor, expected: Tensor) -> str:
    with matplotlib.rc_context(THEME):
        figure = Figure()
        ax = figure.add_subplot()
        ax.plot(x, expected, "o", color=BLUE, markersize=8, label="torch")
        ax.plot(x, actual, "x", color=ORANGE, markersize=8, label="yours")
        ax.set(xlabel="input", ylabel="result", title="Your values over torch's")
        ax.legend()
        return _image(figure, "Your results and torch's against the input.")


def _map(actual: Tensor, expected: Tensor) -> str:
    wrong = ~torch.isclose(actual, expected, rtol=1e-5, atol=1e-6, equal_nan=True)
    plane = wrong.reshape(-1, *wrong.shape[-2:])[0]
    share = f"{int(plane.sum())} of {plane.numel()}"
    with matplotlib.rc_context(THEME):
        figure = Figure()
        ax = figure.add_subplot()
        ax.imshow(plane.numpy(), vmin=0, vmax=1, aspect="auto", interpolation="none")
        ax.set(xlabel="index in the last dimension", ylabel="index in the one before")
        ax.set_title(f"Wrong elements (bright): {share}, first of the batch")
        ax.grid(visible=False)
        return _image(figure, f"Map of the wrong elements: {share} are wrong.")


def _image(figure: Figure, alternative: str) -> str:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=100)
    data = base64.b64encode(buffer.getvalue()).decode()
    return (
        f'<img alt="{html.escape(alternative)}" style="max-width:100%;margin-top:.5em" '
        f'src="data:image/png;base64,{data}">'
    )
