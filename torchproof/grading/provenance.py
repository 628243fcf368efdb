"""Which of the learner's source belongs to an answer."""

import ast
import symtable
from collections.abc import Iterable, Iterator
from functools import lru_cache

from torchproof.checking.names import global_names


def source_of(expression: str, sources: Iterable[str]) -> str:
    """Return the source behind a candidate: its definition and the learner's code it uses.

    Args:
        expression: what the graded cell hands to ``check``.
        sources: the learner's cells in the order they ran.

    Returns:
        The last definition as it stands, then every definition it reads a name of. Where none
        is found, all sources, so that nothing escapes a look at it.
    """
    definitions: dict[str, list[str]] = {}
    whole = list(sources)
    for source in whole:
        for names, text in _definitions(source):
            for name in names:
                definitions.setdefault(name, []).append(text)
    wanted = [name for name in _names(expression) if name in definitions]
    if not wanted:
        return "\n".join(whole)
    found: dict[str, None] = {}
    reached: dict[str, int] = {}
    while wanted:
        name = wanted.pop(0)
        reached[name] = reached.get(name, 0) + 1
        if reached[name] > 2:
            continue
        texts = definitions[name]
        for text in texts[-1:] if reached[name] == 1 else texts[:-1]:
            found[text] = None
            own = set() if reached[name] > 1 else {name}
            wanted += [used for used in _names(text) if used in definitions and used not in own]
    return "\n".join(found)


@lru_cache(maxsize=4096)
def _definitions(source: str) -> tuple[tuple[list[str], str], ...]:
    """List what each top-level statement binds, with its text."""
    return tuple(_statements(source))


def _statements(source: str) -> Iterator[tuple[list[str], str]]:
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for statement in statements:
        text = ast.get_source_segment(source, statement) or ""
        if getattr(statement, "decorator_list", None):
            text = ast.unparse(statement)
        yield global_names(text, symtable.Symbol.is_assigned, symtable.Symbol.is_imported), text


@lru_cache(maxsize=4096)
def _names(source: str) -> list[str]:
    return global_names(source, symtable.Symbol.is_referenced)
