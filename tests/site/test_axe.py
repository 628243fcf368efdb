"""axe-core finds nothing on any page, in the light, in the dark, on a phone.

The contrast of letters, which takes most of the time and is the style sheets' doing, is measured
here on a page of each kind; `python -m tests.site.axe` measures it on all.
"""

import pytest

from tests.site.axe import EXTRA, findings
from tests.site.book import PAGES
from tests.site.visits import PHONE

KINDS = (
    "index",
    "chapters/08_cnn/index",
    "chapters/03_activations/softmax",
    "exercises/03_activations/activations",
    "glossary",
    "coverage/claims",
)
FAULTS = {
    "image-alt": "<img src='data:,'>",
    "color-contrast": "<p style='color: #bbb; background: #fff'>Pale.</p>",
    "link-name": "<a href='#'></a>",
}


@pytest.mark.parametrize("page", [*PAGES, *EXTRA])
def test_page_breaks_no_rule(browser, base, page):
    found = findings(browser, f"{base['http']}/{page}.html", contrast=page in KINDS)
    assert found == {}


@pytest.mark.parametrize("page", KINDS)
def test_page_breaks_no_rule_in_the_dark(browser, base, page):
    assert findings(browser, f"{base['http']}/{page}.html", scheme="dark") == {}


@pytest.mark.parametrize("page", KINDS)
def test_page_breaks_no_rule_on_a_phone(browser, base, page):
    assert findings(browser, f"{base['http']}/{page}.html", viewport=PHONE) == {}


@pytest.mark.parametrize("rule", FAULTS)
def test_a_broken_rule_is_found(browser, tmp_path, rule):
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><html lang=en><title>T</title><main><h1>T</h1>{FAULTS[rule]}")
    assert list(findings(browser, page.as_uri())) == [rule]
