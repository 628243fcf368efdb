"""Subclasses of ``torch.autograd.Function``."""

import contextlib
import inspect
import io
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


def autograd_function(candidate: Any, grad_output: Tensor | None = None, **arguments: Any) -> Any:
    """Apply a subclass of ``torch.autograd.Function`` to the arguments, in their order.

    The ``apply`` is torch's, whatever the subclass says, so that its ``backward`` is what runs.
    It is called on other inputs before and after, as where a network holds it several times:
    what ``forward`` keeps anywhere but in ``ctx`` is of another call then.

    Args:
        candidate: the subclass.
        grad_output: where it is given, what ``backward`` makes of it is asked too.
        arguments: what ``forward`` takes after ``ctx``; names do not matter.

    Returns:
        The result; with ``grad_output``, a tuple of it and of the gradient with respect to each
        floating-point argument, None where none arrives.

    Raises:
        ValueError: ``forward`` wrote into its input.
    """
    apply = torch.autograd.Function.apply.__func__  # type: ignore[attr-defined]
    if grad_output is not None:
        arguments = {name: _leaf(value) for name, value in arguments.items()}
    before = [_copied(value) for value in arguments.values()]
    _apply_elsewhere(apply, candidate, before)
    result = apply(candidate, *arguments.values())
    for name, value, old in zip(arguments, arguments.values(), before, strict=True):
        if isinstance(value, Tensor) and not torch.equal(value, old):
            raise ValueError(f"forward changed its input {name}; return a new tensor.")
    _apply_elsewhere(apply, candidate, before)
    if grad_output is None:
        return result
    if isinstance(result, Tensor) and result.requires_grad:
        torch.autograd.backward(result, grad_output.clone())
    leaves = (value for value in arguments.values() if isinstance(value, Tensor))
    return result, *(leaf.grad for leaf in leaves if leaf.is_floating_point())


def _copied(value: Any) -> Any:
    return value.detach().clone() if isinstance(value, Tensor) else value


def _leaf(value: Any) -> Any:
    if isinstance(value, Tensor) and value.is_floating_point():
        return value.detach().requires_grad_()
    return value


def _apply_elsewhere(apply: Callable[..., Any], candidate: Any, arguments: list[Any]) -> None:
    """Apply a function to inputs that differ from the arguments; what it prints is not shown."""
    others = [
        1 - value
        if isinstance(value, Tensor) and value.is_floating_point()
        else value + 1
        if isinstance(value, float)
        else value
        for value in arguments
    ]
    with contextlib.redirect_stdout(io.StringIO()):
        apply(candidate, *others)


def parameters_of(candidate: Callable[..., Any]) -> list[inspect.Parameter]:
    """List the parameters a learner gives a candidate: for an autograd function, its forward's."""
    if isinstance(candidate, type) and issubclass(candidate, torch.autograd.Function):
        takes_context = candidate.setup_context is torch.autograd.Function.setup_context
        return list(inspect.signature(candidate.forward).parameters.values())[takes_context:]
    return list(inspect.signature(candidate).parameters.values())
