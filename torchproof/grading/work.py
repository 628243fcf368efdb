"""What a worker does with one submission: read, rebuild, run, judge. It needs no gradebook."""

import traceback
from typing import Any

from torchproof.errors import SandboxLostError, UnreadableError
from torchproof.grading.intake import Submission, read_notebook
from torchproof.grading.judge import outputs, trial
from torchproof.grading.outcome import Outcome, Status, Task
from torchproof.grading.provenance import source_of
from torchproof.grading.rebuild import (
    Cell,
    Check,
    Rebuilt,
    Teacher,
    find_check,
    marks,
    rebuild,
)
from torchproof.grading.run import CellRun, Execution
from torchproof.grading.sandbox import Zygote
from torchproof.grading.slot import Slot


class Worker:
    """Grades submissions in one slot of a warm process, its own or one that is shared."""

    def __init__(self, address: str | None = None, wall: bool = True) -> None:
        self._address = address
        self.wall = wall
        self._zygote: Zygote | None = None
        self._slot: Slot | None = None

    def grade(self, task: Task, submission: Submission) -> Outcome:
        """Grade one submission; every fault becomes an outcome."""
        try:
            return self._grade(task, submission)
        except UnreadableError as error:
            return Outcome(submission.learner, Status.UNREADABLE, str(error))
        except SandboxLostError:
            self.close()
            try:
                return self._grade(task, submission)
            except Exception as error:
                return _failed(submission, error)
        except Exception as error:
            return _failed(submission, error)

    def close(self) -> None:
        """Give up the slot, and the warm process if it is this worker's own."""
        if self._slot is not None:
            self._slot.close()
        if self._zygote is not None:
            self._zygote.close()
        self._slot = self._zygote = self._address = None

    def _grade(self, task: Task, submission: Submission) -> Outcome:
        outcome = Outcome(submission.learner)
        for teacher in task.teacher:
            cells = read_submitted(teacher.name, submission)
            if cells is None:
                outcome.notes.append(f"{teacher.name}.ipynb was not handed in")
                continue
            rebuilt, execution = self._run(teacher, cells, task, submission)
            if execution.killed:  # if a limit did it, it will again
                rebuilt, execution = self._run(teacher, cells, task, submission)
            outcome.notebooks[teacher.name] = rebuilt.notebook
            outcome.notes += execution.hit
            outcome.notes += [f"cell {name} was missing" for name in rebuilt.missing]
            outcome.notes += [f"cell {name} stood there twice" for name in rebuilt.duplicates]
        if not outcome.notebooks:
            raise UnreadableError(_nothing(task, submission))
        return outcome

    def _run(
        self, teacher: Teacher, cells: list[Cell], task: Task, submission: Submission
    ) -> tuple[Rebuilt, Execution]:
        """Rebuild a notebook and run it in a process of its own."""
        rebuilt = rebuild(teacher, cells)
        execution = Execution(self._ready(task), task.limits, _files(task, submission))
        try:
            run_notebook(rebuilt, task, execution)
        finally:
            execution.close()
        return rebuilt, execution

    def _ready(self, task: Task) -> Slot:
        """Return a slot with what the task imports, starting a warm process if there is none."""
        if self._slot is not None and not self._slot.imports.issuperset(task.imports):
            self._slot.close()
            self._slot = None
        if self._slot is None:
            if self._address is None:
                self._zygote = Zygote(self.wall)
                self._address = self._zygote.address
            self._slot = Slot(self._address, task.imports)
        return self._slot


def _failed(submission: Submission, error: Exception) -> Outcome:
    reason = f"the grader failed: {type(error).__name__}: {error}"
    return Outcome(submission.learner, Status.FAILED, reason, traceback.format_exc())


def _files(task: Task, submission: Submission) -> dict[str, bytes]:
    """Return the files beside the notebook: the learner's, then the teacher's over them."""
    extra = {name: data for name, data in submission.files.items() if not name.endswith(".ipynb")}
    return {**extra, **task.files}


def _nothing(task: Task, submission: Submission) -> str:
    wanted = " or ".join(f"{teacher.name}.ipynb" for teacher in task.teacher)
    found = ", ".join(sorted(submission.files)) or "nothing"
    return f"no {wanted} was handed in; found {found}"


def read_submitted(name: str, submission: Submission) -> list[dict[str, Any]] | None:
    """Return the cells of the notebook with this name, or None where it was not handed in."""
    file = f"{name}.ipynb"
    if file in submission.refused:
        raise UnreadableError(submission.refused[file])
    if file not in submission.files:
        return None
    return read_notebook(file, submission.files[file])


def run_notebook(rebuilt: Rebuilt, task: Task, execution: Execution) -> None:
    """Run every code cell and put its outputs into the notebook."""
    ran: list[str] = []
    for i, cell in enumerate(rebuilt.notebook["cells"]):
        if cell["cell_type"] != "code":
            continue
        check = find_check(cell["source"]) if _is_tested(cell) else None
        if check is None:
            run = execution.cell(cell["source"])
            if i in rebuilt.own:
                ran.append(cell["source"])
        else:
            run = _judged(check, task, execution, ran)
        cell["outputs"] = run.outputs
        cell["execution_count"] = run.count
        if check is None and _is_tested(cell):
            cell["outputs"].append(_scored_by_itself())


def _scored_by_itself() -> dict[str, Any]:
    text = "Scored by what this cell showed when it ran in the sandbox, as nbgrader scores it."
    return {"output_type": "display_data", "data": {"text/plain": text}, "metadata": {}}


def _is_tested(cell: dict[str, Any]) -> bool:
    mark = marks(cell)
    return bool(mark.get("grade")) and not mark.get("solution")


def _judged(check: Check, task: Task, execution: Execution, ran: list[str]) -> CellRun:
    """Observe inside, judge outside."""
    drawn = trial(check.exercise_id, task.seeds[check.exercise_id])
    run = execution.check(drawn, check.expression)
    if len(run.seen) == len(drawn.cases):
        report = drawn.report(run.seen, source_of(check.expression, ran))
        run.outputs = outputs(report, run.count or 0)
    return run
