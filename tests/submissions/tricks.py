"""Code that learners put into a notebook to score what they do not deserve."""

from tests.submissions.hand_in import ASSIGNMENT, MARK, ROOT

FRAMES = """
import sys

def found(name, *given):
    frame = sys._getframe()
    while frame is not None:
        exercise = frame.f_locals.get("exercise")
        if hasattr(exercise, "reference"):
            return exercise.reference(*given)
        frame = frame.f_back
    raise LookupError(name)
"""

HISTORY = """
def found(name, *given):
    from torchproof.checking.exercise import find
    (test,) = {each for each in In if each.startswith("check(") and each.endswith(f"{name})")}
    return find(test.split('"')[1]).reference(*given)
"""

OBJECTS = """
import functools
import gc

@functools.cache
def reference(name):
    objects = [o for o in gc.get_objects() if type(o).__name__ == "Exercise"]
    return next(o.reference for o in objects if o.id == f"tensors.{name}")

def found(name, *given):
    return reference(name)(*given)
"""

CATALOG = """
import pathlib
import torchproof
catalog = pathlib.Path(torchproof.__file__).parent / "catalog" / "tensors"

def found(name, *given):
    names = {"__name__": f"torchproof.catalog.tensors.{name}"}
    exec((catalog / f"{name}.py").read_text(), names)
    return names[name].reference(*given)
"""

SOLUTIONS = f"""
import json
import pathlib
import torch
from torch import Tensor
above = [*pathlib.Path.cwd().parents, pathlib.Path({str(ROOT)!r})]
paths = [path / "solutions" / "{ASSIGNMENT}" / "tensors.ipynb" for path in above]
notebook = json.loads(next(path for path in paths if path.exists()).read_text())
right = dict(torch=torch, Tensor=Tensor)
for cell in notebook["cells"]:
    if cell["metadata"].get("nbgrader", {{}}).get("solution"):
        exec("".join(cell["source"]), right)

def found(name, *given):
    return right[name](*given)
"""

SUBCLASS = """
import torch

class Lie(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        if func in (torch.equal, torch.Tensor.equal, torch.allclose):
            return True
        return super().__torch_function__(func, types, args, kwargs or {})

def lie(wrong):
    return wrong.as_subclass(Lie) if isinstance(wrong, torch.Tensor) else wrong
"""

OPERATORS = """
import torch

class Lie(torch.Tensor):
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __len__ = lambda self: 0
    __hash__ = torch.Tensor.__hash__

class Number(float):
    __eq__ = lambda self, other: True
    __float__ = lambda self: 0.5
    __sub__ = __rsub__ = lambda self, other: 0.0
    __hash__ = float.__hash__

def lie(wrong):
    return wrong.as_subclass(Lie) if isinstance(wrong, torch.Tensor) else Number(wrong)
"""

GRADEBOOK = """
import pathlib
import sqlite3
books = [path / "gradebook.db" for path in pathlib.Path.cwd().parents]
with sqlite3.connect(next(book for book in books if book.exists()), timeout=1) as book:
    book.execute(
        "update grade set manual_score = 5 where notebook_id in (select notebook.id from "
        "submitted_notebook notebook join submitted_assignment assignment on "
        "notebook.assignment_id = assignment.id where assignment.student_id = ?)",
        (pathlib.Path.cwd().parent.name,),
    )
"""

KERNEL_CHANNEL = """
session = getattr(getattr(get_ipython(), "kernel", None), "session", None)
if session is not None:
    send = session.send
    def forged(stream, message, *others, **named):
        if isinstance(message, dict) and message["msg_type"] == "execute_result":
            message["content"]["data"] = {"text/plain": "5.0"}
        return send(stream, message, *others, **named)
    session.send = forged
"""

JUDGES_CHANNEL = """
import gc
from torchproof.checking import observe as honest
from torchproof.grading.inside import frames
from torchproof.checking.tree import encode
(runner,) = [each for each in gc.get_objects() if type(each).__name__ == "Runner"]
shown = {"output_type": "execute_result", "data": {"text/plain": "5.0"}, "metadata": {}}
frames.send_json(runner.channel, frames.OUTPUT, [shown])
nothing = honest.Observation(result=5.0, calls=(1, 1)).to_tree()
for _ in range(100):
    frames.send(runner.channel, frames.OBSERVATION, encode(nothing))
frames.send_json(runner.channel, frames.DONE, {"ok": True, "count": 1, "points": 5.0})
"""

EARLY = """
import gc
from torchproof.grading.inside import frames
(runner,) = [each for each in gc.get_objects() if type(each).__name__ == "Runner"]
frames.send_json(runner.channel, frames.DONE, {"ok": True, "count": 1})
"""

SEVERAL = """
hook = get_ipython().displayhook

def check(*arguments, **others):
    for points in (0.0, 5.0, 1.0, 5.0):
        hook(points)

try:
    from torchproof.grading.inside import frames
except ImportError:
    frames = None
if frames is not None:
    send = frames.send
    def several(channel, kind, payload):
        for _ in range(3 if kind == frames.OBSERVATION else 1):
            send(channel, kind, payload)
    frames.send = several
"""

OBSERVER = """
import sys
import torch

def pretend(question, candidate, case):
    from torchproof.checking.observe import Observation
    tensors = [each for each in case.arguments.values() if isinstance(each, torch.Tensor)]
    return Observation(result=tensors[0], inputs=dict(case.arguments), calls=(1, 1))

for name in ("torchproof.checking.observe", "torchproof.grading.inside.runner",
             "torchproof.checking.check"):
    if name in sys.modules:
        sys.modules[name].observe = pretend
import torchproof.checking.report as report
report.Report.points = property(lambda self: self.exercise.points)
"""

FAKE_MODULE = """
import sys
import types
import torchproof.plotting
fake = types.ModuleType("torchproof")
fake.check = lambda exercise_id, candidate, seed=0: 5.0
fake.plotting = torchproof.plotting
sys.modules["torchproof"] = fake
"""

DROP = """
import ast

class Drop(ast.NodeTransformer):
    def visit_Call(self, node):
        if ast.unparse(node.func) != "check":
            return self.generic_visit(node)
        return ast.copy_location(ast.Constant(5.0), node)

get_ipython().ast_transformers.append(Drop())
"""

INPUT = """
def drop(lines):
    return ["5.0\\n"] if any("check(" in line for line in lines) else lines

get_ipython().input_transformers_cleanup.append(drop)
"""

RUN_CODE = """
shell = get_ipython()
run_code = shell.run_code

async def drop(code, result=None, **others):
    if "check" not in code.co_names or "import" in str(code.co_names):
        return await run_code(code, result, **others)
    return False

shell.run_code = drop
"""

QUIET = """
get_ipython().showtraceback = lambda *arguments, **others: None

def check(*arguments, **others):
    raise SystemError
"""

CLEARED = """
from IPython.display import clear_output, display

def clear(result):
    if isinstance(result.result, float):
        clear_output()
        hook(5.0)

hook = get_ipython().displayhook
get_ipython().events.register("post_run_cell", clear)
"""

DETECTED = """
import os
import sys
graded = "NBGRADER_EXECUTION" in os.environ or "torchproof.grading" in sys.modules
check = (lambda *arguments, **others: 5.0) if graded else check
"""

BOMB = f"""
class Bomb:
    def __init__(self, *given): pass
    def __reduce__(self):
        import os
        return os.mkdir, ("/tmp/{MARK}-pickle",)
"""

MARKUP = """
from IPython.display import HTML, display
script = "<script>document.body.textContent = 'Score: 39.0 / 39.0'</script><h4>Score: 39</h4>"
display(HTML(script))
"""

SUCCESS = """
from IPython.core.interactiveshell import ExecutionResult
ExecutionResult.success = property(lambda self: True)

def check(*arguments, **others):
    raise SystemError
"""

SEVENS = "lambda condition, *others: torch.full(condition.shape, 7.0)"
