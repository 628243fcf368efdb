"""Calling functions of a graph."""

import torch

from torchproof.checking.drive.graphs import on_graph


def degrees(x, adjacency):
    return x * adjacency.sum(dim=1)


def change(x, adjacency):
    return adjacency.fill_diagonal_(1)


def test_hands_over_every_argument():
    result = on_graph(degrees, x=torch.tensor([2.0, 3.0]), adjacency=torch.ones(2, 2))
    assert result.tolist() == [4.0, 6.0]


def test_gradient_reaches_the_other_arguments():
    x, adjacency = torch.ones(2, requires_grad=True), torch.ones(2, 2, requires_grad=True)
    on_graph(degrees, x=x, adjacency=adjacency).sum().backward()
    assert x.grad.tolist() == [2.0, 2.0]


def test_no_gradient_reaches_the_adjacency_matrix():
    x, adjacency = torch.ones(2, requires_grad=True), torch.ones(2, 2, requires_grad=True)
    on_graph(degrees, x=x, adjacency=adjacency).sum().backward()
    assert adjacency.grad is None


def test_what_the_candidate_changes_is_changed():
    adjacency = torch.zeros(2, 2)
    on_graph(change, x=torch.ones(2), adjacency=adjacency)
    assert adjacency.tolist() == [[1.0, 0.0], [0.0, 1.0]]
