"""The report on one exercise: what was passed, what failed first, and which mistake it is."""

import html
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from torch import Tensor

from torchproof.checking.cases import Case, Group
from torchproof.checking.compare import Finding
from torchproof.checking.exercise import Exercise
from torchproof.checking.judge import diagnose, judge
from torchproof.checking.observe import Observation
from torchproof.checking.picture import draw
from torchproof.checking.tree import tensors_of
from torchproof.checking.watch import look

MAX_SHOWN = 24
"""Elements up to which an input is printed and not only described."""

_HEADINGS = {
    "not written": "Not written yet",
    "refused": "Cannot be called",
    "raised": "Raised an exception",
    "type": "Wrong type",
    "shape": "Wrong shape",
    "dtype": "Wrong dtype",
    "device": "Wrong device",
    "values": "Wrong values",
    "measure": "Not as asked",
    "gradient": "Wrong gradient",
    "side effect": "Changed its input",
    "calls": "Not vectorised",
    "quality": "Not good enough yet",
}

_OWN_KIND = {Group.NO_SIDE_EFFECTS: "side effect", Group.VECTORISED: "calls"}
"""The finding that a group is about, where wrong values hide it."""

_MARKS = {"passed": ("✓", "#2A9D5C"), "failed": ("✗", "#D9730D"), "not judged": ("–", "inherit")}


@dataclass(frozen=True)
class GroupResult:
    """How one group of cases went.

    Attributes:
        name: the group's name.
        failed: how many of its cases failed.
        total: how many cases it has.
        judged: whether what the group is about could be judged; an input left alone and a count
            of calls say nothing while the values are wrong.
        share: how much of the group's points is scored, from 0 to 1; the least of its cases.
    """

    name: str
    failed: int
    total: int
    judged: bool = True
    share: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether every case of the group passed."""
        return self.failed == 0


@dataclass(frozen=True, eq=False)
class Report:
    """Everything there is to say about a candidate.

    Shown as HTML in a notebook and as text elsewhere.

    Attributes:
        exercise: the exercise.
        seed: what the cases were drawn from.
        groups: how each group went.
        failure: the first failing case with what is wrong, if one failed.
        mistake: the name and hint of the known mistake that explains all failures, if one does.
        not_allowed: what the candidate used that the exercise does not allow.
        printed: what the candidate printed on the failing case.
    """

    exercise: Exercise
    seed: int
    groups: tuple[GroupResult, ...]
    failure: tuple[Case, Finding] | None = None
    mistake: tuple[str, str] | None = None
    not_allowed: tuple[str, ...] = ()
    printed: str = ""

    @property
    def points(self) -> float:
        """The points scored: each group is worth as much as any other; none for broken rules."""
        if self.not_allowed:
            return 0.0
        scored = sum(group.share for group in self.groups)
        return round(self.exercise.points * scored / len(self.groups), 4)

    @property
    def headline(self) -> str:
        """The exercise and its points in one line."""
        return f"{self.exercise.id}: {self.points:g} of {self.exercise.points:g} points"

    def details(self) -> list[tuple[str, str]]:
        """What there is to say below the groups: pairs of a heading and a text, in order."""
        parts = []
        if self.not_allowed:
            used = ", ".join(self.not_allowed)
            parts.append(("Not allowed", f"This exercise is to be written without: {used}."))
        if self.failure is not None:
            case, finding = self.failure
            if finding.kind not in ("not written", "refused"):
                parts.append(("First failing case", self._case(case)))
            parts.append((_HEADINGS[finding.kind], finding.message))
        if self.mistake is not None:
            parts.append(("Hint", self.mistake[1]))
        if self.printed:
            parts.append(("Your function printed", self.printed.rstrip()))
        return parts

    def _case(self, case: Case) -> str:
        where = [case.group.value, *([case.note] if case.note else [])]
        if not case.contiguous:
            where.append("not contiguous in memory")
        if case.device != "cpu":
            where.append(f"on {case.device}")
        inputs = [f"{name} = {show(value)}" for name, value in case.arguments.items()]
        inputs += [f"incoming gradient = {show(upstream)}" for upstream in case.upstream]
        return "\n".join([f"{', '.join(where)}; seed {self.seed}", *inputs])

    def __repr__(self) -> str:
        groups = "  ".join(f"{_MARKS[_state(group)][0]} {group.name}" for group in self.groups)
        lines = [self.headline, f"  {groups}"]
        for heading, text in self.details():
            body = text.replace("\n", "\n    ")
            lines += [f"  {heading}:", f"    {body}"]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return self.page

    @cached_property
    def page(self) -> str:
        """The report as HTML, its picture included."""
        done = self.points == self.exercise.points
        groups = "".join(
            f'<li style="display:inline-block;margin:0 1.2em 0 0">'
            f"{_mark_html(_state(group))} {html.escape(group.name)}</li>"
            for group in self.groups
        )
        details = "".join(
            f'<p style="font-weight:600;margin:.5em 0 .1em 0">{html.escape(heading)}</p>'
            f"{_text_html(heading, text)}"
            for heading, text in self.details()
        )
        picture = draw(self.exercise.picture, *self.failure) if self.failure else ""
        return (
            f'<section aria-label="{html.escape(self.headline)}" style="border-left:.3em solid '
            f"{'#2A9D5C' if done else '#D9730D'};padding:.3em 0 .3em 1em;margin:.3em 0;"
            f'max-width:52em;overflow-x:auto">'
            f'<p style="margin:0;font-weight:600">{html.escape(self.headline)}</p>'
            f'<ul style="list-style:none;padding:0;margin:.3em 0">{groups}</ul>'
            f"{details}{picture}</section>"
        )


def assess(
    exercise: Exercise, cases: list[Case], observations: list[Observation], source: str, seed: int
) -> Report:
    """Judge all observations of one candidate and put together its report.

    Args:
        exercise: what was asked.
        cases: the cases, drawn from ``seed``.
        observations: what was seen, one for each case.
        source: the text of the learner's code, to look for what is not allowed.
        seed: what the cases were drawn from.
    """
    pairs = list(zip(cases, observations, strict=True))
    found = [(case, seen, judge(exercise, case, seen)) for case, seen in pairs]
    failing = [(case, seen, finding) for case, seen, finding in found if finding is not None]
    mistake = diagnose(exercise, found)
    # A changed input may break other cases in less telling ways, so it is shown before them.
    shown = min(failing, key=lambda each: each[2].kind != "side effect", default=None)
    used = {name: None for seen in observations for name in seen.not_allowed}
    in_source = look(source, exercise.not_allowed, exercise.loops)
    return Report(
        exercise,
        seed,
        groups=tuple(_result(group, cases, failing) for group in exercise.groups),
        failure=(shown[0], shown[2]) if shown else None,
        mistake=(mistake.name, mistake.hint) if mistake else None,
        not_allowed=tuple(in_source) or tuple(used),
        printed=shown[1].printed if shown else "",
    )


def _result(
    group: Group, cases: list[Case], failing: list[tuple[Case, Observation, Finding]]
) -> GroupResult:
    """Put together how one group went."""
    found = [finding for case, _, finding in failing if case.group is group]
    kinds = {finding.kind for finding in found}
    return GroupResult(
        group.value,
        len(found),
        sum(case.group is group for case in cases),
        judged=group not in _OWN_KIND or not found or _OWN_KIND[group] in kinds,
        share=min((finding.share for finding in found), default=1.0),
    )


def show(value: object) -> str:
    """Describe an argument: small tensors with their numbers, larger ones by dtype and shape."""
    if isinstance(value, list | tuple) and tensors_of(value):
        return f"[{', '.join(show(item) for item in value)}]"
    if isinstance(value, dict) and tensors_of(value):
        return f"{{{', '.join(f'{key!r}: {show(item)}' for key, item in value.items())}}}"
    if not isinstance(value, Tensor):
        return repr(value)
    dtype = str(value.dtype).removeprefix("torch.")
    if value.numel() <= MAX_SHOWN:
        return f"{dtype} {_rounded(value.tolist())}, shape {tuple(value.shape)}"
    return f"{dtype}, shape {tuple(value.shape)}"


def _rounded(numbers: Any) -> Any:
    if isinstance(numbers, list):
        return [_rounded(number) for number in numbers]
    return float(f"{numbers:.4g}") if isinstance(numbers, float) else numbers


def _state(group: GroupResult) -> str:
    return "passed" if group.passed else "failed" if group.judged else "not judged"


def _mark_html(state: str) -> str:
    mark, colour = _MARKS[state]
    return (
        f'<span role="img" aria-label="{state}" style="color:{colour};font-weight:700">'
        f"{mark}</span>"
    )


def _text_html(heading: str, text: str) -> str:
    if heading == "Hint":
        return f'<p style="margin:0">{html.escape(text)}</p>'
    return (
        '<pre style="margin:0;padding:0;border:0;background:none;color:inherit;'
        f'white-space:pre-wrap;font-size:.9em">{html.escape(text)}</pre>'
    )
