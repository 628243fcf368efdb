"""Evaluation: how the modes and the gradients go wrong."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader

from torchproof.catalog.practice.evaluate import evaluate

Loader = DataLoader[Any]
Pair = tuple[float, float]


def scores(model: nn.Module, loader: Loader, loss_fn: Any) -> Pair:
    """Return mean loss and accuracy, with the model and gradients as they are."""
    total, correct, count = 0.0, 0, 0
    for x, y in loader:
        logits = model(x)
        total += loss_fn(logits, y).item() * len(x)
        correct += int((logits.argmax(dim=1) == y).sum())
        count += len(x)
    return total / count, correct / count


@evaluate.mistake(
    "evaluation in training mode",
    "You evaluate in the mode the model is in: in training mode dropout and batch normalisation "
    "make the result depend on chance and on the batch, so call model.eval() first.",
)
@torch.no_grad()
def _mode_unset(model: nn.Module, loader: Loader, loss_fn: Any) -> Pair:
    return scores(model, loader, loss_fn)


@evaluate.mistake(
    "put into training mode",
    "You put the model into training mode to evaluate it; call model.eval(), and put the old mode "
    "back at the end.",
)
@torch.no_grad()
def _training(model: nn.Module, loader: Loader, loss_fn: Any) -> Pair:
    was_training = model.training
    model.train()
    result = scores(model, loader, loss_fn)
    model.train(was_training)
    return result


@evaluate.mistake(
    "training mode, and left in it",
    "You call model.train() before you evaluate; call model.eval(), and put back the mode that "
    "model.training told before it.",
)
@torch.no_grad()
def _training_left(model: nn.Module, loader: Loader, loss_fn: Any) -> Pair:
    model.train()
    return scores(model, loader, loss_fn)


@evaluate.mistake(
    "left in evaluation mode",
    "You leave the model in evaluation mode: keep model.training before model.eval(), and put it "
    "back with model.train(was_training).",
)
@torch.no_grad()
def _left(model: nn.Module, loader: Loader, loss_fn: Any) -> Pair:
    model.eval()
    return scores(model, loader, loss_fn)


@evaluate.mistake(
    "always put into training mode at the end",
    "You put the model into training mode at the end even where it came in evaluation mode: keep "
    "model.training at the start, and put that back.",
)
@torch.no_grad()
def _forced(model: nn.Module, loader: Loader, loss_fn: Any) -> Pair:
    model.eval()
    result = scores(model, loader, loss_fn)
    model.train()
    return result


@evaluate.mistake(
    "gradients tracked",
    "You call the model with gradients on, so that autograd keeps what every batch went through: "
    "put the loop under torch.no_grad().",
)
def _tracked(model: nn.Module, loader: Loader, loss_fn: Any) -> Pair:
    was_training = model.training
    model.eval()
    result = scores(model, loader, loss_fn)
    model.train(was_training)
    return result


@evaluate.mistake(
    "evaluation mode in place of no_grad",
    "model.eval() does not turn gradients off: call the model under torch.no_grad(), and put its "
    "mode back at the end.",
)
def _eval_only(model: nn.Module, loader: Loader, loss_fn: Any) -> Pair:
    model.eval()
    return scores(model, loader, loss_fn)


@evaluate.mistake(
    "gradients tracked, and training mode at the end",
    "You call the model with gradients on, and leave it in training mode whatever its mode was: "
    "put the loop under torch.no_grad(), and put back the mode that model.training told before.",
)
def _tracked_and_forced(model: nn.Module, loader: Loader, loss_fn: Any) -> Pair:
    model.eval()
    result = scores(model, loader, loss_fn)
    model.train()
    return result


@evaluate.mistake(
    "gradients turned off for good",
    "You turn gradients off for good: use torch.no_grad() in a with statement, which turns them on "
    "again at its end, and not torch.set_grad_enabled(False).",
)
def _off_for_good(model: nn.Module, loader: Loader, loss_fn: Any) -> Pair:
    torch.set_grad_enabled(False)
    was_training = model.training
    model.eval()
    result = scores(model, loader, loss_fn)
    model.train(was_training)
    return result


@evaluate.mistake(
    "gradients turned on at the end",
    "You turn gradients on at the end even where they were off before: use torch.no_grad() in a "
    "with statement, which leaves them as they were.",
)
def _turned_on(model: nn.Module, loader: Loader, loss_fn: Any) -> Pair:
    torch.set_grad_enabled(False)
    result: Pair = evaluate.reference(model, loader, loss_fn)
    torch.set_grad_enabled(True)
    return result


@evaluate.mistake(
    "neither evaluation mode nor no_grad",
    "You call the model as it is, with gradients on and in training mode where it is in it: call "
    "model.eval() first and torch.no_grad() around the loop, and put the mode back.",
)
def _as_it_is(model: nn.Module, loader: Loader, loss_fn: Any) -> Pair:
    return scores(model, loader, loss_fn)


@evaluate.mistake(
    "gradients cleared",
    "You clear the gradients that the model holds; an evaluation changes nothing, and there is "
    "nothing to zero without backward().",
)
def _cleared(model: nn.Module, loader: Loader, loss_fn: Any) -> Pair:
    result: Pair = evaluate.reference(model, loader, loss_fn)
    model.zero_grad()
    return result


@evaluate.mistake(
    "weights frozen",
    "You turn requires_grad of the weights off and leave it off, so that the model can no longer "
    "be trained: torch.no_grad() needs no change of the model.",
)
def _frozen(model: nn.Module, loader: Loader, loss_fn: Any) -> Pair:
    result: Pair = evaluate.reference(model, loader, loss_fn)
    model.requires_grad_(False)
    return result


@evaluate.mistake(
    "only the outermost module in evaluation mode",
    "model.training = False reaches the outermost module but none of the layers in it: call "
    "model.eval(), and model.train(was_training) at the end.",
)
@torch.no_grad()
def _outermost(model: nn.Module, loader: Loader, loss_fn: Any) -> Pair:
    was_training = model.training
    model.training = False
    result = scores(model, loader, loss_fn)
    model.training = was_training
    return result


@evaluate.mistake(
    "softmax before the loss",
    "You take the softmax of the logits before loss_fn, which is made for the logits themselves: "
    "hand them over as the model gives them.",
)
@torch.no_grad()
def _softmax(model: nn.Module, loader: Loader, loss_fn: Any) -> Pair:
    _, accuracy = evaluate.reference(model, loader, loss_fn)
    was_training = model.training
    model.eval()
    loss, _ = scores(model, loader, lambda logits, y: loss_fn(logits.softmax(dim=1), y))
    model.train(was_training)
    return loss, accuracy


@evaluate.mistake(
    "cross-entropy whatever the loss",
    "You compute the cross-entropy whatever loss_fn is; call the loss_fn you are given.",
)
def _cross_entropy(model: nn.Module, loader: Loader, loss_fn: Any) -> Pair:
    result: Pair = evaluate.reference(model, loader, F.cross_entropy)
    return result


@evaluate.mistake(
    "a dimension of size 1 dropped",
    "squeeze() takes from the logits of a batch of one sample the dimension that counts samples; "
    "hand the logits over as the model gives them, shape (n, C).",
)
@torch.no_grad()
def _squeezed(model: nn.Module, loader: Loader, loss_fn: Any) -> Pair:
    was_training = model.training
    model.eval()
    total, correct, count = 0.0, 0, 0
    for x, y in loader:
        logits = model(x).squeeze()
        total += loss_fn(logits, y).item() * len(x)
        correct += int((logits.argmax(dim=-1) == y).sum())
        count += len(x)
    model.train(was_training)
    return total / count, correct / count
