"""Exercises: what is asked for, how it is tried, and the wrong answers learners really give."""

import difflib
import importlib
import importlib.util
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from torchproof.checking.cases import Case, Cases, Draw, Group
from torchproof.checking.compare import Finding
from torchproof.checking.drive import DRIVERS, parameters_of
from torchproof.checking.observe import Observation, Question
from torchproof.checking.tree import map_tensors, tensors_of
from torchproof.errors import UnknownExerciseError

Function = Callable[..., Any]

FUNCTION_GROUPS = tuple(group for group in Group if group is not Group.HELD_OUT)
"""The groups of an exercise that says nothing else: all that make sense for a function."""

_REGISTRY: dict[str, "Exercise"] = {}


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that learners give.

    Attributes:
        name: the fault in a few words.
        hint: one sentence that tells the learner which mistake it is.
        function: the wrong answer itself.
    """

    name: str
    hint: str
    function: Function


class Exercise:
    """A function the learner writes, with its reference, its cases and its known mistakes.

    Made by the decorator `exercise` from the reference; the decorators `cases` and `mistake`
    add the rest; `measured` where right results are random, `graded` where they are a matter of
    degree.

    Attributes:
        id: ``<assignment>.<name>``, as in ``tensors.threshold``.
        reference: the right answer, written with torch.
        points: what a right answer scores; each group is worth an equal share.
        groups: the groups it is checked in.
        not_allowed: torch names the learner may not call (see `torchproof.checking.watch`).
        loops: whether loops and comprehensions are allowed.
        picture: how a wrong result is drawn: "curve", "map", or not at all.
        driver: the name of the way a candidate is called (see `torchproof.checking.drive`).
    """

    def __init__(
        self,
        reference: Function,
        points: float | None = None,
        groups: tuple[Group, ...] = FUNCTION_GROUPS,
        not_allowed: tuple[str, ...] = (),
        loops: bool = True,
        picture: str | None = None,
        driver: str = "function",
    ) -> None:
        self.id = f"{_topic(reference.__module__)}.{reference.__name__}"
        self.reference = reference
        self.points = float(len(groups) if points is None else points)
        self.groups = groups
        self.not_allowed = not_allowed
        self.loops = loops
        self.picture = picture
        self.driver = driver
        self.mistakes: list[Mistake] = []
        self.measure: Callable[[Observation, Case], dict[str, Any]] | None = None
        self.grade: Callable[[Observation, Case], Finding | None] | None = None
        self._cases: Callable[[Draw], Cases] | None = None

    @cached_property
    def question(self) -> Question:
        """What observing a candidate takes; it holds nothing of the answer."""
        parameters = tuple(each.name for each in parameters_of(self.reference))
        return Question(self.id, parameters, self.not_allowed, self.driver)

    def cases(self, function: Callable[[Draw], Cases]) -> Callable[[Draw], Cases]:
        """Take the decorated generator as the source of cases."""
        self._cases = function
        return function

    def measured(self, function: Function) -> Function:
        """Take the decorated function as what is compared where right results are random.

        It is given an observation, whose result has the type and shapes of the reference's, and
        its case. It returns what is measured of it, by names that read well before a colon; each
        is a `torchproof.checking.compare.Measure`, or a value that must be equal.
        """
        self.measure = function
        return function

    def graded(self, function: Function) -> Function:
        """Take the decorated function as what judges a result that is good or less good.

        It is given an observation that raised nothing, and its case, and returns None where the
        case deserves all of its group's points, or a `torchproof.checking.compare.Finding` whose
        ``share`` it deserves. The reference is not called then.
        """
        self.grade = function
        return function

    def mistake(self, name: str, hint: str) -> Callable[[Function], Function]:
        """Take the decorated function as a mistake of this name."""

        def add(function: Function) -> Function:
            self.mistakes.append(Mistake(name, hint, function))
            return function

        return add

    def draw(self, seed: int) -> list[Case]:
        """Draw all cases from a seed, in the order of the groups.

        ``gradients`` and ``no side effects`` reuse the inputs of ``values``; ``shapes`` are
        tried contiguous and not, and on the accelerator where there is one.
        """
        assert self._cases is not None, f"{self.id} has no cases"
        draw = Draw(seed)
        given = [replace(case, seed=seed) for case in self._cases(draw)]
        of = {group: [case for case in given if case.group is group] for group in Group}
        of[Group.GRADIENTS] = list(self._gradients(of[Group.VALUES] + of[Group.GRADIENTS], draw))
        of[Group.SHAPES] = list(_placed(of[Group.SHAPES]))
        of[Group.NO_SIDE_EFFECTS] = [
            replace(case, group=Group.NO_SIDE_EFFECTS) for case in of[Group.VALUES]
        ]
        return [case for group in self.groups for case in of[group]]

    def _gradients(self, given: list[Case], draw: Draw) -> Iterator[Case]:
        """Ask for gradients in float64, with a random upstream gradient for each result."""
        if Group.GRADIENTS not in self.groups:
            return
        for case in given:
            arguments = map_tensors(_double, case.arguments)
            results = tensors_of(DRIVERS[self.driver](self.reference, **arguments))
            upstream = tuple(
                draw.normal(*result.shape, dtype=torch.float64)
                for result in results
                if result.is_floating_point()
            )
            yield replace(case, group=Group.GRADIENTS, arguments=arguments, upstream=upstream)


def _topic(module: str) -> str:
    """Return the name in ``torchproof.catalog``, or a module's own where it lies elsewhere."""
    inside = module.removeprefix("torchproof.catalog.")
    return inside.partition(".")[0] if inside != module else module.rpartition(".")[2]


def _double(tensor: Tensor) -> Tensor:
    return tensor.double() if tensor.is_floating_point() else tensor


def _placed(given: list[Case]) -> Iterator[Case]:
    for case in given:
        yield case
        yield replace(case, contiguous=False)
        if torch.accelerator.is_available():
            yield replace(case, device=str(torch.accelerator.current_accelerator()))


def exercise(**options: Any) -> Callable[[Function], Exercise]:
    """Make the decorated reference an `Exercise` and register it under its id.

    Takes the keyword arguments of `Exercise`.
    """

    def make(reference: Function) -> Exercise:
        made = Exercise(reference, **options)
        _REGISTRY[made.id] = made
        return made

    return make


def find(exercise_id: str) -> Exercise:
    """Return the exercise with this id.

    Raises:
        UnknownExerciseError: there is none; the message names the nearest ids.
    """
    topic = str(exercise_id).partition(".")[0]
    if exercise_id not in _REGISTRY and topic.isidentifier():
        module = f"torchproof.catalog.{topic}"
        if importlib.util.find_spec(module) is not None:
            importlib.import_module(module)
    if exercise_id not in _REGISTRY:
        load_catalog()
        near = difflib.get_close_matches(str(exercise_id), _REGISTRY, n=3, cutoff=0.4)
        known = " or ".join(repr(name) for name in near or sorted(_REGISTRY)[:3])
        raise UnknownExerciseError(
            f"No exercise is called {exercise_id!r}. Check the id; did you mean {known}?"
        )
    return _REGISTRY[exercise_id]


def load_catalog() -> list[Exercise]:
    """Import every module of the catalog and return all exercises in the order of the catalog."""
    import torchproof.catalog

    for module in pkgutil.iter_modules(torchproof.catalog.__path__):
        importlib.import_module(f"torchproof.catalog.{module.name}")
    return list(_REGISTRY.values())
