"""Watching a candidate: how many torch calls it makes, and which of them are not allowed."""

import ast
import pkgutil
import symtable
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from torch import Tensor
from torch.overrides import TorchFunctionMode

from torchproof.checking.names import global_names

_PLACES = (
    "torch",
    "torch.Tensor",
    "torch.nn.functional",
    "torch.special",
    "torch._VF",
    "torch._C._nn",
    "torch.ops.aten",
)
"""Where torch keeps a function's aliases; a bare name that is not allowed means all of them."""

_ALIASES = {"F": "torch.nn.functional", "nn": "torch.nn", "optim": "torch.optim"}
"""What the usual short names stand for when the import is in another cell and they are global."""

_BLIND = ("torch._C.DisableTorchFunction", "torch._C._DisableTorchDispatch")
"""What would switch the watching off; no exercise allows it."""

_ALL = "torch"
"""The name that means every call to torch, whatever it is."""

_PACKAGES = (_ALL, "torchmetrics")
"""Bare names that mean a package with all that is in it; a dotted one always means that."""

_LOOPS = {
    ast.For: "a for loop",
    ast.While: "a while loop",
    ast.ListComp: "a list comprehension",
    ast.SetComp: "a set comprehension",
    ast.DictComp: "a dict comprehension",
    ast.GeneratorExp: "a generator expression",
}

_LOOPING_NAMES = {"map", "filter", "reduce", "vmap", "vectorize", "apply_", "map_"}


@cache
def _objects(names: tuple[str, ...]) -> dict[Any, str]:
    """Map every torch object that the names stand for to its name."""
    found = {}
    for name in names:
        dotted = [name] if "." in name else [f"{place}.{name}" for place in _PLACES]
        for path in dotted:
            if path.partition(".")[0] != _ALL:
                continue  # only calls to torch are watched, and importing others would take long
            try:
                found[pkgutil.resolve_name(path)] = name.rpartition(".")[2]
            except (AttributeError, ImportError):
                continue
    return found


class Watch(TorchFunctionMode):
    """Counts torch calls while active and notes those that are not allowed.

    ``tolist`` counts once for each element, since it hands each one to Python.

    Attributes:
        calls: how many calls were made.
        not_allowed: names of the calls made that are not allowed, in order, each once.
    """

    def __init__(self, not_allowed: Iterable[str] = ()) -> None:
        super().__init__()
        self.calls = 0
        self.not_allowed: dict[str, None] = {}
        names = tuple(not_allowed)
        self._objects = _objects(names)
        self._default = _ALL if _ALL in names else None

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Count the call, then make it."""
        self.calls += args[0].numel() if func is Tensor.tolist else 1
        name = self._objects.get(func) or self._objects.get(getattr(func, "overloadpacket", None))
        name = name or self._default
        if name is not None:
            self.not_allowed[name] = None
        return func(*args, **(kwargs or {}))


def look(source: str, not_allowed: Iterable[str] = (), loops: bool = True) -> list[str]:
    """List what a source text uses that is not allowed, each with its line.

    Finds attributes of torch's modules, imports from them, ``getattr`` with a name that is written
    out, in one piece or in several, a dotted name that is a text of its own, and, where loops are
    not allowed, loops, comprehensions and their functional kin. Source that does not parse gives
    nothing: it cannot run either.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    wanted = (*not_allowed, *_BLIND)
    uses = [] if loops else [*_loops(tree)]
    used = global_names(source, symtable.Symbol.is_referenced)
    aliases = {name: meant for name, meant in _ALIASES.items() if name in used}
    uses += [(node.lineno, use) for node, use in _uses(tree, aliases) if _is_named(use, wanted)]
    uses += [(node.lineno, use) for node, use in _texts(tree) if _is_inside(use, wanted)]
    return [f"{use} in line {line}" for line, use in sorted(set(uses))]


def _loops(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if type(node) in _LOOPS:
            assert isinstance(node, ast.stmt | ast.expr)
            yield node.lineno, _LOOPS[type(node)]
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            if name in _LOOPING_NAMES:
                yield node.lineno, name


def _uses(tree: ast.AST, aliases: dict[str, str]) -> Iterator[tuple[ast.stmt | ast.expr, str]]:
    """Yield each dotted name a tree reads, with short names written out."""
    aliases = dict(aliases)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            start = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            for name in node.names:
                aliases[name.asname or name.name] = start + name.name
                yield node, start + name.name
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            head, dot, rest = ast.unparse(node).partition(".")
            yield node, aliases.get(head, head) + dot + rest
        elif isinstance(node, ast.Name) and node.id in aliases:
            yield node, aliases[node.id]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "getattr":
            for argument in node.args:
                yield node, f"getattr.{_written_out(argument)}"


def _texts(tree: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """Yield each text that is nothing but a dotted name, as import_module takes it."""
    for node in ast.walk(tree):
        text = _written_out(node) if isinstance(node, ast.expr) else ""
        if isinstance(node, ast.expr) and all(part.isidentifier() for part in text.split(".")):
            yield node, text


def _is_inside(text: str, not_allowed: tuple[str, ...]) -> bool:
    """Tell whether a dotted name is one of the dotted ones not allowed, or inside it."""
    return any("." in name and f"{text}.".startswith(f"{name}.") for name in not_allowed)


def _written_out(expression: ast.expr) -> str:
    """Return the text that literals joined by ``+`` or beside each other give, or nothing."""
    if isinstance(expression, ast.BinOp) and isinstance(expression.op, ast.Add):
        return _written_out(expression.left) + _written_out(expression.right)
    if isinstance(expression, ast.JoinedStr):
        return "".join(map(_written_out, expression.values))
    if isinstance(expression, ast.FormattedValue):
        return _written_out(expression.value)
    if isinstance(expression, ast.Constant) and isinstance(expression.value, str):
        return expression.value
    return ""


def _is_named(use: str, not_allowed: tuple[str, ...]) -> bool:
    """Tell whether a dotted name is one of those not allowed; a bare one may have any owner."""
    last = use.rpartition(".")[2]
    by_getattr = use.startswith("getattr.")
    return any(
        use == name
        or (("." in name or name in _PACKAGES) and use.startswith(f"{name}."))
        or (last == name.rpartition(".")[2] and ("." not in name or by_getattr))
        for name in not_allowed
    )
