"""Running a rebuilt notebook inside the wall, cell by cell, with every limit watched outside."""

import json
import os
import time
from dataclasses import dataclass, field
from signal import SIGKILL
from typing import Any

from torchproof.grading.inside import frames
from torchproof.grading.judge import Trial, unseen
from torchproof.grading.limits import Limits
from torchproof.grading.slot import Slot

Output = dict[str, Any]

_GRACE = 5.0
"""Seconds that an interrupted cell has to end before its process is killed."""
_NOTEBOOK_BYTES = 512 * 2**20
_KINDS = {"stream", "display_data", "execute_result", "error"}


class _Ended(Exception):  # noqa: N818
    """The learner's process is no more; the text says why, for the learner."""


@dataclass
class CellRun:
    """What came of one cell.

    Attributes:
        outputs: the outputs, as nbformat's JSON.
        count: the number in brackets beside the cell.
        seen: for a check, what was sent about each case, as far as it came.
        ok: whether the cell ended without an exception.
    """

    outputs: list[Output] = field(default_factory=list)
    count: int | None = None
    seen: list[bytes] = field(default_factory=list)
    ok: bool = False


class Execution:
    """One notebook's process inside the wall.

    Attributes:
        ended: why the process is no more, if it is no more.
        killed: whether it ended by a kill while a cell ran: at a limit, or by somebody outside the
            wall. A learner's code cannot kill its own process; it can only hang up on us.
        hit: the limits that were hit, in words.
    """

    def __init__(self, slot: Slot, limits: Limits, files: dict[str, bytes]) -> None:
        self._slot = slot
        self._limits = limits
        self._cell_seconds = limits.cell_seconds or limits.notebook_seconds
        self._channel = slot.begin(limits.to_dict(), [*files.items()])
        self._deadline = time.monotonic() + limits.notebook_seconds
        self._budget = _NOTEBOOK_BYTES
        self._died = False
        self.ended = ""
        self.killed = False
        self.hit: list[str] = []

    def cell(self, source: str) -> CellRun:
        """Run a cell."""
        return self._do(frames.CELL, json.dumps({"source": source}).encode())

    def check(self, trial: Trial, expression: str) -> CellRun:
        """Observe a candidate on a trial's cases; cases not observed say why."""
        named = json.dumps(expression).encode() + b"\n"
        run = self._do(frames.JUDGE, named + trial.request, len(trial.cases))
        if run.ok or run.seen:
            missing = len(trial.cases) - len(run.seen)
            why = self.ended or "The check ended before this case was tried."
            kind = "TimeLimit" if "time" in why else "NotObserved"
            run.seen += [unseen(kind, why)] * missing
        return run

    def close(self) -> None:
        """End the process and everything it started."""
        self._channel.close()
        status = self._slot.end()
        self.killed = self._died and os.WIFSIGNALED(status) and os.WTERMSIG(status) == SIGKILL

    def _do(self, kind: bytes, payload: bytes, cases: int = 0) -> CellRun:
        run = CellRun()
        if self.ended:
            run.outputs.append(error_output("NotRun", f"This cell was not run. {self.ended}"))
            return run
        try:
            self._send(kind, payload)
            self._collect(run, cases)
        except _Ended as end:
            self.ended = str(end)
            run.outputs.append(error_output("Ended", self.ended))
        return run

    def _send(self, kind: bytes, payload: bytes) -> None:
        self._channel.settimeout(self._cell_seconds)
        try:
            frames.send(self._channel, kind, payload)
        except OSError as error:
            raise _Ended(self._death()) from error

    def _collect(self, run: CellRun, cases: int) -> None:
        """Read what a cell sends until it is done, taking no more than was asked."""
        until = min(time.monotonic() + self._cell_seconds, self._deadline)
        late = False
        while True:
            try:
                kind, payload = self._receive(until)
            except TimeoutError:
                if late:
                    raise _Ended(self._too_slow()) from None
                late, until = True, time.monotonic() + _GRACE
                self._slot.interrupt()
                continue
            if kind == frames.OUTPUT:
                _add(run, payload, self._limits.output_kib * 1024)
            elif kind == frames.OBSERVATION and len(run.seen) < cases:
                run.seen.append(payload)
            elif kind == frames.DONE:
                self._done(run, payload)
                break
            else:
                raise _Ended("The notebook's process sent what was not asked for.")
        if late:
            run.ok = False
            run.outputs.append(error_output("TimeLimit", self._too_slow()))

    def _receive(self, until: float) -> tuple[bytes, bytes]:
        """Receive a frame before a time; bytes over the notebook's budget end it."""
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._channel.settimeout(left)
        try:
            kind, payload = frames.receive(self._channel)
        except (EOFError, ConnectionError) as error:
            raise _Ended(self._death()) from error
        except frames.FrameError as error:
            raise _Ended("The notebook's process sent more than a frame may hold.") from error
        self._budget -= len(payload)
        if self._budget < 0:
            raise _Ended("The notebook's process sent more bytes than a notebook may.")
        return kind, payload

    def _done(self, run: CellRun, payload: bytes) -> None:
        try:
            said = json.loads(payload)
            run.ok = said.get("ok") is True
            count = said.get("count")
            run.count = count if type(count) is int and 0 < count < 10**6 else None
            fault = said.get("fault")
        except (ValueError, AttributeError, RecursionError) as error:
            raise _Ended("The notebook's process sent what was not asked for.") from error
        if fault is not None:
            raise _Ended(f"The notebook's process could not be started: {fault}"[:500])

    def _too_slow(self) -> str:
        if time.monotonic() >= self._deadline:
            text = f"The notebook ran longer than {self._limits.notebook_seconds:g} s."
        else:
            text = f"The cell ran longer than {self._cell_seconds:g} s."
        text = f"{text} That is the time limit."
        self.hit.append(text)
        return text

    def _death(self) -> str:
        self._died = True
        text = (
            "The notebook's process ended while this cell ran: by a crash, by leaving Python, "
            f"or at a limit ({self._limits.memory_mib:,} MiB of memory, "
            f"{self._limits.processes} processes)."
        )
        self.hit.append(text)
        return text


def error_output(name: str, text: str) -> Output:
    """Return an error output that the grader, not the learner's code, puts there."""
    return {
        "output_type": "error",
        "ename": name,
        "evalue": text,
        "traceback": [f"\x1b[0;31m{name}\x1b[0m: {text}"],
    }


def _add(run: CellRun, payload: bytes, limit: int) -> None:
    """Take outputs as data: known kinds and fields only."""
    if len(payload) > 2 * limit + 65536:
        raise _Ended("The cell showed more than a cell may.")
    try:
        shown = json.loads(payload)
        for output in shown:
            if output["output_type"] == "clear":
                run.outputs.clear()
            else:
                _append(run.outputs, _known(output))
    except (ValueError, TypeError, KeyError, RecursionError, AttributeError) as error:
        raise _Ended("The notebook's process sent what was not asked for.") from error
    if len(run.outputs) > 2_000:
        raise _Ended("The cell showed more than 2,000 outputs.")


def _append(outputs: list[Output], output: Output) -> None:
    """Add an output; text of the same stream continues the text before."""
    before = outputs[-1] if outputs else {}
    stream = output["output_type"] == "stream" == before.get("output_type")
    if stream and output["name"] == before["name"]:
        before["text"] += output["text"]
    else:
        outputs.append(output)


def _known(output: dict[str, Any]) -> Output:
    """Return an output with the fields that its kind has, each of the right type."""
    kind = output["output_type"]
    if kind not in _KINDS:
        raise ValueError(kind)
    if kind == "stream":
        name = "stderr" if output["name"] == "stderr" else "stdout"
        return {"output_type": kind, "name": name, "text": _string(output["text"])}
    if kind == "error":
        lines = [_string(line) for line in output["traceback"]]
        names = {key: _string(output[key]) for key in ("ename", "evalue")}
        return {"output_type": kind, **names, "traceback": lines}
    data = {_string(key): value for key, value in output["data"].items()}
    for key, value in data.items():
        if not isinstance(value, str) and not key.endswith("json"):
            raise TypeError(key)
    known = {"output_type": kind, "data": data, "metadata": dict(output["metadata"])}
    if kind == "execute_result":
        count = output.get("execution_count")
        known["execution_count"] = count if type(count) is int else None
    return known


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not text")
    return value.encode(errors="replace").decode()
