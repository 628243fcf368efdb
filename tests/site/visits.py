"""Visits of a browser to pages of the site, and what is seen there."""

import gzip
import shutil
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import sync_playwright

CONTRAST = (Path(__file__).parent / "contrast.js").read_text("utf-8")
TYPESET = "!document.querySelector('.math:not([data-typeset])')"
UNTYPESET = "all => all.filter(it => !it.querySelector('.katex')).map(it => it.textContent)"
UNFOLD = "document.querySelectorAll('details').forEach(item => { item.open = true })"
WIDTH = "document.documentElement.scrollWidth"
SQUASHED = """all => all.filter(it => {
  const seen = it.getBoundingClientRect()
  const said = it.getAttribute("width") / it.getAttribute("height")
  return Math.abs(seen.width / seen.height / said - 1) > 0.02
}).map(it => it.src)"""
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@contextmanager
def serving(folder, handler=Quiet):
    """Serve a folder on this machine; give its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def chromium():
    """Start a browser: the machine's own or Playwright's."""
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, BROWSERS)), None)
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


@dataclass(frozen=True)
class Visit:
    """What one visit to a page showed.

    Attributes:
        requests: the addresses asked for.
        first: those asked for before the reader did anything.
        errors: what the page logged as an error or raised.
        untypeset: formulas that KaTeX did not set.
        phone_width: how wide the page is on a phone, with everything unfolded, in pixels.
        squashed: pictures that have another shape there than they say.
        faint: colours of code with too little contrast, by mode.
    """

    requests: list
    first: set
    errors: list
    untypeset: list
    phone_width: int
    squashed: list
    faint: dict


def visit(browser, address):
    """Open a page and look at it in both modes and on a phone."""
    requests, errors, faint = [], [], {}
    tab = browser.new_page()
    tab.on("request", lambda request: requests.append(request.url))
    tab.on("console", lambda line: line.type == "error" and errors.append(line.text))
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto(address, wait_until="networkidle")
    tab.wait_for_function(TYPESET)
    first = set(requests)
    tab.evaluate(UNFOLD)
    for mode in ("light", "dark"):
        tab.evaluate(f"document.documentElement.dataset.theme = '{mode}'")
        faint[mode] = tab.evaluate(CONTRAST)
    untypeset = tab.eval_on_selector_all(".math", UNTYPESET)
    tab.set_viewport_size(PHONE)
    width = tab.evaluate(WIDTH)
    squashed = tab.eval_on_selector_all("article img[width]", SQUASHED)
    tab.close()
    return Visit(requests, first, errors, untypeset, width, squashed, faint)


def weight(addresses, home, root):
    """Add up what a host that compresses sends for some addresses, in bytes."""
    here = (address for address in addresses if address.startswith(home))
    paths = (
        root / unquote(urlsplit(address.removeprefix(home)).path).strip("/") for address in here
    )
    sent = [path.read_bytes() for path in paths]
    return sum(min(len(data), len(gzip.compress(data, 6))) for data in sent)
