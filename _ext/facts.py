"""Under a lesson's title its minutes, its difficulty and its exercises; under exercises, lessons.

The minutes are those of the table in the chapter's `index.md`, the difficulty that of
`chapters/difficulty.csv`.
"""

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "chapters" / "difficulty.csv"


class Lesson(NamedTuple):
    """A row of the table of lessons on the first page of a chapter."""

    title: str
    name: str
    minutes: str


@cache
def lessons(chapter: str) -> list[Lesson]:
    """List the lessons of a chapter in their order, from the table on its first page."""
    text = (ROOT / "chapters" / chapter / "index.md").read_text("utf-8")
    rows = re.findall(r"^\| \[(.*?)\]\((\w+)\.ipynb\) \|.*\| (\d+) \|$", text, re.MULTILINE)
    return [Lesson(*row) for row in rows]


@cache
def difficulties() -> dict[str, str]:
    """Read how difficult each lesson is: `{document: difficulty}`."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {f"chapters/{row['lesson']}": row["difficulty"] for row in csv.DictReader(file)}


def link(text: str, document: str) -> nodes.Node:
    """Make a link to a document."""
    return addnodes.pending_xref(
        "",
        nodes.inline("", text),
        refdomain="std",
        reftype="doc",
        reftarget=f"/{document}",
        refexplicit=True,
        refwarn=True,
    )


def add_facts(app: Sphinx, doctree: nodes.document) -> None:
    """Add the facts to a lesson, and the list of lessons to exercises."""
    page = next(doctree.findall(nodes.section))
    folder, _, rest = app.env.docname.partition("/")
    chapter, _, name = rest.partition("/")
    if folder == "chapters" and name != "index":
        page.insert(1, facts(chapter, app.env.docname))
    if folder == "exercises":
        page.append(back(chapter))
    if folder in ("chapters", "exercises"):
        app.env.note_dependency(str(ROOT / "chapters" / chapter / "index.md"))
        app.env.note_dependency(str(TABLE))


def facts(chapter: str, document: str) -> nodes.paragraph:
    """Say how long a lesson is, how difficult, and where its chapter's exercises are."""
    minutes = {f"chapters/{chapter}/{each.name}": each.minutes for each in lessons(chapter)}
    said = f"{minutes[document]} minutes · {difficulties()[document]} · "
    notebook = f"exercises/{chapter}/{chapter.partition('_')[2]}"
    return nodes.paragraph(
        "", "", nodes.Text(said), link("exercises of this chapter", notebook), classes=["facts"]
    )


def back(chapter: str) -> nodes.paragraph:
    """List the lessons of a chapter."""
    line = nodes.paragraph("", "Lessons of this chapter: ", classes=["facts"])
    for lesson in lessons(chapter):
        line += [link(lesson.title, f"chapters/{chapter}/{lesson.name}"), nodes.Text(" · ")]
    line[-1] = nodes.Text(".")
    return line


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("doctree-read", add_facts)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
