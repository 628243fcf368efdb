import symtable

import pytest

from torchproof.checking.names import global_names

READ = symtable.Symbol.is_referenced


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("x + y", ["x", "y"]),
        ("def f(x):\n    return x + y", ["y"]),
        ("def f():\n    x = 1\n    return x", []),
        ("def f():\n    def g():\n        return z\n    return g", ["z"]),
        ("class A:\n    def f(self):\n        return self.x + y", ["y"]),
        ("lambda loss: loss", []),
        ("no source", []),
    ],
)
def test_names_that_are_read(source, names):
    assert sorted(global_names(source, READ)) == names


def test_names_that_are_bound():
    source = "x = 1\nimport math\ny"
    bound = symtable.Symbol.is_assigned, symtable.Symbol.is_imported
    assert sorted(global_names(source, *bound)) == ["math", "x"]
