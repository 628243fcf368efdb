"""The book as the tests of its site see it: its pages, by the table of contents, and its build."""

import sys
from dataclasses import dataclass
from pathlib import Path

import yaml
from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
OPTIONS = ("--builder", "html", "-n", "-W", "--keep-going")


def documents(entry):
    """Name the documents of the table of contents, in order."""
    found = [entry.get("root") or entry["file"]] if {"root", "file"} & entry.keys() else []
    for key in ("parts", "chapters", "sections"):
        found += [name for part in entry.get(key, []) for name in documents(part)]
    return found


PAGES = documents(yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8")))
LESSONS = [page for page in PAGES if page.startswith("chapters/") and not page.endswith("/index")]
EXERCISES = [page for page in PAGES if page.startswith("exercises/")]


def command(out):
    """Build the book into a folder, with the options that `make course` uses."""
    program = Path(sys.executable).with_name("jupyter-book")
    return [str(program), "build", str(ROOT), "--path-output", str(out), *OPTIONS]


@dataclass(frozen=True)
class Site:
    """A built site: its folder, and what the build said."""

    root: Path
    status: int
    log: str

    def path(self, page):
        """Find the file of a page."""
        return self.root / f"{page}.html"

    def parse(self, page):
        """Parse a page."""
        return BeautifulSoup(self.path(page).read_text("utf-8"), "html.parser")
