"""A transposed convolution, in parts that mistakes change one of."""

from torch import Tensor

from torchproof.catalog.cnn.convolutions import Bias, Size, biased, convolve, pair


def spread(x: Tensor, stride: Size) -> Tensor:
    """Put zeros between the pixels, so that they lie stride apart."""
    (rows, columns), (height, width) = pair(stride), x.shape[2:]
    spread = x.new_zeros(*x.shape[:2], (height - 1) * rows + 1, (width - 1) * columns + 1)
    spread[:, :, ::rows, ::columns] = x
    return spread


def stamped(x: Tensor, weight: Tensor, stride: Size = 1) -> Tensor:
    """Return all the kernels added up, with nothing cropped."""
    over = (weight.shape[2] - 1, weight.shape[3] - 1)
    return convolve(spread(x, stride), weight.transpose(0, 1).flip(2, 3), padding=over)


def cropped(result: Tensor, padding: Size) -> Tensor:
    """Drop rows and columns on all four sides."""
    (rows, columns), (height, width) = pair(padding), result.shape[2:]
    return result[:, :, rows : height - rows, columns : width - columns]


def transposed(
    x: Tensor, weight: Tensor, bias: Bias = None, stride: Size = 1, padding: Size = 0
) -> Tensor:
    """Convolve as ``F.conv_transpose2d`` does; for mistakes that are right but for one thing."""
    return biased(cropped(stamped(x, weight, stride), padding), bias)
