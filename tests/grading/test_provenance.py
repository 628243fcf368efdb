"""The source behind an answer, and nothing else."""

import pytest

from torchproof.grading.provenance import source_of

F = "def f(x):\n    return g(x)"
G = "def g(x):\n    return x"


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (["def f(x):\n    return x"], ["def f(x):\n    return x"]),
        ([F, G], [F, G]),
        ([G, F], [F, G]),
        ([F, "def h(x):\n    return [y for y in x]"], [F]),
        (["def f(k):\n    return k", "share = [k for k in range(3)]"], ["def f(k):\n    return k"]),
        (["f = lambda x: x"], ["f = lambda x: x"]),
        (["from torch import relu as f"], ["from torch import relu as f"]),
        (["def f(x):\n    return 1", F], [F]),
        (["def f(x):\n    return 1", "g = f", F], [F, "g = f", "def f(x):\n    return 1"]),
        (["def f(x):\n    return f(x)", "f(1)"], ["def f(x):\n    return f(x)"]),
        (["exec(text)", "print(1)"], ["exec(text)", "print(1)"]),
        (["def f(:"], ["def f(:"]),
    ],
)
def test_source(sources: list[str], expected: list[str]) -> None:
    assert source_of("f", sources) == "\n".join(expected)
