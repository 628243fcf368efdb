"""Pictures tell the browser their size, and all but the first of a page load as they come near."""

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.images import get_image_size
from sphinx.writers.html5 import HTML5Translator


def load_late(app: Sphinx, doctree: nodes.document, document: str) -> None:
    """Let all pictures but the first wait until they come near."""
    for picture in list(doctree.findall(nodes.image))[1:]:
        picture["loading"] = "lazy"


def visit_picture(self: HTML5Translator, node: nodes.image) -> None:
    """Write a picture with its size, so that what is below it does not jump."""
    size = get_image_size(str(Path(self.builder.srcdir) / node["uri"]))
    type(self).visit_image(self, node)
    if size and not {"width", "height", "scale"} & set(node.attributes):
        written = f'<img width="{size[0]}" height="{size[1]}" '
        self.body[-1] = self.body[-1].replace("<img ", written, 1)


def depart_picture(self: HTML5Translator, node: nodes.image) -> None:
    """Write nothing more."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("doctree-resolved", load_late)
    app.add_node(nodes.image, override=True, html=(visit_picture, depart_picture))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
