"""Correct answers to ``09_rnn``, at least two for each exercise, each thought differently."""

import itertools
import math
from collections import Counter
from functools import partial

import torch
import torch.nn.functional as F
from torch import nn

from torchproof.data import text


def build_vocab_loop(tokens):
    vocab, words = {}, []
    for token in tokens:
        if token not in vocab:
            vocab[token] = len(words)
            words.append(token)
    return vocab, words


def build_vocab_from_keys(tokens):
    words = list(dict.fromkeys(tokens))
    return dict(zip(words, range(len(words)), strict=True)), words


def build_vocab_set_default(tokens):
    vocab = {}
    for token in tokens:
        vocab.setdefault(token, len(vocab))
    return vocab, list(vocab)


def build_vocab_sorted_by_place(tokens):
    tokens = list(tokens)
    words = sorted(set(tokens), key=tokens.index)
    return {words[i]: i for i in reversed(range(len(words)))}, words


def build_vocab_counter(tokens):
    words = [*Counter(tokens)]
    return {word: i for i, word in enumerate(words)}, words


def embedding_where(indices, weight, padding_idx=None):
    rows = weight[indices]
    if padding_idx is None:
        return rows
    padding = indices == padding_idx % weight.shape[0]
    return torch.where(padding.unsqueeze(-1), rows.detach(), rows)


def embedding_detached_table(indices, weight, padding_idx=None):
    """Look up in a table that one row of was put back without its gradient."""
    if padding_idx is not None:
        if padding_idx < 0:
            padding_idx += len(weight)
        table = weight.clone()
        table[padding_idx] = weight[padding_idx].detach()
        weight = table
    return weight.index_select(0, indices.flatten()).reshape(*indices.shape, weight.shape[1])


def embedding_one_hot(indices, weight, padding_idx=None):
    if padding_idx is not None:
        is_padding = torch.arange(len(weight), device=weight.device) == padding_idx % len(weight)
        weight = weight.masked_fill(is_padding[:, None], 0) + weight.detach() * is_padding[:, None]
    return F.one_hot(indices, num_classes=len(weight)).to(weight.dtype) @ weight


def embedding_gather(indices, weight, padding_idx=None):
    rows = torch.gather(weight, 0, indices.reshape(-1, 1).expand(-1, weight.shape[1]))
    if padding_idx is not None:
        padding = (indices.reshape(-1, 1) - padding_idx) % len(weight) == 0
        rows = rows * ~padding + rows.detach() * padding
    return rows.view(*indices.shape, weight.shape[1])


def embedding_take_numbers(indices, weight, padding_idx=None):
    """Look up every single number of the table by its place in memory."""
    size = weight.shape[1]
    if padding_idx is not None:
        row = len(weight) + padding_idx if padding_idx < 0 else padding_idx
        weight = torch.cat([weight[:row], weight[row : row + 1].detach(), weight[row + 1 :]])
    return weight.take(indices[..., None] * size + torch.arange(size, device=indices.device))


def rnn_cell_matmul(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh)


def rnn_cell_linear(x, h, w_ih, w_hh, b_ih, b_hh):
    return (F.linear(x, w_ih, b_ih) + F.linear(h, w_hh, b_hh)).tanh()


def rnn_cell_one_product(x, h, w_ih, w_hh, b_ih, b_hh):
    both, weight = torch.cat([x, h], dim=1), torch.cat([w_ih, w_hh], dim=1)
    return torch.tanh(torch.addmm(b_ih + b_hh, both, weight.mT))


def rnn_cell_example_by_example(x, h, w_ih, w_hh, b_ih, b_hh):
    states = [torch.tanh(w_ih @ a + w_hh @ b + b_ih + b_hh) for a, b in zip(x, h, strict=True)]
    return torch.stack(states) if states else torch.zeros_like(h)


def rnn_cell_sigmoid(x, h, w_ih, w_hh, b_ih, b_hh):
    total = torch.einsum("ni,ji->nj", x, w_ih) + torch.einsum("nk,jk->nj", h, w_hh) + b_ih + b_hh
    return 2 * torch.sigmoid(2 * total) - 1


def rnn_stack(x, h0, w_ih, w_hh, b_ih, b_hh):
    outputs, h = [], h0
    for x_t in x:
        h = torch.tanh(x_t @ w_ih.mT + b_ih + h @ w_hh.mT + b_hh)
        outputs.append(h)
    return torch.stack(outputs), h


def rnn_inputs_first(x, h0, w_ih, w_hh, b_ih, b_hh):
    """Take the inputs' product for all steps at once."""
    from_inputs = F.linear(x, w_ih, b_ih + b_hh)
    states = [h0]
    for part in from_inputs:
        states.append((part + states[-1] @ w_hh.T).tanh())
    return torch.stack(states[1:]), states[-1]


def rnn_table(x, h0, w_ih, w_hh, b_ih, b_hh):
    steps, n, _ = x.shape
    outputs = x.new_zeros(steps, n, len(w_hh))
    for t in range(steps):
        before = h0 if t == 0 else outputs[t - 1].clone()
        outputs[t] = torch.tanh(F.linear(x[t], w_ih, b_ih) + F.linear(before, w_hh, b_hh))
    return outputs, outputs[-1]


def rnn_accumulate(x, h0, w_ih, w_hh, b_ih, b_hh):
    weight, bias = torch.cat([w_ih, w_hh], dim=1), b_ih + b_hh

    def step(h, x_t):
        return torch.tanh(F.linear(torch.cat([x_t, h], dim=-1), weight, bias))

    _, *states = itertools.accumulate(x, step, initial=h0)
    return torch.cat([state[None] for state in states]), states[-1].clone()


def rnn_sequence_by_sequence(x, h0, w_ih, w_hh, b_ih, b_hh):
    outputs = []
    for sequence, h in zip(x.unbind(1), h0, strict=True):
        states = []
        for x_t in sequence:
            h = torch.tanh(w_ih @ x_t + w_hh @ h + b_ih + b_hh)
            states.append(h)
        outputs.append(torch.stack(states))
    whole = torch.stack(outputs, dim=1) if outputs else x.new_zeros(len(x), 0, len(w_hh))
    return whole, whole[-1]


def lstm_cell_chunks(x, h, c, w_ih, w_hh, b_ih, b_hh):
    i, f, g, o = (x @ w_ih.mT + b_ih + h @ w_hh.mT + b_hh).chunk(4, dim=1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


def lstm_cell_gate_by_gate(x, h, c, w_ih, w_hh, b_ih, b_hh):
    size = h.shape[1]
    sums = []
    for k in range(4):
        rows = slice(k * size, (k + 1) * size)
        sums.append(F.linear(x, w_ih[rows], b_ih[rows]) + F.linear(h, w_hh[rows], b_hh[rows]))
    memory = torch.sigmoid(sums[1]) * c
    memory = memory + torch.sigmoid(sums[0]) * torch.tanh(sums[2])
    return torch.sigmoid(sums[3]) * torch.tanh(memory), memory


def lstm_cell_four_planes(x, h, c, w_ih, w_hh, b_ih, b_hh):
    joined = torch.cat([x, h], dim=1) @ torch.cat([w_ih, w_hh], dim=1).T + (b_ih + b_hh)
    total = joined.unflatten(1, (4, h.shape[1]))
    shares = torch.sigmoid(total[:, [0, 1, 3]])
    new = torch.addcmul(shares[:, 1] * c, shares[:, 0], torch.tanh(total[:, 2]))
    return shares[:, 2] * torch.tanh(new), new


def lstm_cell_columns(x, h, c, w_ih, w_hh, b_ih, b_hh):
    """Keep the examples in columns, so that no weight is transposed."""
    total = w_ih @ x.T + w_hh @ h.T + (b_ih + b_hh)[:, None]
    i, f, g, o = total.split(h.shape[1])
    new = torch.sigmoid(f) * c.T + torch.sigmoid(i) * torch.tanh(g)
    return (torch.sigmoid(o) * torch.tanh(new)).T, new.T


def gru_cell_chunks(x, h, w_ih, w_hh, b_ih, b_hh):
    x_r, x_z, x_n = (x @ w_ih.mT + b_ih).chunk(3, dim=1)
    h_r, h_z, h_n = (h @ w_hh.mT + b_hh).chunk(3, dim=1)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    n = torch.tanh(x_n + r * h_n)
    return (1 - z) * n + z * h


def gru_cell_blocks(x, h, w_ih, w_hh, b_ih, b_hh):
    w_ir, w_iz, w_in = w_ih.split(h.shape[1])
    w_hr, w_hz, w_hn = w_hh.split(h.shape[1])
    b_ir, b_iz, b_in = b_ih.split(h.shape[1])
    b_hr, b_hz, b_hn = b_hh.split(h.shape[1])
    r = (F.linear(x, w_ir) + F.linear(h, w_hr) + b_ir + b_hr).sigmoid()
    z = (F.linear(x, w_iz) + F.linear(h, w_hz) + b_iz + b_hz).sigmoid()
    n = (F.linear(x, w_in, b_in) + r * F.linear(h, w_hn, b_hn)).tanh()
    return torch.lerp(n, h, z)


def gru_cell_moved_towards_candidate(x, h, w_ih, w_hh, b_ih, b_hh):
    size = h.shape[1]
    inputs, state = F.linear(x, w_ih, b_ih), F.linear(h, w_hh, b_hh)
    gates = 1 / (1 + torch.exp(-(inputs + state)[:, : 2 * size]))
    candidate = torch.tanh(inputs[:, 2 * size :] + gates[:, :size] * state[:, 2 * size :])
    return candidate + gates[:, size:] * (h - candidate)


def gru_cell_columns(x, h, w_ih, w_hh, b_ih, b_hh):
    """Keep the examples in columns, so that no weight is transposed."""
    of_x = (w_ih @ x.T + b_ih[:, None]).unflatten(0, (3, h.shape[1]))
    of_h = (w_hh @ h.T + b_hh[:, None]).unflatten(0, (3, h.shape[1]))
    r, z = torch.sigmoid(of_x[:2] + of_h[:2])
    return ((1 - z) * torch.tanh(torch.addcmul(of_x[2], r, of_h[2])) + z * h.T).T


def clip_grad_norm_norm_of_norms(grads, max_norm):
    norms = [torch.linalg.vector_norm(grad) for grad in grads]
    total = torch.linalg.vector_norm(torch.stack(norms)) if norms else torch.tensor(0.0)
    factor = torch.clamp(max_norm / (total + 1e-6), max=1.0)
    return [grad * factor for grad in grads], total


def clip_grad_norm_one_vector(grads, max_norm):
    if not grads:
        return [], torch.tensor(0.0)
    total = torch.cat([grad.flatten() for grad in grads]).norm()
    factor = min(1.0, max_norm / (total.item() + 1e-6))
    return [factor * grad for grad in grads], total


def clip_grad_norm_only_where_above(grads, max_norm):
    total = torch.tensor(0.0) if not grads else sum((grad**2).sum() for grad in grads).sqrt()
    if total + 1e-6 <= max_norm:
        return [grad.clone() for grad in grads], total
    return [max_norm * grad / (total + 1e-6) for grad in grads], total


def clip_grad_norm_of_views(grads, max_norm):
    squares = [torch.dot(grad.reshape(-1), grad.reshape(-1)) for grad in grads]
    total = torch.stack(squares).sum() ** 0.5 if squares else torch.zeros(())
    scale = torch.where(total + 1e-6 > max_norm, max_norm / (total + 1e-6), 1.0)
    return list(map(scale.mul, grads)), total


def perplexity_flat(logits, targets):
    return F.cross_entropy(logits.flatten(0, -2), targets.flatten()).exp()


def perplexity_classes_moved(logits, targets):
    return torch.exp(F.cross_entropy(logits.movedim(-1, 1), targets, reduction="mean"))


def perplexity_gathered(logits, targets):
    chosen = logits.log_softmax(-1).gather(-1, targets.unsqueeze(-1))
    return (-chosen.mean()).exp()


def perplexity_in_bits(logits, targets):
    nats = torch.logsumexp(logits, -1) - logits.gather(-1, targets[..., None])[..., 0]
    return 2 ** (nats / math.log(2)).mean()


def perplexity_one_hot(logits, targets):
    log_p = F.log_softmax(logits, dim=logits.dim() - 1)
    hits = F.one_hot(targets, logits.shape[-1])
    return torch.exp(-(log_p * hits).sum() / targets.numel())


def sample_next_multinomial(logits, temperature, generator):
    probabilities = F.softmax(logits / temperature, dim=-1)
    return torch.multinomial(probabilities, num_samples=1, generator=generator).item()


def sample_next_cumulative(logits, temperature, generator):
    sums = torch.softmax(logits / temperature, dim=0).double().cumsum(0)
    point = torch.rand(1, generator=generator, dtype=torch.float64) * sums[-1]
    return int(torch.searchsorted(sums, point, right=True))


def sample_next_gumbel(logits, temperature, generator):
    uniform = torch.rand(logits.shape, generator=generator, dtype=torch.float64)
    return int(torch.argmax(logits.double() / temperature - torch.log(-torch.log(uniform))))


def sample_next_races(logits, temperature, generator):
    """The smallest of exponential waiting times, each shorter for a likelier token."""
    shifted = (logits.double() - logits.max()) / temperature
    waits = torch.empty(len(logits), dtype=torch.float64).exponential_(generator=generator)
    return (waits / shifted.exp()).argmin().item()


def sample_next_greedy_when_cold(logits, temperature, generator):
    if temperature < 1e-4:
        return logits.argmax().item()
    weights = ((logits - logits.max()) / temperature).exp()
    return weights.multinomial(1, generator=generator).tolist()[0]


def _token(logits, generator):
    return torch.multinomial(logits.softmax(-1), 1, generator=generator)


def generate_start_at_once(model, start, length, generator):
    tokens, state = list(start), None
    fed = torch.tensor(start)
    with torch.no_grad():
        for _ in range(length):
            logits, state = model(fed, state)
            fed = _token(logits[-1], generator)
            tokens.append(fed.item())
    return tokens


def generate_token_by_token(model, start, length, generator):
    state, tokens = None, []
    for token in start:
        tokens.append(token)
        logits, state = model(torch.tensor([token]), state)
    for _ in range(length):
        tokens.append(_token(logits.squeeze(0), generator).item())
        logits, state = model(torch.tensor([tokens[-1]]), state)
    return tokens


@torch.no_grad()
def generate_start_but_its_last(model, start, length, generator):
    """Read all of start but its last token, and go on from that one as from any other."""
    model.eval()
    tokens, state = [*start], None
    if len(start) > 1:
        _, state = model(torch.tensor(start[:-1]), state=state)
    while len(tokens) < len(start) + length:
        logits, state = model(torch.tensor(tokens[-1:], dtype=torch.int64), state=state)
        tokens = [*tokens, int(_token(logits[0], generator))]
    return tokens


@torch.inference_mode()
def generate_by_cumulative_sums(model, start, length, generator):
    logits, state = model(torch.as_tensor(start))
    new = []
    for i in range(length):
        sums = torch.softmax(logits[-1], dim=0).cumsum(0)
        point = torch.rand((), generator=generator) * sums[-1]
        new.append(int((sums <= point).sum()))
        if i + 1 < length:
            logits, state = model(torch.as_tensor(new[-1:]), state)
    return start + new


class Recurrent(nn.Module):
    """A right answer with any of torch's recurrent layers."""

    def __init__(self, layer, size, num_tokens):
        super().__init__()
        self.embedding = nn.Embedding(num_tokens, 32)
        self.layer = layer(32, size, batch_first=True)
        self.linear = nn.Linear(size, num_tokens)

    def forward(self, tokens, state=None):
        outputs, state = self.layer(self.embedding(tokens), state)
        return self.linear(outputs), state


class HandWritten(nn.Module):
    """A right answer with a recurrence of its own, that returns a tuple as its state."""

    def __init__(self, num_tokens):
        super().__init__()
        self.given, self.kept = nn.Embedding(num_tokens, 96), nn.Linear(96, 96)
        self.scores = nn.Linear(96, num_tokens)

    def forward(self, tokens, state=None):
        h = torch.zeros(*tokens.shape[:-1], 96) if state is None else state[0]
        states = []
        for given in self.given(tokens).unbind(-2):
            h = torch.tanh(given + self.kept(h))
            states.append(h)
        return self.scores(torch.stack(states, dim=-2)), (h,)


def train_char_model(make, seed):
    """Train a model as the cell of the assignment does."""
    letters = text("alice").lower()
    vocab = sorted(set(letters))
    index = {letter: i for i, letter in enumerate(vocab)}
    tokens = torch.tensor([index[letter] for letter in letters[: int(0.8 * len(letters))]])
    torch.manual_seed(seed)
    model = make(len(vocab))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 400)
    for _ in range(400):
        windows = tokens[torch.randint(len(tokens) - 48, (32, 1)) + torch.arange(49)]
        logits, _ = model(windows[:, :-1])
        loss = F.cross_entropy(logits.flatten(0, 1), windows[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    return model


class TrainedWhenCalled(nn.Module):
    """A model that is trained at its first call, so that importing this takes no time."""

    def __init__(self, name, make, seed=0):
        super().__init__()
        self.__name__, self.make, self.seed, self.model = name, make, seed, None

    def forward(self, tokens, *state):
        if self.model is None:
            with torch.enable_grad(), torch.random.fork_rng(devices=[]):
                self.model = train_char_model(self.make, self.seed)
        return self.model(tokens, *state)


CharModel_gru = TrainedWhenCalled("CharModel_gru", partial(Recurrent, nn.GRU, 112))
CharModel_by_hand = TrainedWhenCalled("CharModel_by_hand", HandWritten)
