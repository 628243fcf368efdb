"""Buttons that lead to the repository, and to another host that runs a lesson."""

import subprocess

import pytest
import yaml
from bs4 import BeautifulSoup

from tests.site.book import ROOT, command

LESSON = "chapters/01_tensors/computing"
REPOSITORY = "https://github.com/someone/course"
BINDER = f"https://mybinder.org/v2/gh/someone/course/main?urlpath=lab/tree/{LESSON}.ipynb"
OWN = {"_config.yml", "_toc.yml", "_build", "build"}


@pytest.fixture(scope="module", params=["", REPOSITORY], ids=["none", "set"])
def book(request, tmp_path_factory):
    """Build a book of two pages with the address of a repository, or with none."""
    root = tmp_path_factory.mktemp("book")
    for path in ROOT.iterdir():
        if path.name not in OWN and not path.name.startswith("."):
            (root / path.name).symlink_to(path)
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    config["repository"]["url"] = request.param
    contents = {"format": "jb-book", "root": "index", "chapters": [{"file": LESSON}]}
    for name, value in {"_config.yml": config, "_toc.yml": contents}.items():
        (root / name).write_text(yaml.safe_dump(value), "utf-8")
    build = [command(root)[0], "build", str(root), "--builder", "html", "--quiet"]
    done = subprocess.run(build, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return request.param, root / "_build" / "html"


def links(book, page):
    html = (book[1] / f"{page}.html").read_text("utf-8")
    return {each["href"] for each in BeautifulSoup(html, "html.parser").select("a[href]")}


def test_lesson_opens_in_binder_where_the_repository_is_known(book):
    found = {link for link in links(book, LESSON) if "binder" in link}
    assert found == ({BINDER} if book[0] else set())


def test_page_without_code_has_no_launch_button(book):
    assert not {link for link in links(book, "index") if "binder" in link}


def test_repository_is_linked_where_it_is_known(book):
    assert (REPOSITORY in links(book, LESSON)) == bool(book[0])


def test_thebe_stays_off(book):
    assert "thebe" not in (book[1] / f"{LESSON}.html").read_text("utf-8").lower()
