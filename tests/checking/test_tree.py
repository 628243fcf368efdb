import json
import struct
from collections import OrderedDict, defaultdict

import numpy as np
import pytest
import safetensors.torch
import torch

from torchproof.checking import tree
from torchproof.checking.tree import Opaque, decode, describe, encode, plain, tensors_of
from torchproof.errors import MalformedMessageError


class LyingTensor(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return torch.zeros(3)


class Liar:
    def __eq__(self, other):
        return True

    def __float__(self):
        return 1.0


TREES = [
    None,
    True,
    3,
    2.5,
    float("inf"),
    "text",
    [1, [2.0, "three"]],
    (1, (2,)),
    {"a": 1, "b": (2,)},
    {3: "integer keys", ("a", 1): "tuple keys"},
    Opaque("a thing"),
]
TENSORS = [
    torch.randn(2, 3),
    torch.randn(3, dtype=torch.float64),
    torch.arange(4).reshape(2, 2).mT,
    torch.tensor(True),
    torch.empty(0, 3),
    torch.tensor([torch.nan, torch.inf, -torch.inf]),
    torch.randn(2).bfloat16(),
]


@pytest.mark.parametrize("value", TREES, ids=repr)
def test_tree_survives_its_bytes(value):
    assert decode(encode(value)) == value


@pytest.mark.parametrize("tensor", TENSORS, ids=lambda t: f"{t.dtype} {tuple(t.shape)}")
def test_tensor_survives_its_bytes(tensor):
    torch.testing.assert_close(decode(encode(tensor)), tensor, rtol=0, atol=0, equal_nan=True)


def message(structure: str, tensors: bytes = safetensors.torch.save({})) -> bytes:
    return struct.pack("<I", len(structure)) + structure.encode() + tensors


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\x00",
        b"\x80\x04\x95",
        message("not json"),
        message('{"unknown": 1}'),
        message('{"tensor": "7"}'),
        message('{"tensor": "0", "tuple": []}'),
        message('{"dict": [[[1], 2]]}'),
        message("[" * 100_000),
        message("1", b"\xff" * 64),
        message("1")[:-3],
        bytes(tree.MAX_BYTES + tree.MAX_NODES * 100 + 1),
    ],
    ids=lambda sent: repr(sent[:24]),
)
def test_bad_bytes_are_refused(sent):
    with pytest.raises(MalformedMessageError):
        decode(sent)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Liar(), Opaque("an object of type tests.checking.test_tree.Liar")),
        (torch.zeros(2).to_sparse(), Opaque("a tensor of layout torch.sparse_coo on cpu")),
        (torch.zeros(1).expand(2**40), Opaque("a tensor of 1,099,511,627,776 elements")),
        ({1, 2}, Opaque("an object of type builtins.set")),
    ],
    ids=["object", "sparse", "huge", "set"],
)
def test_what_is_not_plain_becomes_opaque(value, expected):
    assert plain(value) == expected


def test_numpys_float_is_a_float():
    assert type(plain(np.float64(0.5))) is float


def test_subclass_cannot_lie_about_its_numbers():
    lie = torch.ones(3).as_subclass(LyingTensor)
    assert plain(lie).tolist() == [1, 1, 1]


def test_copy_shares_no_memory():
    original = torch.zeros(3)
    copy = plain([original])[0]
    original[0] = 1
    assert copy.tolist() == [0, 0, 0]


def test_endless_nesting_is_cut(monkeypatch):
    monkeypatch.setattr(tree, "MAX_NODES", 50)
    assert "more than 50 values" in json.dumps(str(plain(list(range(100)))))


def test_tensors_are_listed_in_order():
    first, second, third = torch.zeros(1), torch.ones(1), torch.ones(2)
    assert tensors_of({"a": [first, 3], "b": (second, {"c": third})}) == [first, second, third]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "None"),
        (3, "an int"),
        (2.0, "a float"),
        (torch.ones(1), "a tensor"),
        ([], "a list"),
        (Opaque("a generator"), "a generator"),
    ],
)
def test_types_are_described_in_words(value, words):
    assert describe(value) == words


def test_ordered_dict_is_a_dict_and_a_defaultdict_is_not():
    ordered, default = OrderedDict(a=1), defaultdict(int, a=1)
    assert [type(plain(ordered)), type(plain(default))] == [dict, Opaque]
