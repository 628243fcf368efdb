"""A feedback page in a browser: what a learner's cells show neither runs nor loads anything."""

import pytest
from nbconvert.exporters.html import HTMLExporter

from tests.site.visits import PHONE, WIDTH
from torchproof.grading.course import Course
from torchproof.grading.feedback import Style, page

HOSTILE = {
    "script": "<script>document.title = 'ran'</script>",
    "handler": "<img src='x' onerror=\"document.title = 'ran'\">",
    "frame": "<iframe srcdoc=\"<script>parent.document.title = 'ran'</script>\"></iframe>",
    "svg": "<svg xmlns='http://www.w3.org/2000/svg'><script>document.title = 'ran'</script></svg>",
    "remote": "<img src='http://127.0.0.1:9/seen.png'><link rel=stylesheet href='http://127.0.0.1:9/'>",
}


def content(shown: str) -> dict:
    """A notebook with one cell that shows some HTML, and a text cell that holds it."""
    output = {"output_type": "display_data", "metadata": {}, "data": {"text/html": shown}}
    code = {"cell_type": "code", "id": "a", "metadata": {}, "source": "", "execution_count": 1}
    text = {"cell_type": "markdown", "id": "b", "metadata": {}, "source": shown}
    notebook = {"cells": [code | {"outputs": [output]}, text], "metadata": {}}
    scores = {"grades": {}, "comments": {}, "score": 0.0, "max_score": 1.0, "late_penalty": 0.0}
    return scores | {"name": "a", "notebook": notebook | {"nbformat": 4, "nbformat_minor": 5}}


def seen(browser, html: str, tmp_path) -> tuple[str, list[str]]:
    """Return the title a page ends up with, and what it was not kept from asking other hosts."""
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    tab, asked = browser.new_page(), []
    tab.on("request", lambda request: asked.append(request))
    tab.goto((tmp_path / "page.html").as_uri())
    tab.wait_for_timeout(500)
    title = tab.title()
    sent = [each.url for each in asked if each.failure != "csp" and each.url.startswith("http")]
    tab.close()
    return title, sent


@pytest.mark.parametrize("shown", HOSTILE.values(), ids=HOSTILE)
def test_nothing_a_learner_shows_runs_or_loads(browser, tmp_path, shown):
    html = page(Style(HTMLExporter, {}), content(shown), "01_tensors", "learner-001")
    assert "'ran'" in html or "seen.png" in html
    title, asked = seen(browser, html, tmp_path)
    assert (title == "ran", asked) == (False, [])


def test_without_the_policy_all_of_it_would(browser, tmp_path):
    title, asked = seen(browser, "".join(HOSTILE.values()), tmp_path)
    assert (title, len(asked)) == ("ran", 2)


@pytest.fixture
def phone(browser, tmp_path):
    """A page of nbgrader's template with a wide picture and a graded cell, on a phone."""
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    feedback = Course(tmp_path).feedback
    style = Style(feedback.exporter_class, dict(feedback.config))
    dot = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
    shown = content(f"<img alt='' src='{dot}' width='900'>")
    mark = {"grade": True, "grade_id": "check_pairwise_distance", "locked": True, "points": 6}
    drawn = shown["notebook"]["cells"][0]
    graded = {"id": "c", "outputs": [], "metadata": {"nbgrader": mark | {"schema_version": 3}}}
    shown["notebook"]["cells"].append(drawn | graded)
    shown["grades"] = {mark["grade_id"]: (6.0, 6.0)}
    path = tmp_path / "page.html"
    path.write_text(page(style, shown, "01_tensors", "learner-001"), encoding="utf-8")
    with browser.new_page(viewport=PHONE, is_mobile=True) as tab:
        tab.goto(path.as_uri())
        yield tab


def test_page_with_a_wide_picture_fits_a_phone(phone):
    assert phone.evaluate(WIDTH) == PHONE["width"]


def test_score_stands_inside_its_heading_on_a_phone(phone):
    score = phone.locator(".panel-heading .pull-right", has_text="Score: 6.0 / 6.0")
    inner, outer = (each.bounding_box() for each in (score, score.locator("..")))
    assert inner["y"] + inner["height"] <= outer["y"] + outer["height"]
