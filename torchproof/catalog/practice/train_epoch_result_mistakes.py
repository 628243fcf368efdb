"""One pass of training: how the mode and the mean loss go wrong."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader

from torchproof.catalog.practice.train_epoch import train_epoch

Loader = DataLoader[Any]


def _pass(
    model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer
) -> tuple[Tensor, Tensor]:
    """Train rightly, in the mode the model is in; return each batch's loss and its size."""
    losses, sizes = [], []
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
        sizes.append(len(x))
    return torch.stack(losses), torch.tensor(sizes).to(losses[0])


def _mean(losses: Tensor, sizes: Tensor) -> float:
    return ((losses * sizes).sum() / sizes.sum()).item()


@train_epoch.mistake(
    "training mode not set",
    "The model stays in evaluation mode where it was in it, so dropout drops nothing and batch "
    "normalisation uses its running statistics: call model.train() before the loop.",
)
def _mode_unset(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    return _mean(*_pass(model, loader, loss_fn, optimizer))


@train_epoch.mistake(
    "trains in evaluation mode",
    "You train in evaluation mode, in which dropout does nothing and batch normalisation uses its "
    "running statistics: call model.train() and not model.eval() before the loop.",
)
def _evaluating(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    model.eval()
    return _mean(*_pass(model, loader, loss_fn, optimizer))


@train_epoch.mistake(
    "left in evaluation mode",
    "You leave the model in evaluation mode; after a pass of training it stays in training mode.",
)
def _left_evaluating(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    loss = train_epoch.reference(model, loader, loss_fn, optimizer)
    model.eval()
    return float(loss)


@train_epoch.mistake(
    "mode put back",
    "You put the model back into the mode it had before; here it is asked to stay in training "
    "mode, so leave out the line that puts it back.",
)
def _put_back(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    was_training = model.training
    loss = train_epoch.reference(model, loader, loss_fn, optimizer)
    model.train(was_training)
    return float(loss)


@train_epoch.mistake(
    "mean of batch means",
    "You average over batches, so that a short last batch counts as much as a full one: add up "
    "loss times the size of the batch, and divide by the number of samples.",
)
def _batch_means(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    model.train()
    return _pass(model, loader, loss_fn, optimizer)[0].mean().item()


@train_epoch.mistake(
    "losses summed over batches",
    "You add up the losses of the batches and do not divide: weight each by the size of its batch, "
    "and divide the sum by the number of samples.",
)
def _summed(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    model.train()
    return _pass(model, loader, loss_fn, optimizer)[0].sum().item()


@train_epoch.mistake(
    "sum over samples",
    "You return the sum of the losses of all samples; divide it by their number.",
)
def _undivided(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    model.train()
    losses, sizes = _pass(model, loader, loss_fn, optimizer)
    return (losses * sizes).sum().item()


@train_epoch.mistake(
    "batch means divided by the samples",
    "You add up the batches' mean losses and divide by the number of samples: each mean has to be "
    "multiplied by the size of its batch first.",
)
def _unweighted(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    model.train()
    losses, sizes = _pass(model, loader, loss_fn, optimizer)
    return (losses.sum() / sizes.sum()).item()


@train_epoch.mistake(
    "weighted sum divided by the batches",
    "You divide the sum over all samples by the number of batches; divide it by the number of "
    "samples.",
)
def _per_batch(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    model.train()
    losses, sizes = _pass(model, loader, loss_fn, optimizer)
    return (losses * sizes).mean().item()


@train_epoch.mistake(
    "every batch taken for a full one",
    "You multiply every batch's loss by the same batch size, though the last one may be shorter: "
    "take len(x), or x.shape[0], of each batch.",
)
def _all_full(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    model.train()
    losses, sizes = _pass(model, loader, loss_fn, optimizer)
    size: Any = loader.batch_size
    return float(sum(loss * size for loss in losses.tolist()) / sizes.sum().item())


@train_epoch.mistake(
    "divided by the dataset",
    "You divide by the size of the dataset, but the loader may leave samples out, as with "
    "drop_last=True: count the samples of the batches that came.",
)
def _by_dataset(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    model.train()
    losses, sizes = _pass(model, loader, loss_fn, optimizer)
    dataset: Any = loader.dataset
    return float((losses * sizes).sum()) / len(dataset)


@train_epoch.mistake(
    "loss of the last batch",
    "You return the loss of the last batch only; the mean over the samples of all batches is "
    "asked for.",
)
def _last(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    model.train()
    return _pass(model, loader, loss_fn, optimizer)[0][-1].item()


@train_epoch.mistake(
    "returns from inside the loop",
    "You return after the first batch: put return after the loop, in line with for.",
)
def _one_batch(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    model.train()
    return _pass(model, [next(iter(loader))], loss_fn, optimizer)[0][0].item()  # type: ignore[arg-type]


@train_epoch.mistake(
    "elements counted instead of samples",
    "You count the elements of x and not its samples: the size of a batch is len(x), or "
    "x.shape[0].",
)
def _elements(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    model.train()
    losses, sizes = _pass(model, loader, loss_fn, optimizer)
    x = next(iter(loader))[0]
    return _mean(losses, sizes) / int(x[0].numel())


@train_epoch.mistake(
    "a tensor instead of a float",
    "The mean loss you return is a tensor, which a history would keep together with what it came "
    "from: take its number by .item().",
)
def _tensor(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> Tensor:
    model.train()
    losses, sizes = _pass(model, loader, loss_fn, optimizer)
    return (losses * sizes).sum() / sizes.sum()


@train_epoch.mistake(
    "nothing returned",
    "You return nothing; return the mean loss over the samples of all batches.",
)
def _nothing(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> None:
    train_epoch.reference(model, loader, loss_fn, optimizer)


@train_epoch.mistake(
    "gradients off",
    "You call the model with gradients off, so there is nothing for backward() to go back through: "
    "torch.no_grad() belongs to evaluation.",
)
@torch.no_grad()
def _gradients_off(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
    return float(train_epoch.reference(model, loader, loss_fn, optimizer))
