"""Correct answers to ``12_beyond``, at least two for each exercise, each thought differently."""

import itertools
from collections import OrderedDict

import torch
import torch.nn.functional as F


def kmeans_step_loop_over_centres(x, centres):
    labels = torch.cdist(x, centres, compute_mode="donot_use_mm_for_euclid_dist").argmin(dim=1)
    new = centres.clone()
    for k in range(len(centres)):
        if (labels == k).any():
            new[k] = x[labels == k].mean(dim=0)
    return labels, new


def kmeans_step_one_hot(x, centres):
    labels = torch.linalg.vector_norm(x[None] - centres[:, None], dim=2).argmin(dim=0)
    member = F.one_hot(labels, num_classes=len(centres)).to(x.dtype)
    counts = member.sum(dim=0).unsqueeze(1)
    return labels, torch.where(counts == 0, centres, member.T @ x / counts)


def kmeans_step_index_reduce(x, centres):
    labels = torch.stack([(x - centre).pow(2).sum(1) for centre in centres]).min(dim=0).indices
    return labels, centres.index_reduce(0, labels, x, "mean", include_self=False)


def kmeans_step_nan_replaced(x, centres):
    labels = torch.cdist(x, centres).topk(1, largest=False).indices.squeeze(1)
    labels = ((x[:, None, :] - centres[None]) ** 2).sum(-1).min(1)[1] if len(x) else labels
    new = [x[labels == k].mean(dim=0) for k in range(centres.shape[0])]
    new = torch.stack(new)
    return labels, torch.where(new.isnan(), centres, new)


def skipgram_pairs_places(tokens, window):
    pairs = []
    for i, centre in enumerate(tokens):
        for j in range(max(0, i - window), min(len(tokens), i + window + 1)):
            if j != i:
                pairs.append((centre, tokens[j]))
    return pairs


def skipgram_pairs_slices(tokens, window):
    pairs = []
    for i, centre in enumerate(tokens):
        contexts = tokens[max(0, i - window) : i] + tokens[i + 1 : i + 1 + window]
        pairs.extend(zip([centre] * len(contexts), contexts, strict=True))
    return pairs


def skipgram_pairs_permutations(tokens, window):
    """Of all pairs of places, those that are not far apart."""
    places = itertools.permutations(range(len(tokens)), 2)
    return [(tokens[i], tokens[j]) for i, j in places if abs(i - j) <= window]


def skipgram_pairs_offsets(tokens, window):
    offsets = [*range(-window, 0), *range(1, window + 1)]
    return [
        (centre, tokens[i + offset])
        for i, centre in enumerate(tokens)
        for offset in offsets
        if 0 <= i + offset < len(tokens)
    ]


def skipgram_pairs_padded(tokens, window):
    edge = [None] * window
    padded = edge + list(tokens) + edge
    found = []
    for i in range(len(tokens)):
        near = padded[i : i + 2 * window + 1]
        centre = near.pop(window)
        found += [(centre, context) for context in near if context is not None]
    return found


def skipgram_pairs_tensor(tokens, window):
    """Choose from all pairs of places by a mask."""
    places = torch.arange(len(tokens))
    distance = (places[:, None] - places).abs()
    chosen = ((distance > 0) & (distance <= window)).nonzero().tolist()
    return [(tokens[i], tokens[j]) for i, j in chosen]


def negative_sampling_loss_logsigmoid(centre, context, negatives):
    positive = F.logsigmoid(torch.einsum("nd,nd->n", centre, context))
    negative = F.logsigmoid(-torch.einsum("nd,nkd->nk", centre, negatives))
    return -(positive + negative.sum(1)).mean()


def negative_sampling_loss_bmm(centre, context, negatives):
    positive = torch.bmm(context.unsqueeze(1), centre.unsqueeze(2)).squeeze(2).squeeze(1)
    negative = torch.bmm(negatives, centre.unsqueeze(2)).squeeze(2)
    return (F.softplus(-positive).sum() + F.softplus(negative).sum()) / centre.shape[0]


def negative_sampling_loss_cross_entropy(centre, context, negatives):
    """All candidates at once, of which the first is the true one."""
    candidates = torch.cat([context.unsqueeze(1), negatives], dim=1)
    logits = (candidates * centre.unsqueeze(1)).sum(dim=2)
    target = torch.zeros_like(logits)
    target[:, 0] = 1
    losses = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    return losses.sum(dim=1).mean()


def negative_sampling_loss_two_cross_entropies(centre, context, negatives):
    bce = F.binary_cross_entropy_with_logits
    near, away = (centre * context).sum(-1), (negatives @ centre[..., None])[..., 0]
    total = bce(near, torch.ones_like(near), reduction="sum")
    return (total + bce(away, torch.zeros_like(away), reduction="sum")) / len(centre)


def negative_sampling_loss_logaddexp(centre, context, negatives):
    near = torch.linalg.vecdot(centre, context)
    away = torch.linalg.vecdot(centre[:, None], negatives)
    zero = near.new_zeros(())
    positive, negative = torch.logaddexp(zero, -near), torch.logaddexp(zero, away)
    return positive.mean() + negative.sum(1).mean()


def negative_sampling_loss_shifted(centre, context, negatives):
    """By hand: max(z, 0) + log(1 + exp(-|z|))."""
    signed = torch.cat([-context[:, None], negatives], dim=1)
    z = (signed @ centre[:, :, None]).squeeze(-1)
    return (z.clamp(min=0) + torch.log1p(torch.exp(-z.abs()))).sum(-1).mean()


def knn_predict_mode(train_x, train_y, x, k):
    nearest = torch.cdist(x, train_x, compute_mode="donot_use_mm_for_euclid_dist").argsort(dim=1)
    return train_y[nearest[:, :k]].mode(dim=1).values


def knn_predict_one_hot(train_x, train_y, x, k):
    squares = ((x.unsqueeze(1) - train_x.unsqueeze(0)) ** 2).sum(dim=2)
    indices = torch.topk(-squares, k, dim=1).indices
    return F.one_hot(train_y, int(train_y.max()) + 1)[indices].sum(dim=1).argmax(dim=1)


def knn_predict_loop_over_classes(train_x, train_y, x, k):
    distance = torch.linalg.vector_norm(train_x[:, None] - x, dim=-1)
    voting = distance.argsort(dim=0).argsort(dim=0) < k
    classes = torch.unique(train_y)
    counts = torch.stack([voting[train_y == label].sum(dim=0) for label in classes])
    return classes[counts.argmax(dim=0)]


def knn_predict_votes_of_pairs(train_x, train_y, x, k):
    apart = torch.cdist(x, train_x, compute_mode="donot_use_mm_for_euclid_dist")
    near = train_y[apart.topk(k, largest=False).indices]
    counts = (near[:, :, None] == near[:, None, :]).sum(dim=2)
    best = counts == counts.amax(dim=1, keepdim=True)
    return torch.where(best, near, near.max() + 1 if near.numel() else 0).amin(dim=1)


def info_nce_cross_entropy(queries, keys, temperature):
    similarities = F.normalize(queries, dim=-1) @ F.normalize(keys, dim=-1).T
    target = torch.arange(queries.shape[0], device=queries.device)
    return F.cross_entropy(similarities / temperature, target)


def info_nce_logsumexp(queries, keys, temperature):
    queries = queries / queries.norm(dim=1, keepdim=True)
    keys = keys / torch.linalg.vector_norm(keys, dim=1, keepdim=True)
    own = (queries * keys).sum(dim=1) / temperature
    return (torch.logsumexp(torch.einsum("id,jd->ij", queries, keys) / temperature, 1) - own).mean()


def info_nce_cosine_similarity(queries, keys, temperature):
    cosines = F.cosine_similarity(queries.unsqueeze(1), keys.unsqueeze(0), dim=2)
    return -(cosines / temperature).log_softmax(dim=1).diagonal().mean()


def info_nce_lengths_afterwards(queries, keys, temperature):
    """Divide the dot products by both lengths, and compare each with the largest of its row."""
    lengths = queries.square().sum(1).sqrt()[:, None] * keys.square().sum(1).sqrt()
    logits = queries @ keys.mT / lengths / temperature
    shifted = logits - logits.max(dim=1, keepdim=True).values
    losses = shifted.exp().sum(dim=1).log() - shifted.diagonal()
    return losses.sum() / len(losses)


def info_nce_one_hot(queries, keys, temperature):
    scaled = F.normalize(queries) / temperature
    mask = torch.eye(len(keys), dtype=keys.dtype, device=keys.device)
    log_p = F.log_softmax(F.normalize(keys) @ scaled.mT, dim=0)
    return -(mask * log_p).sum() / len(keys)


def gcn_layer_formula(x, adjacency, weight):
    a = adjacency + torch.eye(x.shape[0], dtype=x.dtype, device=x.device)
    d = torch.diag(a.sum(dim=1) ** -0.5)
    return d @ a @ d @ x @ weight


def gcn_layer_scaled_features(x, adjacency, weight):
    """Scale the features of each node before they are sent, and again where they arrive."""
    scale = (1 + adjacency.sum(dim=0)).rsqrt().unsqueeze(1)
    features = scale * (x @ weight)
    return scale * (adjacency @ features + features)


def gcn_layer_outer(x, adjacency, weight):
    a = adjacency.clone().fill_diagonal_(1)
    degrees = a.sum(1)
    return (a / torch.outer(degrees, degrees).sqrt()) @ (x @ weight)


def gcn_layer_einsum(x, adjacency, weight):
    a = adjacency + torch.diag(torch.ones_like(adjacency[0] if len(adjacency) else x.new_zeros(0)))
    scale = a.sum(1).pow(-0.5)
    return torch.einsum("i,ij,j,jd,dh->ih", scale, a, scale, x, weight)


def gcn_layer_edges(x, adjacency, weight):
    """Send messages along a list of edges, the self loops among them."""
    nodes = torch.arange(len(x), device=x.device)
    target, source = adjacency.nonzero(as_tuple=True)
    strengths = torch.cat([adjacency[target, source], x.new_ones(len(x))])
    target, source = torch.cat([target, nodes]), torch.cat([source, nodes])
    degrees = x.new_zeros(len(x)).index_add(0, target, strengths)
    strengths = strengths / (degrees[target] * degrees[source]).sqrt()
    features = x @ weight
    return torch.zeros_like(features).index_add(0, target, strengths[:, None] * features[source])


def federated_average_loop(states, sizes):
    total = sum(sizes)
    largest = states[sizes.index(max(sizes))]
    averaged = {}
    for name, entry in largest.items():
        if entry.is_floating_point():
            averaged[name] = sum(s[name] * (n / total) for s, n in zip(states, sizes, strict=True))
        else:
            averaged[name] = entry.clone()
    return averaged


def federated_average_tensordot(states, sizes):
    first = max(range(len(sizes)), key=sizes.__getitem__)

    def average(name):
        if states[0][name].dtype in (torch.int64, torch.bool):
            return states[first][name]
        stacked = torch.stack([state[name] for state in states], dim=-1)
        return stacked @ (stacked.new_tensor(sizes) / sum(sizes))

    return {name: average(name) for name in states[0]}


def federated_average_accumulated(states, sizes):
    averaged = {
        name: torch.zeros_like(each) if each.dtype.is_floating_point else None
        for name, each in states[0].items()
    }
    for state, size in zip(states, sizes, strict=True):
        for name in averaged:
            if averaged[name] is not None:
                averaged[name] += size * state[name]
    rest = states[int(torch.tensor(sizes).argmax())]
    return {
        name: rest[name] if each is None else each / sum(sizes) for name, each in averaged.items()
    }


def federated_average_running(states, sizes):
    seen, averaged = 0, {name: each.clone() for name, each in states[0].items()}
    largest = 0
    for state, size in zip(states, sizes, strict=True):
        seen += size
        for name, each in state.items():
            if each.is_floating_point() and size:
                averaged[name] = averaged[name].lerp(each, size / seen)
            elif size > largest:
                averaged[name] = each.clone()
        largest = max(largest, size)
    return averaged


def federated_average_ordered_dict(states, sizes):
    return OrderedDict(federated_average_loop(states, sizes))


def q_learning_step_error(q, state, action, reward, next_state, done, alpha, gamma):
    new = q.clone()
    future = 0.0 if done else q[next_state].max()
    new[state, action] += alpha * (reward + gamma * future - q[state, action])
    return new


def q_learning_step_share(q, state, action, reward, next_state, done, alpha, gamma):
    target = reward + gamma * (1 - done) * torch.amax(q, dim=1)[next_state]
    table = torch.empty_like(q).copy_(q)
    table[state][action] = (1 - alpha) * q[state][action] + alpha * target
    return table


def q_learning_step_where(q, state, action, reward, next_state, done, alpha, gamma):
    target = reward
    if not done:
        target += gamma * max(q[next_state].tolist())
    taken = torch.zeros(q.shape, dtype=torch.bool, device=q.device)
    taken[state, action] = True
    return torch.where(taken, q + alpha * (target - q), q)


def q_learning_step_numbers(q, state, action, reward, next_state, done, alpha, gamma):
    rows = q.tolist()
    target = reward if done else reward + gamma * max(rows[next_state])
    rows[state][action] += alpha * (target - rows[state][action])
    return torch.tensor(rows, dtype=q.dtype, device=q.device)
