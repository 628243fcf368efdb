"""Training with validation and early stopping: how an epoch and the history go wrong."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader

from torchproof.catalog.practice.evaluate import evaluate
from torchproof.catalog.practice.evaluate_mistakes import scores
from torchproof.catalog.practice.fit_parts import Fit, mistake

Loader = DataLoader[Any]


def train_pass(model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> list[Any]:
    """Train rightly, in the mode the model is in; return each batch's loss and its size."""
    pairs = []
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        pairs.append((loss.item(), len(x)))
    return pairs


def weighted_mean(pairs: list[Any]) -> float:
    """Return the mean of losses, each weighted by the size of its batch."""
    return float(sum(loss * n for loss, n in pairs) / sum(n for _, n in pairs))


@mistake(
    "gradients not zeroed",
    "backward() adds to the gradients that are already there, and you never set them back: call "
    "optimizer.zero_grad() before backward() for every batch.",
)
class _Unzeroed(Fit):
    def train(self, model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
        model.train()
        pairs = []
        for x, y in loader:
            loss = loss_fn(model(x), y)
            loss.backward()
            optimizer.step()
            pairs.append((loss.item(), len(x)))
        return weighted_mean(pairs)


@mistake(
    "gradients zeroed once an epoch",
    "You set the gradients back once an epoch, and they pile up from batch to batch: call "
    "optimizer.zero_grad() for every batch.",
)
class _ZeroedOnce(_Unzeroed):
    def train(self, model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
        optimizer.zero_grad()
        return super().train(model, loader, loss_fn, optimizer)


@mistake(
    "gradients zeroed only after the step",
    "Gradients left from before your function was called go into your first step: call "
    "optimizer.zero_grad() before the first backward(), and not only after each step.",
)
class _ZeroedAfter(Fit):
    def train(self, model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
        model.train()
        pairs = []
        for x, y in loader:
            loss = loss_fn(model(x), y)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            pairs.append((loss.item(), len(x)))
        return weighted_mean(pairs)


@mistake(
    "cross-entropy whatever the loss",
    "You compute the cross-entropy whatever loss_fn is; call the loss_fn you are given, in "
    "training and in validation.",
)
class _CrossEntropy(Fit):
    def train(self, model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
        return super().train(model, loader, F.cross_entropy, optimizer)

    def evaluate(self, model: nn.Module, loader: Loader, loss_fn: Any) -> tuple[float, float]:
        return super().evaluate(model, loader, F.cross_entropy)


@mistake(
    "cross-entropy in the validation whatever the loss",
    "You compute the cross-entropy in the validation whatever loss_fn is; call the loss_fn you are "
    "given.",
)
class _CrossEntropyValid(Fit):
    def evaluate(self, model: nn.Module, loader: Loader, loss_fn: Any) -> tuple[float, float]:
        return super().evaluate(model, loader, F.cross_entropy)


class _ByDataset(Fit):
    """Divides by the number of samples in the dataset."""

    def train(self, model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
        return super().train(model, loader, loss_fn, optimizer) * _share(loader)

    def evaluate(self, model: nn.Module, loader: Loader, loss_fn: Any) -> tuple[float, float]:
        loss, accuracy = super().evaluate(model, loader, loss_fn)
        return loss * _share(loader), accuracy * _share(loader)


def _share(loader: Loader) -> float:
    """Return the share of the dataset that a loader gives."""
    taken = len(loader) * (loader.batch_size or 1) if loader.drop_last else len(loader.dataset)  # type: ignore[arg-type]
    return taken / len(loader.dataset)  # type: ignore[arg-type]


_COUNT = (
    "divide by the size of the dataset, but the loader may leave samples out, as with "
    "drop_last=True: count the samples of the batches that came."
)


@mistake("divided by the datasets", f"You {_COUNT}")
class _ByDatasets(_ByDataset):
    pass


@mistake("training loss divided by the dataset", f"For the training loss you {_COUNT}")
class _ByTrainDataset(_ByDataset):
    def evaluate(self, model: nn.Module, loader: Loader, loss_fn: Any) -> tuple[float, float]:
        return super(_ByDataset, self).evaluate(model, loader, loss_fn)


@mistake("validation divided by the dataset", f"In the validation you {_COUNT}")
class _ByValidDataset(_ByDataset):
    def train(self, model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
        return super(_ByDataset, self).train(model, loader, loss_fn, optimizer)


@mistake(
    "evaluation in training mode",
    "You validate in training mode, where dropout and batch normalisation make the loss depend on "
    "chance and on the batch: call model.eval() before it.",
)
class _Training(Fit):
    @torch.no_grad()
    def evaluate(self, model: nn.Module, loader: Loader, loss_fn: Any) -> tuple[float, float]:
        return scores(model, loader, loss_fn)


@mistake(
    "training in evaluation mode after the first epoch",
    "From the second epoch on you train in evaluation mode: call model.train() at the start of "
    "every epoch, and not only once before them.",
)
class _Evaluating(Fit):
    def train(self, model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
        return weighted_mean(train_pass(model, loader, loss_fn, optimizer))

    @torch.no_grad()
    def evaluate(self, model: nn.Module, loader: Loader, loss_fn: Any) -> tuple[float, float]:
        model.eval()
        return scores(model, loader, loss_fn)


@mistake(
    "gradients tracked",
    "You validate with gradients on, so that autograd keeps what every batch went through: put "
    "the validation under torch.no_grad().",
)
class _Tracked(Fit):
    def evaluate(self, model: nn.Module, loader: Loader, loss_fn: Any) -> tuple[float, float]:
        model.eval()
        return scores(model, loader, loss_fn)


@mistake(
    "neither evaluation mode nor no_grad",
    "You validate as you train, in training mode and with gradients on: call model.eval() before, "
    "and put the validation under torch.no_grad().",
)
class _AsItIs(Fit):
    def evaluate(self, model: nn.Module, loader: Loader, loss_fn: Any) -> tuple[float, float]:
        return scores(model, loader, loss_fn)


def _batch_means(model: nn.Module, loader: Loader, loss_fn: Any) -> tuple[float, float]:
    """Evaluate rightly, but average over batches."""
    model.eval()
    with torch.no_grad():
        pairs = [scores(model, [batch], loss_fn) for batch in loader]  # type: ignore[arg-type]
    losses, accuracies = zip(*pairs, strict=True)
    return sum(losses) / len(losses), sum(accuracies) / len(accuracies)


@mistake(
    "mean of batch means",
    "Your losses and accuracies are means over batches, so that a short last batch counts as much "
    "as a full one: multiply by the size of the batch, and divide by the number of samples.",
)
class _BatchMeans(Fit):
    def train(self, model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
        model.train()
        losses = [loss for loss, _ in train_pass(model, loader, loss_fn, optimizer)]
        return float(sum(losses) / len(losses))

    def evaluate(self, model: nn.Module, loader: Loader, loss_fn: Any) -> tuple[float, float]:
        return _batch_means(model, loader, loss_fn)


@mistake(
    "mean of batch losses",
    "Your losses are means over batches, so that a short last batch counts as much as a full one: "
    "multiply by the size of the batch, and divide by the number of samples.",
)
class _BatchLosses(_BatchMeans):
    def evaluate(self, model: nn.Module, loader: Loader, loss_fn: Any) -> tuple[float, float]:
        _, accuracy = super(_BatchMeans, self).evaluate(model, loader, loss_fn)
        return _batch_means(model, loader, loss_fn)[0], accuracy


@mistake(
    "training loss as a mean of batch means",
    "Your training loss is a mean over batches, so that a short last batch counts as much as a "
    "full one: multiply by the size of the batch, and divide by the number of samples.",
)
class _TrainBatchMeans(_BatchMeans):
    def evaluate(self, model: nn.Module, loader: Loader, loss_fn: Any) -> tuple[float, float]:
        return super(_BatchMeans, self).evaluate(model, loader, loss_fn)


@mistake(
    "losses summed over batches",
    "Your losses are sums over batches: multiply each by the size of its batch, and divide the sum "
    "by the number of samples.",
)
class _Summed(Fit):
    def train(self, model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
        model.train()
        return float(sum(loss for loss, _ in train_pass(model, loader, loss_fn, optimizer)))

    def evaluate(self, model: nn.Module, loader: Loader, loss_fn: Any) -> tuple[float, float]:
        _, accuracy = super().evaluate(model, loader, loss_fn)
        return _batch_means(model, loader, loss_fn)[0] * len(loader), accuracy


@mistake(
    "training loss measured after the epoch",
    "Your training loss is that of the trained model on all training data; the mean of the losses "
    "on the way is asked for, those you call backward() on.",
)
class _MeasuredAfter(Fit):
    def train(self, model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
        super().train(model, loader, loss_fn, optimizer)
        return float(evaluate.reference(model, loader, loss_fn)[0])


@mistake(
    "accuracy in percent",
    "Your accuracy is in percent; a share from 0 to 1 is asked for, so leave out the factor 100.",
)
class _Percent(Fit):
    def evaluate(self, model: nn.Module, loader: Loader, loss_fn: Any) -> tuple[float, float]:
        loss, accuracy = super().evaluate(model, loader, loss_fn)
        return loss, 100 * accuracy
