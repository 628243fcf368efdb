import os
import re
import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.grading.class_of import class_of
from torchproof.grading.class_page import page
from torchproof.grading.class_report import commonest, statistics, summary
from torchproof.grading.results import NOT_GRADED, NOT_HANDED_IN, WAITS

MOST = {"first": 2, "second": 4}
TAG = "<script>alert(1)</script>"


def page_of(results):
    exercises, mistakes = statistics(results), commonest(results)
    return page(results, exercises, mistakes, summary(results, exercises, mistakes))


FULL = class_of(
    {TAG: [0, 4], "bob": [1, 2], "cy": [2, 0]},
    MOST,
    {"cy": WAITS, "dee": NOT_HANDED_IN, "eve": NOT_GRADED},
    [("bob", "first", TAG, f"Not {TAG}."), (TAG, "second", "", "Two.")],
    first_name=[TAG, "Bob", "", "", ""],
    late_penalty=[0, 0, 0, float("nan"), float("nan")],
)
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")


def test_names_and_hints_are_escaped():
    text = page_of(FULL)
    assert (TAG in text, text.count("&lt;script&gt;") >= 4) == (False, True)


def test_page_asks_nobody_for_anything():
    text = page_of(FULL)
    sources = re.findall(r'(?:src|srcset|href)="([^"]{0,12})', text)
    assert set(sources) == {"data:image/p"}
    assert "default-src 'none'" in text
    assert "http://" not in text
    assert "https://" not in text


def test_figures_say_in_words_what_they_show():
    alts = re.findall(r'alt="([^"]*)"', page_of(FULL))
    assert alts == [
        "Histogram of the totals of 3 learners, from 2 to 4 points; a dashed line marks the "
        "median, 3.",
        "Bars of the mean share of the points: first 50%, second 50%.",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "<strong>Not handed in</strong> (1): dee",
        "<strong>Handed in, but not graded; grade again, and see what the grader says</strong> "
        "(1): eve",
        "counts as 0 so far</strong> (1): cy",
    ],
)
def test_who_waits_is_named(line):
    assert line in page_of(FULL)


@pytest.mark.parametrize(
    ("results", "sentence"),
    [
        (class_of({"ada": [2, 4]}, MOST), "Nobody: all have handed in, and all are graded."),
        (class_of({"ada": [0, 0]}, MOST), "No answer is one of the mistakes"),
        (class_of({"ada": [1, 2], "bob": [1, 2]}, MOST), "Of 6 points the mean is 3.0"),
        (class_of({"ada": [None, None]}, MOST, {"ada": WAITS}), "No exercise has points to share"),
        (class_of({"ada": [1]}, {"bonus": 0}), "No exercise has points to share"),
    ],
    ids=["best", "none right", "all equal", "nothing by hand yet", "bonus only"],
)
@pytest.mark.filterwarnings("error")
def test_degenerate_classes_have_a_page(results, sentence):
    assert sentence in page_of(results)


def test_many_mistakes_are_cut_and_said_to_be():
    mistakes = [("ada", "first", f"m{number}", f"Hint {number}.") for number in range(20)]
    text = page_of(class_of({"ada": [1, 1]}, MOST, {}, mistakes))
    assert (text.count(">Hint "), "mistakes.csv has all 20." in text) == (15, True)


def test_name_column_is_there_where_there_are_names():
    assert '<th scope="col">name</th>' in page_of(FULL)
    assert '<th scope="col">name</th>' not in page_of(class_of({"ada": [1, 1]}, MOST))


@pytest.mark.skipif(BROWSER is None and "CI" not in os.environ, reason="no Chromium")
@pytest.mark.parametrize(("scheme", "paper"), [("light", 255), ("dark", 24)])
def test_in_a_browser_it_fits_a_phone_and_follows_the_scheme(tmp_path, scheme, paper):
    path = tmp_path / "report.html"
    path.write_text(page_of(FULL), encoding="utf-8")
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme=scheme)
        asked, said = [], []
        tab.on("request", lambda request: asked.append(request.url.partition(":")[0]))
        tab.on("console", lambda message: said.append(message.text))
        tab.goto(path.as_uri())
        width = tab.evaluate("document.documentElement.scrollWidth")
        colour = tab.evaluate("getComputedStyle(document.body).backgroundColor")
        loaded = tab.evaluate("[...document.images].map(each => each.naturalWidth > 0)")
        browser.close()
    assert (set(asked) - {"data"}, said, width, loaded) == ({"file"}, [], 390, [True, True])
    assert colour.startswith(f"rgb({paper},")
