"""Feedback pages, by nbgrader's own template and exporter, kept warm."""

import copy
import html
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from traitlets.config import Config

from torchproof.grading.lean import nbformat


@dataclass(frozen=True)
class Style:
    """How pages are made: the course's exporter and its configuration, for any worker."""

    exporter: Any
    config: dict[str, Any]

    def __hash__(self) -> int:
        return hash(repr(self.config))


@lru_cache(maxsize=4)
def _exporter(style: Style) -> Any:
    from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor

    exporter = style.exporter(config=Config(copy.deepcopy(style.config)))
    exporter.register_preprocessor(CSSHTMLHeaderPreprocessor, enabled=True)
    return exporter


def page(style: Style, content: dict[str, Any], assignment: str, learner: str) -> str:
    """Return the HTML of one notebook's feedback.

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
    return str(text)


def unreadable_page(assignment: str, reason: str) -> str:
    """Return the page of a learner whose submission could not be read."""
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{html.escape(assignment)}: not graded</title></head><body>"
        f"<h1>{html.escape(assignment)} was not graded</h1><p>{html.escape(reason)}</p>"
        "<p>Mend it and hand in again.</p></body></html>"
    )
