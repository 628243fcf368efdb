"""Correct answers to ``03_activations``, at least two for each exercise, thought differently."""

import torch


def relu_where(x):
    return torch.where(x > 0, x, 0)


def relu_fill(x):
    return x.masked_fill(x <= 0, 0)


def relu_write(x):
    result = torch.zeros_like(x)
    positive = x > 0
    result[positive] = x[positive]
    return result


def leaky_relu_where(x, negative_slope=0.01):
    return torch.where(x > 0, x, negative_slope * x)


def leaky_relu_slope(x, negative_slope=0.01):
    slope = torch.ones_like(x).masked_fill(x <= 0, negative_slope)
    return slope * x


def leaky_relu_sum(x, negative_slope=0.01):
    positive = x.masked_fill(x <= 0, 0)
    negative = x.masked_fill(x > 0, 0)
    return positive + negative_slope * negative


def elu_where(x, alpha=1.0):
    return torch.where(x > 0, x, alpha * torch.expm1(torch.where(x > 0, 0, x)))


def elu_clamp(x, alpha=1.0):
    return torch.where(x > 0, x, alpha * (torch.exp(x.clamp(max=0)) - 1))


def elu_write(x, alpha=1.0):
    result = x.clone()
    low = x <= 0
    result[low] = alpha * (x[low].exp() - 1)
    return result


def sigmoid_where(x):
    small = torch.where(x >= 0, -x, x).exp()
    return torch.where(x >= 0, 1, small) / (1 + small)


def sigmoid_write(x):
    result = torch.empty_like(x)
    up = x >= 0
    result[up] = 1 / (1 + torch.exp(-x[up]))
    result[~up] = torch.exp(x[~up]) / (1 + torch.exp(x[~up]))
    return result


def sigmoid_log(x):
    return torch.exp(-torch.logaddexp(torch.zeros_like(x), -x))


def sigmoid_clamp(x):
    """Bound the exponent where the result is 0 to all digits shown."""
    return 1 / (1 + torch.exp(-x.clamp(min=-80)))


def tanh_expm1(x):
    shrink = torch.expm1(torch.where(x >= 0, -2 * x, 2 * x))
    return torch.where(x >= 0, -shrink, shrink) / (2 + shrink)


def tanh_write(x):
    result = torch.empty_like(x)
    up = x >= 0
    result[up] = 2 / (1 + torch.exp(-2 * x[up])) - 1
    result[~up] = 1 - 2 / (1 + torch.exp(2 * x[~up]))
    return result


def tanh_sigmoid(x):
    return 2 * sigmoid_where(2 * x) - 1


def tanh_clamp(x):
    bounded = x.clamp(-40, 40)
    return (bounded.exp() - (-bounded).exp()) / (bounded.exp() + (-bounded).exp())


def softmax_shift(x, dim):
    e = torch.exp(x - x.amax(dim=dim, keepdim=True))
    return e / e.sum(dim=dim, keepdim=True)


def softmax_detached_maximum(x, dim):
    largest = x.detach().max(dim, keepdim=True).values
    e = (x - largest).exp()
    return e.div(e.sum(dim).unsqueeze(dim))


def softmax_from_logarithm(x, dim):
    largest = x.max(dim, keepdim=True)[0]
    return torch.exp(x - (largest + (x - largest).exp().sum(dim, keepdim=True).log()))


def softmax_last(x, dim):
    rows = x.movedim(dim, -1)
    e = (rows - rows.amax(-1, keepdim=True)).exp()
    return (e / e.sum(-1, keepdim=True)).movedim(-1, dim)


def log_softmax_shift(x, dim):
    shifted = x - x.amax(dim, keepdim=True)
    return shifted - shifted.exp().sum(dim, keepdim=True).log()


def log_softmax_sum_first(x, dim):
    largest = x.amax(dim, keepdim=True)
    return x - (largest + (x - largest).exp().sum(dim, keepdim=True).log())


def log_softmax_detached_maximum(x, dim):
    largest = x.max(dim, keepdim=True).values.detach()
    return (x - largest) - torch.log(torch.sum(torch.exp(x - largest), dim, keepdim=True))


def softmax2d_channels(x):
    e = torch.exp(x - x.amax(dim=1, keepdim=True))
    return e / e.sum(dim=1, keepdim=True)


def softmax2d_rows(x):
    n, c, h, w = x.shape
    rows = x.permute(0, 2, 3, 1).reshape(-1, c)
    e = (rows - rows.max(dim=1, keepdim=True).values).exp()
    return (e / e.sum(dim=1, keepdim=True)).reshape(n, h, w, c).permute(0, 3, 1, 2)


def softmax2d_einsum(x):
    e = (x - x.amax(dim=-3, keepdim=True)).exp()
    return torch.einsum("nchw,nhw->nchw", e, 1 / torch.einsum("nchw->nhw", e))


class SigmoidFunction_result(torch.autograd.Function):  # noqa: N801
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, grad_output):
        (y,) = ctx.saved_tensors
        return grad_output * y * (1 - y)


class SigmoidFunction_input(torch.autograd.Function):  # noqa: N801
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        small = torch.exp(-x.abs())
        return torch.where(x >= 0, 1, small) / (1 + small)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return grad_output * torch.sigmoid(x) * torch.sigmoid(-x)


class SigmoidFunction_setup_context(torch.autograd.Function):  # noqa: N801
    @staticmethod
    def forward(x):
        return x.sigmoid()

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.slope = output - output**2

    @staticmethod
    def backward(ctx, grad_output):
        return ctx.slope * grad_output


class LeakyReLUFunction_where(torch.autograd.Function):  # noqa: N801
    @staticmethod
    def forward(ctx, x, negative_slope):
        ctx.save_for_backward(x)
        ctx.negative_slope = negative_slope
        return torch.where(x > 0, x, negative_slope * x)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return torch.where(x > 0, grad_output, ctx.negative_slope * grad_output), None


class LeakyReLUFunction_slope(torch.autograd.Function):  # noqa: N801
    @staticmethod
    def forward(ctx, x, negative_slope):
        slope = torch.ones_like(x).masked_fill(x <= 0, negative_slope)
        ctx.save_for_backward(slope)
        return x * slope

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * ctx.saved_tensors[0], None


class LeakyReLUFunction_setup_context(torch.autograd.Function):  # noqa: N801
    @staticmethod
    def forward(x, negative_slope):
        return torch.nn.functional.leaky_relu(x, negative_slope)

    @staticmethod
    def setup_context(ctx, inputs, output):
        x, ctx.negative_slope = inputs
        ctx.save_for_backward(x > 0)

    @staticmethod
    def backward(ctx, grad_output):
        (positive,) = ctx.saved_tensors
        gradient = grad_output.clone()
        gradient[~positive] *= ctx.negative_slope
        return gradient, None
