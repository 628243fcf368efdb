"""Gradient accumulation: how the calls of the model and the mean loss go wrong."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from torchproof.catalog.practice.gradient_accumulation import gradient_accumulation
from torchproof.catalog.practice.gradient_accumulation_parts import Accumulation, Loader, mistake


@mistake(
    "training mode not set",
    "The model stays in evaluation mode where it was in it, so dropout drops nothing: call "
    "model.train() before the loop.",
)
class _ModeUnset(Accumulation):
    def before_loop(self, model: nn.Module, optimizer: Optimizer) -> None:
        optimizer.zero_grad()


@mistake(
    "mean loss over batches",
    "Your steps are right, but the loss you return is a mean over batches: multiply each by the "
    "size of its batch, and divide the sum by the number of samples.",
)
class _MeanOfMeans(Accumulation):
    def mean(self, losses: Tensor, sizes: Tensor) -> Any:
        return losses.mean().item()


@mistake(
    "sum of the losses returned",
    "Your steps are right, but you return the sum of the losses of all samples; divide it by their "
    "number.",
)
class _Summed(Accumulation):
    def mean(self, losses: Tensor, sizes: Tensor) -> Any:
        return (losses * sizes).sum().item()


@mistake(
    "loss divided by the dataset",
    "You divide the loss by the size of the dataset, but the loader may leave samples out, as with "
    "drop_last=True: count the samples of the batches that came.",
)
class _ByDataset(Accumulation):
    def mean(self, losses: Tensor, sizes: Tensor) -> Any:
        dataset: Any = self.loader.dataset
        return (losses * sizes).sum().item() / len(dataset)


@mistake(
    "nothing returned",
    "You return nothing; return the mean loss over the samples of all batches.",
)
class _Nothing(Accumulation):
    def mean(self, losses: Tensor, sizes: Tensor) -> Any:
        return None


@mistake(
    "a tensor instead of a float",
    "The mean loss you return is a tensor; take its number by .item().",
)
class _Tensor(Accumulation):
    def mean(self, losses: Tensor, sizes: Tensor) -> Any:
        return (losses * sizes).sum() / sizes.sum()


@mistake(
    "loss of a part returned",
    "The loss you add up was divided by steps for backward(); add up the loss as loss_fn gave it, "
    "times the size of its batch.",
)
class _PartOfLoss(Accumulation):
    def mean(self, losses: Tensor, sizes: Tensor) -> Any:
        return (losses * sizes).sum().item() / sizes.sum().item() / self.steps


@mistake(
    "divided by steps, and so is the loss returned",
    "You divide every loss by steps, the one you return included: weight each batch by its share "
    "of the group's samples for backward(), and return the mean of the losses as they were.",
)
class _AllBySteps(_PartOfLoss):
    def weight(self, size: int) -> float:
        return 1.0

    def divisor(self) -> float:
        return self.steps


@gradient_accumulation.mistake(
    "batches joined",
    "You join the batches of a group into one and call the model on that, which takes the memory "
    "that is to be saved: call the model on each batch by itself.",
)
def _joined(
    model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer, steps: int
) -> float:
    model.train()
    batches = list(loader)
    total, count = 0.0, 0
    for start in range(0, len(batches), steps):
        inputs, targets = zip(*batches[start : start + steps], strict=True)
        x, y = torch.cat(inputs), torch.cat(targets)
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        count += len(x)
    return total / count


@gradient_accumulation.mistake(
    "left in evaluation mode",
    "You leave the model in evaluation mode; after a pass of training it stays in training mode.",
)
def _left(
    model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer, steps: int
) -> float:
    loss = gradient_accumulation.reference(model, loader, loss_fn, optimizer, steps)
    model.eval()
    return float(loss)
