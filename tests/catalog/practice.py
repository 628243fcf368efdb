"""Correct answers to ``11_practice``, at least two for each exercise, thought differently."""

import copy
import io
import itertools
import math
from pathlib import Path

import torch
import torch.nn.functional as F


def train_epoch_running_sum(model, loader, loss_fn, optimizer):
    model.train()
    total, count = 0.0, 0
    for x, y in loader:
        optimizer.zero_grad(set_to_none=False)
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * x.size(0)
        count += x.size(0)
    return total / count


def train_epoch_tensors(model, loader, loss_fn, optimizer):
    losses, sizes = [], []
    model.zero_grad()
    model.train()
    for batch in loader:
        x, y = batch
        output = model(x)
        loss = loss_fn(output, y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.detach())
        sizes.append(len(y))
    weights = torch.tensor(sizes) / sum(sizes)
    return (torch.stack(losses).double() @ weights.double().to(losses[0].device)).item()


def train_epoch_moving_mean(model, loader, loss_fn, optimizer):
    """Keeps a mean that each batch moves by its share of what came so far."""
    mean, count = 0.0, 0
    for module in model.modules():
        module.training = True
    for x, y in loader:
        loss = loss_fn(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        count += x.shape[0]
        mean += (float(loss) - mean) * x.shape[0] / count
    return mean


def train_epoch_one_tensor(model, loader, loss_fn, optimizer):
    model.train()
    total, count = 0, 0
    for x, y in loader:
        for parameter in model.parameters():
            parameter.grad = None
        with torch.enable_grad():
            loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total = total + loss.detach() * y.shape[0]
        count += y.shape[0]
    return (total / count).item()


def evaluate_running_sums(model, loader, loss_fn):
    was_training = model.training
    model.eval()
    loss_sum, correct, count = 0.0, 0, 0
    with torch.no_grad():
        for x, y in loader:
            output = model(x)
            loss_sum += loss_fn(output, y).item() * len(y)
            correct += (output.argmax(dim=1) == y).sum().item()
            count += len(y)
    if was_training:
        model.train()
    return loss_sum / count, correct / count


@torch.inference_mode()
def evaluate_inference_mode(model, loader, loss_fn):
    mode = model.training
    model.train(False)
    losses, rights, sizes = [], [], []
    for x, y in loader:
        logits = model(x)
        losses.append(loss_fn(logits, y) * len(x))
        rights.append(logits.max(dim=1).indices.eq(y).double().sum())
        sizes.append(len(x))
    model.train(mode)
    loss = torch.stack(losses).sum() / sum(sizes)
    return loss.item(), float(torch.stack(rights).sum() / sum(sizes))


@torch.no_grad()
def evaluate_all_outputs_first(model, loader, loss_fn):
    """Collects the logits of all batches, and has one loss of them all."""
    modes = {module: module.training for module in model.modules()}
    try:
        model.eval()
        outputs, targets = zip(*((model(x), y) for x, y in loader), strict=True)
    finally:
        for module, mode in modes.items():
            module.training = mode
    logits, target = torch.cat(outputs), torch.cat(targets)
    return loss_fn(logits, target).item(), (logits.argmax(1) == target).double().mean().item()


def gradient_accumulation_weighted_afterwards(model, loader, loss_fn, optimizer, steps):
    model.train()
    optimizer.zero_grad()
    total, count, group, batches = 0.0, 0, 0, 0

    def step(group):
        for parameter in model.parameters():
            if parameter.grad is not None:
                parameter.grad.div_(group)
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)

    for x, y in loader:
        loss = loss_fn(model(x), y)
        (loss * x.size(0)).backward()
        total += loss.item() * x.size(0)
        count += x.size(0)
        group += x.size(0)
        batches += 1
        if batches == steps:
            step(group)
            group, batches = 0, 0
    if batches > 0:
        step(group)
    return total / count


def gradient_accumulation_group_by_group(model, loader, loss_fn, optimizer, steps):
    """Takes the batches of a group first, so that each one's share is known beforehand."""
    model.train()
    losses, sizes, batches = [], [], iter(loader)
    while group := list(itertools.islice(batches, steps)):
        in_group = sum(len(x) for x, _ in group)
        optimizer.zero_grad()
        for x, y in group:
            loss = loss_fn(model(x), y)
            (loss * (len(x) / in_group)).backward()
            losses.append(loss.item())
            sizes.append(len(x))
        optimizer.step()
    return sum(loss * n for loss, n in zip(losses, sizes, strict=True)) / sum(sizes)


def gradient_accumulation_own_sums(model, loader, loss_fn, optimizer, steps):
    """Adds up the gradients in tensors of its own."""
    model.train()
    parameters = [p for p in model.parameters() if p.requires_grad]
    sums, group, total, count = [torch.zeros_like(p) for p in parameters], 0, 0.0, 0
    for i, (x, y) in enumerate(loader):
        loss = loss_fn(model(x), y)
        found = torch.autograd.grad(loss, parameters)
        sums = [held + len(x) * new for held, new in zip(sums, found, strict=True)]
        group, total, count = group + len(x), total + loss.item() * len(x), count + len(x)
        if (i + 1) % steps == 0 or i == len(loader) - 1:
            for parameter, held in zip(parameters, sums, strict=True):
                parameter.grad = held / group
            optimizer.step()
            sums, group = [torch.zeros_like(p) for p in parameters], 0
    return total / count


def gradient_accumulation_graph_kept(model, loader, loss_fn, optimizer, steps):
    """Adds up the losses, and goes back through all batches of a group at once."""
    model.train()
    held, group, losses, n = 0.0, 0, 0.0, 0
    last = len(loader)
    for i, (x, y) in enumerate(loader, 1):
        held = held + loss_fn(model(x), y) * len(x)
        group += len(x)
        if i % steps == 0 or i == last:
            optimizer.zero_grad()
            (held / group).backward()
            optimizer.step()
            losses, n = losses + held.item(), n + group
            held, group = 0.0, 0
    return losses / n


def fit_helpers(model, train, valid, loss_fn, optimizer, scheduler, epochs, patience):
    def evaluated():
        model.eval()
        total, correct, count = 0.0, 0, 0
        with torch.no_grad():
            for x, y in valid:
                logits = model(x)
                total += loss_fn(logits, y).item() * len(x)
                correct += (logits.argmax(1) == y).sum().item()
                count += len(x)
        return total / count, correct / count

    history = {"train_loss": [], "valid_loss": [], "valid_accuracy": []}
    best, best_epoch, best_state, waited = float("inf"), 0, None, 0
    for epoch in range(epochs):
        history["train_loss"].append(train_epoch_running_sum(model, train, loss_fn, optimizer))
        loss, accuracy = evaluated()
        history["valid_loss"].append(loss)
        history["valid_accuracy"].append(accuracy)
        if scheduler is not None:
            scheduler.step()
        if loss < best:
            best, best_epoch, waited = loss, epoch, 0
            best_state = {k: v.clone() for k, v in model.state_dict().items()}
        else:
            waited += 1
            if waited >= patience:
                break
    if best_state is not None:
        model.load_state_dict(best_state)
    history["best_epoch"] = best_epoch
    return history


def fit_whole_model_copied(model, train, valid, loss_fn, optimizer, scheduler, epochs, patience):
    """Copies the model, and looks at the history only."""
    train_loss, valid_loss, valid_accuracy, best_epoch = [], [], [], 0
    best = copy.deepcopy(model)
    while len(valid_loss) < epochs:
        train_loss.append(train_epoch_tensors(model, train, loss_fn, optimizer))
        loss, accuracy = evaluate_inference_mode(model, valid, loss_fn)
        valid_loss.append(loss)
        valid_accuracy.append(accuracy)
        if all(loss < other for other in valid_loss[:-1]):
            best_epoch = len(valid_loss) - 1
            best.load_state_dict(model.state_dict())
        if scheduler:
            scheduler.step()
        if len(valid_loss) - 1 - best_epoch == patience:
            break
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            tensor.copy_(best.state_dict()[name])
    return {
        "best_epoch": best_epoch,
        "valid_accuracy": valid_accuracy,
        "valid_loss": valid_loss,
        "train_loss": train_loss,
    }


def fit_every_state_kept(model, train, valid, loss_fn, optimizer, scheduler, epochs, patience):
    """Saves the state of every epoch as bytes, and the scheduler goes on before the validation."""
    rows, states = [], []
    for epoch in range(epochs):
        row = [train_epoch_one_tensor(model, train, loss_fn, optimizer)]
        if scheduler is not None:
            scheduler.step()
        row += evaluate_all_outputs_first(model, valid, loss_fn)
        file = io.BytesIO()
        torch.save(model.state_dict(), file)
        rows.append(row)
        states.append(file.getvalue())
        losses = [loss if loss == loss else math.inf for _, loss, _ in rows]
        best = losses.index(min(losses))
        if epoch - best >= patience:
            break
    model.load_state_dict(torch.load(io.BytesIO(states[best])))
    names = ("train_loss", "valid_loss", "valid_accuracy")
    history = {name: list(each) for name, each in zip(names, zip(*rows, strict=True), strict=True)}
    return history | {"best_epoch": best}


def train_val_test_split_sort_random_numbers(n, fractions, generator):
    order = torch.rand(n, generator=generator).argsort()
    n_test = math.floor(fractions[2] * n)
    n_val = math.floor(fractions[1] * n)
    test, rest = order[:n_test], order[n_test:]
    return rest[n_val:].sort().values, rest[:n_val].sort().values, test.sort().values


def train_val_test_split_draw_by_hand(n, fractions, generator):
    left = list(range(n))
    for i in range(n - 1, 0, -1):
        j = int(torch.randint(i + 1, (), generator=generator))
        left[i], left[j] = left[j], left[i]
    ends = [n * fractions[1] // 1, n * fractions[2] // 1]
    first, second = int(ends[0]), int(ends[0] + ends[1])
    parts = (left[second:], left[:first], left[first:second])
    return tuple(torch.tensor(part, dtype=torch.int64) for part in parts)


def train_val_test_split_random_split(n, fractions, generator):
    n_val, n_test = int(n * fractions[1]), int(n * fractions[2])
    sizes = [n - n_val - n_test, n_val, n_test]
    parts = torch.utils.data.random_split(range(n), sizes, generator=generator)
    return tuple(torch.tensor(list(part.indices), dtype=torch.long) for part in parts)


def augment_loop(images, generator):
    result = []
    for image in images:
        if torch.rand((), generator=generator) < 0.5:
            image = image.flip(2)
        dy, dx = torch.randint(-1, 2, (2,), generator=generator).tolist()
        height, width = image.shape[1:]
        moved = torch.zeros_like(image)
        moved[:, max(dy, 0) : height + min(dy, 0), max(dx, 0) : width + min(dx, 0)] = image[
            :, max(-dy, 0) : height + min(-dy, 0), max(-dx, 0) : width + min(-dx, 0)
        ]
        noise = torch.rand(height, width, generator=generator)
        moved[:, noise < 0.025] = 1
        moved[:, noise > 0.975] = 0
        result.append(moved)
    return torch.stack(result)


def augment_crop_of_padding(images, generator):
    n, _, height, width = images.shape
    padded = F.pad(images, (1, 1, 1, 1))
    tops, lefts = torch.randint(0, 3, (2, n), generator=generator).tolist()
    corners = zip(padded, tops, lefts, strict=True)
    result = torch.stack([one[:, t : t + height, w : w + width] for one, t, w in corners])
    flip = torch.rand(n, generator=generator) < 0.5
    result[flip] = result[flip].flip(-1)
    noisy = torch.rand(n, 1, height, width, generator=generator) < 0.05
    salt = torch.rand(n, 1, height, width, generator=generator) < 0.5
    return torch.where(noisy, salt.to(images.dtype), result)


def augment_roll_and_blank(images, generator):
    result = images.clone()
    for one in result:
        if torch.randint(2, (), generator=generator):
            one.copy_(one.flip(-1))
        dy = int(torch.randint(3, (), generator=generator)) - 1
        dx = int(torch.randint(3, (), generator=generator)) - 1
        one.copy_(one.roll((dy, dx), dims=(1, 2)))
        if dy:
            one[:, 0 if dy > 0 else -1] = 0
        if dx:
            one[:, :, 0 if dx > 0 else -1] = 0
    weights = torch.tensor([0.95, 0.025, 0.025])
    n, c, height, width = images.shape
    kinds = torch.multinomial(weights, n * height * width, replacement=True, generator=generator)
    kinds = kinds.view(n, 1, height, width).expand(n, c, height, width)
    result[kinds == 1] = 1.0
    result[kinds == 2] = 0.0
    return result


def _beta(alpha, generator):
    gammas = torch._standard_gamma(torch.tensor([alpha, alpha]), generator=generator)
    return (gammas[0] / gammas.sum()).item()


def mixup_formula(x, y, alpha, generator):
    lam = _beta(alpha, generator)
    order = torch.randperm(x.shape[0], generator=generator)
    return x * lam + x[order] * (1 - lam), y * lam + y[order] * (1 - lam)


def mixup_lerp(x, y, alpha, generator):
    partner = torch.rand(len(x), generator=generator).argsort()
    weight = 1 - _beta(alpha, generator)
    return torch.lerp(x, x[partner], weight), y + weight * (y[partner] - y)


def mixup_matrix(x, y, alpha, generator):
    lam = _beta(alpha, generator)
    eye = torch.eye(len(x), dtype=x.dtype)
    mixing = lam * eye + (1 - lam) * eye[torch.randperm(len(x), generator=generator)]
    return (mixing @ x.reshape(len(x), -1)).reshape(x.shape), mixing.to(y.dtype) @ y


def save_checkpoint_dict(path, model, optimizer, scheduler, epoch):
    states = {
        "epoch": epoch,
        "random_state": torch.random.get_rng_state(),
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
    }
    torch.save(states, path)


def save_checkpoint_open_file(path, model, optimizer, scheduler, epoch):
    objects = {"model": model, "optimizer": optimizer, "scheduler": scheduler}
    states = {name: each.state_dict() for name, each in objects.items()}
    states.update(epoch=epoch, random_state=torch.default_generator.get_state())
    with Path(path).open("wb") as file:
        torch.save(states, file)


def load_checkpoint_one_by_one(path, model, optimizer, scheduler):
    states = torch.load(path)
    scheduler.load_state_dict(states["scheduler"])
    optimizer.load_state_dict(states["optimizer"])
    model.load_state_dict(states["model"])
    torch.default_generator.set_state(states["random_state"])
    return states["epoch"]


def load_checkpoint_loop(path, model, optimizer, scheduler):
    with Path(path).open("rb") as file:
        held = torch.load(file, map_location="cpu", weights_only=True)
    torch.random.set_rng_state(held.pop("random_state"))
    epoch = held.pop("epoch")
    objects = {"model": model, "optimizer": optimizer, "scheduler": scheduler}
    for name, state in held.items():
        objects[name].load_state_dict(state)
    return epoch
