"""One pass of training: how the steps go wrong."""

from typing import Any

from torch import nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader

from torchproof.catalog.practice.train_epoch import train_epoch

Loader = DataLoader[Any]


@train_epoch.mistake(
    "gradients not zeroed",
    "backward() adds to the gradients that are already there, and you never set them back: call "
    "optimizer.zero_grad() before backward() for every batch.",
)
def _never_zeroed(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    model.train()
    total, count = 0.0, 0
    for x, y in loader:
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total, count = total + loss.item() * len(x), count + len(x)
    return total / count


@train_epoch.mistake(
    "gradients zeroed only before the loop",
    "You set the gradients back once, before the first batch, and then they pile up from batch to "
    "batch: move optimizer.zero_grad() into the loop.",
)
def _zeroed_once(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    optimizer.zero_grad()
    return float(_never_zeroed(model, loader, loss_fn, optimizer))


@train_epoch.mistake(
    "gradients zeroed only after the step",
    "Gradients left from before your function was called go into your first step: call "
    "optimizer.zero_grad() before the first backward(), and not only after each step.",
)
def _zeroed_after(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    model.train()
    total, count = 0.0, 0
    for x, y in loader:
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        total, count = total + loss.item() * len(x), count + len(x)
    return total / count


@train_epoch.mistake(
    "step before backward",
    "You call optimizer.step() before loss.backward(), so every step is made with the gradient of "
    "the batch before: the order is zero_grad, backward, step.",
)
def _step_first(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    model.train()
    total, count = 0.0, 0
    for x, y in loader:
        loss = loss_fn(model(x), y)
        optimizer.step()
        optimizer.zero_grad()
        loss.backward()
        total, count = total + loss.item() * len(x), count + len(x)
    return total / count


@train_epoch.mistake(
    "no gradients at the step",
    "There are no gradients when you call optimizer.step(), so no weight changes: call "
    "optimizer.zero_grad(), then loss.backward(), then optimizer.step(), with nothing in between.",
)
def _nothing_to_step(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    model.train()
    total, count = 0.0, 0
    for x, y in loader:
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        total, count = total + loss.item() * len(x), count + len(x)
    return total / count


@train_epoch.mistake(
    "no step",
    "optimizer.step() is never called, so no weight changes; call it after loss.backward() for "
    "every batch.",
)
def _no_step(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    model.train()
    total, count = 0.0, 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        total, count = total + loss.item() * len(x), count + len(x)
    return total / count


@train_epoch.mistake(
    "one step for the whole pass",
    "You step once, after the loop; call optimizer.step() inside the loop, once for every batch.",
)
def _one_step(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    loss = _no_step(model, loader, loss_fn, optimizer)
    optimizer.step()
    return float(loss)


@train_epoch.mistake(
    "one step of all gradients",
    "You add up the gradients of all batches and step once, after the loop; zero_grad, backward "
    "and step all belong inside the loop, once for every batch.",
)
def _one_large_step(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    model.train()
    total, count = 0.0, 0
    optimizer.zero_grad()
    for x, y in loader:
        loss = loss_fn(model(x), y)
        loss.backward()
        total, count = total + loss.item() * len(x), count + len(x)
    optimizer.step()
    return total / count


@train_epoch.mistake(
    "gradient of the summed loss",
    "You multiply the loss by the size of the batch before backward(), and the gradient with it; "
    "call backward() on the mean that loss_fn gives, and multiply only what you add up.",
)
def _summed(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    model.train()
    total, count = 0.0, 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y) * len(x)
        loss.backward()
        optimizer.step()
        total, count = total + loss.item(), count + len(x)
    return total / count


@train_epoch.mistake(
    "short batches skipped",
    "You skip batches that are not full; train on every batch the loader gives.",
)
def _skips_short(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    model.train()
    total, count, size = 0.0, 0, 0
    for x, y in loader:
        size = max(size, len(x))
        if len(x) < size:
            continue
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total, count = total + loss.item() * len(x), count + len(x)
    return total / count


@train_epoch.mistake(
    "loss measured after the step",
    "You call the model a second time after the step to measure the loss; the loss you call "
    "backward() on is the one asked, so keep its value, and call the model once a batch.",
)
def _measured_after(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    model.train()
    total, count = 0.0, 0
    for x, y in loader:
        optimizer.zero_grad()
        loss_fn(model(x), y).backward()
        optimizer.step()
        total, count = total + loss_fn(model(x), y).item() * len(x), count + len(x)
    return total / count
