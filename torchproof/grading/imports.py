"""What an assignment's notebooks import: done once for each slot, not again by every learner."""

import ast
import re
from collections.abc import Iterable, Iterator

_PACKAGES = {
    *("matplotlib", "networkx", "numpy", "pandas", "PIL", "scipy"),
    *("skimage", "sklearn", "torch", "torchmetrics"),
}
"""Packages that start no threads when they are imported, so that a process may fork afterwards."""

_FIRST_USES = {r"\boptim\b": "torch._dynamo", r"\btorchproof\.data\b": "sklearn.datasets"}
"""Modules that are imported where something is first used, by what it looks like in the text."""


def imports(sources: Iterable[str]) -> tuple[str, ...]:
    """List the modules that the text of code cells imports, as far as a slot may import them."""
    found: dict[str, None] = {}
    for source in sources:
        for name in _imported(source):
            if name.partition(".")[0] in _PACKAGES:
                found[name] = None
        for use, name in _FIRST_USES.items():
            if re.search(use, source):
                found[name] = None
    return tuple(found)


def _imported(source: str) -> Iterator[str]:
    """Yield the modules of a cell's import statements; a cell with magics has none."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
