"""Correct answers to ``07_regularization``, at least two for each exercise, thought differently."""

import itertools
import math
import random

import numpy as np
import torch
from torch import nn


def l1_penalty_sum(params, weight):
    return weight * sum(p.abs().sum() for p in params)


def l1_penalty_vector_norm(params, weight):
    norms = [torch.linalg.vector_norm(p, ord=1) for p in params]
    return weight * torch.stack(norms).sum()


def l1_penalty_signs(params, weight):
    total = torch.zeros((), dtype=params[0].dtype, device=params[0].device)
    for p in params:
        total = total + (p * torch.sign(p).detach()).sum()
    return total * weight


def l1_penalty_two_sides(params, weight):
    flat = nn.utils.parameters_to_vector(params)
    zero = torch.zeros_like(flat)
    return weight * (torch.maximum(flat, zero).sum() - torch.minimum(flat, zero).sum())


def l2_penalty_sum(params, weight):
    return 0.5 * weight * sum((p**2).sum() for p in params)


def l2_penalty_dot(params, weight):
    flat = torch.cat([p.reshape(-1) for p in params])
    return weight * (flat @ flat) / 2


def l2_penalty_norms_squared(params, weight):
    total = 0.0
    for p in params:
        total += (weight / 2) * torch.linalg.vector_norm(p) ** 2
    return total


def l2_penalty_by_hand(params, weight):
    return torch.stack([torch.mul(p, p).mul(weight / 2).sum() for p in params]).sum()


class EarlyStopping_counter:  # noqa: N801
    def __init__(self, patience, min_delta=0.0):
        self.patience = patience
        self.min_delta = min_delta
        self.best = float("inf")
        self.best_step = -1
        self.step_count = 0
        self.bad_steps = 0

    def step(self, loss):
        if loss < self.best - self.min_delta:
            self.best = loss
            self.best_step = self.step_count
            self.bad_steps = 0
        else:
            self.bad_steps += 1
        self.step_count += 1
        return self.bad_steps >= self.patience


class EarlyStopping_history:  # noqa: N801
    """Keeps all losses and looks at them anew at every step."""

    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta, self.losses = patience, min_delta, []

    def _improvements(self):
        found = [(-1, math.inf)]
        for i, loss in enumerate(self.losses):
            if found[-1][1] - loss > self.min_delta:
                found.append((i, loss))
        return found

    @property
    def best(self):
        return self._improvements()[-1][1]

    @property
    def best_step(self):
        return self._improvements()[-1][0]

    def step(self, loss):
        self.losses.append(loss)
        return len(self.losses) - 1 - self.best_step >= self.patience


class EarlyStopping_countdown:  # noqa: N801
    def __init__(self, patience, min_delta=0.0):
        self.patience = self.left = patience
        self.min_delta = min_delta
        self.best, self.best_step = math.inf, -1
        self.steps = itertools.count()

    def step(self, loss):
        now = next(self.steps)
        if not math.isnan(loss) and loss + self.min_delta < self.best:
            self.best, self.best_step, self.left = loss, now, self.patience
        else:
            self.left -= 1
        return not self.left > 0


def xavier_uniform__rand(weight, gain=1.0):
    if weight.dim() < 2:
        raise ValueError("too few dimensions")
    kernel = math.prod(weight.shape[2:])
    bound = gain * math.sqrt(6 / ((weight.shape[0] + weight.shape[1]) * kernel))
    with torch.no_grad():
        weight.copy_((2 * torch.rand_like(weight) - 1) * bound)
    return weight


@torch.no_grad()
def xavier_uniform__in_place(weight, gain=1.0):
    out, inputs, *kernel = weight.shape
    std = gain * (2 / (out + inputs) / math.prod(kernel)) ** 0.5
    return weight.uniform_(-math.sqrt(3) * std, math.sqrt(3) * std)


def xavier_uniform__numpy(weight, gain=1.0):
    if weight.ndim < 2:
        raise ValueError(f"a tensor of shape {tuple(weight.shape)} has no fans")
    area = int(np.prod(weight.shape[2:]))
    bound = gain * np.sqrt(6 / (area * sum(weight.shape[:2])))
    seed = torch.randint(2**31, ()).item()
    numbers = np.random.default_rng(seed).uniform(-bound, bound, tuple(weight.shape))
    weight.data.copy_(torch.from_numpy(numbers))
    return weight


def xavier_uniform__data_replaced(weight, gain=1.0):
    if weight.dim() <= 1:
        raise ValueError
    out, inputs, *kernel = weight.shape
    fans = [channels * math.prod(kernel) for channels in (inputs, out)]
    bound = gain * math.sqrt(3) / math.sqrt(sum(fans) / 2)
    weight.data = torch.empty_like(weight).uniform_(-bound, bound)
    return weight


def xavier_uniform__distribution(weight, gain=1.0):
    if weight.dim() < 2:
        raise ValueError("too few dimensions")
    bound = gain * math.sqrt(6 / (weight[0].numel() + weight[:, 0].numel()))
    with torch.no_grad():
        return weight.copy_(torch.distributions.Uniform(-bound, bound).sample(weight.shape))


def xavier_normal__randn(weight, gain=1.0):
    if weight.dim() < 2:
        raise ValueError("too few dimensions")
    kernel = math.prod(weight.shape[2:])
    with torch.no_grad():
        weight[...] = torch.randn_like(weight)
        weight *= gain * math.sqrt(2 / ((weight.shape[0] + weight.shape[1]) * kernel))
    return weight


def xavier_normal__in_place(weight, gain=1.0):
    out, inputs, *kernel = weight.shape
    weight.detach().normal_(0, gain / math.sqrt((out + inputs) / 2 * math.prod(kernel)))
    return weight


def xavier_normal__box_muller(weight, gain=1.0):
    if weight.dim() < 2:
        raise ValueError("too few dimensions")
    u, v = (torch.rand(weight.shape, dtype=torch.float64) for _ in range(2))
    normal = torch.sqrt(-2 * torch.log1p(-u)) * torch.cos(2 * math.pi * v)
    std = gain * (2 / (weight.shape[0] + weight.shape[1]) / math.prod(weight.shape[2:])) ** 0.5
    with torch.no_grad():
        return weight.copy_(std * normal)


def kaiming_uniform__rand(weight, a=0.0):
    if weight.dim() < 2:
        raise ValueError("too few dimensions")
    bound = math.sqrt(6 / ((1 + a * a) * math.prod(weight.shape[1:])))
    with torch.no_grad():
        weight.copy_(torch.rand_like(weight).mul(2 * bound).sub(bound))
    return weight


@torch.no_grad()
def kaiming_uniform__torch_numbers(weight, a=0.0):
    if len(weight.shape) < 2:
        raise ValueError("too few dimensions")
    fan_in = torch.tensor(weight.shape[1:]).prod()
    gain = torch.sqrt(torch.tensor(2.0) / (1 + a**2))
    bound = (gain * torch.sqrt(3.0 / fan_in)).item()
    weight.uniform_(-bound, bound)
    return weight


def kaiming_uniform__one_at_a_time(weight, a=0.0):
    if weight.dim() < 2:
        raise ValueError("too few dimensions")
    bound = (6 / (1 + a**2) / math.prod(weight.shape[1:])) ** 0.5
    chance = random.Random(torch.randint(2**31, ()).item())
    numbers = [chance.uniform(-bound, bound) for _ in range(weight.numel())]
    with torch.no_grad():
        weight.copy_(torch.tensor(numbers, dtype=weight.dtype).reshape(weight.shape))
    return weight


def kaiming_normal__randn(weight, a=0.0):
    if weight.dim() < 2:
        raise ValueError("too few dimensions")
    std = math.sqrt(2 / (1 + a**2)) / math.sqrt(math.prod(weight.shape[1:]))
    with torch.no_grad():
        weight.copy_(std * torch.randn(weight.shape))
    return weight


def kaiming_normal__in_place(weight, a=0.0):
    if weight.ndim < 2:
        raise ValueError("too few dimensions")
    fan_in = weight.size(1)
    for size in weight.shape[2:]:
        fan_in *= size
    return _filled(weight, (2 / ((1 + a**2) * fan_in)) ** 0.5)


def _filled(weight, std):
    with torch.no_grad():
        return weight.normal_(std=std)


def kaiming_normal__quantiles(weight, a=0.0):
    if weight.dim() < 2:
        raise ValueError("too few dimensions")
    variance = 2 / ((1 + a**2) * math.prod(weight.shape[1:]))
    uniform = torch.rand(weight.shape, dtype=torch.float64).clamp(1e-12, 1 - 1e-12)
    weight.data[:] = torch.erfinv(2 * uniform - 1) * math.sqrt(2 * variance)
    return weight


def dropout_product(x, p, training):
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    return x * (torch.rand_like(x) >= p) / (1 - p)


def dropout_where(x, p, training):
    if not training:
        return x.clone()
    if p == 1.0:
        return torch.zeros_like(x)
    scale = 1 / (1 - p)
    return torch.where(torch.rand(x.shape, device=x.device) < 1 - p, x * scale, torch.zeros_like(x))


def dropout_bernoulli(x, p, training):
    keep = 1 - p if training else 1.0
    mask = torch.bernoulli(torch.full_like(x, keep))
    return x * (mask / keep if keep > 0 else mask)


def dropout_masked_fill(x, p, training):
    if training:
        dropped = torch.empty(x.shape, device=x.device).uniform_() < p
        x = (x / max(1 - p, 1e-12)).masked_fill(dropped, 0)
    return x


class _Dropped(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, p):
        mask = x.new_empty(x.shape).bernoulli_(1 - p) / (1 - p if p < 1 else 1)
        ctx.save_for_backward(mask)
        return x * mask

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * ctx.saved_tensors[0], None


def dropout_autograd_function(x, p, training):
    return _Dropped.apply(x, p) if training else x


def batch_norm_mean_and_var(x, running_mean, running_var, weight, bias, training, momentum, eps):
    dims = [0] if x.dim() == 2 else [0, 2, 3]
    shape = [1, -1] + [1] * (x.dim() - 2)
    if training:
        mean, var = x.mean(dims), x.var(dims, correction=0)
        with torch.no_grad():
            running_mean.mul_(1 - momentum).add_(momentum * mean)
            running_var.mul_(1 - momentum).add_(momentum * x.var(dims))
    else:
        mean, var = running_mean, running_var
    y = (x - mean.view(shape)) / torch.sqrt(var.view(shape) + eps)
    if weight is not None:
        y = y * weight.view(shape)
    if bias is not None:
        y = y + bias.view(shape)
    return y


def batch_norm_channels_last(x, running_mean, running_var, weight, bias, training, momentum, eps):
    rows = x.movedim(1, -1)
    flat = rows.reshape(-1, x.shape[1])
    mean, var = running_mean.clone(), running_var.clone()
    if training:
        n = len(flat)
        mean = flat.sum(0) / n
        var = (flat - mean).pow(2).sum(0) / n
        running_mean += momentum * (mean.detach() - running_mean)
        running_var += momentum * (var.detach() * n / (n - 1) - running_var)
    scale = torch.rsqrt(var + eps)
    scale = scale if weight is None else scale * weight
    y = (rows - mean) * scale
    return (y if bias is None else y + bias).movedim(-1, 1)


def batch_norm_scale_and_shift(x, running_mean, running_var, weight, bias, training, momentum, eps):
    mean, var = running_mean, running_var
    if training:
        var, mean = torch.var_mean(x.transpose(0, 1).flatten(1), dim=1, correction=0)
        n = x.numel() // x.shape[1]
        running_mean.lerp_(mean.detach(), momentum)
        running_var.lerp_(var.detach() * n / (n - 1), momentum)
    scale = (var + eps).rsqrt() * (1 if weight is None else weight)
    shift = (0 if bias is None else bias) - mean * scale
    shape = (-1, *[1] * (x.dim() - 2))
    return x * scale.reshape(shape) + shift.reshape(shape)


def batch_norm_channel_by_channel(
    x, running_mean, running_var, weight, bias, training, momentum, eps
):
    channels = []
    for c in range(x.shape[1]):
        channel = x[:, c]
        mean, var = running_mean[c].clone(), running_var[c].clone()
        if training:
            mean = channel.mean()
            var = torch.mean((channel - mean) ** 2)
            running_mean[c] = ((1 - momentum) * running_mean[c] + momentum * mean).item()
            unbiased = channel.detach().var(unbiased=True)
            running_var.data[c] = torch.lerp(running_var[c], unbiased, momentum)
        y = (channel - mean) / (var + eps) ** 0.5
        y = y if weight is None else weight[c] * y
        channels.append(y if bias is None else y + bias[c])
    return torch.stack(channels, dim=1)


def layer_norm_dims(x, shape, weight, bias, eps):
    dims = list(range(-len(shape), 0))
    mean = x.mean(dim=dims, keepdim=True)
    var = x.var(dim=dims, keepdim=True, unbiased=False)
    y = (x - mean) / torch.sqrt(var + eps)
    if weight is not None:
        y = y * weight
    if bias is not None:
        y = y + bias
    return y


def layer_norm_flat(x, shape, weight, bias, eps):
    rows = x.reshape(-1, math.prod(shape))
    centred = rows - rows.mean(1)[:, None]
    rows = centred * torch.rsqrt((centred * centred).mean(1, keepdim=True) + eps)
    weight = x.new_ones(shape) if weight is None else weight
    bias = x.new_zeros(shape) if bias is None else bias
    return torch.addcmul(bias, weight, rows.reshape(x.shape))


def layer_norm_flatten_and_unflatten(x, shape, weight, bias, eps):
    flat = x.flatten(x.dim() - len(shape))
    var, mean = torch.var_mean(flat, dim=-1, correction=0, keepdim=True)
    y = ((flat - mean) / (var + eps).sqrt()).unflatten(-1, shape)
    y = y if weight is None else weight * y
    return y if bias is None else bias + y
