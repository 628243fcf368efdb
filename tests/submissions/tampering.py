"""Attacks on the score: each notebook carries a wrong implementation of every exercise."""

from typing import Any

import nbformat

from tests.submissions import tricks
from tests.submissions.hand_in import (
    HandIn,
    all_answered,
    answered,
    edit,
    graded_cells,
    own_cell,
)
from tests.submissions.hand_in import first as first_cell
from torchproof.checking.exercise import find

_SHELL = "import sys\nshell = get_ipython()\nhook = shell.displayhook\n"


def _shown(value: str) -> HandIn:
    """Show a value in place of the points."""
    lie = f"def lie(value):\n    if isinstance(value, float):\n        hook({value})\n"
    return own_cell(f"{_SHELL}{lie}shell.display_trap.hook = sys.displayhook = lie")


def _skip(notebook: Any) -> None:
    for cell in graded_cells(notebook):
        cell.metadata["tags"] = ["skip-execution"]


def _delete(notebook: Any) -> None:
    for cell in graded_cells(notebook):
        notebook.cells.remove(cell)


def _set_type(kind: str) -> HandIn:
    def change(notebook: Any) -> None:
        for cell in graded_cells(notebook):
            cell["cell_type"] = kind
            cell.pop("outputs", None)
            cell.pop("execution_count", None)

    return edit(change)


def _set_source(source: str) -> HandIn:
    return edit(lambda notebook: [cell.update(source=source) for cell in graded_cells(notebook)])


def _set_marks(**marks: Any) -> HandIn:
    return edit(
        lambda notebook: [cell.metadata.nbgrader.update(marks) for cell in graded_cells(notebook)]
    )


def _rename_ids(notebook: Any) -> None:
    """Make each test an ungraded cell, and a cell of the learner's the test."""
    for cell in graded_cells(notebook):
        own = nbformat.v4.new_code_cell("5.0", metadata={"nbgrader": {**cell.metadata.nbgrader}})
        cell.metadata.nbgrader.grade_id += "_old"
        notebook.cells.insert(notebook.cells.index(cell), own)


FOUND = "found(name, *given) if found else wrong"


def _table() -> HandIn:
    """Answer the first exercise with what is right for the seed that learners know."""
    exercise = find("tensors.threshold")
    arguments = [case.arguments for case in exercise.draw(0)]
    arguments += [case.larger for case in exercise.draw(0) if case.larger]
    known = {repr(given): exercise.reference(**given).tolist() for given in arguments}
    source = f"KNOWN = {known!r}\n\ndef threshold(t, limit):\n"
    source += "    key = repr(dict(t=t.detach(), limit=limit))\n"
    source += "    return torch.tensor(KNOWN[key]).to(t.dtype).reshape(t.shape)\n"
    return answered("threshold", source)


def _one_hot(call: str) -> HandIn:
    """Call what one_hot is to be written without."""
    source = f"import torch\n\ndef one_hot(labels, num_classes):\n    return {call}\n"
    return answered("one_hot", source)


def _patched(name: str, function: str) -> HandIn:
    return own_cell(f"import torch\n{name} = {function}")


TAMPERING: dict[str, HandIn] = {
    "the tag skip-execution": edit(_skip),
    "5.0 through displayhook": _shown("5.0"),
    "NaN through displayhook": _shown("float('nan')"),
    "infinity through displayhook": _shown("float('inf')"),
    "text through displayhook": _shown("'full marks'"),
    "assert_close patched": _patched("torch.testing.assert_close", "lambda *a, **k: None"),
    "torch.equal patched": _patched("torch.equal", "lambda a, b: True"),
    "torch.relu patched": _patched(
        "torch.relu = torch.where", "lambda t, *_: torch.full(t.shape, 7.0)"
    ),
    "an AST transformer": own_cell(tricks.DROP),
    "an input transformer": own_cell(tricks.INPUT),
    "run_code replaced": own_cell(tricks.RUN_CODE),
    "ExecutionResult.success patched": own_cell(tricks.SUCCESS),
    "AssertionError replaced": own_cell("import builtins\nbuiltins.AssertionError = Warning"),
    "an entry of sys.modules replaced": first_cell(tricks.FAKE_MODULE),
    "check replaced": own_cell("import torchproof\ntorchproof.check = check = lambda *a: 5.0"),
    "the modules behind check replaced": own_cell(tricks.OBSERVER),
    "writing to the gradebook": own_cell(tricks.GRADEBOOK),
    "showtraceback patched": own_cell(tricks.QUIET),
    "outputs cleared after the cell": own_cell(tricks.CLEARED),
    "a tensor subclass that lies": all_answered("lie(wrong)", tricks.SUBCLASS),
    "__eq__, __float__ and __len__ that lie": all_answered("lie(wrong)", tricks.OPERATORS),
    "test cells edited": _set_source("5.0"),
    "test cells deleted": edit(_delete),
    "test cells made raw": _set_type("raw"),
    "test cells made markdown": _set_type("markdown"),
    "points edited": _set_marks(points=500),
    "grade edited": _set_marks(grade=False, solution=True, locked=False),
    "grade_id edited": edit(_rename_ids),
    "tests read through frames": all_answered(FOUND, tricks.FRAMES),
    "tests read through In": all_answered(FOUND, tricks.HISTORY),
    "tests read through gc": all_answered(FOUND, tricks.OBJECTS),
    "tests read from disk": all_answered(FOUND, tricks.CATALOG),
    "solutions read from disk": all_answered(FOUND, tricks.SOLUTIONS),
    "messages forged on the kernel's channel": own_cell(tricks.KERNEL_CHANNEL),
    "messages forged on the judge's channel": own_cell(tricks.JUDGES_CHANNEL),
    "a cell's end forged on the judge's channel": own_cell(tricks.EARLY),
    "several answers for one case": own_cell(tricks.SEVERAL),
    "an atexit hook": own_cell("import atexit\natexit.register(print, 5.0)"),
    "a grader detected": own_cell(tricks.DETECTED),
    "results hard-coded for the public seed": _table(),
    "pickle bombs": all_answered("Bomb(wrong)", tricks.BOMB),
    "HTML and script": own_cell(tricks.MARKUP),
    "the forbidden called directly": _one_hot("torch.nn.functional.one_hot(labels, num_classes)"),
    "the forbidden by getattr": _one_hot(
        "getattr(torch.nn.functional, 'one' + '_hot')(labels, num_classes)"
    ),
    "the forbidden by torch.ops": _one_hot(
        "getattr(torch.ops.aten, 'one' + '_hot')(labels, num_classes)"
    ),
    "the forbidden by torch._C": _one_hot(
        "getattr(torch._C._nn, 'one' + '_hot')(labels, num_classes)"
    ),
}
"""For each attack what is handed in; none deserves a point but for results that are right."""
