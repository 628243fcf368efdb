"""What axe-core finds on the pages of the site; `python -m tests.site.axe` prints a table.

The site is the one in `_build`, as `make site` leaves it. The contrast of letters takes most of
the time, and is not measured here in code, which `contrast.js` looks at on every page, nor within
formulas, which have the colour of the text. A heading that is a formula is left out: axe-core does
not hear the MathML that a screen reader reads.
"""

import sys

from axe_playwright_python.sync_playwright import Axe

from tests.site.book import PAGES, ROOT, Site
from tests.site.visits import DESKTOP, TYPESET, UNFOLD, chromium, serving

CONTRAST = "color-contrast"
RULES = {"exclude": [["th:has(.math)"]]}, {"rules": {CONTRAST: {"enabled": False}}}
LETTERS = {"exclude": [[".highlight"], [".katex"]]}, {"runOnly": [CONTRAST]}
FRAMES = 100  # ms, in which scripts see what has changed its size
EXTRA = ("search", "404")


def findings(browser, address, scheme="light", viewport=DESKTOP, contrast=True):
    """Open a page, unfold it, and list what breaks a rule: the rule, and the elements."""
    runs = (RULES, LETTERS) if contrast else (RULES,)
    with browser.new_page(color_scheme=scheme, viewport=viewport, reduced_motion="reduce") as tab:
        tab.goto(address, wait_until="networkidle")
        tab.evaluate(UNFOLD)
        tab.wait_for_function(TYPESET)
        tab.wait_for_timeout(FRAMES)
        broken = [
            rule
            for context, options in runs
            for rule in Axe()
            .run(tab, context, options | {"resultTypes": ["violations"], "preload": False})
            .response["violations"]
        ]
    return {
        rule["id"]: [" ".join(map(str, node["target"])) for node in rule["nodes"]]
        for rule in broken
    }


def main(names):
    """Print a row for each page, or those named, and count the pages with findings."""
    site, bad = Site(ROOT / "_build" / "html", 0, ""), 0
    with serving(site.root) as home, chromium() as browser:
        for page in names or (*PAGES, *EXTRA):
            found = findings(browser, f"{home}/{page}.html")
            bad += bool(found)
            print(
                page.ljust(40),
                len(found),
                *(f"{rule} ({len(at)}: {at[0]})" for rule, at in found.items()),
                flush=True,
            )
    print(f"{bad} pages with violations")
    return bad


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
