"""Ways to call a candidate.

A case holds plain values only, so a candidate that is a class, or that takes a model, is called
through a driver that builds what is needed from them. Drivers are known by name: the name is all
that an exercise keeps, and all that travels to where the candidate runs.
"""

import inspect
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

from torchproof.errors import ModuleMismatchError


def function(candidate: Callable[..., Any], **arguments: Any) -> Any:
    """Call a function with the arguments of the case."""
    return candidate(**arguments)


def autograd_function(candidate: Any, **arguments: Any) -> Any:
    """Apply a subclass of ``torch.autograd.Function`` to the arguments, in their order.

    The ``apply`` is torch's, whatever the subclass says, so that its ``backward`` is what runs.
    """
    return torch.autograd.Function.apply.__func__(candidate, *arguments.values())  # type: ignore


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
    """
    made = candidate(**{name: _resolve(value) for name, value in init.items()})
    own = dict(made.named_parameters())
    has, asked = ([tuple(each.shape) for each in group] for group in (own.values(), parameters))
    if has != asked:
        raise ModuleMismatchError(
            f"its parameters have the shapes {has or 'of none'}; asked are {asked}. "
            "Layers must be attributes, or lie in an nn.ModuleList, to be registered."
        )
    return functional_call(made, dict(zip(own, parameters, strict=True)), (x,))


def network(candidate: Callable[[nn.Module], Any], layers: list[Any]) -> Any:
    """Build a network from a description, and call a function on it.

    Args:
        candidate: a function of one model.
        layers: the parts of an ``nn.Sequential``, in order. A dict makes a layer: ``kind`` is its
            class, as in ``"nn.Linear"``, ``sizes`` its positional arguments, ``frozen`` takes its
            parameters out of training, ``weight_of`` gives it the weight of an earlier part by
            index, and anything else is a keyword argument. ``{"again": 0}`` is an earlier part
            once more, and a list is a sequence inside.
    """
    return candidate(_sequence(layers))


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
    frozen: bool = False,
    weight_of: int | None = None,
    **options: Any,
) -> nn.Module:
    layer: nn.Module = _resolve(kind)(*sizes, **options)
    if weight_of is not None:
        layer.weight = before[weight_of].weight
    return layer.requires_grad_(not frozen)


def _resolve(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("nn."):
        return getattr(nn, value.removeprefix("nn."))
    return value


DRIVERS: dict[str, Callable[..., Any]] = {
    driver.__name__: driver for driver in (function, autograd_function, module, network)
}
"""Every driver by its name."""
