"""What a worker is given and what it gives back; it travels between machines."""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from torchproof.grading.limits import Limits
from torchproof.grading.rebuild import Teacher


class Status(StrEnum):
    """What became of a submission."""

    GRADED = "graded"
    UNREADABLE = "unreadable"
    FAILED = "grader failed"


@dataclass(frozen=True)
class Task:
    """What every submission of an assignment has in common.

    Attributes:
        teacher: the notebooks.
        files: files that lie beside the notebooks, by path.
        seeds: what the cases of each exercise are drawn from in this run.
        limits: what a submission may use.
        wall: whether the sandbox is on.
    """

    teacher: list[Teacher]
    files: dict[str, bytes]
    seeds: dict[str, int]
    limits: Limits
    wall: bool = True

    @property
    def imports(self) -> tuple[str, ...]:
        """The modules that its notebooks import."""
        return tuple(name for teacher in self.teacher for name in teacher.imports)


@dataclass
class Outcome:
    """What became of one submission.

    Attributes:
        learner: the learner's id.
        status: graded, unreadable or grader failed.
        reason: why it was not graded, for the learner and the teacher.
        traceback: where the grader failed, for the teacher only.
        notebooks: the graded notebooks as nbformat's JSON, by name.
        notes: what the teacher may want to know, such as limits hit.
    """

    learner: str
    status: Status = Status.GRADED
    reason: str = ""
    traceback: str = ""
    notebooks: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def dumps(notebook: dict[str, Any]) -> bytes:
    """Write a notebook as nbformat does."""
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    return text.encode() + b"\n"
