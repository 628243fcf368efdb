"""Correct answers to ``01_tensors``, at least two for each exercise, each thought differently."""

import torch
import torch.nn.functional as F


def threshold_where(t, limit):
    return torch.where(t > limit, torch.ones_like(t), torch.zeros_like(t))


def threshold_cast(t, limit):
    return t.gt(limit).type_as(t)


def threshold_fill(t, limit):
    result = torch.zeros_like(t)
    result[t > limit] = 1
    return result


def standardize_where(x):
    centred = x - x.mean(dim=0, keepdim=True)
    constant = x.amax(dim=0) == x.amin(dim=0)
    variance = centred.square().mean(dim=0, keepdim=True).masked_fill(constant, 1)
    return torch.where(constant, 0, centred / variance.sqrt())


def standardize_var_mean(x):
    variance, mean = torch.var_mean(x, dim=0, correction=0)
    constant = (x - x[0] == 0).all(dim=0)
    scale = torch.where(constant, torch.ones_like(variance), variance).rsqrt()
    return ((x - mean) * scale).masked_fill(constant, 0)


def one_hot_compare(labels, num_classes):
    return (labels.unsqueeze(-1) == torch.arange(num_classes, device=labels.device)).to(torch.int64)


def one_hot_scatter(labels, num_classes):
    zeros = torch.zeros(*labels.shape, num_classes, dtype=torch.int64, device=labels.device)
    return zeros.scatter(-1, labels.unsqueeze(-1), 1)


def one_hot_identity(labels, num_classes):
    return torch.eye(num_classes, dtype=torch.int64, device=labels.device)[labels]


def pairwise_distance_double_where(a, b):
    square = (a[:, None, :] - b[None, :, :]).pow(2).sum(dim=-1)
    apart = square > 0
    return torch.where(apart, square.where(apart, 1).sqrt(), 0)


def pairwise_distance_norm(a, b):
    return torch.linalg.vector_norm(a.unsqueeze(1) - b.unsqueeze(0), dim=2)


def masked_mean_where(x, mask, dim):
    count = mask.sum(dim)
    total = torch.where(mask, x, torch.zeros_like(x)).sum(dim)
    return torch.where(count > 0, total / count.clamp(min=1), 0)


def masked_mean_fill(x, mask, dim):
    kept = x.masked_fill(~mask, 0)
    return kept.sum(dim=dim) / mask.to(x.dtype).sum(dim=dim).clamp(min=1)


def masked_mean_nanmean(x, mask, dim):
    chosen = x.masked_fill(~mask, torch.nan)
    return chosen.nanmean(dim).masked_fill(~mask.any(dim), 0)


def topk_accuracy_topk(logits, labels, k):
    best = torch.topk(logits, k, dim=-1).indices
    return (best == labels.unsqueeze(1)).any(dim=1).float().mean().item()


def topk_accuracy_rank(logits, labels, k):
    own = logits.gather(1, labels[:, None])
    return float(((logits > own).sum(dim=1) < k).float().mean())


def topk_accuracy_sort(logits, labels, k):
    order = logits.argsort(dim=1, descending=True)[:, :k]
    return (order == labels[:, None]).sum().item() / len(labels)


def extract_patches_windows(images, size, stride):
    n, c = images.shape[:2]
    windows = images.unfold(2, size, stride).unfold(3, size, stride)
    rows, columns = windows.shape[2:4]
    patches = windows.permute(0, 1, 4, 5, 2, 3)
    return patches.reshape(n, c * size * size, rows * columns)


def extract_patches_index(images, size, stride):
    height, width = images.shape[2:]
    top = torch.arange(0, height - size + 1, stride)
    left = torch.arange(0, width - size + 1, stride)
    offset = torch.arange(size)
    y = (top[None, :] + offset[:, None])[:, None, :, None]
    x = (left[None, :] + offset[:, None])[None, :, None, :]
    patches = images[:, :, y, x]
    n, c = images.shape[:2]
    return patches.reshape(n, c * size * size, len(top) * len(left))


def extract_patches_offsets(images, size, stride):
    height, width = images.shape[2:]
    shifted = [
        images[:, :, i : height - size + i + 1 : stride, j : width - size + j + 1 : stride]
        for i in range(size)
        for j in range(size)
    ]
    return torch.stack(shifted, dim=2).flatten(3).flatten(1, 2)


def extract_patches_convolution(images, size, stride):
    """Let a convolution with one-pixel kernels copy each pixel of a patch to its channel."""
    c = images.shape[1]
    kernels = torch.eye(size * size, dtype=images.dtype, device=images.device)
    kernels = kernels.reshape(size * size, 1, size, size).repeat(c, 1, 1, 1)
    return F.conv2d(images, kernels, stride=stride, groups=c).flatten(2)
