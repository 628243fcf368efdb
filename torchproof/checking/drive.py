"""Ways to call a candidate.

A case holds plain values only, so a candidate that is a class, or that takes a model, is called
through a driver that builds what is needed from them. Drivers are known by name: the name is all
that an exercise keeps, and all that travels to where the candidate runs.
"""

import contextlib
import copy
import inspect
import io
import json
import operator
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

from torchproof.errors import ModuleMismatchError


def function(candidate: Callable[..., Any], **arguments: Any) -> Any:
    """Call a function with the arguments of the case."""
    return candidate(**arguments)


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


def module(
    candidate: Callable[..., nn.Module],
    init: dict[str, Any],
    parameters: list[Tensor],
    x: Tensor,
) -> Any:
    """Make a module, put the parameters of the case in the place of its own, and call it on x.

    Args:
        candidate: a subclass of ``nn.Module``.
        init: what it is made with; a string such as ``"nn.ReLU"`` stands for that class.
        parameters: one tensor for each of its parameters, in the order of registration.
        x: what it is called on.

    Raises:
        ModuleMismatchError: its parameters have other shapes than those of the case.
        ValueError: making it changed what it is made with.
    """
    given = {name: _resolve(value) for name, value in init.items()}
    before = copy.deepcopy(given)
    made = candidate(**given)
    for name, value in given.items():
        if value != before[name]:
            raise ValueError(f"__init__ changed the caller's {name}; leave it as it is.")
    own = dict(made.named_parameters())
    has, asked = ([tuple(each.shape) for each in group] for group in (own.values(), parameters))
    if has != asked:
        raise ModuleMismatchError(_mismatch(has, asked, list(own)))
    return functional_call(made, dict(zip(own, parameters, strict=True)), (x,))


def _mismatch(has: list[tuple[int, ...]], asked: list[tuple[int, ...]], names: list[str]) -> str:
    """Say where the shapes of the parameters registered first differ from those asked.

    The names come after the only colon: they are the candidate's own choice.
    """
    if not has:
        return f"no parameters are registered; {len(asked)} are asked, of the shapes {asked}."
    both = f"Registered are {has}, asked {asked}: the names are {', '.join(names)}."
    for i, (own, other) in enumerate(zip(has, asked, strict=False)):
        if own != other:
            return f"parameter {i + 1} has shape {own}, and {other} is asked. {both}"
    return f"{len(has)} parameters are registered, and {len(asked)} are asked. {both}"


def network(candidate: Callable[[nn.Module], Any], layers: list[Any] | dict[str, Any]) -> Any:
    """Build a network from a description, and call a function on it.

    Args:
        candidate: a function of one model.
        layers: the parts of an ``nn.Sequential``, in order, or a layer that stands alone. A dict
            makes a layer: ``kind`` is its class, as in ``"nn.Linear"``, ``sizes`` its positional
            arguments, ``frozen`` takes its parameters, or the one it names, out of training,
            ``weight_of`` gives it the weight of an earlier part by index, and anything else is a
            keyword argument. ``{"again": 0}`` is an earlier part once more, and a list is a
            sequence inside.
    """
    return candidate(_layer([], **layers) if isinstance(layers, dict) else _sequence(layers))


def _sequence(layers: list[Any]) -> nn.Sequential:
    parts: list[nn.Module] = []
    for layer in layers:
        if isinstance(layer, list):
            parts.append(_sequence(layer))
        elif "again" in layer:
            parts.append(parts[layer["again"]])
        else:
            parts.append(_layer(parts, **layer))
    return nn.Sequential(*parts)


def _layer(
    before: list[nn.Module],
    kind: str,
    sizes: list[int] | tuple[int, ...] = (),
    frozen: bool | str = False,
    weight_of: int | None = None,
    **options: Any,
) -> nn.Module:
    layer: nn.Module = _resolve(kind)(*sizes, **options)
    if weight_of is not None:
        layer.weight = before[weight_of].weight
    if isinstance(frozen, str):
        layer.get_parameter(frozen).requires_grad_(False)
        return layer
    return layer.requires_grad_(not frozen)


def _resolve(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("nn."):
        return getattr(nn, value.removeprefix("nn."))
    return value


def with_function(candidate: Callable[..., Any], **arguments: Any) -> Any:
    """Make a function of one tensor from a description, and call a candidate with it.

    The first argument is the description: torch calls, each made on the result of the one before.
    ``[("sub", 1.0), ("square",), ("sum",)]`` is ``x`` to ``torch.sum(torch.square(x - 1.0))``.
    """
    name, steps = next(iter(arguments.items()))

    def described(x: Tensor) -> Tensor:
        for call, *others in steps:
            x = getattr(torch, call)(x, *others)
        return x

    return candidate(**(arguments | {name: described}))


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}


def expression(
    candidate: Callable[[float], Any],
    lines: Sequence[str],
    backward: Sequence[str] = (),
    repeat: int = 1,
) -> dict[str, dict[str, Any]]:
    """Compute with a class of scalars, line by line, and read off its numbers.

    Args:
        candidate: a class made with a number, that has operators, ``data`` and, where ``backward``
            names a node, ``grad`` and ``backward``.
        lines: ``"a = 2.5"`` makes a node; ``"b = a * 3"``, ``"b = - a"`` and ``"b = a.exp()"``
            compute one.
        backward: the nodes whose ``backward()`` is called at the end, in order.
        repeat: how many times the last line is run.

    Returns:
        The ``data`` of every node by its name and, where ``backward`` was called, its ``grad``.

    Raises:
        RecursionError: as the candidate raises it, in the same words wherever it happens.
    """
    nodes: dict[Any, Any] = {}
    parsed = [[_number_or_text(part) for part in line.split()] for line in lines]
    try:
        for name, _, *formula in parsed + parsed[-1:] * (repeat - 1):
            nodes[name] = _compute(candidate, formula, nodes)
        for name in backward:
            nodes[name].backward()
    except RecursionError as error:
        error.args = ("maximum recursion depth exceeded",)
        raise
    read = ("data", "grad") if backward else ("data",)
    return {which: {name: getattr(nodes[name], which) for name in nodes} for which in read}


def _compute(candidate: Callable[[float], Any], formula: list[Any], nodes: dict[Any, Any]) -> Any:
    match formula:
        case [left, sign, right]:
            return _OPERATORS[sign](nodes.get(left, left), nodes.get(right, right))
        case ["-", name]:
            return -nodes[name]
        case [str() as call]:
            name, method = call.removesuffix("()").split(".")
            return getattr(nodes[name], method)()
        case [number]:
            return candidate(number)
    raise AssertionError(f"no formula: {formula}")


def _number_or_text(part: str) -> Any:
    try:
        return json.loads(part)
    except ValueError:
        return part


DRIVERS: dict[str, Callable[..., Any]] = {
    driver.__name__: driver
    for driver in (function, autograd_function, module, network, with_function, expression)
}
"""Every driver by its name."""
