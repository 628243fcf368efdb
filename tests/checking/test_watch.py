import sys

import pytest
import torch
import torch.nn.functional as F

from torchproof.checking.watch import Watch, look

X = torch.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize(
    "call",
    [
        lambda: torch.relu(X),
        lambda: F.relu(X),
        lambda: X.relu(),
        lambda: X.clone().relu_(),
        lambda: torch.nn.ReLU()(X),
        lambda: getattr(torch, "re" + "lu")(X),
        lambda: torch.ops.aten.relu(X),
        lambda: torch.ops.aten.relu.default(X),
        lambda: torch._VF.relu(X),
    ],
)
def test_bare_name_means_every_alias(call):
    with Watch(["relu", "relu_"]) as watch:
        call()
    assert watch.not_allowed


@pytest.mark.parametrize("call", [lambda: X + 1, lambda: torch.zeros(2), lambda: X.shape])
def test_torch_means_every_call(call):
    with Watch(["torch"]) as watch:
        call()
    assert list(watch.not_allowed) == ["torch"]


@pytest.mark.parametrize("call", [lambda: X.clamp(min=0), lambda: X.unfold(1, 2, 1)])
def test_other_calls_are_allowed(call):
    with Watch(["relu", "torch.nn.functional.unfold"]) as watch:
        call()
    assert watch.not_allowed == {}


def test_dotted_name_means_that_function_alone():
    with Watch(["torch.nn.functional.unfold"]) as watch:
        F.unfold(X[None, None], 2)
    assert list(watch.not_allowed) == ["unfold"]


@pytest.mark.parametrize(
    ("run", "calls"),
    [
        (lambda: X + 1, 1),
        (lambda: (X + 1).sum(), 2),
        (lambda: X.tolist(), 6),
        (lambda: [row.sum() for row in (X[0], X[1])], 4),
    ],
)
def test_calls_are_counted(run, calls):
    with Watch() as watch:
        run()
    assert watch.calls == calls


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("for v in t:\n    pass", ["a for loop in line 1"]),
        ("x = 1\nwhile x:\n    x -= 1", ["a while loop in line 2"]),
        ("y = [v for v in t]", ["a list comprehension in line 1"]),
        ("y = sum(v for v in t)", ["a generator expression in line 1"]),
        ("y = map(f, t)", ["map in line 1"]),
        ("y = torch.vmap(f)(t)", ["vmap in line 1"]),
        ("y = t.apply_(f)", ["apply_ in line 1"]),
        ("y = torch.where(t > 0, 1, 0)", []),
        ("def f(:", []),
    ],
)
def test_loops_are_found_in_source(source, found):
    assert look(source, loops=False) == found


def test_loops_are_no_matter_where_they_are_allowed():
    assert look("for v in t: pass") == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("y = F.one_hot(x)", True),
        ("y = torch.nn.functional.one_hot(x)", True),
        ("from torch.nn.functional import one_hot as oh\ny = oh(x)", True),
        ("import torch.nn.functional as fn\ny = fn.one_hot(x)", True),
        ("y = getattr(F, 'one_hot')(x)", True),
        ("y = getattr(F, 'one' + '_' + 'hot')(x)", True),
        ("y = getattr(F, f'one_{\"hot\"}')(x)", True),
        ("y = getattr(F, name)(x)", False),
        ("def one_hot(x):\n    return x", False),
        ("y = 'one_hot'", False),
    ],
)
def test_bare_name_is_found_in_source(source, found):
    assert bool(look(source, ["one_hot"])) is found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("y = F.unfold(x, 2)", ["torch.nn.functional.unfold in line 1"]),
        ("y = nn.Unfold(2)(x)", ["torch.nn.Unfold in line 1"]),
        ("y = x.unfold(2, 1, 1)", []),
        ("y = nn.Unfolder()", []),
    ],
)
def test_dotted_name_is_found_in_source(source, found):
    assert look(source, ["torch.nn.functional.unfold", "torch.nn.Unfold"]) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("torch.optim.SGD(p, lr=1)", True),
        ("optim.SGD(p, lr=1)", True),
        ("from torch.optim import SGD", True),
        ("from torch import optim as o\no.SGD(p, lr=1)", True),
        ("torch.optimal", False),
        ("def rate(lr):\n    optim = lr / 2\n    return optim", False),
        ("def rate(optim):\n    return optim.lr", False),
        ("def step(p):\n    return optim.SGD(p)\ndef rate(optim):\n    return 0", True),
    ],
)
def test_module_name_means_all_that_is_in_it(source, found):
    assert bool(look(source, ["torch.optim"])) is found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import torch", True),
        ("from torch.nn import functional", True),
        ("import torch as t\ny = t.exp(x)", True),
        ("y = F.relu(x)", True),
        ("import math\ny = math.exp(x)", False),
        ("import torchproof", False),
    ],
)
def test_torch_is_found_in_source_under_any_name(source, found):
    assert bool(look(source, ["torch"])) is found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from sklearn import metrics\nmetrics.auc(x, y)", True),
        ("from sklearn.metrics import auc", True),
        ("import sklearn.metrics as m\nm.auc(x, y)", True),
        ("import sklearn\nsklearn.metrics.auc(x, y)", True),
        ("from sklearn.datasets import load_digits", False),
        ("import torchmetrics", True),
        ("from torchmetrics import Accuracy", True),
        ("import torchmetrics.functional as tm\ntm.auroc(x, y)", True),
        ("torchmetrics = 3", False),
        ("m = importlib.import_module('sklearn.metrics')", True),
        ("m = __import__('sklearn.' + 'metrics', fromlist=['auc'])", True),
        ("name = 'sklearn.metrics.cluster'", True),
        ("'sklearn.metrics. It has auc.'", False),
        ("y = 'sklearn.metric'", False),
    ],
)
def test_other_packages_are_found_in_source(source, found):
    assert bool(look(source, ["sklearn.metrics", "torchmetrics"])) is found


def test_other_packages_are_not_imported_to_watch():
    missing = set(sys.modules)
    with Watch(["xml.dom.minicompat"]) as watch:
        X.sum()
    assert (watch.not_allowed, "xml.dom.minicompat" in set(sys.modules) - missing) == ({}, False)


@pytest.mark.parametrize(
    "source",
    [
        "with torch._C.DisableTorchFunction(): pass",
        "from torch._C import DisableTorchFunction as quiet",
        "with getattr(torch._C, 'Disable' + 'TorchFunction')(): pass",
    ],
)
def test_no_exercise_allows_to_switch_the_watching_off(source):
    assert len(look(source)) == 1
