"""Functions that save a training run to a file, or go on from one."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from torchproof.checking.compare import difference
from torchproof.checking.drive.modules import network
from torchproof.checking.tree import plain, tensors_of

Parts = dict[str, Any]

_unwatched = torch._C.DisableTorchFunction
"""Where what the driver does itself is not counted, which takes time."""


class Run:
    """A small model in training, whose batches are shuffled by torch's global generator.

    Attributes:
        model: the model, in the dtype of the data.
        optimizer: its optimizer.
        scheduler: that of its learning rate.
    """

    def __init__(
        self,
        layers: list[Any],
        x: Tensor,
        y: Tensor,
        optimizer: Parts,
        scheduler: Parts,
        batch_size: int = 4,
        every_batch: bool = False,
        training: bool = True,
    ) -> None:
        """Make a run.

        Args:
            layers: as in `torchproof.checking.drive.modules.network`.
            x: what the model is called on, shape (N, in).
            y: what it should return, shape (N, out).
            optimizer: ``kind`` is its class, as in ``"SGD"``, the rest its keyword arguments.
            scheduler: likewise.
            batch_size: the number of samples in a batch.
            every_batch: whether the scheduler takes a step after each batch, and not each pass.
            training: whether the model is left in training mode, and not in evaluation mode.
        """
        self.model: nn.Module = network(lambda made: made, layers).to(x).train(training)
        given = dict(optimizer)
        self.optimizer = getattr(torch.optim, given.pop("kind"))(self.model.parameters(), **given)
        given = dict(scheduler)
        self.scheduler = getattr(torch.optim.lr_scheduler, given.pop("kind"))(
            self.optimizer, **given
        )
        self._loader = DataLoader(TensorDataset(x, y), batch_size=batch_size, shuffle=True)
        self._every_batch = every_batch
        self._training = training

    @property
    def objects(self) -> Parts:
        """What a function that saves or loads is given of it."""
        return {"model": self.model, "optimizer": self.optimizer, "scheduler": self.scheduler}

    def train(self, passes: int) -> list[float]:
        """Go through the data, and return the loss of each batch."""
        losses = []
        self.model.train()
        for _ in range(passes):
            for x, y in self._loader:
                self.optimizer.zero_grad()
                loss = (self.model(x) - y).square().mean()
                loss.backward()
                self.optimizer.step()
                losses.append(loss.item())
                if self._every_batch:
                    self.scheduler.step()
            if not self._every_batch:
                self.scheduler.step()
        self.model.train(self._training)
        return losses

    def state(self) -> Parts:
        """Return copies of all that a step depends on."""
        modes = {module.training for module in self.model.modules()}
        return {
            "the model": as_tree(self.model.state_dict()),
            "the optimizer": as_tree(self.optimizer.state_dict()),
            "the scheduler": as_tree(self.scheduler.state_dict()),
            "the random state": torch.get_rng_state(),
            "the model's mode": " and ".join(
                "training" if mode else "evaluation" for mode in sorted(modes)
            ),
            "the gradients": [plain(each.grad) for each in self.model.parameters()],
        }


def as_tree(value: Any) -> Any:
    """Copy what a state_dict or a file holds into a plain tree; any kind of dict is a dict."""
    if isinstance(value, dict):
        return {plain(key): as_tree(item) for key, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)(as_tree(item) for item in value)
    return plain(value)


def checkpoint_saved(
    candidate: Callable[..., Any], run: Parts, passes: int, epoch: int, times: int = 1
) -> Parts:
    """Train, and let a function save.

    Args:
        candidate: takes path, model, optimizer, scheduler and epoch.
        run: what a `Run` is made with.
        passes: how long it trains.
        epoch: the number it is saved with.
        times: how often it trains and is saved, with the next epoch, to the same file.

    Returns:
        What is in the ``file``, and which dtypes; which other files there are; and what was
        ``changed by saving``.

    Raises:
        ValueError: there is no file, or none that torch reads without running code.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "checkpoint.pt"
        with _unwatched():
            made = Run(**run)
        for number in range(epoch, epoch + times):
            with _unwatched():
                made.train(passes)
                before = made.state()
            candidate(path=str(path), **made.objects, epoch=number)
        with _unwatched():
            after, held = made.state(), _read(path)
        others = sorted(each.name for each in path.parent.iterdir() if each != path)
    changed = [name for name in before if difference(after[name], before[name], "")]
    return {
        "file": held,
        "dtypes in the file": sorted({str(tensor.dtype) for tensor in tensors_of(held)}),
        "other files": others,
        "changed by saving": " and ".join(changed) or "nothing",
    }


def _read(path: Path) -> Any:
    if not path.is_file():
        raise ValueError("there is no file at path after save_checkpoint.")
    try:
        return as_tree(torch.load(path, weights_only=True))
    except Exception as error:
        raise ValueError(
            f"torch.load(path, weights_only=True) cannot read the file: {error}"
        ) from error


def checkpoint_loaded(
    candidate: Callable[..., Any],
    run: Parts,
    checkpoint: Parts,
    passes: int,
    before: int = 0,
) -> Parts:
    """Let a function load a checkpoint into newly made objects, and train on.

    Args:
        candidate: takes path, model, optimizer and scheduler; returns the epoch.
        run: what a `Run` is made with.
        checkpoint: what is in the file.
        passes: how long it trains afterwards.
        before: how long it has trained already.

    Returns:
        What was returned, the mode of the model, whether the file is as it was, and the losses
        and all that training depends on after it went on.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "checkpoint.pt"
        with _unwatched():
            torch.save(checkpoint, path)
            made = Run(**run)
            made.train(before)
        content = path.read_bytes()
        returned = candidate(path=str(path), **made.objects)
        same = path.is_file() and path.read_bytes() == content
    with _unwatched():
        mode = made.state()["the model's mode"]
        losses = made.train(passes)
        state = made.state()
    return {
        "epoch returned": returned,
        "mode of the model": mode,
        "the file is as before": same,
        "losses after resuming": losses,
        "learning rate after resuming": made.optimizer.param_groups[0]["lr"],
        "weights and buffers after resuming": state["the model"],
        "optimizer after resuming": state["the optimizer"],
        "scheduler after resuming": state["the scheduler"],
        "random state after resuming": state["the random state"],
    }
