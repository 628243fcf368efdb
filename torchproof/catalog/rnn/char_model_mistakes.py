"""A trained model of characters: how it goes wrong."""

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from torchproof.catalog.rnn.char_model import MAX_SIZE, CharModel, tokens_of_text


@cache
def _counted(order: int) -> Tensor:
    """Return how often each character follows ``order`` others in the training text, as shares.

    Shape (C,) * (order + 1), the last dim for the one that follows. Where there are few counts,
    those of one character less are mixed in.
    """
    tokens, end, classes = tokens_of_text()
    windows = tokens[:end].unfold(0, order + 1, 1)
    places = (windows * classes ** torch.arange(order, -1, -1)).sum(-1)
    counts = torch.bincount(places, minlength=classes ** (order + 1)).float()
    counts = counts.view(*[classes] * (order + 1))
    fewer = _counted(order - 1) if order else torch.full((classes,), 1 / classes)
    return (counts + 4 * fewer) / (counts.sum(-1, keepdim=True) + 4)


class Counter(nn.Module):
    """Foretells by counts, from a few characters before; the state holds them."""

    def __init__(self, order: int, change: Callable[[Tensor], Tensor] = lambda x: x) -> None:
        """Make a model.

        Args:
            order: how many characters before count, 0 to 3.
            change: what is done to the logits.
        """
        super().__init__()
        self.order, self.change = order, change

    def forward(self, tokens: Tensor, state: Tensor | None = None) -> tuple[Any, Any]:
        """Return the logits and the last characters."""
        return self.change(self.scores(tokens, state)), self.after(tokens, state)

    def after(self, tokens: Tensor, state: Tensor | None) -> Tensor:
        """Return the last characters, as many as count."""
        known = _known(tokens, state)
        return known[..., max(known.shape[-1] - self.order, 0) :]

    def scores(self, tokens: Tensor, state: Tensor | None) -> Tensor:
        """Return the logits, from fewer characters where no more are known."""
        if not self.order:
            return _counted(0).log().expand(*tokens.shape, -1)
        known = _known(tokens, state)
        end, begin = known.shape[-1] + 1, known.shape[-1] - tokens.shape[-1] + 1
        few = range(begin, min(self.order, end))
        rows = [_counted(n)[known[..., :n].unbind(-1)].unsqueeze(-2) for n in few]
        if end > self.order:
            windows = known.unfold(-1, self.order, 1)[..., max(begin - self.order, 0) :, :]
            rows.append(_counted(self.order)[windows.unbind(-1)])
        return torch.cat(rows, dim=-2).log()


def _known(tokens: Tensor, state: Tensor | None) -> Tensor:
    return tokens if state is None else torch.cat([state, tokens], dim=-1)


class _Forgetful(Counter):
    """Knows the characters of one call only."""

    def forward(self, tokens: Tensor, state: Tensor | None = None) -> tuple[Any, Any]:
        return super().forward(tokens, None)


class _Crosswise(Counter):
    """Takes the examples of a batch for the positions of a text."""

    def forward(self, tokens: Tensor, state: Tensor | None = None) -> tuple[Any, Any]:
        if state is not None:
            raise RuntimeError("the state is of another batch")
        return super().forward(tokens)


class _Seer(Counter):
    """Knows each character's successor, where there is one."""

    def forward(self, tokens: Tensor, state: Tensor | None = None) -> tuple[Any, Any]:
        logits, state = super().forward(tokens, state)
        seen = logits[..., :-1, :].scatter(-1, tokens[..., 1:, None], 20.0)
        return torch.cat([seen, logits[..., -1:, :]], dim=-2), state


class _Large(Counter):
    """Holds more numbers than are allowed."""

    def __init__(self, order: int) -> None:
        super().__init__(order)
        self.register_buffer("unused", torch.zeros(MAX_SIZE + 1))


class _Scores(Counter):
    """Returns no state."""

    def forward(self, tokens: Tensor, state: Tensor | None = None) -> Any:
        return super().forward(tokens, state)[0]


CharModel.mistake(
    "untrained",
    "Your model takes every character for about as likely; run the cell that trains it, and look "
    "whether the loss falls.",
)(Counter(0, torch.zeros_like))

CharModel.mistake(
    "no input",
    "Your model knows how frequent each character is and nothing of those before it; let the "
    "embedded tokens go through the recurrent layer, and its outputs through the linear one.",
)(Counter(0))

CharModel.mistake(
    "only the last character",
    "Your model foretells no better than a table of pairs of characters, from the last one alone; "
    "either no recurrent layer goes along the positions, or its outputs are not used, or it is too "
    "small or trained too little.",
)(Counter(1))

CharModel.mistake(
    "batch taken for positions",
    "Your model foretells from the last character alone, and its state does not fit the next part "
    "of the text: the recurrent layer takes the batch for the positions; make it with "
    "batch_first=True.",
)(_Crosswise(1))

CharModel.mistake(
    "state not carried",
    "Your model reads a text well in one piece, but not in several; begin from the state it is "
    "given, all of it, and return the one after the last character.",
)(_Forgetful(3))

CharModel.mistake(
    "looks ahead",
    "Your model sees the characters that it is to foretell; let the layers go forward only, "
    "without bidirectional=True.",
)(_Seer(0))

CharModel.mistake(
    "too large",
    "Your model holds too many numbers; make the embedding or the state smaller.",
)(_Large(3))

CharModel.mistake(
    "not finite",
    "Your model gives logits that are NaN or infinite; look where they first appear, and see that "
    "nothing is divided by 0 and no logarithm taken of 0.",
)(Counter(0, lambda logits: logits * torch.nan))

CharModel.mistake(
    "probabilities",
    "Your model returns probabilities; return the logits, for cross_entropy and sampling take the "
    "softmax themselves.",
)(Counter(3, lambda logits: logits.exp()))

CharModel.mistake(
    "the last position only",
    "Your model returns the logits after the last character only; return those after every one, "
    "shape (N, L, C).",
)(Counter(3, lambda logits: logits[..., -1, :]))

CharModel.mistake(
    "positions first",
    "Your logits have the positions in dim 0 and the batch in dim 1; return shape (N, L, C).",
)(Counter(3, lambda logits: logits.transpose(0, 1) if logits.dim() == 3 else logits))

CharModel.mistake(
    "classes in dim 1",
    "Your logits have the classes before the positions, as cross_entropy wants them; return shape "
    "(N, L, C), and leave the turning to the loss.",
)(Counter(3, lambda logits: logits.mT))

CharModel.mistake(
    "positions flattened",
    "Your logits have batch and positions in one dimension; return shape (N, L, C), and leave the "
    "flattening to the loss.",
)(Counter(3, lambda logits: logits.flatten(0, -2)))

CharModel.mistake(
    "no state",
    "Your model returns its logits alone; return them and the state, as a tuple.",
)(_Scores(3))
