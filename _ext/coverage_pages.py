"""What the documents say, beside the cells that show it: the pages made from `coverage/`.

A cell that treats a topic or shows a claim carries the id of a row in its tags, `topic:...` or
`claim:...`. Such cells become targets of links, and the directives `claims`, `claim-counts` and
`topics` list the rows.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).parents[1]
VERDICTS = ("correct", "imprecise", "wrong", "outdated", "unverifiable")
Row = dict[str, str]


def read(name: str) -> list[Row]:
    """Read the rows of `coverage/NAME.csv`."""
    with (ROOT / "coverage" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tags(cell: dict[str, Any]) -> list[str]:
    """List the ids of topics and claims in a cell's tags."""
    found: list[str] = cell["metadata"].get("tags", [])
    return [tag for tag in found if tag.startswith(("topic:", "claim:"))]


@cache
def lessons() -> list[str]:
    """List the lessons' documents in the order of the table of contents."""
    files: list[str] = re.findall(r"file: (chapters/\S+)", (ROOT / "_toc.yml").read_text("utf-8"))
    return [file for file in files if (ROOT / f"{file}.ipynb").exists()]


def cells() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each cell of all lessons with the name of its document."""
    for document in lessons():
        for cell in json.loads((ROOT / f"{document}.ipynb").read_text("utf-8"))["cells"]:
            yield document, cell


@cache
def places() -> dict[str, tuple[str, str]]:
    """Choose the cell that each tag leads to: `{tag: (document, id of the cell)}`.

    A claim leads to the first code cell that has it, since that one asserts it; a topic to the
    first cell of any kind.
    """
    chosen: dict[str, tuple[str, dict[str, Any]]] = {}
    for document, cell in cells():
        for tag in tags(cell):
            kind = chosen[tag][1]["cell_type"] if tag in chosen else None
            shown = tag.startswith("claim:") and kind == "markdown" and cell["cell_type"] == "code"
            if kind is None or shown:
                chosen[tag] = document, cell
    return {tag: (document, cell["id"]) for tag, (document, cell) in chosen.items()}


@cache
def title(document: str) -> str:
    """Give the first heading of a lesson, or of a chapter's first page."""
    path = ROOT / f"{document}.ipynb"
    if path.exists():
        lines = "".join(json.loads(path.read_text("utf-8"))["cells"][0]["source"]).splitlines()
    else:
        lines = path.with_suffix(".md").read_text("utf-8").splitlines()
    return next(line[2:] for line in lines if line.startswith("# "))


def add_targets(app: Sphinx, document: str, source: list[str]) -> None:
    """Put a target in front of each cell that a page of this module leads to."""
    wanted = {(at, cell): tag for tag, (at, cell) in places().items() if at == document}
    if not wanted:
        return
    notebook = json.loads(source[0])
    marked = []
    for cell in notebook["cells"]:
        lines = [f"({tag})=" for tag in tags(cell) if places()[tag] == (document, cell["id"])]
        if lines:
            target = {"cell_type": "markdown", "id": f"before-{cell['id']}"[:64], "metadata": {}}
            marked.append(target | {"source": "\n".join(lines)})
        marked.append(cell)
    source[0] = json.dumps(notebook | {"cells": marked})


def link(tag: str) -> nodes.Node:
    """Make a link to the cell that a tag leads to, under the title of its lesson."""
    document, _ = places()[tag]
    return addnodes.pending_xref(
        "",
        nodes.inline("", title(document)),
        refdomain="std",
        reftype="ref",
        reftarget=tag.lower(),
        refexplicit=True,
        refwarn=True,
    )


def table(headings: list[str], rows: list[list[nodes.Node]], kind: str) -> nodes.table:
    """Make a table with a row of headings; each node of `rows` is the content of a cell."""
    group = nodes.tgroup("", cols=len(headings))
    group += [nodes.colspec("", colwidth=1) for _ in headings]
    top = nodes.row()
    top += [nodes.entry("", nodes.paragraph("", text)) for text in headings]
    body = nodes.tbody()
    for row in rows:
        body += nodes.row("", *[nodes.entry("", nodes.paragraph("", "", node)) for node in row])
    group += [nodes.thead("", top), body]
    return nodes.table("", group, classes=["coverage", kind])


def by_chapter(rows: list[Row], prefix: str) -> dict[str, list[Row]]:
    """Group rows by the chapter of the lesson they lead to, in the course's order."""
    chapters: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: lessons().index(places()[prefix + row["id"]][0])):
        chapter = places()[prefix + row["id"]][0].rpartition("/")[0]
        chapters.setdefault(chapter, []).append(row)
    return chapters


class Claims(SphinxDirective):
    """All claims by chapter: what is said, the verdict, what holds, and where it is shown."""

    def run(self) -> list[nodes.Node]:
        """Make a section for each chapter."""
        return [
            section(chapter, table(["Said", "Verdict", "What holds", "Shown in"], rows, "claims"))
            for chapter, found in by_chapter(read("claims"), "claim:").items()
            if (rows := [self.cells(row) for row in found])
        ]

    def cells(self, row: Row) -> list[nodes.Node]:
        """Make the cells of a row of the table."""
        verdict = row["verdict"]
        holds = row["correct_value"] or {"correct": "as said"}.get(
            verdict, "not to be settled here"
        )
        mark = nodes.inline("", verdict, classes=["verdict", verdict])
        return [nodes.Text(row["claim_en"]), mark, nodes.Text(holds), link(f"claim:{row['id']}")]


class ClaimCounts(SphinxDirective):
    """How many claims got which verdict."""

    def run(self) -> list[nodes.Node]:
        """Make one table."""
        counts = Counter(row["verdict"] for row in read("claims"))
        rows = [[nodes.Text(name), nodes.Text(str(counts[name]))] for name in VERDICTS]
        rows.append([nodes.Text("all"), nodes.Text(str(counts.total()))])
        return [table(["Verdict", "Claims"], rows, "counts")]


class Topics(SphinxDirective):
    """All topics by chapter: English, Chinese, and the lesson that treats them."""

    def run(self) -> list[nodes.Node]:
        """Make a section for each chapter."""
        return [
            section(chapter, table(["Topic", "Chinese", "Treated in"], rows, "topics"))
            for chapter, found in by_chapter(read("topics"), "topic:").items()
            if (rows := [self.cells(row) for row in found])
        ]

    def cells(self, row: Row) -> list[nodes.Node]:
        """Make the cells of a row of the table."""
        chinese = nodes.inline("", row["topic_zh"], classes=["chinese"])
        return [nodes.Text(row["topic_en"]), chinese, link(f"topic:{row['id']}")]


def section(chapter: str, content: nodes.Node) -> nodes.section:
    """Put content under the title of a chapter."""
    name = chapter.rpartition("/")[2]
    heading = nodes.title("", title(f"{chapter}/index"))
    return nodes.section("", heading, content, ids=[f"chapter-{name}"], names=[f"chapter {name}"])


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("source-read", add_targets)
    app.add_directive("claims", Claims)
    app.add_directive("claim-counts", ClaimCounts)
    app.add_directive("topics", Topics)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
