"""The site as a browser shows it, from a folder and from a server."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.site.book import PAGES
from tests.site.visits import PHONE, visit

MODES = pytest.mark.parametrize("mode", ["light", "dark"])


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def base(site):
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site.root)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield {"file": site.root.as_uri(), "http": f"http://127.0.0.1:{server.server_port}"}
        server.shutdown()


@pytest.fixture(scope="module", params=["file", "http"])
def home(base, request):
    return base[request.param]


@pytest.fixture(scope="module", params=[*PAGES, "genindex", "search"])
def seen(browser, home, request):
    return visit(browser, f"{home}/{request.param}.html")


@pytest.fixture
def index(browser, base):
    with browser.new_page(color_scheme="light") as tab:
        tab.goto(f"{base['file']}/index.html")
        yield tab


def test_page_asks_no_other_host(seen, home):
    assert [url for url in seen.requests if not url.startswith((home, "data:"))] == []


def test_page_logs_no_error(seen):
    assert seen.errors == []


def test_formulas_are_typeset(seen):
    assert seen.untypeset == []


def test_phone_page_does_not_scroll_sideways(seen):
    assert seen.phone_width <= PHONE["width"]


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
