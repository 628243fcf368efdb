"""Feedback pages: nbgrader's own, made without reading them twice."""

import re
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters.html import HTMLExporter

from tests.grading.conftest import tool
from torchproof.grading import feedback
from torchproof.grading.course import Course
from torchproof.grading.feedback import Style, page

NOTEBOOK: dict[str, Any] = {
    "cells": [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# Title\n$x^2$"},
        {
            "cell_type": "code",
            "id": "b",
            "metadata": {},
            "execution_count": 1,
            "source": "print('<b>')",
            "outputs": [
                {"output_type": "stream", "name": "stdout", "text": "<b>\n"},
                {
                    "output_type": "display_data",
                    "data": {"image/png": "iVBORw0KGgo=", "text/plain": "figure"},
                    "metadata": {},
                },
            ],
        },
    ],
    "metadata": {"language_info": {"name": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
CONTENT = {
    "name": "tensors",
    "notebook": NOTEBOOK,
    "grades": {},
    "comments": {},
    "score": 1.0,
    "max_score": 2.0,
    "late_penalty": 0.0,
}


@pytest.fixture
def style(course: Path) -> Style:
    opened = Course(course)
    return Style(opened.feedback.exporter_class, dict(opened.feedback.config))


def test_page_says_what_nbconvert_says(style: Style, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = page(style, CONTENT, "01_tensors", "learner-001")
    monkeypatch.setattr(feedback, "_Pages", HTMLExporter)
    feedback._exporter.cache_clear()
    theirs = page(style, CONTENT, "01_tensors", "learner-001")
    feedback._exporter.cache_clear()
    assert plain(ours) == plain(theirs)


def plain(text: str) -> str:
    """The page as BeautifulSoup writes it, without what ours adds to its head and images."""
    text = text.replace(feedback._POLICY, "").replace(feedback._PHONE, "")
    return re.sub(r' alt="[^"]*"', "", str(BeautifulSoup(text, features="html.parser")))


def test_images_have_alternative_text(style: Style) -> None:
    images = BeautifulSoup(page(style, CONTENT, "a", "b"), features="html.parser").select("img")
    assert [image.get("alt") for image in images] == ["What the cell drew"]


def test_code_is_highlighted(style: Style) -> None:
    assert '<span class="nb">print</span>' in page(style, CONTENT, "a", "b")


def test_page_of_a_graded_class_is_the_one_nbgrader_makes(course: Path) -> None:
    graded = tool(course, "torchproof", "grade", "01_tensors", "--seed=0")
    path = course / "feedback" / "learner-001" / "01_tensors" / "tensors.html"
    ours = path.read_text()
    stock = tool(course, "nbgrader", "generate_feedback", "01_tensors", "--force")
    assert (graded.returncode, stock.returncode, plain(path.read_text())) == (0, 0, plain(ours))
