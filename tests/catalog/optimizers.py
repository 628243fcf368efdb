"""Correct answers to ``06_optimizers``, at least two for each exercise, thought differently."""

import bisect
import cmath
import functools
import itertools
import math
from dataclasses import dataclass, field

import torch


def ewma_recursion(values, beta):
    averages = torch.empty_like(values)
    for t, new in enumerate(values):
        averages[t] = beta * averages[t - 1] + (1 - beta) * new if t else new
    return averages


def ewma_weights(values, beta):
    """Write every average as a weighted sum, with the rest of the weight on the first value."""
    age = torch.arange(len(values), device=values.device)
    age = (age[:, None] - age).clamp(min=-1)
    weights = torch.where(age >= 0, (1 - beta) * beta ** age.to(values.dtype), 0)
    weights[:, :1] = beta ** age[:, :1].to(values.dtype)
    return torch.tensordot(weights, values, dims=1)


def ewma_accumulate(values, beta):
    rows = list(itertools.accumulate(values, lambda average, new: torch.lerp(new, average, beta)))
    return torch.stack(rows) if rows else values.clone()


def ewma_in_place_on_a_clone(values, beta):
    averages = values.clone()
    for t in range(1, values.shape[0]):
        averages[t] += beta * (averages[t - 1] - averages[t])
    return averages


def exponential_lr_power(step, base_lr, gamma):
    return base_lr * gamma**step


def exponential_lr_loop(step, base_lr, gamma):
    lr = base_lr
    for _ in range(step):
        lr *= gamma
    return lr


def inverse_time_lr_quotient(step, base_lr, k):
    return base_lr / (1 + k * step)


def inverse_time_lr_reciprocals(step, base_lr, k):
    """Add k / base_lr to the reciprocal of the rate in every step."""
    if base_lr == 0:
        return 0
    return 1 / (1 / base_lr + step * k / base_lr)


def multistep_lr_count(step, base_lr, milestones, gamma):
    return base_lr * gamma ** sum(step >= milestone for milestone in milestones)


def multistep_lr_bisect(step, base_lr, milestones, gamma):
    return base_lr * gamma ** bisect.bisect_right(sorted(milestones), step)


def multistep_lr_step_by_step(step, base_lr, milestones, gamma):
    lr = base_lr
    for t in range(1, step + 1):
        lr *= gamma ** list(milestones).count(t)
    return lr


def cosine_lr_formula(step, base_lr, total_steps, min_lr):
    return min_lr + 0.5 * (base_lr - min_lr) * (1 + math.cos(math.pi * step / total_steps))


def cosine_lr_squared_sine(step, base_lr, total_steps, min_lr):
    return base_lr + (min_lr - base_lr) * math.sin(math.pi * step / total_steps / 2) ** 2


def cosine_lr_circle(step, base_lr, total_steps, min_lr):
    across = cmath.exp(1j * math.pi * step / total_steps).real
    return (base_lr + min_lr) / 2 + (base_lr - min_lr) / 2 * across


def _zeros(params):
    return [torch.zeros_like(param) for param in params]


def sgd_by_hand(params, grads, state, lr, momentum=0.0, nesterov=False, weight_decay=0.0):
    velocities = state.get("velocities") or _zeros(params)
    new_params, new_velocities = [], []
    for p, g, v in zip(params, grads, velocities, strict=True):
        g = g + weight_decay * p
        v = momentum * v + g
        new_params.append(p - lr * (g + momentum * v if nesterov else v))
        new_velocities.append(v)
    return new_params, {"velocities": new_velocities}


def sgd_tuples(params, grads, state, lr, momentum=0.0, nesterov=False, weight_decay=0.0):
    """Keep a velocity only where there is momentum, as torch does, and return tuples."""
    grads = [torch.add(g, p, alpha=weight_decay) for p, g in zip(params, grads, strict=True)]
    if momentum == 0:
        return tuple(p - lr * g for p, g in zip(params, grads, strict=True)), None
    if state:
        grads_and_old = zip(grads, state, strict=True)
        velocities = tuple(g + momentum * v for g, v in grads_and_old)
    else:
        velocities = tuple(g.clone() for g in grads)
    steps = velocities
    if nesterov:
        steps = [g + momentum * v for g, v in zip(grads, velocities, strict=True)]
    return tuple(torch.sub(p, s, alpha=lr) for p, s in zip(params, steps, strict=True)), velocities


def sgd_one_long_vector(params, grads, state, lr, momentum=0.0, nesterov=False, weight_decay=0.0):
    p, g = (torch.cat([each.reshape(-1) for each in tensors]) for tensors in (params, grads))
    g = g.add(p, alpha=weight_decay)
    v = momentum * state.get("v", torch.zeros_like(g)) + g
    p = p - lr * (g + momentum * v if nesterov else v)
    parts = p.split([each.numel() for each in params])
    return [part.view(each.shape) for part, each in zip(parts, params, strict=True)], {"v": v}


@dataclass
class Velocity:
    """What has been learned so far, as an object that no one else looks into."""

    by_index: dict = field(default_factory=dict)


def sgd_object_as_state(params, grads, state, lr, momentum=0.0, nesterov=False, weight_decay=0.0):
    old = state.by_index if state else {}
    new, now = [], Velocity()
    for i, (p, g) in enumerate(zip(params, grads, strict=True)):
        q, g = p.clone(), g.clone()
        g.add_(p, alpha=weight_decay)
        now.by_index[i] = old[i].clone().mul_(momentum).add_(g) if i in old else g.clone()
        v = now.by_index[i]
        q.sub_(g.add(v, alpha=momentum) if nesterov else v, alpha=lr)
        new.append(q)
    return new, now


def adagrad_by_hand(params, grads, state, lr=1e-2, lr_decay=0.0, weight_decay=0.0, eps=1e-10):
    t = state.get("t", 0) + 1
    sums = state.get("sums") or _zeros(params)
    new_params, new_sums = [], []
    for p, g, s in zip(params, grads, sums, strict=True):
        g = g + weight_decay * p
        s = s + g**2
        new_params.append(p - lr / (1 + (t - 1) * lr_decay) * g / (s.sqrt() + eps))
        new_sums.append(s)
    return new_params, {"t": t, "sums": new_sums}


def adagrad_all_gradients(params, grads, state, lr=1e-2, lr_decay=0.0, weight_decay=0.0, eps=1e-10):
    """Keep every gradient, and add their squares up anew in each step."""
    grads = [g + weight_decay * p for p, g in zip(params, grads, strict=True)]
    history = [*state.get("history", []), grads]
    lr = lr / (1 + len(history) * lr_decay - lr_decay)
    new = []
    for i, p in enumerate(params):
        root = torch.linalg.vector_norm(torch.stack([then[i] for then in history]), dim=0)
        new.append(p.addcdiv(grads[i], root + eps, value=-lr))
    return new, {"history": history}


def rmsprop_by_hand(
    params, grads, state, lr=1e-2, alpha=0.99, eps=1e-8, weight_decay=0.0, momentum=0.0
):
    averages = state.get("averages") or _zeros(params)
    velocities = state.get("velocities") or _zeros(params)
    new_params, new_averages, new_velocities = [], [], []
    for p, g, s, v in zip(params, grads, averages, velocities, strict=True):
        g = g + weight_decay * p
        s = alpha * s + (1 - alpha) * g.square()
        v = momentum * v + g / (torch.sqrt(s) + eps)
        new_params.append(p - lr * v)
        new_averages.append(s)
        new_velocities.append(v)
    return new_params, {"averages": new_averages, "velocities": new_velocities}


def rmsprop_one_tensor_at_a_time(
    params, grads, state, lr=1e-2, alpha=0.99, eps=1e-8, weight_decay=0.0, momentum=0.0
):
    """Let the state be a list of pairs, and momentum a case of its own."""

    def move(p, g, s, v):
        g = g.add(p, alpha=weight_decay)
        s = torch.lerp(g * g, s, alpha)
        step = g.div(s.sqrt().add_(eps))
        if momentum > 0:
            v = step = v.mul(momentum).add_(step)
        return p.sub(step, alpha=lr), (s, v)

    state = state or [(torch.zeros_like(p), torch.zeros_like(p)) for p in params]
    moved = [move(p, g, *kept) for p, g, kept in zip(params, grads, state, strict=True)]
    new_params, new_state = zip(*moved, strict=True)
    return list(new_params), list(new_state)


def adadelta_by_hand(params, grads, state, lr=1.0, rho=0.9, eps=1e-6, weight_decay=0.0):
    squares, steps = (state.get(name) or _zeros(params) for name in ("squares", "steps"))
    new_params, new_squares, new_steps = [], [], []
    for p, g, s, u in zip(params, grads, squares, steps, strict=True):
        g = g + weight_decay * p
        s = rho * s + (1 - rho) * g**2
        d = torch.sqrt(u + eps) / torch.sqrt(s + eps) * g
        new_params.append(p - lr * d)
        new_squares.append(s)
        new_steps.append(rho * u + (1 - rho) * d**2)
    return new_params, {"squares": new_squares, "steps": new_steps}


def adadelta_indexed(params, grads, state, lr=1.0, rho=0.9, eps=1e-6, weight_decay=0.0):
    """Keep the averages under the index of the tensor, eps already in them."""
    new_params, new_state = [], {}
    for i in range(len(params)):
        g = grads[i] + weight_decay * params[i]
        start = torch.full_like(g, eps)
        s, u = state.get(i, (start, start))
        s = rho * s + (1 - rho) * (g * g + eps)
        d = g * (u / s) ** 0.5
        new_params.append(params[i] + (-lr) * d)
        new_state[i] = s, rho * u + (1 - rho) * (d * d + eps)
    return new_params, new_state


def adam_by_hand(
    params, grads, state, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, decoupled=False
):
    t = state.get("t", 0) + 1
    ms, vs = (state.get(name) or _zeros(params) for name in ("m", "v"))
    new_params, new_ms, new_vs = [], [], []
    for p, g, m, v in zip(params, grads, ms, vs, strict=True):
        if decoupled:
            p = p * (1 - lr * weight_decay)
        else:
            g = g + weight_decay * p
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g**2
        m_hat, v_hat = m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)
        new_params.append(p - lr * m_hat / (v_hat.sqrt() + eps))
        new_ms.append(m)
        new_vs.append(v)
    return new_params, {"t": t, "m": new_ms, "v": new_vs}


def adam_as_torch_does_on_clones(
    params, grads, state, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    kept = [{"step": 0, "m": z, "v": z} for z in _zeros(params)] if not state else state["kept"]
    new_params, new_kept = [], []
    for p, g, old in zip(params, grads, kept, strict=True):
        step, g = old["step"] + 1, g.add(p, alpha=weight_decay)
        m = old["m"].clone().lerp_(g, 1 - betas[0])
        v = old["v"].clone().mul_(betas[1]).addcmul_(g, g, value=1 - betas[1])
        size = lr / (1 - betas[0] ** step)
        root = v.sqrt().div_(math.sqrt(1 - betas[1] ** step)).add_(eps)
        new_params.append(p.clone().addcdiv_(m, root, value=-size))
        new_kept.append({"step": step, "m": m, "v": v})
    return new_params, {"kept": new_kept}


def adam_weighted_means(
    params, grads, state, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    """Keep the averages corrected, as weighted means whose total weight is kept beside them."""
    weights = [beta * w + 1 - beta for beta, w in zip(betas, state.get("w", (0, 0)), strict=True)]
    shares = [(1 - beta) / w for beta, w in zip(betas, weights, strict=True)]
    grads = [g + weight_decay * p for p, g in zip(params, grads, strict=True)]
    means = state.get("means") or [(z, z) for z in _zeros(params)]
    means = [
        (torch.lerp(m, g, shares[0]), torch.lerp(v, g * g, shares[1]))
        for (m, v), g in zip(means, grads, strict=True)
    ]
    new = [p - lr * m / (v**0.5 + eps) for p, (m, v) in zip(params, means, strict=True)]
    return new, {"w": weights, "means": means}


def adamw_by_hand(params, grads, state, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    return adam_by_hand(params, grads, state, lr, betas, eps, weight_decay, decoupled=True)


def adamw_decay_beside_the_step(
    params, grads, state, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2
):
    stepped, new_state = adam_as_torch_does_on_clones(params, grads, state, lr, betas, eps)
    pairs = zip(params, stepped, strict=True)
    return [new - lr * weight_decay * old for old, new in pairs], new_state


def adamw_one_long_vector(
    params, grads, state, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2
):
    join = functools.partial(functools.reduce, lambda one, two: torch.cat([one, two]))
    p, g = (join([each.flatten() for each in tensors]) for tensors in (params, grads))
    m, v, t = state.get("kept", (0, 0, 0))
    m, v, t = betas[0] * m + (1 - betas[0]) * g, betas[1] * v + (1 - betas[1]) * g * g, t + 1
    rate = lr * math.sqrt(1 - betas[1] ** t) / (1 - betas[0] ** t)
    p = p * (1 - lr * weight_decay) - rate * m / (v.sqrt() + eps * math.sqrt(1 - betas[1] ** t))
    parts = p.split([each.numel() for each in params])
    new = [part.reshape(each.shape) for part, each in zip(parts, params, strict=True)]
    return new, {"kept": (m, v, t)}
