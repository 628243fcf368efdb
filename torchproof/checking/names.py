"""The global names of a source text, told from local ones of the same spelling."""

import symtable
from collections.abc import Callable


def global_names(source: str, *properties: Callable[[symtable.Symbol], bool]) -> list[str]:
    """List the global names of a source that have one of these properties, however deep.

    Args:
        source: the text; one that cannot be compiled has no names.
        properties: what to look for, as in ``symtable.Symbol.is_referenced``.
    """
    try:
        tables = [symtable.symtable(source, "<cell>", "exec")]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found = []
    while tables:
        table = tables.pop()
        tables += table.get_children()
        for symbol in table.get_symbols():
            is_global = table.get_type() == "module" or symbol.is_global()
            if is_global and any(has(symbol) for has in properties):
                found.append(symbol.get_name())
    return found
