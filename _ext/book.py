"""What the book asks of Sphinx: formulas by the KaTeX in `_static/katex`, buttons."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.ext.mathjax import html_visit_displaymath, html_visit_math

STYLE = "katex/katex.min.css"
SCRIPTS = ("katex/katex.min.js", "katex/auto-render.min.js", "katex/typeset.js")


def configure(app: Sphinx, config: Config) -> None:
    """Keep KaTeX off pages without formulas; show buttons only where the repository is known.

    Jupyter Book puts every file of `_static` on every page.
    """
    config.html_css_files = [file for file in config.html_css_files if file != STYLE]
    config.html_js_files = [file for file in config.html_js_files if file not in SCRIPTS]
    options = config.html_theme_options
    known = bool(options["repository_url"])
    options["use_repository_button"] = options["use_issues_button"] = known
    if not known:
        options["launch_buttons"] = {}


def load_katex(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Load KaTeX on a page that has a formula."""
    formulas = (nodes.math, nodes.math_block)
    if doctree and any(isinstance(node, formulas) for node in doctree.findall()):
        app.builder.add_css_file(STYLE)
        for script in SCRIPTS:
            app.builder.add_js_file(script, defer="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx; formulas are marked up as for MathJax, with delimiters."""
    app.add_html_math_renderer("katex", (html_visit_math, None), (html_visit_displaymath, None))
    app.connect("config-inited", configure)
    app.connect("html-page-context", load_katex)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
