"""Visits of a browser to pages of the site, and what is seen there."""

from dataclasses import dataclass
from pathlib import Path

CONTRAST = (Path(__file__).parent / "contrast.js").read_text("utf-8")
UNTYPESET = "all => all.filter(it => !it.querySelector('.katex')).map(it => it.textContent)"
UNFOLD = "document.querySelectorAll('details').forEach(item => { item.open = true })"
WIDTH = "document.documentElement.scrollWidth"
PHONE = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Visit:
    """What one visit to a page showed.

    Attributes:
        requests: the addresses asked for.
        errors: what the page logged as an error or raised.
        untypeset: formulas that KaTeX did not set.
        phone_width: how wide the page is on a phone, with everything unfolded, in pixels.
        faint: colours of code with too little contrast, by mode.
    """

    requests: list
    errors: list
    untypeset: list
    phone_width: int
    faint: dict


def visit(browser, address):
    """Open a page and look at it in both modes and on a phone."""
    requests, errors, faint = [], [], {}
    tab = browser.new_page()
    tab.on("request", lambda request: requests.append(request.url))
    tab.on("console", lambda line: line.type == "error" and errors.append(line.text))
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto(address, wait_until="networkidle")
    tab.evaluate(UNFOLD)
    for mode in ("light", "dark"):
        tab.evaluate(f"document.documentElement.dataset.theme = '{mode}'")
        faint[mode] = tab.evaluate(CONTRAST)
    untypeset = tab.eval_on_selector_all(".math", UNTYPESET)
    tab.set_viewport_size(PHONE)
    width = tab.evaluate(WIDTH)
    tab.close()
    return Visit(requests, errors, untypeset, width, faint)
