"""Correct answers to ``04_losses``, at least two for each exercise, each thought differently."""

# ruff: noqa: A002

import math

import torch
import torch.nn.functional as F


def mse_loss_square(input, target, reduction="mean"):
    losses = (input - target) ** 2
    if reduction == "none":
        return losses
    return losses.mean() if reduction == "mean" else losses.sum()


def mse_loss_product(input, target, reduction="mean"):
    error = target - input
    reduce = {"mean": torch.mean, "sum": torch.sum, "none": torch.clone}
    return reduce[reduction](error * error)


def mse_loss_length(input, target, reduction="mean"):
    """By the length of the error as a vector, where one number is asked for."""
    error = torch.sub(input, target)
    if reduction == "none":
        return error.pow(2)
    total = torch.einsum("i,i->", error.flatten(), error.flatten())
    return total / error.numel() if reduction == "mean" else total


def l1_loss_abs(input, target, reduction="mean"):
    losses = (input - target).abs()
    if reduction == "none":
        return losses
    return losses.mean() if reduction == "mean" else losses.sum()


def l1_loss_sign(input, target, reduction="mean"):
    error = input - target
    losses = torch.where(error == 0, 0, error * error.detach().sign())
    if reduction == "sum":
        return losses.sum()
    return losses if reduction == "none" else losses.sum() / losses.numel()


def l1_loss_maximum(input, target, reduction="mean"):
    losses = torch.maximum(input - target, target - input)
    return getattr(losses, {"none": "clone"}.get(reduction, reduction))()


def smooth_l1_loss_where(input, target, reduction="mean", beta=1.0):
    error = (input - target).abs()
    near = error < beta
    square = torch.where(near, error, 0) ** 2 / (2 * beta) if beta > 0 else 0
    losses = torch.where(near, square, error - beta / 2)
    if reduction == "none":
        return losses
    return losses.mean() if reduction == "mean" else losses.sum()


def smooth_l1_loss_clamp(input, target, reduction="mean", beta=1.0):
    """The distance, less a half beta, plus what its quadratic part lies above that line."""
    error = (input - target).abs()
    if beta == 0:
        losses = error
    else:
        near = error.clamp(max=beta)
        losses = near * near / (2 * beta) + (error - near)
    if reduction == "mean":
        return losses.mean()
    return losses.sum() if reduction == "sum" else losses


def smooth_l1_loss_write(input, target, reduction="mean", beta=1.0):
    losses = (input - target).abs()
    near = losses < beta
    result = losses - beta / 2
    result[near] = losses[near] ** 2 / 2 / (beta or 1)
    return {"mean": result.mean, "sum": result.sum, "none": result.clone}[reduction]()


def entropy_where(p):
    safe = torch.where(p == 0, 1, p)
    return -(p * torch.log2(safe)).sum(dim=-1)


def entropy_fill(p):
    never = p == 0
    return torch.einsum("...c,...c->...", p, -p.masked_fill(never, 1).log()) / math.log(2)


def entropy_write(p):
    terms = torch.zeros_like(p)
    possible = p > 0
    terms[possible] = p[possible] * -p[possible].log2()
    return terms.sum(-1)


def binary_cross_entropy_clamp(input, target, weight=None, reduction="mean"):
    log_p = torch.log(input).clamp(min=-100)
    log_not = torch.log(1 - input).clamp(min=-100)
    losses = -(target * log_p + (1 - target) * log_not)
    if weight is not None:
        losses = losses * weight
    if reduction == "none":
        return losses
    return losses.mean() if reduction == "mean" else losses.sum()


def binary_cross_entropy_lerp(input, target, weight=None, reduction="mean"):
    logs = torch.stack([1 - input, input]).log()
    nothing, one = torch.maximum(logs, torch.full_like(logs, -100)).neg()
    losses = torch.lerp(nothing, one, target) * (1 if weight is None else weight)
    reduce = {"mean": torch.mean, "sum": torch.sum, "none": lambda losses: losses}
    return reduce[reduction](losses)


def binary_cross_entropy_bound(input, target, weight=None, reduction="mean"):
    """Keep what is smaller than exp(-100), or rounds to it, out of the logarithms."""
    least = math.exp(-100)
    one = torch.where(input > least, input, 1).log().masked_fill(input <= least, -100)
    not_one = torch.where(input < 1, 1 - input, 1).log().masked_fill(input >= 1, -100)
    losses = -target * one - (1 - target) * not_one
    losses = losses if weight is None else weight.expand_as(losses) * losses
    return losses if reduction == "none" else getattr(losses, reduction)()


def binary_cross_entropy_with_logits_logsigmoid(
    input, target, weight=None, reduction="mean", pos_weight=None
):
    ones = target * F.logsigmoid(input)
    if pos_weight is not None:
        ones = pos_weight * ones
    losses = -(ones + (1 - target) * F.logsigmoid(-input))
    if weight is not None:
        losses = weight * losses
    if reduction == "none":
        return losses
    return losses.mean() if reduction == "mean" else losses.sum()


def binary_cross_entropy_with_logits_softplus(
    input, target, weight=None, reduction="mean", pos_weight=None
):
    factor = 1 if pos_weight is None else 1 + (pos_weight - 1) * target
    losses = (1 - target) * input + factor * F.softplus(-input)
    losses = losses * (1 if weight is None else weight)
    return losses if reduction == "none" else getattr(losses, reduction)()


def binary_cross_entropy_with_logits_logaddexp(
    input, target, weight=None, reduction="mean", pos_weight=None
):
    zero = torch.zeros_like(input)
    ones = target * torch.logaddexp(zero, -input)
    zeros = (1 - target) * torch.logaddexp(zero, input)
    losses = (ones if pos_weight is None else ones * pos_weight) + zeros
    losses = losses if weight is None else losses * weight
    return {"mean": losses.mean, "sum": losses.sum, "none": losses.clone}[reduction]()


def binary_cross_entropy_with_logits_exponent(
    input, target, weight=None, reduction="mean", pos_weight=None
):
    """Give exp only what is not positive, chosen by where so that the slope at 0 is kept."""
    positive = input >= 0
    soft = torch.log1p(torch.where(positive, -input, input).exp())
    up, down = torch.where(positive, 0, -input) + soft, torch.where(positive, input, 0) + soft
    losses = (1 if pos_weight is None else pos_weight) * target * up + (1 - target) * down
    losses = losses if weight is None else losses * weight
    return losses if reduction == "none" else getattr(losses, reduction)()


def nll_loss_gather(input, target, weight=None, ignore_index=-100, reduction="mean"):
    counted = target != ignore_index
    label = torch.where(counted, target, 0)
    weights = input.new_ones(input.shape[1]) if weight is None else weight
    weights = torch.where(counted, weights[label], 0)
    picked = input.gather(1, label.unsqueeze(1)).squeeze(1)
    losses = -weights * torch.where(counted, picked, 0)
    if reduction == "none":
        return losses
    return losses.sum() / weights.sum() if reduction == "mean" else losses.sum()


def nll_loss_rows(input, target, weight=None, ignore_index=-100, reduction="mean"):
    """Put the classes last, and look at the rows that count only."""
    rows, labels = input.movedim(1, -1).reshape(-1, input.shape[1]), target.reshape(-1)
    if weight is None:
        weight = torch.ones(input.shape[1], dtype=input.dtype, device=input.device)
    places = (labels != ignore_index).nonzero().squeeze(1)
    labels = labels[places]
    losses = -rows[places, labels] * weight[labels]
    if reduction == "none":
        every = torch.zeros(target.numel(), dtype=input.dtype, device=input.device)
        return every.index_put((places,), losses).reshape(target.shape)
    return losses.sum() / (weight[labels].sum() if reduction == "mean" else 1)


def nll_loss_one_hot(input, target, weight=None, ignore_index=-100, reduction="mean"):
    """Compare the target with every class; what is not picked is set to 0, whatever it is."""
    classes = torch.arange(input.shape[1], device=input.device)
    classes = classes.reshape(-1, *[1] * (input.dim() - 2))
    picked = (classes == target.unsqueeze(1)) & (target != ignore_index).unsqueeze(1)
    weights = torch.ones_like(input) if weight is None else weight.reshape(classes.shape)
    losses = -torch.where(picked, input * weights, 0).sum(1)
    total = torch.where(picked, weights, 0).sum()
    return {"mean": losses.sum() / total, "sum": losses.sum(), "none": losses}[reduction]


def cross_entropy_gather(
    input, target, weight=None, ignore_index=-100, reduction="mean", label_smoothing=0.0
):
    num_classes = input.shape[1]
    weight = input.new_ones(num_classes) if weight is None else weight
    log_p = torch.log_softmax(input, dim=1)
    weighted = log_p * weight.reshape(-1, *[1] * (input.dim() - 2))
    if target.is_floating_point():
        q = (1 - label_smoothing) * target + label_smoothing / num_classes
        losses = -(q * weighted).sum(dim=1)
        total = losses.numel()
    else:
        counted = target != ignore_index
        label = torch.where(counted, target, 0)
        losses = -weighted.gather(1, label.unsqueeze(1)).squeeze(1)
        if label_smoothing > 0:
            even = -weighted.mean(dim=1)
            losses = (1 - label_smoothing) * losses + label_smoothing * even
        losses = torch.where(counted, losses, 0)
        total = torch.where(counted, weight[label], 0).sum()
    if reduction == "none":
        return losses
    return losses.sum() / total if reduction == "mean" else losses.sum()


def cross_entropy_probabilities(
    input, target, weight=None, ignore_index=-100, reduction="mean", label_smoothing=0.0
):
    """Turn classes into probabilities first; a class of probability 0 is left out of the sum."""
    x = input.movedim(1, -1)
    log_p = x - x.logsumexp(-1, keepdim=True)
    weight = torch.ones(x.shape[-1:]).to(x) if weight is None else weight
    if target.shape == input.shape:
        q, counted = target.movedim(1, -1), torch.ones_like(x[..., 0], dtype=torch.bool)
        weights = torch.ones_like(x[..., 0])
    else:
        counted = target != ignore_index
        q = torch.eye(x.shape[-1], dtype=x.dtype, device=x.device)[target * counted]
        weights = (q * weight).sum(-1) * counted
    q = q * (1 - label_smoothing) + label_smoothing / x.shape[-1]
    terms = torch.where((q > 0) & counted.unsqueeze(-1), -q * weight * log_p, 0)
    losses = terms.sum(-1)
    if reduction == "mean":
        return losses.sum() / weights.sum()
    return losses.sum() if reduction == "sum" else losses


def cross_entropy_two_paths(
    input, target, weight=None, ignore_index=-100, reduction="mean", label_smoothing=0.0
):
    c = input.shape[1]
    weight = torch.ones(c, dtype=input.dtype, device=input.device) if weight is None else weight
    shifted = input - input.detach().amax(dim=1, keepdim=True)
    log_p = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    if target.dim() == input.dim():
        smooth = target + label_smoothing * (1 / c - target)
        losses = -torch.einsum("nc...,nc...,c->n...", log_p, smooth, weight)
        return losses if reduction == "none" else getattr(losses, reduction)()
    rows = log_p.flatten(2).permute(0, 2, 1).reshape(-1, c) if log_p.dim() > 2 else log_p
    labels = target.flatten()
    keep = torch.nonzero(labels != ignore_index)[:, 0]
    rows, labels = rows[keep], labels[keep]
    kept = -weight[labels] * rows[torch.arange(len(labels)), labels]
    if label_smoothing:
        kept = torch.lerp(kept, -rows @ weight / c, label_smoothing)
    if reduction != "none":
        return kept.sum() / (weight[labels].sum() if reduction == "mean" else 1)
    losses = torch.zeros(target.numel(), dtype=input.dtype, device=input.device)
    return losses.index_put((keep,), kept).reshape(target.shape)


def topk_loss_topk(losses, k):
    flat = losses.flatten()
    return flat.topk(min(k, len(flat))).values.mean()


def topk_loss_sort(losses, k):
    return losses.reshape(-1).sort(descending=True).values[:k].mean()


def topk_loss_index(losses, k):
    flat = losses.reshape(-1)
    return flat[torch.argsort(-flat)[:k]].mean()


def kl_divergence_where(p, q):
    there = p > 0
    log_p = torch.where(there, p, 1).log()
    log_q = torch.where(there, q, 1).log()
    return torch.where(there, p * (log_p - log_q), 0).sum(dim=-1)


def kl_divergence_fill(p, q):
    never = p == 0
    terms = p * p.masked_fill(never, 1).log() - p * q.masked_fill(never, 1).log()
    return terms.sum(-1)


def kl_divergence_write(p, q):
    terms = torch.zeros_like(p)
    there = p > 0
    terms[there] = p[there] * (p[there].log() - q[there].log())
    return torch.einsum("...c->...", terms)


def margin_ranking_loss_clamp(input1, input2, target, margin=0.0, reduction="mean"):
    losses = (-target * (input1 - input2) + margin).clamp(min=0)
    if reduction == "none":
        return losses
    return losses.mean() if reduction == "mean" else losses.sum()


def margin_ranking_loss_relu(input1, input2, target, margin=0.0, reduction="mean"):
    losses = torch.relu(margin + target * (input2 - input1))
    return losses if reduction == "none" else getattr(losses, reduction)()


def margin_ranking_loss_where(input1, input2, target, margin=0.0, reduction="mean"):
    lead = torch.where(target == 1, input1 - input2, input2 - input1)
    losses = torch.where(lead < margin, margin - lead, 0)
    return {"mean": losses.mean, "sum": losses.sum, "none": losses.clone}[reduction]()


def soft_margin_loss_formula(input, target, reduction="mean"):
    losses = torch.log(1 + torch.exp(-target * input))
    if reduction == "none":
        return losses
    return losses.mean() if reduction == "mean" else losses.sum()


def soft_margin_loss_softplus(input, target, reduction="mean"):
    losses = F.softplus(torch.where(target == 1, -input, input))
    return losses if reduction == "none" else getattr(losses, reduction)()


def soft_margin_loss_logsigmoid(input, target, reduction="mean"):
    losses = -F.logsigmoid(input * target)
    return {"mean": losses.mean, "sum": losses.sum, "none": losses.clone}[reduction]()


def cosine_embedding_loss_clamp(input1, input2, target, margin=0.0, reduction="mean"):
    dot = (input1 * input2).sum(dim=1)
    lengths = input1.norm(dim=1) * input2.norm(dim=1)
    cos = dot / lengths.clamp(min=1e-8)
    losses = torch.where(target == 1, 1 - cos, (cos - margin).clamp(min=0))
    if reduction == "none":
        return losses
    return losses.mean() if reduction == "mean" else losses.sum()


def cosine_embedding_loss_normalize(input1, input2, target, margin=0.0, reduction="mean"):
    cos = torch.einsum("nd,nd->n", F.normalize(input1, dim=1), F.normalize(input2, dim=1))
    losses = torch.where(target > 0, 1 - cos, torch.relu(cos - margin))
    return losses if reduction == "none" else getattr(losses, reduction)()


def cosine_embedding_loss_squares(input1, input2, target, margin=0.0, reduction="mean"):
    squares = [(x * x).sum(1) + 1e-12 for x in (input1, input2)]
    cos = (input1 * input2).sum(1) * (squares[0] * squares[1]).rsqrt()
    alike = (1 + target) / 2
    losses = alike * (1 - cos) + (1 - alike) * torch.clamp(cos - margin, min=0)
    return {"mean": losses.mean, "sum": losses.sum, "none": losses.clone}[reduction]()


def focal_loss_logsigmoid(logits, target, gamma=2.0, alpha=0.25):
    z = torch.where(target == 1, logits, -logits)
    weight = torch.where(target == 1, alpha, 1 - alpha).to(logits.dtype)
    return -(weight * torch.exp(gamma * F.logsigmoid(-z)) * F.logsigmoid(z)).mean()


def focal_loss_two_terms(logits, target, gamma=2.0, alpha=0.25):
    log_p, log_not = F.logsigmoid(logits), F.logsigmoid(-logits)
    ones = alpha * target * (gamma * log_not).exp() * log_p
    zeros = (1 - alpha) * (1 - target) * (gamma * log_p).exp() * log_not
    return torch.mean(-ones - zeros)


def focal_loss_softplus(logits, target, gamma=2.0, alpha=0.25):
    loss = F.softplus((1 - 2 * target) * logits)
    weight = alpha * target + (1 - alpha) * (1 - target)
    easy = F.softplus((2 * target - 1) * logits)
    return (weight * loss * torch.exp(-gamma * easy)).mean()


# Two wrong answers, as they are often written.


def logits_by_clamp(input, target, weight=None, reduction="mean", pos_weight=None):
    soft = torch.log1p(torch.exp(-input.abs())) + (-input).clamp(min=0)
    factor = 1 if pos_weight is None else 1 + (pos_weight - 1) * target
    losses = (1 - target) * input + factor * soft
    losses = losses if weight is None else losses * weight
    return losses if reduction == "none" else getattr(losses, reduction)()


def focal_by_powers(logits, target, gamma=2.0, alpha=0.25):
    p = torch.sigmoid(logits)
    ones = alpha * target * (1 - p) ** gamma * F.logsigmoid(logits)
    zeros = (1 - alpha) * (1 - target) * p**gamma * F.logsigmoid(-logits)
    return -(ones + zeros).mean()
