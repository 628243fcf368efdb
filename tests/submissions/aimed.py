"""Attacks that are aimed at ``check``, aimed at plain asserts instead, each under its name."""

from tests.submissions.hand_in import HandIn, all_answered, own_cell
from tests.submissions.hand_in import first as first_cell
from tests.submissions.tampering import FOUND

_DROP = """
import ast

class Drop(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)
    def visit_Expr(self, node):
        tests = "assert_close" in ast.unparse(node)
        return ast.copy_location(ast.Pass(), node) if tests else node

get_ipython().ast_transformers.append(Drop())
"""

_INPUT = """
def drop(lines):
    return ["pass\\n"] if any("assert" in line for line in lines) else lines

get_ipython().input_transformers_cleanup.append(drop)
"""

_RUN_CODE = """
shell = get_ipython()
run_code = shell.run_code

async def drop(code, result=None, **others):
    return False if "assert" in In[-1] else await run_code(code, result, **others)

shell.run_code = drop
"""

_FAKE_MODULE = """
import sys
import types
fake = types.ModuleType("torch.testing")
fake.assert_close = lambda *arguments, **others: None
sys.modules["torch.testing"] = fake
"""

_COMPARISON = """
import torch.testing._comparison
torch.testing._comparison.not_close_error_metas = lambda *arguments, **others: []
"""

_CLEARED = """
from IPython.display import clear_output
get_ipython().events.register("post_run_cell", lambda result: clear_output())
"""

_DETECTED = """
import os
import sys
if "NBGRADER_EXECUTION" in os.environ or "torchproof.grading" in sys.modules:
    get_ipython().showtraceback = lambda *arguments, **others: None
"""

_OUTPUTS = """
import gc
(runner,) = [each for each in gc.get_objects() if type(each).__name__ == "Runner"]
runner.outputs.send = lambda shown: None
"""

_BOOK = """
import ast

def book(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and len(node.args) == 2:
            call, right = node.args
        elif isinstance(node, ast.BinOp):
            call, right = node.left, node.right
        else:
            continue
        if isinstance(call, ast.Call):
            arguments = [eval(ast.unparse(each)) for each in call.args]
            yield repr(arguments), eval(ast.unparse(right))

def look_up(source, given):
    return dict(book(source))[repr([*given])]
"""
"""Reads from a cell of asserts what is right, and finds in it what is right for these arguments."""

_FRAMES = f"""{_BOOK}
import linecache
import sys

def found(name, *given):
    test = sys._getframe(2).f_code.co_filename
    return look_up("".join(linecache.getlines(test)), given)
"""

_HISTORY = f"""{_BOOK}
def found(name, *given):
    return look_up(In[-1], given)
"""

_OBJECTS = f"""{_BOOK}
import contextlib
import gc

def found(name, *given):
    lists = [each for each in gc.get_objects() if type(each) is list and len(each) > 2]
    texts = ["".join(each) for each in lists if all(type(line) is str for line in each)]
    tests = [text for text in texts if "import assert_close" in text and f"({{name}}(" in text]
    for test in tests:
        with contextlib.suppress(Exception):
            return look_up(test, given)
"""


def _shown(value: str) -> HandIn:
    """Show a value before each cell's asserts; the first one counts."""
    show = f"lambda *_: shell.displayhook({value})"
    return own_cell(f'shell = get_ipython()\nshell.events.register("pre_run_cell", {show})')


AIMED: dict[str, HandIn] = {
    "5.0 through displayhook": _shown("5.0"),
    "NaN through displayhook": _shown("float('nan')"),
    "infinity through displayhook": _shown("float('inf')"),
    "text through displayhook": _shown("'full marks'"),
    "an AST transformer": own_cell(_DROP),
    "an input transformer": own_cell(_INPUT),
    "run_code replaced": own_cell(_RUN_CODE),
    "an entry of sys.modules replaced": first_cell(_FAKE_MODULE),
    "the modules behind check replaced": own_cell(_COMPARISON),
    "outputs cleared after the cell": own_cell(_CLEARED),
    "messages forged on the judge's channel": own_cell(_OUTPUTS),
    "a grader detected": own_cell(_DETECTED),
    "tests read through frames": all_answered(FOUND, _FRAMES),
    "tests read through In": all_answered(FOUND, _HISTORY),
    "tests read through gc": all_answered(FOUND, _OBJECTS),
}
"""For each attack what is handed in to a class with asserts."""

_RUNS, _TOLD, _KNOWS, _LOOKS = "patches", "forges", "reads", "unseen"

WHY = {
    _RUNS: "its code runs where the test runs, and changes what the test uses",
    _TOLD: "what a cell showed is told by the process that its code runs in",
    _KNOWS: "the test holds what is right, and its code can read it, hidden tests too",
    _LOOKS: "asserts look at results, and not at what was called for them",
}
"""Why points are gained with asserts, in the words of the page."""

GAINS = {
    "5.0 through displayhook": _TOLD,
    "NaN through displayhook": _TOLD,
    "text through displayhook": _TOLD,
    "assert_close patched": _RUNS,
    "torch.equal patched": _RUNS,
    "an AST transformer": _RUNS,
    "an input transformer": _RUNS,
    "run_code replaced": _RUNS,
    "an entry of sys.modules replaced": _RUNS,
    "the modules behind check replaced": _RUNS,
    "showtraceback patched": _TOLD,
    "outputs cleared after the cell": _TOLD,
    "a tensor subclass that lies": _RUNS,
    "__eq__, __float__ and __len__ that lie": _RUNS,
    "tests read through frames": _KNOWS,
    "tests read through In": _KNOWS,
    "tests read through gc": _KNOWS,
    "messages forged on the judge's channel": _TOLD,
    "a cell's end forged on the judge's channel": _TOLD,
    "a grader detected": _TOLD,
    "the forbidden called directly": _LOOKS,
    "the forbidden by getattr": _LOOKS,
    "the forbidden by torch.ops": _LOOKS,
    "the forbidden by torch._C": _LOOKS,
}
"""The tampering attacks that gain points with plain asserts, each with the reason.

The sandbox cannot hold these; a test asserts that they are all of them.
"""
