"""The reference of the graph layer against messages sent along each edge, one by one."""

import pytest
import torch

from torchproof.catalog.beyond.gcn_layer import gcn_layer


def along_edges(x, adjacency, weight):
    """Let every node collect its neighbours' features, with plain loops and numbers."""
    n = len(x)
    edges = [(i, j, adjacency[i, j].item()) for i in range(n) for j in range(n) if adjacency[i, j]]
    edges += [(i, i, 1.0) for i in range(n)]
    degrees = [sum(strength for i, _, strength in edges if i == node) for node in range(n)]
    mixed = torch.zeros_like(x)
    for i, j, strength in edges:
        mixed[i] += strength / (degrees[i] * degrees[j]) ** 0.5 * x[j]
    return mixed @ weight


@pytest.mark.parametrize("seed", range(10))
def test_layer_equals_messages_along_the_edges(seed):
    cases = gcn_layer.draw(seed)
    for case in cases:
        given = {name: tensor.double() for name, tensor in case.arguments.items()}
        torch.testing.assert_close(gcn_layer.reference(**given), along_edges(**given))
