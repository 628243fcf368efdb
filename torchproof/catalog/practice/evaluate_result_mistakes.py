"""Evaluation: how the mean loss and the accuracy go wrong."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from torchproof.catalog.practice.evaluate import evaluate

Loader = DataLoader[Any]


class _Seen:
    """What the batches gave.

    Attributes:
        losses: each batch's mean loss.
        rights: each batch's number of right answers.
        sizes: each batch's number of samples.
        full: the loader's batch size.
        dataset: the number of samples of the dataset.
    """

    def __init__(self, model: nn.Module, loader: Loader, loss_fn: Any) -> None:
        pairs = [(model(x), y) for x, y in loader]
        self.losses = torch.stack([loss_fn(logits, y) for logits, y in pairs]).double()
        rights = [(logits.argmax(dim=1) == y).sum() for logits, y in pairs]
        self.rights = torch.stack(rights).to(self.losses)
        self.sizes = torch.tensor([float(len(y)) for _, y in pairs]).to(self.losses)
        self.full: Any = loader.batch_size
        self.dataset = len(loader.dataset)  # type: ignore[arg-type]

    @property
    def loss(self) -> Tensor:
        return (self.losses * self.sizes).sum() / self.sizes.sum()

    @property
    def accuracy(self) -> Tensor:
        return self.rights.sum() / self.sizes.sum()


def _mistake(name: str, hint: str) -> Callable[[Callable[[_Seen], tuple[Tensor, Tensor]]], object]:
    """Take the decorated function as what is returned of what the batches gave."""

    def add(result: Callable[[_Seen], tuple[Tensor, Tensor]]) -> object:
        @evaluate.mistake(name, hint)
        def wrong(model: nn.Module, loader: Loader, loss_fn: Any) -> tuple[float, float]:
            was_training = model.training
            model.eval()
            with torch.no_grad():
                seen = _Seen(model, loader, loss_fn)
            model.train(was_training)
            loss, accuracy = result(seen)
            return loss.item(), accuracy.item()

        return wrong

    return add


@_mistake(
    "mean of batch means",
    "You average both loss and accuracy over batches, so that a short last batch counts as much as "
    "a full one: add up over samples, and divide both sums by the number of samples.",
)
def _batch_means(seen: _Seen) -> tuple[Tensor, Tensor]:
    return seen.losses.mean(), (seen.rights / seen.sizes).mean()


@_mistake(
    "mean of the batches' losses",
    "You average the loss over batches, so that a short last batch counts as much as a full one: "
    "multiply each batch's loss by its size, and divide the sum by the number of samples.",
)
def _batch_losses(seen: _Seen) -> tuple[Tensor, Tensor]:
    return seen.losses.mean(), seen.accuracy


@_mistake(
    "mean of the batches' accuracies",
    "You average the accuracy over batches, so that a short last batch counts as much as a full "
    "one: count the right answers of all batches, and divide by the number of samples.",
)
def _batch_accuracies(seen: _Seen) -> tuple[Tensor, Tensor]:
    return seen.loss, (seen.rights / seen.sizes).mean()


@_mistake(
    "losses summed over batches",
    "You add up the losses of the batches and do not divide: weight each by the size of its batch, "
    "and divide the sum by the number of samples.",
)
def _summed(seen: _Seen) -> tuple[Tensor, Tensor]:
    return seen.losses.sum(), seen.accuracy


@_mistake(
    "loss summed over samples",
    "The loss you return is the sum over all samples; divide it by their number.",
)
def _undivided(seen: _Seen) -> tuple[Tensor, Tensor]:
    return (seen.losses * seen.sizes).sum(), seen.accuracy


@_mistake(
    "batch means divided by the samples",
    "You add up the batches' mean losses and divide by the number of samples: each mean has to be "
    "multiplied by the size of its batch first.",
)
def _unweighted(seen: _Seen) -> tuple[Tensor, Tensor]:
    return seen.losses.sum() / seen.sizes.sum(), seen.accuracy


@_mistake(
    "every batch taken for a full one",
    "You multiply every batch's loss by the same batch size, though the last one may be shorter: "
    "take len(x), or x.shape[0], of each batch.",
)
def _all_full(seen: _Seen) -> tuple[Tensor, Tensor]:
    total = sum(loss * seen.full for loss in seen.losses.tolist())
    return total / seen.sizes.sum(), seen.accuracy


@_mistake(
    "divided by the dataset",
    "You divide by the size of the dataset, but the loader may leave samples out, as with "
    "drop_last=True: count the samples of the batches that came.",
)
def _by_dataset(seen: _Seen) -> tuple[Tensor, Tensor]:
    return (seen.losses * seen.sizes).sum() / seen.dataset, seen.rights.sum() / seen.dataset


@_mistake(
    "right answers divided by the batches",
    "You divide the number of right answers by the number of batches; divide it by the number of "
    "samples.",
)
def _by_batches(seen: _Seen) -> tuple[Tensor, Tensor]:
    return seen.loss, seen.rights.mean()


@_mistake(
    "accuracy in percent",
    "Your accuracy is in percent; a share from 0 to 1 is asked for, so leave out the factor 100.",
)
def _percent(seen: _Seen) -> tuple[Tensor, Tensor]:
    return seen.loss, 100 * seen.accuracy


@_mistake(
    "number of right answers",
    "You return how many answers are right; divide by the number of samples.",
)
def _counted(seen: _Seen) -> tuple[Tensor, Tensor]:
    return seen.loss, seen.rights.sum()


@_mistake(
    "share of wrong answers",
    "You return the share of wrong answers; the accuracy is 1 minus that.",
)
def _error(seen: _Seen) -> tuple[Tensor, Tensor]:
    return seen.loss, 1 - seen.accuracy


@_mistake(
    "accuracy before loss",
    "You return accuracy and loss in this order; the loss comes first.",
)
def _swapped(seen: _Seen) -> tuple[Tensor, Tensor]:
    return seen.accuracy, seen.loss


@_mistake(
    "only the last batch",
    "You return loss and accuracy of the last batch; add up over all batches.",
)
def _last(seen: _Seen) -> tuple[Tensor, Tensor]:
    return seen.losses[-1], seen.rights[-1] / seen.sizes[-1]


@_mistake(
    "whole-number division",
    "Your accuracy is 0 though some answers are right: count the samples whose largest logit is at "
    "their class, in all batches, and divide with / and not with //.",
)
def _floored(seen: _Seen) -> tuple[Tensor, Tensor]:
    return seen.loss, seen.rights.sum() // seen.sizes.sum()


@evaluate.mistake(
    "tensors instead of floats",
    "What you return are tensors; take their numbers by .item().",
)
def _tensors(model: nn.Module, loader: Loader, loss_fn: Any) -> tuple[Tensor, Tensor]:
    loss, accuracy = evaluate.reference(model, loader, loss_fn)
    return torch.tensor(loss), torch.tensor(accuracy)


@evaluate.mistake(
    "argmax over the wrong dim",
    "You take argmax over the samples: logits have shape (N, C), and the largest of each row is "
    "found by argmax(dim=1).",
)
@torch.no_grad()
def _wrong_dim(model: nn.Module, loader: Loader, loss_fn: Any) -> tuple[float, float]:
    was_training = model.training
    model.eval()
    total, correct, count = 0.0, 0, 0
    for x, y in loader:
        logits = model(x)
        total += loss_fn(logits, y).item() * len(x)
        correct += int((logits.argmax(dim=0) == y).sum())
        count += len(x)
    model.train(was_training)
    return total / count, correct / count
