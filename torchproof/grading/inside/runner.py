"""The learner's process: runs cells and observes candidates, one request after the other."""

import json
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from torchproof.checking.cases import Case
from torchproof.checking.observe import Observation, Question, observe
from torchproof.checking.tree import decode, encode
from torchproof.grading.inside import frames
from torchproof.grading.inside.shell import Descriptors, Shell


class Runner:
    """Serves the requests that come over a channel until it closes."""

    def __init__(self, shell: Shell, channel: socket.socket, output_limit: int) -> None:
        self.shell = shell
        self.outputs = shell.outputs
        self.descriptors = Descriptors()
        self.channel = channel
        self.output_limit = output_limit
        self.outputs.send = lambda shown: frames.send_json(channel, frames.OUTPUT, shown)

    def serve(self) -> None:
        """Serve requests until the other side has gone."""
        actions = {frames.CELL: self._cell, frames.JUDGE: self._judge}
        while True:
            try:
                kind, payload = frames.receive(self.channel)
            except EOFError:
                return
            except KeyboardInterrupt:
                continue
            self._finish(actions[kind], payload)

    def _finish(self, action: Callable[[bytes], bool], payload: bytes) -> None:
        """Run an action and say that it is done; a late interrupt must not end the loop."""
        self.outputs.begin(self.output_limit)
        fine = False
        try:
            fine = action(payload)
        except BaseException:
            self.shell.showtraceback()
        self.descriptors.drain(self.outputs)
        self.outputs.flush()
        count = self.shell.execution_count - 1
        frames.send_json(self.channel, frames.DONE, {"ok": fine, "count": count})

    def _cell(self, payload: bytes) -> bool:
        """Run a cell as a notebook would."""
        request = json.loads(payload)
        result = self.shell.run_cell(request["source"], store_history=True)  # type: ignore[no-untyped-call]
        return bool(result.success)

    def _judge(self, payload: bytes) -> bool:
        """Observe a candidate on every case; an expression without a value ends it."""
        expression, _, message = payload.partition(b"\n")
        request = decode(message)
        self.shell.execution_count += 1
        question = Question.from_tree(request["question"])
        code = compile(json.loads(expression), "<the graded cell>", "eval")
        candidate = eval(code, self.shell.user_ns)
        for tree in request["cases"]:
            observation = observe(question, candidate, Case.from_tree(tree))
            frames.send(self.channel, frames.OBSERVATION, _bytes(observation))
        return True


def _bytes(observation: Observation) -> bytes:
    return encode(observation.to_tree())


def prepare(files: list[tuple[str, bytes]], home: str) -> None:
    """Put the assignment's files into the private folder and go there."""
    os.chdir(home)
    sys.path.insert(0, "")
    for name, content in files:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
