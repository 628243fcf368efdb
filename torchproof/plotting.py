"""One theme for every figure of the course, and the few figures many pages share."""

from typing import Any

import matplotlib
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import Tensor

NORMAL = (6.4, 3.6)
"""Size in inches of a figure with one panel."""

WIDE = (9.6, 3.6)
"""Size in inches of a figure with two or three panels side by side."""

BLUE, ORANGE, GREEN, PINK, SKY, GREY = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#5F5F5F",
)
"""Colours told apart by colour-blind readers (Okabe and Ito, 2008), in the order of use."""

SEQUENTIAL = "cividis"
"""Colour map for amounts, even in lightness and safe for colour-blind readers."""

DIVERGING = "PuOr"
"""Colour map for signed values, white at zero."""

_INK = "#222222"
THEME: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": _INK,
    "axes.grid": True,
    "axes.labelcolor": _INK,
    "axes.prop_cycle": cycler(color=[BLUE, ORANGE, GREEN, PINK, SKY, GREY]),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 12,
    "figure.constrained_layout.use": True,
    "figure.dpi": 110,
    "figure.facecolor": "white",
    "figure.figsize": [*NORMAL],
    "font.size": 11,
    "grid.color": "#D9D9D9",
    "grid.linewidth": 0.8,
    "image.cmap": SEQUENTIAL,
    "legend.frameon": False,
    "lines.linewidth": 2,
    "savefig.facecolor": "white",
    "text.color": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
}
"""The matplotlib settings of every figure."""


def use_theme() -> None:
    """Give every figure drawn from here on the look of the course."""
    matplotlib.rcParams.update(THEME)


def draw_tensor(ax: Axes, values: Tensor, title: str, mark: Tensor | None = None) -> None:
    """Draw a small tensor as a grid of cells with its numbers in them.

    Args:
        ax: the axes to draw on; its ticks become the indices.
        values: shape (columns,) or (rows, columns), at most some dozen cells each way.
        title: what the reader should see.
        mark: bool, the shape of ``values``; the cells to set off in colour.
    """
    grid = values.detach().cpu().reshape(-1, values.shape[-1])
    marked = None if mark is None else mark.cpu().reshape(grid.shape)
    rows, columns = grid.shape
    for i in range(rows):
        for j in range(columns):
            on = marked is not None and bool(marked[i, j])
            ax.add_patch(
                Rectangle(
                    (j - 0.5, i - 0.5), 1, 1, facecolor=SKY if on else "white", edgecolor=_INK
                )
            )
            ax.text(j, i, f"{grid[i, j].item():g}", ha="center", va="center")
    ax.set(xlim=(-0.55, columns - 0.45), ylim=(rows - 0.45, -0.55), aspect="equal", title=title)
    ax.set(xticks=range(columns), xlabel="index in the last dimension")
    ax.set(yticks=range(rows) if values.dim() > 1 else [])
    if values.dim() > 1:
        ax.set_ylabel("index in the first dimension")
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
