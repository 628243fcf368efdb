"""The figures that answer to the reader, each on a page of its own in a browser."""

import pytest

from tests.site.book import ROOT
from tests.site.visits import serving

STATIC = ROOT / "_static"
SHARED = {"panel", "plot.min", "start"}
FIGURES = sorted({path.stem for path in (STATIC / "figures").glob("*.js")} - SHARED)
PAGE = """<!doctype html><html lang="en"><title>A figure</title>
<link rel="stylesheet" href="/custom.css"><div data-figure="{}"></div>
<script src="/figures/start.js"></script></html>"""


@pytest.fixture(scope="module")
def address():
    with serving(STATIC) as address:
        yield address


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
