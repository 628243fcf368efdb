"""What the exercises on convolutions share: what is not allowed, and how mistakes are made."""

import inspect
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from torchproof.checking.cases import Group
from torchproof.checking.exercise import Exercise, Function

NUMBER_GROUPS = (Group.VALUES, Group.EXTREMES)
"""The groups of a function of whole numbers."""

CONVOLUTIONS = (
    *("conv1d", "conv2d", "conv3d", "conv_tbc", "conv_tbc_backward"),
    *("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"),
    *("convolution", "_convolution", "_convolution_mode", "_convolution_double_backward"),
    *("convolution_overrideable", "convolution_backward", "convolution_backward_overrideable"),
    *("thnn_conv2d", "slow_conv3d", "slow_conv3d_forward", "slow_conv_dilated2d"),
    *("_slow_conv2d_forward", "_slow_conv2d_backward", "slow_conv_dilated3d"),
    *("slow_conv_transpose2d", "slow_conv_transpose3d", "_conv_depthwise2d", "conv_depthwise3d"),
    *("mkldnn_convolution", "_nnpack_spatial_convolution"),
    *("_mps_convolution", "_mps_convolution_transpose", "mps_convolution_backward"),
    *("mps_convolution_transpose_backward", "cudnn_convolution", "cudnn_convolution_relu"),
    *("cudnn_convolution_add_relu", "cudnn_convolution_transpose"),
    *("miopen_convolution", "miopen_convolution_relu", "miopen_convolution_add_relu"),
    *("miopen_convolution_transpose", "miopen_depthwise_convolution"),
    *("_convolution_pointwise", "_convolution_pointwise_", "_convolution_transpose_pointwise"),
    *(f"torch.nn.{name}" for name in dir(nn) if "Conv" in name),
    *("torch.nn.modules.conv", "torch.nn.grad", "torch.ops.mkldnn", "torch.ops.onednn"),
    *("torch.ops.quantized", "torch.ops.mkldnn_prepacked", "torch.ao"),
    *("convolve", "convolve1d", "convolve2d", "fftconvolve", "oaconvolve"),
    *("correlate", "correlate1d", "correlate2d"),
    "torch.jit",
)
"""torch's convolutions under their many names, NumPy's and SciPy's, and what hides them."""

Size = int | tuple[int, int]
"""A number for rows and columns, or one for each."""

Bias = Tensor | None
"""A number for each output channel, where there are any."""


def in_full_precision() -> AbstractContextManager[None]:
    """Keep a GPU from rounding a convolution's factors to TF32, as it rounds no matrix product's.

    Returns:
        The context in which it is kept from that.
    """
    full: AbstractContextManager[None] = torch.backends.cudnn.flags(enabled=True, allow_tf32=False)
    return full


def like(of: Exercise) -> Callable[[Function], Function]:
    """Give a function the exercise's signature; it is handed the arguments that it names.

    Args:
        of: the exercise.

    Returns:
        A decorator. A function that takes ``**rest`` is handed all arguments, with the defaults
        of the exercise.
    """
    signature = inspect.signature(of.reference)
    named = signature.parameters.values()
    defaults = {each.name: each.default for each in named if each.default is not each.empty}

    def make(wrong: Function) -> Function:
        takes = inspect.signature(wrong).parameters

        def candidate(**arguments: Any) -> Any:
            given = defaults | arguments
            if "rest" not in takes:
                given = {name: value for name, value in given.items() if name in takes}
            return wrong(**given)

        candidate.__signature__ = signature  # type: ignore[attr-defined]
        return candidate

    return make


def pair(size: Size) -> tuple[int, int]:
    """Return what holds for rows and what holds for columns."""
    return (size, size) if isinstance(size, int) else size


def windows(x: Tensor, kernel: Size, stride: Size = 1, dilation: Size = 1) -> Tensor:
    """Return (N, C, oH, oW, kH, kW): what the kernel sees of x, (N, C, H, W), at every place."""
    for dim, k, s, d in zip((2, 3), pair(kernel), pair(stride), pair(dilation), strict=True):
        x = x.unfold(dim, d * (k - 1) + 1, s)
    rows, columns = pair(dilation)
    return x[..., ::rows, ::columns]


def padded(x: Tensor, padding: Size) -> Tensor:
    """Return x with rows and columns of zeros on all four sides."""
    rows, columns = pair(padding)
    return F.pad(x, (columns, columns, rows, rows))


def match(seen: Tensor, weight: Tensor, groups: int = 1) -> Tensor:
    """Multiply windows with a weight, (C_out, C_in/groups, kH, kW), and add up.

    Returns:
        Shape (N, C_out, oH, oW).
    """
    n, c, rows, columns, *kernel = seen.shape
    outputs = len(weight)
    seen = seen.reshape(n, groups, c // groups, rows, columns, *kernel)
    weight = weight.reshape(groups, outputs // groups, *weight.shape[1:])
    result = torch.einsum("ngcyxij,gocij->ngoyx", seen, weight)
    return result.reshape(n, outputs, rows, columns)


def biased(result: Tensor, bias: Bias) -> Tensor:
    """Add a number to each channel of (N, C, H, W), where there are such numbers."""
    return result if bias is None else result + bias[:, None, None]


def convolve(
    x: Tensor,
    weight: Tensor,
    bias: Bias = None,
    stride: Size = 1,
    padding: Size = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> Tensor:
    """Convolve as ``F.conv2d`` does; for mistakes that are right but for one thing."""
    with torch._C.DisableTorchFunction():  # nothing here is to be counted, and it takes its time
        seen = windows(padded(x, padding), (weight.shape[2], weight.shape[3]), stride, dilation)
        return biased(match(seen, weight, groups), bias)
