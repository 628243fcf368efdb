"""What both normalisations share."""

import inspect
from collections.abc import Callable

from torch import Tensor, nn

from torchproof.checking.cases import Group
from torchproof.checking.exercise import FUNCTION_GROUPS, Exercise, Function

GROUPS = tuple(group for group in FUNCTION_GROUPS if group is not Group.VECTORISED)
"""The groups that normalisations are checked in."""

NORMS = (
    *("batch_norm", "native_batch_norm", "_native_batch_norm_legit", "_batch_norm_impl_index"),
    *("_native_batch_norm_legit_no_training", "_native_batch_norm_legit_functional"),
    *("_batch_norm_with_update", "_batch_norm_with_update_functional", "_batch_norm_no_update"),
    *("cudnn_batch_norm", "miopen_batch_norm", "quantized_batch_norm"),
    *("batch_norm_elemt", "batch_norm_stats", "batch_norm_update_stats"),
    *("batch_norm_gather_stats", "batch_norm_gather_stats_with_counts"),
    *("layer_norm", "native_layer_norm", "group_norm", "native_group_norm"),
    *("instance_norm", "rms_norm", "_fused_rms_norm"),
    *(f"torch.nn.{name}" for name in dir(nn) if "Norm" in name),
    *("torch.nn.modules.batchnorm", "torch.nn.modules.instancenorm"),
    "torch.nn.modules.normalization",
)
"""torch's normalisations under their many names."""

Parameter = Tensor | None
"""A scale or shift, where there is one."""


def like(of: Exercise) -> Callable[[Function], Function]:
    """Give a function the exercise's signature."""

    def make(wrong: Function) -> Function:
        wrong.__signature__ = inspect.signature(of.reference)  # type: ignore[attr-defined]
        return wrong

    return make
