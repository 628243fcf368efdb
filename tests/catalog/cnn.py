"""Correct answers to ``08_cnn``, at least two for each exercise, thought differently."""

import math
from functools import cache

import torch
import torch.nn.functional as F
from torch import nn

from torchproof.data import digits


def max_pool2d_windows(x, kernel_size, stride=None, padding=0):
    stride = kernel_size if stride is None else stride
    x = F.pad(x, (padding, padding, padding, padding), value=-torch.inf)
    return x.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride).amax(dim=(-2, -1))


def max_pool2d_position_by_position(x, kernel_size, stride=None, padding=0):
    stride = stride or kernel_size
    n, c, h, w = x.shape
    framed = x.new_full((n, c, h + 2 * padding, w + 2 * padding), float("-inf"))
    framed[:, :, padding : padding + h, padding : padding + w] = x
    rows, columns = ((size + 2 * padding - kernel_size) // stride + 1 for size in (h, w))
    largest = None
    for i in range(kernel_size):
        for j in range(kernel_size):
            end_row, end_column = i + (rows - 1) * stride + 1, j + (columns - 1) * stride + 1
            part = framed[:, :, i:end_row:stride, j:end_column:stride]
            largest = part if largest is None else torch.maximum(largest, part)
    return largest


def max_pool2d_columns(x, kernel_size, stride=None, padding=0):
    if stride is None:
        stride = kernel_size
    if padding:
        x = nn.ConstantPad2d(padding, -torch.inf)(x)
    n, c, h, w = x.shape
    columns = F.unfold(x, kernel_size, stride=stride)
    columns = columns.reshape(n, c, kernel_size**2, columns.shape[-1])
    rows = (h - kernel_size) // stride + 1
    return columns.max(dim=2).values.unflatten(-1, (rows, (w - kernel_size) // stride + 1))


def max_pool2d_rows_then_columns(x, kernel_size, stride=None, padding=0):
    step = stride if stride else kernel_size
    for dim in (2, 3):
        frame = list(x.shape)
        frame[dim] = padding
        edge = torch.full(frame, -torch.inf, dtype=x.dtype, device=x.device)
        x = torch.cat([edge, x, edge], dim=dim)
        x = x.unfold(dim, kernel_size, step).max(-1)[0]
    return x


def max_pool2d_strided(x, kernel_size, stride=None, padding=0):
    s, k = stride or kernel_size, kernel_size
    x = F.pad(x, [padding] * 4, mode="constant", value=-float("inf")).contiguous()
    n, c, h, w = x.shape
    a, b, down, right = x.stride()
    size = (n, c, (h - k) // s + 1, (w - k) // s + 1, k, k)
    cut = x.as_strided(size, (a, b, s * down, s * right, down, right))
    return cut.flatten(4).sort(dim=-1).values[..., -1]


def avg_pool2d_windows(x, kernel_size, stride=None, padding=0):
    stride = kernel_size if stride is None else stride
    x = F.pad(x, (padding,) * 4)
    return x.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride).mean(dim=(-2, -1))


def avg_pool2d_columns(x, kernel_size, stride=None, padding=0):
    s = stride or kernel_size
    n, c, h, w = x.shape
    columns = F.unfold(x.flatten(0, 1)[:, None], kernel_size, stride=s, padding=padding)
    means = columns.sum(dim=1) / (kernel_size * kernel_size)
    size = [(length + 2 * padding - kernel_size) // s + 1 for length in (h, w)]
    return means.reshape(n, c, *size)


def avg_pool2d_position_by_position(x, kernel_size, stride=None, padding=0):
    stride = stride or kernel_size
    x = F.pad(x, (padding, padding, padding, padding), value=0.0)
    h, w = x.shape[-2:]
    total = 0
    for i in range(kernel_size):
        for j in range(kernel_size):
            total = total + x[..., i : h - kernel_size + i + 1, j : w - kernel_size + j + 1]
    return total[..., ::stride, ::stride] / kernel_size**2


def avg_pool2d_convolution(x, kernel_size, stride=None, padding=0):
    c = x.shape[1]
    filters = x.new_full((c, 1, kernel_size, kernel_size), 1 / kernel_size**2)
    return F.conv2d(x, filters, stride=stride or kernel_size, padding=padding, groups=c)


def avg_pool2d_rows_then_columns(x, kernel_size, stride=None, padding=0):
    stride = stride or kernel_size
    for dim in (2, 3):
        shape = list(x.shape)
        shape[dim] = padding
        x = torch.cat([x.new_zeros(shape), x, x.new_zeros(shape)], dim=dim)
        x = x.unfold(dim, kernel_size, stride).mean(dim=-1)
    return x


def global_avg_pool2d_mean(x):
    return x.mean(dim=(2, 3))


def global_avg_pool2d_flat(x):
    return x.flatten(2).sum(-1) / (x.size(2) * x.size(3))


def global_avg_pool2d_einsum(x):
    height, width = x.shape[2:]
    return torch.einsum("nchw->nc", x) / height / width


def global_avg_pool2d_one_dimension_after_the_other(x):
    return torch.mean(torch.mean(x, dim=-1), dim=-1)


def conv_output_size_formula(size, kernel, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel - 1) + 1
    return (size + 2 * padding - reach) // stride + 1


def conv_output_size_places(size, kernel, stride=1, padding=0, dilation=1):
    """Count where the kernel may begin."""
    end = size + padding - dilation * (kernel - 1)
    return len(range(-padding, end, stride))


def conv_output_size_rounded_up(size, kernel, stride=1, padding=0, dilation=1):
    starts = size + 2 * padding - dilation * (kernel - 1)
    return math.ceil(starts / stride)


def conv_output_size_view(size, kernel, stride=1, padding=0, dilation=1):
    """Let windows slide over nothing."""
    pixels = torch.empty(size + 2 * padding, device="meta")
    return pixels.unfold(0, dilation * (kernel - 1) + 1, stride).shape[0]


def conv2d_columns(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    n, _, h, w = x.shape
    c_out, c_group, *kernel = weight.shape
    columns = F.unfold(x, kernel, dilation, padding, stride)
    columns = columns.reshape(n, groups, c_group * kernel[0] * kernel[1], columns.shape[-1])
    result = weight.reshape(groups, c_out // groups, columns.shape[2]) @ columns
    rows = (h + 2 * padding - dilation * (kernel[0] - 1) - 1) // stride + 1
    width = (w + 2 * padding - dilation * (kernel[1] - 1) - 1) // stride + 1
    result = result.reshape(n, c_out, rows, width)
    return result if bias is None else result + bias.reshape(-1, 1, 1)


def conv2d_kernel_loop(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Add up, for each pixel of the kernel, what it sees at all its places."""
    c_out, c_group, k_h, k_w = weight.shape
    x = F.pad(x, (padding,) * 4)
    n, _, h, w = x.shape
    rows = (h - dilation * (k_h - 1) - 1) // stride + 1
    columns = (w - dilation * (k_w - 1) - 1) // stride + 1
    result = x.new_zeros(n, groups, c_out // groups, rows, columns)
    for i in range(k_h):
        for j in range(k_w):
            top, left = i * dilation, j * dilation
            down = slice(top, top + (rows - 1) * stride + 1, stride)
            right = slice(left, left + (columns - 1) * stride + 1, stride)
            seen = x[:, :, down, right].reshape(n, groups, c_group, rows, columns)
            one = weight[:, :, i, j].reshape(groups, c_out // groups, c_group)
            result = result + torch.einsum("ngchw,goc->ngohw", seen, one)
    result = result.reshape(n, c_out, rows, columns)
    if bias is not None:
        result = result + bias.view(1, -1, 1, 1)
    return result


def conv2d_group_loop(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Spread the kernel, go one pixel at a time, one group after the other; then skip places."""
    _, _, k_h, k_w = weight.shape
    large = weight.new_zeros(*weight.shape[:2], dilation * (k_h - 1) + 1, dilation * (k_w - 1) + 1)
    large[:, :, ::dilation, ::dilation] = weight
    framed = torch.nn.ZeroPad2d(padding)(x)
    windows = framed.unfold(2, large.shape[2], 1).unfold(3, large.shape[3], 1)
    parts = zip(windows.chunk(groups, 1), large.chunk(groups, 0), strict=True)
    each = [torch.tensordot(seen, part, ([1, 4, 5], [1, 2, 3])) for seen, part in parts]
    result = torch.cat(each, -1).permute(0, 3, 1, 2)[:, :, ::stride, ::stride]
    return result if bias is None else result + bias[None, :, None, None]


def conv2d_index(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Pick the pixels by their indices, with groups as a weight that is 0 elsewhere."""
    c_out, c_group, k_h, k_w = weight.shape
    x = F.pad(x, (padding, padding, padding, padding))
    starts = [
        torch.arange(0, size - dilation * (k - 1), stride, device=x.device)
        for size, k in zip(x.shape[2:], (k_h, k_w), strict=True)
    ]
    down = starts[0][:, None] + dilation * torch.arange(k_h, device=x.device)
    right = starts[1][:, None] + dilation * torch.arange(k_w, device=x.device)
    seen = x[:, :, down[:, None, :, None], right[None, :, None, :]]
    whole = weight.new_zeros(c_out, x.shape[1], k_h, k_w)
    group = torch.arange(c_out, device=x.device) // (c_out // groups)
    channels = group[:, None] * c_group + torch.arange(c_group, device=x.device)
    whole[torch.arange(c_out, device=x.device)[:, None], channels] = weight
    result = torch.einsum("ncyxij,ocij->noyx", seen, whole)
    return result if bias is None else (result.movedim(1, -1) + bias).movedim(-1, 1)


def conv2d_fourier(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Multiply the spectra; the conjugate keeps the kernel from being turned."""
    c_out, c_group, k_h, k_w = weight.shape
    n, c, h, w = x.shape
    reach = [dilation * (k - 1) + 1 for k in (k_h, k_w)]
    size = [h + 2 * padding, w + 2 * padding]
    large = weight.new_zeros(c_out, c_group, *reach)
    large[:, :, ::dilation, ::dilation] = weight
    framed = x.new_zeros(n + 1, c, *size)  # an empty image more, for rfft2 refuses to have none
    framed[:n, :, padding : padding + h, padding : padding + w] = x
    spectra = torch.fft.rfft2(framed).unflatten(1, (groups, c_group))
    filters = torch.fft.rfft2(large, s=size).conj().unflatten(0, (groups, c_out // groups))
    product = (spectra.unsqueeze(2) * filters).sum(3).flatten(1, 2)
    result = torch.fft.irfft2(product, s=size)[:n]
    result = result[:, :, : size[0] - reach[0] + 1 : stride, : size[1] - reach[1] + 1 : stride]
    return result if bias is None else result + bias.unsqueeze(1).unsqueeze(1)


def count_conv_parameters_formula(in_channels, out_channels, kernel_size, bias=True, groups=1):
    weight = out_channels * (in_channels // groups) * kernel_size**2
    return weight + (out_channels if bias else 0)


def count_conv_parameters_neuron(in_channels, out_channels, kernel_size, bias=True, groups=1):
    """Each output channel is a neuron that sees one window of its group."""
    return out_channels * (in_channels // groups * kernel_size * kernel_size + bias)


def count_conv_parameters_shapes(in_channels, out_channels, kernel_size, bias=True, groups=1):
    shapes = [(out_channels, in_channels // groups, kernel_size, kernel_size)]
    shapes += [(out_channels,)] * bias
    return sum(math.prod(shape) for shape in shapes)


def count_conv_parameters_groups(in_channels, out_channels, kernel_size, bias=True, groups=1):
    one_group = int(in_channels / groups) * int(out_channels / groups) * kernel_size**2
    return groups * one_group + int(bias) * out_channels


def count_conv_flops_formula(
    in_channels,
    out_channels,
    kernel_size,
    height,
    width,
    stride=1,
    padding=0,
    dilation=1,
    groups=1,
):
    reach = dilation * (kernel_size - 1) + 1
    rows = (height + 2 * padding - reach) // stride + 1
    columns = (width + 2 * padding - reach) // stride + 1
    return 2 * rows * columns * out_channels * (in_channels // groups) * kernel_size**2


def count_conv_flops_places(
    in_channels,
    out_channels,
    kernel_size,
    height,
    width,
    stride=1,
    padding=0,
    dilation=1,
    groups=1,
):
    places = 1
    for size in (height, width):
        places *= len(range(0, size + 2 * padding - dilation * (kernel_size - 1), stride))
    weights = in_channels * out_channels * kernel_size**2 // groups
    return places * weights * 2


def conv_transpose2d_fold(x, weight, bias=None, stride=1, padding=0):
    h, w = x.shape[2:]
    k_h, k_w = weight.shape[2:]
    columns = weight.flatten(1).mT @ x.flatten(2)
    size = ((h - 1) * stride + k_h - 2 * padding, (w - 1) * stride + k_w - 2 * padding)
    result = F.fold(columns, size, (k_h, k_w), padding=padding, stride=stride)
    return result if bias is None else result + bias[:, None, None]


def conv_transpose2d_stamp(x, weight, bias=None, stride=1, padding=0):
    """Let every pixel put down the kernel, a pixel of the kernel at a time."""
    n, _, h, w = x.shape
    _, c_out, k_h, k_w = weight.shape
    result = x.new_zeros(n, c_out, (h - 1) * stride + k_h, (w - 1) * stride + k_w)
    for i in range(k_h):
        for j in range(k_w):
            part = torch.einsum("nchw,co->nohw", x, weight[:, :, i, j])
            result[:, :, i : i + h * stride : stride, j : j + w * stride : stride] += part
    height, width = result.shape[2:]
    result = result[:, :, padding : height - padding, padding : width - padding]
    return result if bias is None else result + bias.reshape(1, -1, 1, 1)


def conv_transpose2d_pixels(x, weight, bias=None, stride=1, padding=0):
    """A loop over the pixels; nothing here asks for fewer."""
    n, _, h, w = x.shape
    _, c_out, k_h, k_w = weight.shape
    result = torch.zeros(
        (n, c_out, (h - 1) * stride + k_h, (w - 1) * stride + k_w), dtype=x.dtype, device=x.device
    )
    kernels = torch.tensordot(x, weight, dims=([1], [0]))
    for row in range(h):
        for column in range(w):
            top, left = row * stride, column * stride
            result[:, :, top : top + k_h, left : left + k_w] += kernels[:, row, column]
    if padding:
        result = result[:, :, padding:-padding, padding:-padding]
    if bias is not None:
        result = result + bias.view(-1, 1, 1)
    return result


def conv_transpose2d_spread(x, weight, bias=None, stride=1, padding=0):
    """As a convolution of the spread image with the kernel turned."""
    n, c, h, w = x.shape
    k_h, k_w = weight.shape[2:]
    spread = torch.zeros(
        (n, c, (h - 1) * stride + 1, (w - 1) * stride + 1), dtype=x.dtype, device=x.device
    )
    spread[:, :, ::stride, ::stride] = x
    spread = F.pad(spread, (k_w - 1, k_w - 1, k_h - 1, k_h - 1))
    windows = spread.unfold(2, k_h, 1).unfold(3, k_w, 1)
    result = torch.einsum("nchwij,coij->nohw", windows, weight.flip(-2, -1))
    rows, columns = result.shape[2:]
    result = result[..., padding : rows - padding, padding : columns - padding]
    return result + (0 if bias is None else bias[None, :, None, None])


def conv_transpose2d_gradient(x, weight, bias=None, stride=1, padding=0):
    """What goes back through a convolution, which is linear, so that where does not matter."""
    n, _, h, w = x.shape
    _, c_out, k_h, k_w = weight.shape
    size = ((h - 1) * stride + k_h - 2 * padding, (w - 1) * stride + k_w - 2 * padding)
    image = torch.zeros((n, c_out, *size), dtype=x.dtype, device=x.device, requires_grad=True)
    columns = F.unfold(image, (k_h, k_w), padding=padding, stride=stride)
    result = (weight.flatten(1) @ columns).reshape(x.shape)
    (back,) = torch.autograd.grad(result, image, x, create_graph=True)
    return back if bias is None else back + bias.reshape(-1, 1, 1)


class DepthwiseSeparableConv_layers(nn.Module):  # noqa: N801
    def __init__(self, in_channels, out_channels, stride):
        super().__init__()
        self.depthwise = nn.Conv2d(
            in_channels, in_channels, 3, stride, padding=1, groups=in_channels, bias=False
        )
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.pointwise = nn.Conv2d(in_channels, out_channels, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        x = F.relu(self.bn1(self.depthwise(x)))
        return F.relu(self.bn2(self.pointwise(x)))


class DepthwiseSeparableConv_is_a_sequential(nn.Sequential):  # noqa: N801
    def __init__(self, in_channels, out_channels, stride):
        layers = []
        for i, o, k, groups in (
            (in_channels, in_channels, 3, in_channels),
            (in_channels, out_channels, 1, 1),
        ):
            step = stride if k == 3 else 1
            layers.append(nn.Conv2d(i, o, k, step, k // 2, groups=groups, bias=False))
            layers += [nn.BatchNorm2d(o), nn.ReLU(inplace=True)]
        super().__init__(*layers)


class DepthwiseSeparableConv_own_parameters(nn.Module):  # noqa: N801
    def __init__(self, in_channels, out_channels, stride):
        super().__init__()
        self.stride = stride
        shapes = [(in_channels, 1, 3, 3), (out_channels, in_channels, 1, 1)]
        for i, shape in enumerate(shapes):
            self.register_parameter(f"filters{i}", nn.Parameter(torch.randn(shape)))
            self.register_parameter(f"scale{i}", nn.Parameter(torch.ones(shape[0])))
            self.register_parameter(f"shift{i}", nn.Parameter(torch.zeros(shape[0])))
            self.register_buffer(f"mean{i}", torch.zeros(shape[0]))
            self.register_buffer(f"var{i}", torch.ones(shape[0]))

    def normalised(self, x, i):
        scale, shift = getattr(self, f"scale{i}"), getattr(self, f"shift{i}")
        mean, var = getattr(self, f"mean{i}"), getattr(self, f"var{i}")
        x = F.batch_norm(x, mean, var, scale, shift, training=self.training)
        return torch.maximum(x, torch.zeros_like(x))

    def forward(self, x):
        x = F.conv2d(x, self.filters0, stride=self.stride, padding=1, groups=x.shape[1])
        x = self.normalised(x, 0)
        x = torch.einsum("nihw,oi->nohw", x, self.filters1[:, :, 0, 0])
        return self.normalised(x, 1)


class ResidualBlock_layers(nn.Module):  # noqa: N801
    def __init__(self, in_channels, out_channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x):
        identity = x if self.downsample is None else self.downsample(x)
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out += identity
        return self.relu(out)


class ResidualBlock_module_lists(nn.Module):  # noqa: N801
    def __init__(self, in_channels, out_channels, stride):
        super().__init__()
        self.convs, self.norms = [], []
        plan = [(in_channels, 3, stride), (out_channels, 3, 1)]
        if (in_channels, stride) != (out_channels, 1):
            plan.append((in_channels, 1, stride))
        for i, (channels, k, step) in enumerate(plan):
            conv = nn.Conv2d(channels, out_channels, k, step, padding=(k - 1) // 2, bias=False)
            self.convs.append(conv)
            self.norms.append(nn.BatchNorm2d(out_channels))
            self.add_module(f"conv{i}", conv)
            self.add_module(f"norm{i}", self.norms[-1])

    def forward(self, x):
        way = self.norms[0](self.convs[0](x)).clamp(min=0)
        way = self.norms[1](self.convs[1](way))
        if len(self.convs) > 2:
            x = self.norms[2](self.convs[2](x))
        return (x + way).clamp(min=0)


class ResidualBlock_identity(nn.Module):  # noqa: N801
    """Reads every stride-th pixel for its shortcut, and projects those by a matrix product."""

    def __init__(self, in_channels, out_channels, stride):
        super().__init__()
        self.stride = stride
        self.first = nn.Sequential(
            nn.Conv2d(in_channels, out_channels, (3, 3), (stride, stride), (1, 1), bias=None),
            nn.BatchNorm2d(out_channels),
        )
        self.second = nn.Sequential(
            nn.Conv2d(out_channels, out_channels, 3, padding="same", bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.projected = in_channels != out_channels or stride > 1
        self.projection = nn.ParameterList()
        self.norm = nn.Identity()
        if self.projected:
            self.projection.append(torch.randn(out_channels, in_channels, 1, 1))
            self.norm = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        y = self.second(torch.relu(self.first(x)))
        if self.projected:
            x = x[:, :, :: self.stride, :: self.stride].movedim(1, -1)
            x = (x @ self.projection[0].flatten(1).mT).movedim(-1, 1)
        return torch.relu(self.norm(x) + y)


@cache
@torch.enable_grad()
def trained(make, seed):
    """Train a network on the digits for about a second, and return it."""
    torch.manual_seed(seed)
    model = make()
    images, labels, _, _ = digits()
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=6)
    for _ in range(6):
        for batch in torch.randperm(len(images)).split(64):
            loss = F.cross_entropy(model(images[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        scheduler.step()
    return model


class TrainedLater(nn.Module):
    """A network that is trained when it is first needed."""

    def __init__(self, make, seed):
        super().__init__()
        self.make, self.seed = make, seed
        self.__name__ = f"{make.__name__}_{seed}"

    def parameters(self, recurse=True):
        return trained(self.make, self.seed).parameters(recurse)

    def buffers(self, recurse=True):
        return trained(self.make, self.seed).buffers(recurse)

    def forward(self, x):
        return trained(self.make, self.seed).eval()(x)


class ThreeConvolutions(nn.Module):
    def __init__(self):
        super().__init__()
        layers = []
        for inputs, outputs in ((1, 16), (16, 32), (32, 64)):
            layers.append(nn.Conv2d(inputs, outputs, 3, padding=1, bias=False))
            layers += [nn.BatchNorm2d(outputs), nn.ReLU()]
        layers.insert(6, nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        return self.head(self.features(x).mean(dim=(2, 3)))


class Residual(nn.Module):
    """A stem, a residual block that halves the size, and the mean of what is left."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, 24, 3, padding=1), nn.BatchNorm2d(24), nn.ReLU())
        self.block = ResidualBlock_layers(24, 40, 2)
        self.head = nn.Linear(40, 10)

    def forward(self, x):
        return self.head(self.block(self.stem(x)).flatten(2).mean(-1))


DigitNet_convolutions_0 = TrainedLater(ThreeConvolutions, 0)
DigitNet_convolutions_1 = TrainedLater(ThreeConvolutions, 1)
DigitNet_convolutions_2 = TrainedLater(ThreeConvolutions, 2)
DigitNet_residual_0 = TrainedLater(Residual, 0)
DigitNet_residual_1 = TrainedLater(Residual, 1)
DigitNet_residual_2 = TrainedLater(Residual, 2)
