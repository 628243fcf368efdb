"""Correct answers to ``02_neurons``, at least two for each exercise, each thought differently."""

import itertools
import math

import torch
import torch.nn.functional as F
from torch import nn


def linear_matmul(x, weight, bias):
    result = x @ weight.T
    if bias is not None:
        result = result + bias
    return result


def linear_einsum(x, weight, bias):
    result = torch.einsum("...i,oi->...o", x, weight)
    return result if bias is None else result.add(bias)


def linear_weighted_sum(x, weight, bias):
    total = (x[..., None, :] * weight).sum(dim=-1)
    return total + (0 if bias is None else bias)


def linear_addmm(x, weight, bias):
    rows = x.reshape(math.prod(x.shape[:-1]), x.shape[-1])
    bias = weight.new_zeros(len(weight)) if bias is None else bias
    return torch.addmm(bias, rows, weight.t()).reshape(*x.shape[:-1], len(weight))


def linear_inner(x, weight, bias):
    result = torch.inner(x, weight)
    if bias is not None:
        result += bias
    return result


def linear_neuron_by_neuron(x, weight, bias):
    neurons = [(x * row).sum(dim=-1) for row in weight]
    layer = torch.stack(neurons, dim=-1)
    return layer if bias is None else layer + bias


def predict_proba_sigmoid(x, weight, bias):
    return (x @ weight + bias).sigmoid()


def predict_proba_tanh(x, weight, bias):
    logits = torch.mv(x, weight).add(bias)
    return 0.5 * (1 + torch.tanh(logits / 2))


def predict_proba_small_exp(x, weight, bias):
    logits = (x * weight).sum(dim=1) + bias
    small = torch.exp(-logits.abs())
    return torch.where(logits >= 0, 1, small) / (1 + small)


def predict_proba_logsigmoid(x, weight, bias):
    return F.logsigmoid(F.linear(x, weight[None], bias[None]).squeeze(-1)).exp()


def predict_proba_softmax_of_two(x, weight, bias):
    logits = x @ weight + bias
    return torch.stack([torch.zeros_like(logits), logits], dim=1).softmax(dim=1)[:, 1]


def count_parameters_numel(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


def count_parameters_by_identity(model):
    seen = {}
    for module in model.modules():
        for parameter in module.parameters(recurse=False):
            if parameter.requires_grad:
                seen[id(parameter)] = math.prod(parameter.shape)
    return sum(seen.values())


def count_parameters_loop(model):
    count = 0
    for _, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        count += parameter.nelement()
    return count


class MLP_sequential(nn.Module):  # noqa: N801
    def __init__(self, sizes, activation=nn.ReLU):
        super().__init__()
        layers = []
        for i in range(len(sizes) - 1):
            layers.append(nn.Linear(sizes[i], sizes[i + 1]))
            if i < len(sizes) - 2:
                layers.append(activation())
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


class MLP_module_list(nn.Module):  # noqa: N801
    def __init__(self, sizes, activation=nn.ReLU):
        super().__init__()
        pairs = itertools.pairwise(sizes)
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in pairs)
        self.activation = activation()

    def forward(self, x):
        *hidden, last = self.layers
        for layer in hidden:
            x = self.activation(layer(x))
        return last(x)


class MLP_hidden_and_output(nn.Module):  # noqa: N801
    def __init__(self, sizes, activation=nn.ReLU):
        super().__init__()
        self.activation = activation
        self.hidden = nn.ModuleList()
        for a, b in itertools.pairwise(sizes[:-1]):
            self.hidden.append(nn.Linear(a, b))
        self.output = nn.Linear(*sizes[-2:])

    def forward(self, x):
        for layer in self.hidden:
            x = self.activation()(layer(x))
        return self.output(x)


class MLP_is_a_sequential(nn.Sequential):  # noqa: N801
    def __init__(self, sizes, activation=nn.ReLU):
        layers = [nn.Linear(sizes[0], sizes[1])]
        for a, b in itertools.pairwise(sizes[1:]):
            layers += [activation(), nn.Linear(a, b)]
        super().__init__(*layers)


class MLP_own_parameters(nn.Module):  # noqa: N801
    def __init__(self, sizes, activation=nn.ReLU):
        super().__init__()
        self.depth = len(sizes) - 1
        for i in range(self.depth):
            weight = torch.randn(sizes[i + 1], sizes[i]) / sizes[i] ** 0.5
            setattr(self, f"weight{i}", nn.Parameter(weight))
            setattr(self, f"bias{i}", nn.Parameter(torch.zeros(sizes[i + 1])))
        self.activation = activation()

    def forward(self, x):
        for i in range(self.depth):
            x = x if i == 0 else self.activation(x)
            x = x @ getattr(self, f"weight{i}").mT + getattr(self, f"bias{i}")
        return x


def logistic_regression_by_hand(x, y, lr, steps):
    n, d = x.shape
    weight = torch.zeros(d, dtype=x.dtype, device=x.device)
    bias = torch.zeros((), dtype=x.dtype, device=x.device)
    for _ in range(steps):
        error = torch.sigmoid(x @ weight + bias) - y
        weight = weight - lr * (x.T @ error) / n
        bias = bias - lr * error.mean()
    return weight, bias


def logistic_regression_backward(x, y, lr, steps):
    weight = x.new_zeros(x.shape[1], requires_grad=True)
    bias = x.new_zeros((), requires_grad=True)
    for _ in range(steps):
        loss = F.binary_cross_entropy_with_logits(x @ weight + bias, y)
        loss.backward()
        with torch.no_grad():
            for parameter in (weight, bias):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return weight, bias


def logistic_regression_softplus(x, y, lr, steps):
    weight, bias = x.new_zeros(x.shape[1]), x.new_zeros(())
    for _ in range(steps):
        weight.requires_grad_()
        bias.requires_grad_()
        logits = (x * weight).sum(1) + bias
        loss = (F.softplus(logits) - y * logits).mean()
        slopes = torch.autograd.grad(loss, (weight, bias))
        weight, bias = (weight - lr * slopes[0]).detach(), (bias - lr * slopes[1]).detach()
    return weight, bias


def logistic_regression_logsigmoid(x, y, lr, steps):
    weight = torch.zeros_like(x[0], requires_grad=True)
    bias = torch.zeros_like(x[0, 0], requires_grad=True)
    for _ in range(steps):
        logits = torch.mv(x, weight) + bias
        loss = -(y * F.logsigmoid(logits) + (1 - y) * F.logsigmoid(-logits)).mean()
        weight.grad = bias.grad = None
        loss.backward()
        weight.data.sub_(lr * weight.grad)
        bias.data.sub_(lr * bias.grad)
    return weight.detach(), bias.detach()


def logistic_regression_bias_as_column(x, y, lr, steps):
    """Add a column of ones, whose weight is the bias, and sum the examples one by one."""
    rows = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)
    theta = torch.zeros_like(rows[0])
    for _ in range(steps):
        gradient = torch.zeros_like(theta)
        for row, label in zip(rows, y, strict=True):
            gradient += (1 / (1 + torch.exp(-(row * theta).sum())) - label) * row
        theta -= lr * gradient / len(y)
    return theta[:-1], theta[-1]
