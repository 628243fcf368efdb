"""What the pages say about the course is so."""

import re

import nbformat
import pytest

from tests.site.book import LESSONS, ROOT
from torchproof.checking import check
from torchproof.checking.exercise import load_catalog

LEARNING = (ROOT / "learning.md").read_text("utf-8")
CHAPTERS = sorted({lesson.rpartition("/")[0] for lesson in LESSONS})


def test_sample_report_is_what_check_prints(capsys):
    code, report = (fenced(LEARNING, language) for language in ("python", "text"))
    exec(f"import torch\nfrom torch import Tensor\n{code}", {"check": check})
    assert capsys.readouterr().out.strip() == report


def fenced(text, language):
    return re.search(rf"```{language}\n(.*?)\n```", text, re.DOTALL).group(1)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_chapter_lists_its_lessons_in_order(chapter):
    listed = [lesson for lesson, _ in listed_lessons(chapter)]
    assert listed == [lesson for lesson in LESSONS if lesson.startswith(f"{chapter}/")]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_chapter_lists_its_exercises(chapter):
    topic = chapter.partition("_")[2]
    names = re.findall(r"^\| `(\w+)` \|", chapter_text(chapter), re.MULTILINE)
    assert sorted(f"{topic}.{name}" for name in names) == sorted(
        exercise.id for exercise in load_catalog() if exercise.id.startswith(f"{topic}.")
    )


@pytest.mark.parametrize("lesson", LESSONS)
def test_minutes_are_about_right(lesson):
    stated = dict(listed_lessons(lesson.rpartition("/")[0]))[lesson]
    assert abs(stated - minutes(lesson)) <= 4, f"{minutes(lesson):.0f} minutes"


def listed_lessons(chapter):
    rows = re.findall(r"^\| \[.*?\]\((\w+)\.ipynb\) \|.*\| (\d+) \|$", chapter_text(chapter), re.M)
    return [(f"{chapter}/{name}", int(time)) for name, time in rows]


def chapter_text(chapter):
    return (ROOT / chapter / "index.md").read_text("utf-8")


def minutes(lesson):
    """Estimate: 200 words a minute, 3 s a line of code, half a minute a figure or a question."""
    cells = nbformat.read(ROOT / f"{lesson}.ipynb", as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    stops = text.count("<details>") + sum("mystnb" in cell.metadata for cell in cells)
    return len(text.split()) / 200 + len(code.splitlines()) / 20 + stops / 2
