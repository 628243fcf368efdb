"""The site as a browser shows it, from a folder and from a server."""

import pytest

from tests.site.book import PAGES
from tests.site.visits import PHONE, visit, weight

# Pages of each kind, opened from a folder; all are opened from a server.
FROM_FOLDER = (
    "index",
    "chapters/03_activations/index",
    "chapters/03_activations/functions",
    "chapters/10_metrics/boxes",
    "exercises/03_activations/activations",
    "glossary",
    "search",
)
MODES = pytest.mark.parametrize("mode", ["light", "dark"])


VISITS = [("http", page) for page in (*PAGES, "search")] + [("file", page) for page in FROM_FOLDER]


@pytest.fixture(scope="module", params=VISITS, ids=" ".join)
def visited(browser, base, request):
    home, page = base[request.param[0]], request.param[1]
    return home, visit(browser, f"{home}/{page}.html")


@pytest.fixture(scope="module")
def home(visited):
    return visited[0]


@pytest.fixture(scope="module")
def seen(visited):
    return visited[1]


@pytest.fixture
def index(browser, base):
    with browser.new_page(color_scheme="light") as tab:
        tab.goto(f"{base['file']}/index.html")
        yield tab


def test_page_asks_no_other_host(seen, home):
    assert [url for url in seen.requests if not url.startswith((home, "data:"))] == []


def test_page_logs_no_error(seen):
    assert seen.errors == []


def test_first_load_is_light(seen, home, site):
    assert 50_000 < weight(seen.first, home, site.root) < 1_000_000


def test_formulas_are_typeset(seen):
    assert seen.untypeset == []


def test_phone_page_does_not_scroll_sideways(seen):
    assert seen.phone_width <= PHONE["width"]


def test_pictures_keep_their_shape(seen):
    assert seen.squashed == []


@MODES
def test_code_can_be_read(seen, mode):
    assert seen.faint[mode] == []


@MODES
def test_site_follows_the_mode_of_the_reader(index, mode):
    index.emulate_media(color_scheme=mode)
    index.wait_for_selector(f"html[data-theme={mode}]", state="attached", timeout=2000)


def test_button_switches_the_mode(index):
    before = background(index)
    index.locator(".theme-switch-button").first.click()
    assert background(index) != before


def background(tab):
    return tab.evaluate("getComputedStyle(document.body).backgroundColor")


def test_first_key_leads_past_the_navigation(index):
    index.keyboard.press("Tab")
    assert index.locator(":focus").inner_text() == "Skip to main content"


def test_focus_is_seen(index):
    unseen = []
    for _ in range(20):
        index.keyboard.press("Tab")
        unseen += index.eval_on_selector_all(
            ":focus",
            "all => all.filter(it => getComputedStyle(it).outlineStyle == 'none')"
            ".map(it => it.outerHTML)",
        )
    assert unseen == []
