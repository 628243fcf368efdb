"""What holds for every figure: it is drawn, described, moved by keyboard, and fits a phone."""

import re

import pytest

from tests.site.book import LESSONS, ROOT
from tests.site.figures.conftest import FIGURES


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


@pytest.fixture(params=FIGURES)
def place(request):
    """A figure and the page of its lesson."""
    mark = f'data-figure=\\"{request.param}\\"'
    (lesson,) = (each for each in LESSONS if mark in (ROOT / f"{each}.ipynb").read_text("utf-8"))
    return f"[data-figure={request.param}]", f"{lesson}.html"


def test_figure_is_drawn_in_its_lesson(browser, base, place):
    figure, page = place
    with browser.new_page() as tab:
        tab.goto(f"{base['http']}/{page}")
        tab.locator(figure).scroll_into_view_if_needed()
        tab.wait_for_selector(f"{figure} .play-says:not(:empty)")
        assert tab.locator(f"{figure} .play-drawing > *").count() > 0


def test_page_without_scripts_keeps_its_static_figures(browser, base, place):
    figure, page = place
    with browser.new_page(java_script_enabled=False) as tab:
        tab.goto(f"{base['http']}/{page}")
        assert tab.locator(figure).bounding_box()["height"] == 0
        assert tab.locator("figure img").count() > 0


def test_page_from_a_folder_says_how_to_see_the_figure(browser, base, place):
    figure, page = place
    with browser.new_page() as tab:
        tab.goto(f"{base['file']}/{page}")
        assert "python -m http.server" in tab.locator(figure).inner_text()
