"""The page for addresses that lead nowhere works wherever it is served."""

import re

import pytest


@pytest.fixture
def page(site):
    return site.parse("404")


def test_it_leads_home(page):
    assert [link["href"] for link in page.select("a")] == ["/index.html"]


def test_it_searches(page):
    assert page.select_one("form")["action"] == "/search.html"


def test_nothing_in_it_depends_on_where_it_is_served(page):
    addresses = re.findall(r'(?:href|src|action)="([^"]*)"', str(page))
    assert [address for address in addresses if not address.startswith("/")] == []
