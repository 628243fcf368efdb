"""Figures that answer to the reader: the scripts in `_static/figures`, on pages that have one.

A lesson marks the place with `<div data-figure="NAME"></div>`, which is empty in a notebook and
without JavaScript; `NAME.js` draws there.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config


def configure(app: Sphinx, config: Config) -> None:
    """Keep the scripts off all pages: Jupyter Book puts every file of `_static` on every page."""
    config.html_js_files = [
        file for file in config.html_js_files if not str(file).startswith("figures/")
    ]


def load_figures(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Load the script that draws the figures on a page that has one."""
    if doctree and any("data-figure=" in raw.astext() for raw in doctree.findall(nodes.raw)):
        app.builder.add_js_file("figures/start.js", defer="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("config-inited", configure)
    app.connect("html-page-context", load_figures)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
