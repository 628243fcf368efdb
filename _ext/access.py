"""Pages for those who hear them: buttons have names, and an empty cell is no heading."""

from typing import Any

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

AFTER_THEME = 900


def name_folds(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Name the buttons of the contents, which show an arrow only, after what they unfold."""
    contents = context["generate_toctree_html"]

    def named(*args: Any, **options: Any) -> BeautifulSoup:
        tree = contents(*args, **options)
        for button in tree.select("li > details > summary"):
            button["aria-label"] = f"Pages of {button.find_previous('a').get_text(strip=True)}"
        return tree

    context["generate_toctree_html"] = named


def empty_corners(app: Sphinx, doctree: nodes.document) -> None:
    """Leave the cell above the labels of a data frame's rows empty without calling it a heading."""
    for output in doctree.findall(nodes.raw):
        if output.get("format") == "html" and "<th></th>" in output.astext():
            output[0] = nodes.Text(output.astext().replace("<th></th>", "<td></td>"))


def visit_cell(self: HTML5Translator, node: nodes.entry) -> None:
    """Write an empty cell in the row of headings as a plain one."""
    at = len(self.body)
    type(self).visit_entry(self, node)
    if not node.astext() and self.body[at].startswith("<th"):
        self.body[at] = self.body[at].replace("<th", "<td", 1)
        self.context[-1] = self.context[-1].replace("</th", "</td")


def depart_cell(self: HTML5Translator, node: nodes.entry) -> None:
    """End a cell."""
    type(self).depart_entry(self, node)


def visit_work(self: HTML5Translator, node: nodes.citation) -> None:
    """Write a cited work as an item of its list; the role that docutils gives is outdated."""
    at = len(self.body)
    type(self).visit_citation(self, node)
    self.body[at:] = [
        text.replace('role="doc-biblioentry"', 'role="listitem"') for text in self.body[at:]
    ]


def depart_work(self: HTML5Translator, node: nodes.citation) -> None:
    """End a work that is cited."""
    type(self).depart_citation(self, node)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("doctree-read", empty_corners)
    app.add_node(nodes.entry, override=True, html=(visit_cell, depart_cell))
    app.add_node(nodes.citation, override=True, html=(visit_work, depart_work))
    app.connect("html-page-context", name_folds, priority=AFTER_THEME)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
