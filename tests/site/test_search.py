"""The search and the index find terms in English and in Chinese."""

from urllib.parse import quote

import pytest

FOUND = {
    "cross-entropy": "chapters/04_losses/entropy.html",
    "softmax": "chapters/03_activations/softmax.html",
    "交叉熵": "glossary.html",
    "卷积": "glossary.html",
}


@pytest.mark.parametrize("term", FOUND)
def test_search_finds(browser, base, term):
    with browser.new_page() as tab:
        tab.goto(f"{base['http']}/search.html?q={quote(term)}")
        link = tab.locator(f'#search-results a[href^="{FOUND[term]}"]')
        link.first.wait_for(timeout=20_000)


def test_search_field_of_a_lesson_leads_to_the_results(browser, base):
    with browser.new_page() as tab:
        tab.goto(f"{base['http']}/chapters/03_activations/softmax.html")
        tab.keyboard.press("Control+k")
        tab.keyboard.type("dropout")
        tab.keyboard.press("Enter")
        tab.locator('#search-results a[href*="07_regularization/dropout"]').first.wait_for()


def test_index_lists_the_terms_of_the_glossary(site):
    listed = {link["href"] for link in site.parse("genindex").select(".genindextable a")}
    terms = {f"glossary.html#{term['id']}" for term in site.parse("glossary").select("dt[id]")}
    assert len(terms) > 100
    assert terms <= listed


def test_contents_lead_to_the_index(site):
    assert site.parse("index").select('nav a[href="genindex.html"]')
