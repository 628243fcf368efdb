"""Functions of a graph."""

from collections.abc import Callable
from typing import Any

from torch import Tensor


def on_graph(candidate: Callable[..., Any], adjacency: Tensor, **arguments: Any) -> Any:
    """Call a function of a graph whose adjacency matrix is a constant: no gradient is asked of it.

    The matrix is symmetric, so it may be read by rows or by columns, and answers that are equally
    right would differ in what each of its two entries for one edge gets.
    """
    return candidate(adjacency=adjacency.detach(), **arguments)
