"""What a learner's cell calls: observe, judge and report in one go."""

import ast
import contextlib
import inspect
import linecache
import symtable
import textwrap

from torchproof.checking.exercise import find
from torchproof.checking.names import global_names
from torchproof.checking.observe import observe
from torchproof.checking.report import assess

_LIBRARIES = ("torch", "torchmetrics", "sklearn", "numpy", "scipy")
"""Whose functions and classes an exercise may not allow."""


def check(exercise_id: str, candidate: object, *, seed: int = 0) -> float:
    """Try a candidate on the cases of an exercise, show the report and return the points.

    As the last line of a graded cell the points are what nbgrader records as partial credit.

    Args:
        exercise_id: the exercise, as in ``"tensors.threshold"``.
        candidate: the learner's function.
        seed: what the cases are drawn from; feedback names the seed it used.

    Returns:
        The points scored, from 0 to the exercise's points.

    Raises:
        UnknownExerciseError: there is no exercise of this id.
    """
    from IPython.display import display  # the grader judges without it

    exercise = find(exercise_id)
    cases = exercise.draw(seed)
    observations = [observe(exercise.question, candidate, case) for case in cases]
    report = assess(exercise, cases, observations, source_of(candidate), seed)
    display(report)
    return report.points


def source_of(candidate: object) -> str:
    """Return the text of a function or class, and of what it uses from other cells.

    Functions and classes come with their text, modules and what is a library's as import
    statements. What cannot be had is left out.
    """
    sources: dict[str, None] = {}
    _collect(candidate, getattr(candidate, "__module__", None), sources)
    return "\n\n".join(sources)


def _collect(candidate: object, module: str | None, sources: dict[str, None]) -> None:
    with contextlib.suppress(OSError, TypeError, SyntaxError, StopIteration):
        source = _text(candidate)
        if source in sources:
            return
        sources[source] = None
        own = vars(candidate).values() if isinstance(candidate, type) else [candidate]
        methods = [getattr(each, "__func__", each) for each in own]
        around: dict[str, object] = {}
        for method in methods:
            around |= getattr(method, "__globals__", {})
        used = set(global_names(source, symtable.Symbol.is_referenced))
        for name in sorted(used & around.keys()):
            helper = around[name]
            home = getattr(helper, "__module__", None) or ""
            if inspect.ismodule(helper):
                sources[f"import {helper.__name__} as {name}"] = None
            elif home.partition(".")[0] in _LIBRARIES and hasattr(helper, "__name__"):
                sources[f"from {home} import {helper.__name__} as {name}"] = None
            elif home == module and callable(helper):
                _collect(helper, module, sources)


def _text(candidate: object) -> str:
    """Return the source of a function or a class; inspect does not find a notebook's classes."""
    if not isinstance(candidate, type):
        return textwrap.dedent(inspect.getsource(candidate))  # type: ignore[arg-type]
    methods = [getattr(each, "__func__", each) for each in vars(candidate).values()]
    file = next(each.__code__.co_filename for each in methods if hasattr(each, "__code__"))
    source = "".join(linecache.getlines(file))
    return next(
        ast.get_source_segment(source, node) or ""
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef) and node.name == candidate.__name__
    )
