"""Draws the banner and the favicon, and takes the pictures that the README shows.

    python pictures/draw.py            # the banner and the favicon
    python pictures/draw.py --shots    # a lesson, a report and a grading run as well

The shots need the built site (`make site`), bubblewrap and Chromium.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
import torch
from matplotlib.patches import FancyBboxPatch
from rich.console import Console
from rich.text import Text

from torchproof.grading.sample import build
from torchproof.plotting import BLUE, GREY, ORANGE

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "pictures"
FAVICON = ROOT / "_static" / "favicon.svg"
_SVG = {"svg.hashsalt": "torchproof", "svg.fonttype": "path", "font.family": "DejaVu Sans"}
_UNDATED = {"Date": None, "Creator": None}
_LESSON = "chapters/03_activations/functions.html#fig-functions-sigmoid"
_HINT = ">Hint<"
_COLUMNS = 78


def banner(path: Path) -> None:
    """Draw the banner: PyTorch's curve, and a learner's answers beside it, one of them off."""
    with plt.rc_context(_SVG):
        fig = plt.figure(figsize=(9, 2.4))
        fig.patch.set_alpha(0)
        card = FancyBboxPatch((0.005, 0.02), 0.99, 0.96, boxstyle="round,pad=0,rounding_size=0.03")
        card.set(transform=fig.transFigure, mutation_aspect=9 / 2.4)
        card.set(facecolor="white", lw=0, zorder=-1)
        fig.add_artist(card)
        fig.text(0.045, 0.52, "Torchproof", size=34, weight="bold", color="#222222")
        tagline = "Deep learning by hand,\nevery exercise checked against PyTorch."
        fig.text(0.047, 0.2, tagline, size=12, color=GREY, linespacing=1.5)
        ax = fig.add_axes((0.55, 0.1, 0.42, 0.8))
        x = torch.linspace(-4, 3, 200)
        at = torch.linspace(-3.6, 2.6, 9)
        answers = torch.nn.functional.silu(at)
        answers[3] += 0.75
        ax.plot(x, torch.nn.functional.silu(x), color=BLUE, lw=3)
        right = torch.arange(9) != 3
        ax.plot(at[right], answers[right], "o", ms=9, mfc="white", mec=BLUE, mew=2.5)
        ax.plot(at[3], answers[3], "o", ms=9, mfc="white", mec=ORANGE, mew=2.5)
        ax.plot(at[3], answers[3], "o", ms=22, mfc="none", mec=ORANGE, mew=2)
        ax.set_axis_off()
        fig.savefig(path, metadata=_UNDATED)
        plt.close(fig)


def favicon(path: Path) -> None:
    """Draw the favicon: a tick on blue."""
    with plt.rc_context(_SVG):
        fig = plt.figure(figsize=(0.5, 0.5))
        fig.patch.set_alpha(0)
        tile = FancyBboxPatch((0, 0), 1, 1, boxstyle="round,pad=0,rounding_size=0.2")
        tile.set(transform=fig.transFigure, facecolor=BLUE, lw=0)
        fig.add_artist(tile)
        tick = plt.Line2D([0.24, 0.43, 0.78], [0.5, 0.3, 0.7], color="white", lw=5)
        tick.set(transform=fig.transFigure, solid_capstyle="round", solid_joinstyle="round")
        fig.add_artist(tick)
        fig.savefig(path, metadata=_UNDATED)
        plt.close(fig)


def grading(course: Path, path: Path) -> None:
    """Grade a class and keep what a teacher sees."""
    console = Console(record=True, width=_COLUMNS, file=io.StringIO())
    commands = ("torchproof grade 01_tensors", "torchproof scores 01_tensors")
    for command in commands:
        program, *arguments = command.split()
        tool = Path(sys.executable).with_name(program)
        environment = os.environ | {"FORCE_COLOR": "1", "COLUMNS": str(_COLUMNS)}
        done = subprocess.run(
            [tool, *arguments], cwd=course, env=environment, check=True, capture_output=True
        )
        console.print(f"[bold]$ {command}[/]")
        console.print(Text.from_ansi(done.stdout.decode()))
    svg = console.export_svg(title="A class of ten")
    path.write_text(re.sub(r"@font-face {.*?}", "", svg, flags=re.DOTALL), "utf-8")  # no web fonts


def shots(course: Path) -> None:
    """Take pictures of a lesson and of a learner's report."""
    from playwright.sync_api import sync_playwright

    site = (ROOT / "_build" / "html").as_uri()
    pages = sorted(course.glob("feedback/*/01_tensors/tensors.html"))
    page = next(page for page in pages if _HINT in page.read_text("utf-8"))
    with sync_playwright() as playwright:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1180, "height": 760}, color_scheme="light")
        tab.goto(f"{site}/{_LESSON}")
        tab.wait_for_timeout(1500)
        tab.screenshot(path=HERE / "lesson.png")
        tab.set_viewport_size({"width": 900, "height": 700})
        tab.goto(page.as_uri())
        tab.get_by_text("Hint", exact=True).first.scroll_into_view_if_needed()
        tab.wait_for_timeout(500)
        tab.screenshot(path=HERE / "report.png")
        browser.close()


def main() -> None:
    """Draw, and with ``--shots`` take the pictures."""
    banner(HERE / "banner.svg")
    favicon(FAVICON)
    if "--shots" in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            course = Path(folder) / "class"
            build(ROOT, course, "01_tensors", 10)
            grading(course, HERE / "grading.svg")
            shots(course)


if __name__ == "__main__":
    main()
