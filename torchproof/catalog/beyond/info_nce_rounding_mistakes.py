"""InfoNCE whose exponentials overflow, or whose probabilities are rounded to 0."""

from torch import Tensor

from torchproof.catalog.beyond.info_nce import cosines, info_nce


def _logits(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    return cosines(queries, keys) / temperature


@info_nce.mistake(
    "log of a rounded softmax",
    "You take the softmax and then its logarithm, which is infinite where the softmax is rounded "
    "to 0; F.cross_entropy and log_softmax do both in one step.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    return -_logits(queries, keys, temperature).softmax(dim=1).diagonal().log().mean()


@info_nce.mistake(
    "overflowing quotient",
    "Where the temperature is low, your exponentials overflow or are all rounded to 0, and their "
    "quotient is NaN; F.cross_entropy subtracts the largest of the row first.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    powers = _logits(queries, keys, temperature).exp()
    return -(powers.diagonal() / powers.sum(dim=1)).log().mean()


@info_nce.mistake(
    "overflowing sum",
    "Where the temperature is low, your sum of exponentials is infinite or rounded to 0 before its "
    "logarithm is taken; torch.logsumexp subtracts the largest of the row first.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    logits = _logits(queries, keys, temperature)
    return (logits.exp().sum(dim=1).log() - logits.diagonal()).mean()


def _bounded(eps: float) -> None:
    @info_nce.mistake(
        f"{eps:g} in the logarithm",
        f"The constant {eps:g} in your logarithm keeps it finite but wrong where the softmax is "
        "nearly 0; F.cross_entropy and log_softmax need none.",
    )
    def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
        p = _logits(queries, keys, temperature).softmax(dim=1).diagonal()
        return -(p + eps).log().mean()


for _eps in (1e-8, 1e-10, 1e-12):
    _bounded(_eps)
