"""What a page says of itself to search engines and to those who share a link to it."""

import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from tests.site.book import PAGES, ROOT

WRITTEN = [page for page in PAGES if page != "genindex"]
ADDRESS = "https://example.org/course"
CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "_ext")!r})
extensions = ["head", "myst_parser"]
myst_enable_extensions = ["dollarmath"]
html_title = "Course"
"""
SENTENCE = "Nine words that nobody would call short stand here"
PAGE = {
    "index": f"# First\n\nText.\n\n{SENTENCE}.\nIt holds $x^2$.\n{SENTENCE}.\n{SENTENCE}, too.\n",
    "own": '---\ndescription: Said "here".\n---\n\n# Own\n\nText.\n',
    "long/page": f"# A title of many words that does not fit on one line\n\n{SENTENCE * 5}.\n",
}


@pytest.fixture(scope="module")
def said(site):
    return {page: content(head(site.root, page), "description") for page in WRITTEN}


@pytest.mark.parametrize("page", WRITTEN)
def test_description_has_a_length_that_is_shown(said, page):
    assert 50 <= len(said[page]) <= 160


@pytest.mark.parametrize("page", WRITTEN)
def test_description_is_plain_text(said, page):
    assert not set(said[page]) & set("$\\<>`*{}\n")


def test_descriptions_differ(said):
    assert len(set(said.values())) == len(said)


def head(root, page):
    html = (root / f"{page}.html").read_text("utf-8")
    return BeautifulSoup(html.partition("</head>")[0], "html.parser")


def content(html, name):
    found = html.select(f'meta[name="{name}"], meta[property="{name}"]')
    return found[0]["content"] if len(found) == 1 else None


@pytest.fixture(scope="module", params=["", ADDRESS, f"{ADDRESS}/"], ids=["none", "set", "slash"])
def base(request):
    return request.param


@pytest.fixture(scope="module")
def small(base, tmp_path_factory):
    """Build a book of three pages with the address of a site, or with none."""
    root = tmp_path_factory.mktemp("book")
    (root / "conf.py").write_text(f"{CONF}html_baseurl = {base!r}\n")
    for name, text in PAGE.items():
        path = root / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    build = [sys.executable, "-m", "sphinx", "-q", str(root), str(root / "html")]
    subprocess.run(build, check=True, capture_output=True)
    return root / "html"


SAID = {
    "index": f"Text. {SENTENCE}. {SENTENCE}.",
    "own": 'Said "here".',
    "long/page": (SENTENCE * 5)[:150].rpartition(" ")[0] + " …",
}


@pytest.mark.parametrize("page", ["index", "own"])
def test_description_is_whole_sentences_or_the_page_s_own(small, page):
    assert content(head(small, page), "description") == SAID[page]


def test_description_of_one_long_sentence_ends_with_a_whole_word(small):
    said = content(head(small, "long/page"), "description").removesuffix(" …")
    assert f"{SENTENCE * 5}.".startswith(said + " ")


TAGS = {
    "og:url": f"{ADDRESS}/long/page.html",
    "og:image": f"{ADDRESS}/_static/previews/long/page.png",
    "twitter:card": "summary_large_image",
}


@pytest.mark.parametrize("name", TAGS)
def test_addresses_are_given_where_the_site_has_one(small, base, name):
    assert content(head(small, "long/page"), name) == (TAGS[name] if base else None)


@pytest.mark.parametrize(("page", "kind"), [("index", "website"), ("long/page", "article")])
def test_kind_of_page(small, page, kind):
    assert content(head(small, page), "og:type") == kind


def test_preview_is_a_small_picture_of_the_usual_size(small, base):
    path = small / "_static/previews/long/page.png"
    if not base:
        assert not path.exists()
    else:
        assert (Image.open(path).size, path.stat().st_size < 40_000) == ((1200, 630), True)
