"""Plain trees: the only values that pass between observing and judging, and their bytes.

A plain tree is a tensor, a number, a string, None, an `Opaque`, or a list, tuple or dict of these.
Its bytes are JSON for the structure and safetensors for the tensors, so that reading them runs no
code, whatever was sent.
"""

import json
import struct
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from torchproof.errors import MalformedMessageError

MAX_BYTES = 64 * 2**20
"""Bytes that one tensor, and one whole message, may have."""

MAX_NODES = 100_000
"""Values that one tree may hold."""


@dataclass(frozen=True)
class Opaque:
    """A value that has no place in a plain tree; only what it was is kept."""

    description: str


def describe(value: object) -> str:
    """Name a value's type as a learner would write it."""
    if value is None:
        return "None"
    if isinstance(value, Opaque):
        return value.description
    if isinstance(value, Tensor):
        return "a tensor"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def plain(value: object) -> Any:
    """Copy a value into a plain tree on the CPU that shares nothing with it.

    What cannot be copied becomes an `Opaque`; nothing of the value's own code is run beyond
    what torch needs to read a tensor.
    """
    budget = [MAX_NODES]
    return _plain(value, budget)


def _plain(value: object, budget: list[int]) -> Any:
    budget[0] -= 1
    if budget[0] < 0:
        return Opaque(f"more than {MAX_NODES:,} values")
    if value is None or type(value) in (bool, int, float, str, Opaque):
        return value
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, Tensor):
        return _plain_tensor(value)
    if isinstance(value, dict) and type(value) in (dict, OrderedDict):  # the latter: a state dict
        return {_plain(k, budget): _plain(v, budget) for k, v in value.items()}
    if isinstance(value, tuple):
        return tuple(_plain(item, budget) for item in value)
    if type(value) is list:
        return [_plain(item, budget) for item in value]
    return Opaque(f"an object of type {type(value).__module__}.{type(value).__qualname__}")


def _plain_tensor(tensor: Tensor) -> Tensor | Opaque:
    with torch._C.DisableTorchFunctionSubclass():
        if tensor.layout is not torch.strided or tensor.is_quantized or tensor.is_meta:
            return Opaque(f"a tensor of layout {tensor.layout} on {tensor.device}")
        if tensor.numel() * tensor.element_size() > MAX_BYTES:
            return Opaque(f"a tensor of {tensor.numel():,} elements")
        copy = torch.empty(tensor.shape, dtype=tensor.dtype)
        return copy.copy_(tensor.detach())


def tensors_of(value: object) -> list[Tensor]:
    """List the tensors of a tree or of any learner's result, in order."""
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, dict):
        return [tensor for item in value.values() for tensor in tensors_of(item)]
    if isinstance(value, list | tuple):
        return [tensor for item in value for tensor in tensors_of(item)]
    return []


def named_tensors(value: Any, name: str = "") -> Iterator[tuple[str, Tensor]]:
    """Yield each tensor of a tree of arguments with its place, as in ``parameters[0]``."""
    if isinstance(value, Tensor):
        yield name, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from named_tensors(item, f"{name}[{key!r}]" if name else str(key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from named_tensors(item, f"{name}[{index}]")


def map_tensors(change: Callable[[Tensor], Tensor], value: Any) -> Any:
    """Rebuild a plain tree with each of its tensors replaced by ``change`` of it."""
    if isinstance(value, Tensor):
        return change(value)
    if isinstance(value, dict):
        return {key: map_tensors(change, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map_tensors(change, item) for item in value)
    return value


def encode(value: Any) -> bytes:
    """Write a plain tree as bytes."""
    tensors: dict[str, Tensor] = {}
    structure = json.dumps(_encode(value, tensors)).encode()
    return struct.pack("<I", len(structure)) + structure + safetensors.torch.save(tensors)


def _encode(value: Any, tensors: dict[str, Tensor]) -> Any:
    if isinstance(value, Tensor):
        key = str(len(tensors))
        tensors[key] = value.detach().cpu().contiguous().clone()
        return {"tensor": key}
    if isinstance(value, Opaque):
        return {"opaque": value.description}
    if isinstance(value, tuple):
        return {"tuple": [_encode(item, tensors) for item in value]}
    if isinstance(value, dict):
        return {"dict": [[_encode(k, tensors), _encode(v, tensors)] for k, v in value.items()]}
    if isinstance(value, list):
        return [_encode(item, tensors) for item in value]
    return value


def decode(message: bytes) -> Any:
    """Read a plain tree from bytes that anyone may have written.

    Raises:
        MalformedMessageError: the bytes are no plain tree, or exceed the limits.
    """
    if len(message) > MAX_BYTES + MAX_NODES * 100:
        raise MalformedMessageError(f"a message of {len(message):,} bytes is over the limit")
    try:
        (length,) = struct.unpack_from("<I", message)
        structure = json.loads(message[4 : 4 + length])
        tensors = safetensors.torch.load(message[4 + length :])
        return _decode(structure, tensors)
    except (ValueError, TypeError, KeyError, struct.error, RecursionError) as error:
        raise MalformedMessageError(f"not a message: {error}") from error
    except safetensors.SafetensorError as error:
        raise MalformedMessageError(f"not a message: {error}") from error


def _decode(node: Any, tensors: dict[str, Tensor]) -> Any:
    if isinstance(node, list):
        return [_decode(item, tensors) for item in node]
    if not isinstance(node, dict):
        return node
    ((kind, content),) = node.items()
    if kind == "tensor":
        return tensors[content]
    if kind == "opaque":
        return Opaque(str(content))
    if kind == "tuple":
        return tuple(_decode(item, tensors) for item in content)
    if kind == "dict":
        return {_decode(key, tensors): _decode(item, tensors) for key, item in content}
    raise ValueError(f"unknown kind of node {kind!r}")
