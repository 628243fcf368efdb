import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

import pytest

from tests.site.book import PAGES
from tests.site.links import external_links, fault


@pytest.mark.parametrize("page", [*PAGES, "search"])
def test_links_within_the_site_resolve(site, page):
    here = site.path(page)
    hrefs = {link["href"] for link in site.parse(page).select("a[href]")}
    assert [href for href in sorted(hrefs) if not resolves(here, urlsplit(href))] == []


def resolves(here, url):
    if url.scheme or url.netloc:
        return True
    target = (here.parent / unquote(url.path)).resolve() if url.path else here
    if not target.is_file():
        return False
    return not url.fragment or f'id="{unquote(url.fragment)}"' in target.read_text("utf-8")


def test_links_that_leave_the_site_are_collected(site):
    assert external_links(site)["https://katex.org/"] == {"index"}


@pytest.fixture
def server(tmp_path):
    (tmp_path / "there").touch()
    handler = partial(SimpleHTTPRequestHandler, directory=tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()


def test_a_link_that_answers_has_no_fault(server):
    assert fault(f"{server}/there") is None


def test_a_dead_link_is_a_fault(server):
    assert "404" in fault(f"{server}/gone")


def test_a_host_that_does_not_answer_is_a_fault():
    assert fault("http://127.0.0.1:9/") is not None
