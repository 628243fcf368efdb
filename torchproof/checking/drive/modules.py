"""Subclasses of ``nn.Module``, and functions that take a model."""

import copy
from collections.abc import Callable
from typing import Any

from torch import Tensor, nn
from torch.func import functional_call

from torchproof.errors import ModuleMismatchError


def module(
    candidate: Callable[..., nn.Module],
    init: dict[str, Any],
    parameters: list[Tensor],
    x: Tensor,
    training: bool = True,
    statistics: bool = False,
) -> Any:
    """Make a module, put the parameters of the case in the place of its own, and call it on x.

    Its buffers, such as running statistics, are those of a fresh one, in the dtype of x.

    Args:
        candidate: a subclass of ``nn.Module``.
        init: what it is made with; a string such as ``"nn.ReLU"`` stands for that class.
        parameters: one tensor for each of its parameters, in the order of ``parameters()``.
        x: what it is called on.
        training: whether it is called in training mode, and not in evaluation mode.
        statistics: whether what its floating-point buffers are afterwards is asked too.

    Returns:
        What the module returns; or, with ``statistics``, a dict of that, ``output``, and of the
        buffers, ``buffers``, in the order of ``buffers()``.

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
    made.train(training)
    buffers = {name: _alike(buffer, x) for name, buffer in made.named_buffers()}
    state = buffers | dict(zip(own, parameters, strict=True))
    output = functional_call(made, state, (x,))  # which puts into state what changed
    if not statistics:
        return output
    after = [state[name].detach() for name in buffers if buffers[name].is_floating_point()]
    return {"output": output, "buffers": after}


def _alike(buffer: Tensor, x: Tensor) -> Tensor:
    return buffer.to(x.device, x.dtype if buffer.is_floating_point() else buffer.dtype)


def _mismatch(has: list[tuple[int, ...]], asked: list[tuple[int, ...]], names: list[str]) -> str:
    """Say where the shapes of the parameters registered first differ from those asked.

    The names come after the only colon: they are the candidate's own choice.
    """
    if not has:
        return f"no parameters are registered; {len(asked)} are asked for, of the shapes {asked}."
    both = f"Registered are {has}, asked for {asked}: the names are {', '.join(names)}."
    for i, (own, other) in enumerate(zip(has, asked, strict=False)):
        if own != other:
            return f"parameter {i + 1} has shape {own}, and {other} is asked for. {both}"
    return f"{len(has)} parameters are registered, and {len(asked)} are asked for. {both}"


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
