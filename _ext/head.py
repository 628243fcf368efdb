"""What a page says of itself to search engines and to those who share a link to it.

The description is the page's own (`description` in its front matter) or its first sentences.
Addresses have to be absolute there, so the picture, drawn for each page, is given only where
`html.baseurl` of `_config.yml` is set.
"""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from docutils import nodes
from matplotlib.font_manager import findfont
from PIL import Image, ImageDraw, ImageFont
from sphinx.application import Sphinx

SHORTEST, LONGEST = 50, 160
PREVIEW = (1200, 630)
GROUND, INK, ACCENT = "#16202c", "#ffffff", "#56b4e9"
SKIPPED = (nodes.math, nodes.citation_reference, nodes.image)


def sentences(doctree: nodes.document) -> Iterator[str]:
    """Yield the sentences of the text, a line each in the sources, without those with formulas."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section) and "facts" not in paragraph["classes"]:
            words = "".join(
                "\0" if any(isinstance(at, SKIPPED) for at in ancestors(text)) else text.astext()
                for text in paragraph.findall(nodes.Text)
            )
            yield from (line for line in words.split("\n") if line and "\0" not in line)


def ancestors(node: nodes.Node) -> Iterator[nodes.Node]:
    """Yield what a node is in, from the inside out."""
    while node.parent is not None:
        node = node.parent
        yield node


def description(doctree: nodes.document) -> str:
    """Take whole sentences while they fit; cut the first where it is too long by itself."""
    found = ""
    for sentence in sentences(doctree):
        longer = f"{found} {sentence}".strip()
        if len(longer) > LONGEST:
            return found if len(found) >= SHORTEST else cut(longer)
        found = longer
    return found


def cut(text: str) -> str:
    """Shorten a text to whole words."""
    return text[: LONGEST - 1].rpartition(" ")[0].rstrip(",;:") + " …"


def draw(title: str, site: str, path: Path) -> None:
    """Draw the title of a page on a banner."""
    image = Image.new("RGB", PREVIEW, GROUND)
    pen = ImageDraw.Draw(image)
    large, small = (ImageFont.truetype(findfont("DejaVu Sans"), size) for size in (72, 40))
    lines = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if pen.textlength(longer, large) <= PREVIEW[0] - 160 or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    pen.multiline_text((80, 110), "\n".join(lines), INK, large, spacing=24)
    pen.rectangle((80, 500, 200, 508), ACCENT)
    pen.text((80, 530), site, INK, small)
    path.parent.mkdir(parents=True, exist_ok=True)
    image.quantize(16).save(path, optimize=True)


def describe(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Write the tags of a page, and draw its picture where its address is known."""
    base = app.config.html_baseurl
    context["home"] = f"{base.rstrip('/')}/"
    if doctree is None:
        return
    own = app.env.metadata[pagename].get("description")
    text, title = own or description(doctree), app.env.titles[pagename].astext()
    tags = {
        "og:type": "website" if pagename == app.config.root_doc else "article",
        "og:site_name": app.config.html_title,
        "og:title": title,
        "og:description": text,
    }
    if base:
        picture = f"_static/previews/{pagename}.png"
        draw(title, app.config.html_title, Path(app.outdir) / picture)
        tags["og:url"] = urljoin(context["home"], app.builder.get_target_uri(pagename))
        tags["og:image"] = urljoin(context["home"], picture)
        tags["og:image:alt"] = title
    named = [("name", "description", text)] + [("property", *tag) for tag in tags.items()]
    named += [("name", "twitter:card", "summary_large_image")] if base else []
    context["metatags"] += "".join(
        f'\n    <meta {kind}="{name}" content="{escape(value)}" />' for kind, name, value in named
    )


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("html-page-context", describe)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
