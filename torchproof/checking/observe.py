"""The first step: run a candidate on a case and write down what can be seen. Nothing is decided."""

import contextlib
import io
import sys
import sysconfig
import traceback
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from functools import cache, partial
from pathlib import Path
from typing import Any, TextIO

import torch
from torch import Tensor

from torchproof.checking.cases import Arguments, Case, Group
from torchproof.checking.drive import DRIVERS, parameters_of
from torchproof.checking.tree import describe, map_tensors, named_tensors, plain, tensors_of
from torchproof.checking.watch import Watch
from torchproof.errors import MalformedMessageError

MAX_PRINTED = 2_000
"""Characters of what a candidate prints that are kept for each case."""

_NOT_LEARNERS = (
    str(Path(torch.__file__).parent),
    str(Path(__file__).parent),
    sysconfig.get_paths()["stdlib"],
)


@dataclass(frozen=True)
class Question:
    """What is asked of a candidate: all that observing it takes, and nothing of the answer.

    Attributes:
        id: ``<assignment>.<name>``.
        parameters: the names of the candidate's parameters, in order.
        not_allowed: torch names it may not call (see `torchproof.checking.watch`).
        driver: the name of the way it is called (see `torchproof.checking.drive`).
    """

    id: str
    parameters: tuple[str, ...]
    not_allowed: tuple[str, ...] = ()
    driver: str = "function"

    def to_tree(self) -> dict[str, Any]:
        """Return the question as a plain tree."""
        return asdict(self)

    @classmethod
    def from_tree(cls, tree: dict[str, Any]) -> "Question":
        """Read a question from a plain tree."""
        return cls(**tree)

    @property
    def call(self) -> str:
        """How the candidate is called, as a learner would write it."""
        return f"{self.id.rpartition('.')[2]}({', '.join(self.parameters)})"


@dataclass(frozen=True)
class Raised:
    """An exception that left the candidate: its type, its text, and where in the learner's code."""

    type: str
    message: str
    line_number: int | None = None
    line: str = ""


@dataclass(frozen=True, eq=False)
class Observation:
    """What was seen of one call, or of two where the case has a larger one; a plain tree inside.

    Attributes:
        result: what was returned; for two calls, a list of both.
        devices: the device type of each tensor returned, in order.
        gradients: for a case of gradients, by the argument's name; None where none arrived.
        inputs: for a case of side effects, the arguments as they are afterwards.
        calls: the number of torch calls of each call.
        not_allowed: calls made that the exercise does not allow.
        raised: the exception that ended it, if one did.
        printed: what the candidate printed.
    """

    result: Any = None
    devices: tuple[str, ...] = ()
    gradients: dict[str, Tensor | None] = field(default_factory=dict)
    inputs: Any = None
    calls: tuple[int, ...] = ()
    not_allowed: tuple[str, ...] = ()
    raised: Raised | None = None
    printed: str = ""

    def to_tree(self) -> dict[str, Any]:
        """Return the observation as a plain tree."""
        tree = {each.name: getattr(self, each.name) for each in fields(self)}
        return tree | {"raised": asdict(self.raised) if self.raised else None}

    @classmethod
    def from_tree(cls, tree: Any) -> "Observation":
        """Read an observation from a plain tree that anyone may have written.

        Raises:
            MalformedMessageError: the tree is no observation.
        """
        try:
            raised = Raised(**tree["raised"]) if tree["raised"] is not None else None
            observation = cls(**(tree | {"raised": raised}))
        except (TypeError, KeyError) as error:
            raise MalformedMessageError(f"not an observation: {error}") from error
        if not _is_well_formed(observation):
            raise MalformedMessageError("not an observation: a part of it has the wrong type")
        return observation


def _is_well_formed(observation: Observation) -> bool:
    raised = observation.raised
    return (
        _all(observation.devices, str)
        and _all(observation.calls, int)
        and _all(observation.not_allowed, str)
        and isinstance(observation.printed, str)
        and isinstance(observation.gradients, dict)
        and _all(tuple(observation.gradients.values()), Tensor | None)
        and (raised is None or _all((raised.type, raised.message, raised.line), str))
        and (raised is None or isinstance(raised.line_number, int | None))
    )


def _all(items: object, kind: Any) -> bool:
    return isinstance(items, tuple) and all(isinstance(item, kind) for item in items)


def observe(question: Question, candidate: object, case: Case) -> Observation:
    """Run a candidate on a case.

    Args:
        question: what the candidate should be.
        candidate: the learner's function, or anything they put in its place.
        case: the inputs; they are copied, never handed over.

    Returns:
        What was seen. Whatever the candidate raises is part of it.
    """
    refused = _refusal(question, candidate)
    if refused is not None:
        return Observation(raised=refused)
    assert callable(candidate)
    printed = io.StringIO()
    watch = Watch(question.not_allowed)
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        warnings.catch_warnings(),
        torch.random.fork_rng(devices=[]),
    ):
        warnings.showwarning = _show_warning
        _seed(case.seed)
        try:
            seen = _run(partial(DRIVERS[question.driver], candidate), case, watch)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            seen = {"raised": _raised(error)}
    return Observation(
        **seen, not_allowed=tuple(watch.not_allowed), printed=printed.getvalue()[:MAX_PRINTED]
    )


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Print a warning without the place in this package that it came through."""
    print(f"{category.__name__}: {message}", file=sys.stderr)


def _seed(seed: int) -> None:
    """Seed what torch draws from; seeding absent accelerators would cost more than a case."""
    if _has_accelerator():
        torch.manual_seed(seed)
    else:
        torch.default_generator.manual_seed(seed)


@cache
def _has_accelerator() -> bool:
    return torch.accelerator.is_available()


def _run(call: Callable[..., Any], case: Case, watch: Watch) -> dict[str, Any]:
    """Call the candidate, once or, where the case has larger inputs, twice."""
    results, calls = [], []
    for given in (case.arguments,) if case.larger is None else (case.arguments, case.larger):
        arguments = _present(given, case)
        before = watch.calls
        with watch:
            result = call(**arguments)
        calls.append(watch.calls - before)
        results.append(plain(result))
    gradients = _gradients(result, arguments, case) if case.group is Group.GRADIENTS else {}
    return {
        "result": results[0] if case.larger is None else results,
        "devices": tuple(tensor.device.type for tensor in tensors_of(result)),
        "gradients": gradients,
        "inputs": plain(arguments) if case.group is Group.NO_SIDE_EFFECTS else {},
        "calls": tuple(calls),
    }


def _present(arguments: Arguments, case: Case) -> dict[str, Any]:
    """Copy the arguments in the memory layout and on the device that the case asks for."""

    def present(tensor: Tensor) -> Tensor:
        copy = tensor.clone()
        if not case.contiguous and copy.dim() > 1:
            copy = copy.mT.contiguous().mT
        elif not case.contiguous and copy.dim() == 1:
            copy = torch.stack([copy, copy], dim=-1)[:, 0]
        copy = copy.to(case.device)
        return copy.requires_grad_(case.group is Group.GRADIENTS and copy.is_floating_point())

    presented = map_tensors(present, dict(arguments))
    assert isinstance(presented, dict)
    return presented


def _gradients(result: Any, arguments: Arguments, case: Case) -> dict[str, Tensor | None]:
    """Send the upstream gradient back to every floating-point argument."""
    inputs = {name: tensor for name, tensor in named_tensors(arguments) if tensor.requires_grad}
    outputs = [tensor for tensor in tensors_of(result) if tensor.is_floating_point()]
    fit = [output.shape for output in outputs] == [up.shape for up in case.upstream]
    pairs = [
        (output, up.to(output.dtype, copy=True))
        for output, up in zip(outputs, case.upstream, strict=False)
        if output.requires_grad
    ]
    if not fit or not pairs:
        return dict.fromkeys(inputs)
    found = torch.autograd.grad(
        [output for output, _ in pairs],
        list(inputs.values()),
        [up for _, up in pairs],
        allow_unused=True,
    )
    return {
        name: None if gradient is None else plain(gradient)
        for name, gradient in zip(inputs, found, strict=True)
    }


def _refusal(question: Question, candidate: object) -> Raised | None:
    """Say why a candidate cannot even be called, if it cannot."""
    wanted = list(question.parameters)
    name = question.call.partition("(")[0]
    if not callable(candidate):
        message = f"{name} is {describe(candidate)}. Define it as {question.call}."
        return Raised("NotCallable", message)
    if question.driver == "trained":
        return None  # a model takes anything; its driver says what is wrong with it
    try:
        parameters = parameters_of(candidate)
    except (TypeError, ValueError):
        return None
    got = [parameter.name for parameter in parameters]
    optional = {
        parameter.name for parameter in parameters if parameter.default is not parameter.empty
    }
    by_place = question.driver == "autograd_function" and len(got) >= len(wanted)
    named = by_place or got[: len(wanted)] == wanted
    if not named or not set(got[len(wanted) :]) <= optional:
        message = (
            f"{name} takes ({', '.join(got)}). Define it as {question.call}, as in the exercise."
        )
        return Raised("WrongSignature", message)
    return None


def _raised(error: BaseException) -> Raised:
    """Describe an exception by the last line of the learner's own code that it passed."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not frame.filename.startswith(_NOT_LEARNERS)]
    at = own[-1] if own else None
    return Raised(
        type(error).__name__,
        str(error)[:MAX_PRINTED],
        at.lineno if at else None,
        (at.line or "") if at else "",
    )
