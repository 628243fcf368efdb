"""Ways to call a candidate.

A case holds plain values only, so a candidate that is a class, or that takes a model, is called
through a driver that builds what is needed from them. Drivers are known by name: the name is all
that an exercise keeps, and all that travels to where the candidate runs.
"""

from collections.abc import Callable
from typing import Any

from torch import Tensor, nn
from torch.func import functional_call

from torchproof.errors import ModuleMismatchError


def function(candidate: Callable[..., Any], **arguments: Any) -> Any:
    """Call a function with the arguments of the case."""
    return candidate(**arguments)


def autograd_function(candidate: Any, **arguments: Any) -> Any:
    """Apply a subclass of ``torch.autograd.Function`` to the arguments, in their order."""
    return candidate.apply(*arguments.values())


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


def _resolve(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("nn."):
        return getattr(nn, value.removeprefix("nn."))
    return value


DRIVERS: dict[str, Callable[..., Any]] = {
    driver.__name__: driver for driver in (function, autograd_function, module)
}
"""Every driver by its name."""
