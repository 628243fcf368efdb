"""Functions that take one step of an optimizer."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from torchproof.checking.compare import difference
from torchproof.checking.tree import describe, plain
from torchproof.errors import OptimizerStepError

_LONG = 3
"""Steps of a run in which more is looked at than what it returns."""

_unwatched = torch._C.DisableTorchFunction
"""Where what the driver does itself is neither counted nor looked at, which takes its time."""

Gradients = list[list[Tensor]]


def optimizer_steps(
    candidate: Callable[..., Any],
    params: list[Tensor],
    grads: Gradients,
    state: dict[str, Any],
    steps: int,
    curvature: float = 0.0,
    **options: Any,
) -> dict[str, Tensor]:
    """Let an optimizer take steps, and note the parameters after each of them.

    The state is handed from step to step as it is. In a run of three steps or more, the first two
    are watched: where the candidate changes params, grads or state in place, which are copies of
    its own, the argument of that name is left changed as well, for whoever looks for side
    effects. And they are taken once more, from an empty state and with steps of another problem
    in between, to see that all that is remembered is in the state.

    Args:
        candidate: takes ``params``, ``grads``, ``state`` and the options of a single step, and
            returns new parameters and the new state.
        params: the parameters at the start.
        grads: lists of gradients, one for each parameter, that are used in turn.
        state: the state at the start, ``{}``.
        steps: how many steps to take.
        curvature: what times the parameters is added to each gradient. With 0 the gradients are
            those given, otherwise those of a bowl whose lowest point moves from step to step.
        options: keyword arguments of every step; of a list, the values are used in turn.

    Returns:
        For each parameter its values after each step, shape (steps, *shape of the parameter).

    Raises:
        OptimizerStepError: a step returned something else, or remembers outside its state.
    """
    setting = (candidate, grads, curvature, options)
    run = _Run(*setting, params)
    rows = [run.step(watched=i < 2 and steps >= _LONG) for i in range(steps)]
    if steps >= _LONG:
        _look_for_hidden_memory(_Run(*setting, params), _elsewhere(*setting, params), rows)
    for name, given in (("params", params), ("grads", grads)):
        if name in run.changed:
            given.clear()
    if "state" in run.changed:
        state["changed"] = True
    columns = zip(*rows, strict=True)
    return {f"params[{i}] after each step": torch.stack(each) for i, each in enumerate(columns)}


class _Run:
    """A problem on its way.

    Attributes:
        params: the parameters after the last step.
        changed: what the candidate was given and changed in place, by name.
    """

    def __init__(
        self,
        candidate: Callable[..., Any],
        grads: Gradients,
        curvature: float,
        options: dict[str, Any],
        params: list[Tensor],
    ) -> None:
        self.params = params
        self.changed: set[str] = set()
        self._candidate = candidate
        self._grads = grads
        self._curvature = curvature
        self._options = options
        self._state: Any = {}
        self._taken = 0

    def step(self, watched: bool = False) -> list[Tensor]:
        """Take a step and return the parameters after it, in tensors that no one else has.

        Args:
            watched: whether to note what the candidate changes in place.
        """
        with _unwatched():
            params = [param.clone() for param in self.params]
            given = {"params": params, "grads": self._gradients(), "state": self._state}
            before = plain(given) if watched else {}
        returned = self._candidate(**given, **self._options_now())
        with _unwatched():
            after = plain(given) if watched else {}
            self.changed |= {name for name in before if not _is_same(after[name], before[name])}
            self._taken += 1
            self.params, self._state = _parts(returned, self.params, self._taken)
        return self.params

    def _gradients(self) -> list[Tensor]:
        now = self._grads[self._taken % len(self._grads)]
        if self._curvature == 0:
            return [grad.clone() for grad in now]
        pairs = zip(now, self.params, strict=True)
        return [torch.add(grad, param, alpha=self._curvature) for grad, param in pairs]

    def _options_now(self) -> dict[str, Any]:
        return {
            name: value[self._taken % len(value)] if isinstance(value, list) else value
            for name, value in self._options.items()
        }


def _elsewhere(
    candidate: Callable[..., Any],
    grads: Gradients,
    curvature: float,
    options: dict[str, Any],
    params: list[Tensor],
) -> _Run:
    """Return a run of the same shapes from another place, with other gradients."""
    others = [[2 - grad for grad in now] for now in grads]
    return _Run(candidate, others, curvature, options, [1 - param for param in params])


def _look_for_hidden_memory(again: _Run, other: _Run, rows: list[list[Tensor]]) -> None:
    """Take the first two steps again, with another run's in between; they should be the same."""
    first = again.step()
    other.step()
    other.step()
    second = again.step()
    with _unwatched():
        found = difference([first, second], rows[:2], "")
    if found:
        raise OptimizerStepError(
            "the same steps from state {} give something else when another problem's steps come "
            "in between: what a step remembers belongs in the state it returns, since a global "
            "variable, a default argument or an attribute is shared by all who call."
        )


def _is_same(tree: Any, other: Any) -> bool:
    """Tell whether two plain trees are the same to the last bit; NaN is the same as NaN."""
    if type(tree) is not type(other):
        return False
    if isinstance(tree, Tensor):
        alike = tree.shape == other.shape and tree.dtype == other.dtype
        return alike and bool(((tree == other) | (tree.isnan() & other.isnan())).all())
    if isinstance(tree, dict):
        return tree.keys() == other.keys() and all(_is_same(tree[key], other[key]) for key in tree)
    if isinstance(tree, list | tuple):
        pairs = zip(tree, other, strict=False)
        return len(tree) == len(other) and all(_is_same(one, two) for one, two in pairs)
    return bool(tree == other)


def _is_pair(returned: Any) -> bool:
    """Tell a pair from new parameters alone, of which there may be two."""
    if not isinstance(returned, list | tuple) or len(returned) != 2:
        return False
    return isinstance(returned, tuple) or not isinstance(returned[0], Tensor)


def _parts(returned: Any, before: list[Tensor], number: int) -> tuple[list[Tensor], Any]:
    """Take what a step returned apart into copies of the parameters, and the state."""
    if not _is_pair(returned):
        found = describe(returned)
        found += f" of {len(returned)}" if isinstance(returned, tuple) else ""
        raise OptimizerStepError(
            f"step {number} returned {found}; return two things, new_params and new_state."
        )
    new, state = returned
    if not isinstance(new, list | tuple):
        raise OptimizerStepError(
            f"step {number} returned {describe(new)} as new_params; a list of tensors is asked for."
        )
    if len(new) != len(before):
        raise OptimizerStepError(
            f"step {number} returned {len(new)} new_params; params has {len(before)}."
        )
    for i, (param, old) in enumerate(zip(new, before, strict=True)):
        shape = tuple(old.shape)
        if not isinstance(param, Tensor) or tuple(param.shape) != shape:
            found = f" of shape {tuple(param.shape)}" if isinstance(param, Tensor) else ""
            raise OptimizerStepError(
                f"step {number} returned {describe(param)}{found} as new_params[{i}]; "
                f"a tensor of shape {shape} is asked for, as params[{i}] has."
            )
    return [param.detach().clone() for param in new], state
