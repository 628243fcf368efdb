import re

import pytest

from tests.site.book import PAGES

ASSETS = "script[src], img[src], iframe[src], source[src], embed[src], link[href]"
FORMULA = ".math"


@pytest.mark.parametrize("page", PAGES)
def test_pictures_say_what_they_show(site, page):
    """A picture without a text of its own gets its file's name from Sphinx."""
    pictures = site.parse(page).select("img")
    alts = [(picture["src"], picture.get("alt", "").strip()) for picture in pictures]
    assert [(src, alt) for src, alt in alts if not alt or alt == src] == []


@pytest.mark.parametrize("page", PAGES)
def test_outputs_with_a_picture_are_figures_with_a_caption(site, page):
    pictures = site.parse(page).select(".cell_output img")
    bare = [picture["alt"] for picture in pictures if not caption(picture)]
    assert bare == []


def caption(picture):
    figure = picture.find_parent("figure")
    return figure and figure.select_one("figcaption .caption-text")


@pytest.mark.parametrize("page", [*PAGES, "search"])
def test_assets_are_local(site, page):
    assets = site.parse(page).select(ASSETS)
    addresses = [asset.get("src") or asset["href"] for asset in assets]
    assert [address for address in addresses if re.match(r"(\w+:)?//", address)] == []


def test_styles_load_nothing_from_elsewhere(site):
    remote = re.compile(r"""(url\(|@import)\s*["']?(https?:)?//""")
    styles = (site.root / "_static").rglob("*.css")
    assert [str(style) for style in styles if remote.search(style.read_text("utf-8"))] == []


@pytest.mark.parametrize("page", PAGES)
def test_katex_is_loaded_where_there_are_formulas(site, page):
    html = site.parse(page)
    loaded = bool(html.select('script[src*="katex.min.js"]'))
    assert loaded == bool(html.select(FORMULA))
