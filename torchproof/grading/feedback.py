"""Feedback pages, by nbgrader's own template and exporter, kept warm."""

import copy
import html
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nbconvert.exporters.html import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from traitlets.config import Config

from torchproof.grading.lean import nbformat


@dataclass(frozen=True)
class Style:
    """How pages are made: the course's exporter and its configuration, for any worker."""

    exporter: Any
    config: dict[str, Any]

    def __hash__(self) -> int:
        return hash(repr(self.config))


class _Highlight(Highlight2HTML):
    """Highlights each source once; a class shares the teacher's cells and many answers."""

    @lru_cache(maxsize=4096)  # noqa: B019
    def _once(self, source: str, language: str | None) -> Any:
        return super().__call__(source, language)  # type: ignore[no-untyped-call]

    def __call__(self, source: str, language: str | None = None, metadata: Any = None) -> Any:
        """Return the source as HTML."""
        if metadata and "magics_language" in metadata:
            return super().__call__(source, language, metadata)  # type: ignore[no-untyped-call]
        return self._once(source, language)


class _Pages(HTMLExporter):
    """nbconvert's exporter without its second look at the page.

    HTMLExporter reads each finished page with BeautifulSoup, two thirds of its time, to mark
    images without alternative text and the cells of JupyterLab's template. nbgrader's feedback
    template has no such cells, and for the images a pattern does.
    """

    @lru_cache(maxsize=8)  # noqa: B019
    def _highlight(self, lexer: str | None) -> _Highlight:
        return _Highlight(pygments_lexer=lexer, parent=self)  # type: ignore[no-untyped-call]

    def from_notebook_node(  # type: ignore[override]
        self: Any, nb: Any, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Convert a notebook."""
        language = nb.metadata.get("language_info", {})
        lexer = language.get("pygments_lexer", language.get("name"))
        resources = self._init_resources(resources)
        types = WidgetsDataTypeFilter(  # type: ignore[no-untyped-call]
            notebook_metadata=self._nb_metadata, parent=self, resources=resources
        )
        self.register_filter("highlight_code", self._highlight(lexer))
        self.register_filter("filter_data_type", types)
        text, resources = TemplateExporter.from_notebook_node(self, nb, resources, **kw)
        return _IMAGE.sub(_with_alt, text), resources


_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
    "media-src data:; font-src data:; style-src 'unsafe-inline'; form-action 'none'; "
    "base-uri 'none'\">"
)
"""What a page may do: a learner's cells show any HTML, and none of it may run or load anything."""

_PHONE = (
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    "<style>img { max-width: 100%; height: auto; }"
    ".panel-heading { height: auto !important; overflow: hidden; }</style>"
)
"""What a page needs to be read on a phone: nbgrader's has wide pictures, and headings of a line."""

_HEAD = re.compile(r"<head\b[^>]*>", flags=re.IGNORECASE)
_IMAGE = re.compile(r"<img\b[^>]*>")


def _with_alt(image: re.Match[str]) -> str:
    tag = image.group()
    return tag if " alt=" in tag else f'<img alt="What the cell drew"{tag[4:]}'


@lru_cache(maxsize=4)
def _exporter(style: Style) -> Any:
    config = Config(copy.deepcopy(style.config))
    plain = style.exporter is HTMLExporter and config.HTMLExporter.template_name == "feedback"
    return (_Pages if plain else style.exporter)(config=config)


def page(style: Style, content: dict[str, Any], assignment: str, learner: str) -> str:
    """Return the HTML of one notebook's feedback, in which no script runs.

    That holds for the template's own, too: formulas stand as they were written.

    Args:
        style: how pages are made.
        content: the notebook with its scores and comments, from the record.
        assignment: the assignment's name.
        learner: the learner's id.
    """
    notebook = nbformat.from_dict(content["notebook"])
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        name = mark.get("grade_id")
        if mark.get("solution") or mark.get("task"):
            mark["comment"] = content["comments"].get(name)
        if (mark.get("grade") or mark.get("task")) and name in content["grades"]:
            mark["score"], mark["points"] = content["grades"][name]
    resources = {
        "unique_key": content["name"],
        "output_files_dir": f"{content['name']}_files",
        "nbgrader": {
            "student": learner,
            "assignment": assignment,
            "notebook": content["name"],
            **{key: content[key] for key in ("score", "max_score", "late_penalty")},
        },
    }
    text, _ = _exporter(style).from_notebook_node(notebook, resources=resources)
    return _with_head(str(text))


def _with_head(text: str) -> str:
    """Put the policy, and what a phone needs, before everything that a learner wrote."""
    head = _HEAD.search(text)
    at = head.end() if head else 0
    return text[:at] + _POLICY + _PHONE + text[at:]


def unreadable_page(assignment: str, reason: str) -> str:
    """Return the page of a learner whose submission could not be read."""
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{html.escape(assignment)}: not graded</title></head><body>"
        f"<h1>{html.escape(assignment)} was not graded</h1><p>{html.escape(reason)}</p>"
        "<p>Mend it and hand in again.</p></body></html>"
    )
