"""Correct answers to ``05_backprop``, at least two for each exercise, each thought differently."""

import heapq
import itertools
import math

import torch
import torch.nn.functional as F


def gradient_descent_list(grad, x0, lr, steps):
    x = x0
    points = [x]
    for _ in range(steps):
        x = x - lr * grad(x)
        points.append(x)
    return torch.stack(points)


def gradient_descent_table(grad, x0, lr, steps):
    points = x0.new_empty((steps + 1, *x0.shape))
    points[0] = x0
    for i in range(steps):
        points[i + 1] = points[i] - lr * grad(points[i])
    return points


def gradient_descent_in_place_on_a_clone(grad, x0, lr, steps):
    x = x0.clone()
    points = [x.clone()]
    for _ in range(steps):
        x.sub_(grad(x), alpha=lr)
        points.append(x.clone())
    return torch.stack(points, dim=0)


def gradient_descent_accumulate(grad, x0, lr, steps):
    points = itertools.accumulate(range(steps), lambda x, _: x + -lr * grad(x), initial=x0)
    return torch.cat([point[None] for point in points])


def numerical_gradient_rows_of_identity(f, x, eps):
    steps = eps * torch.eye(x.numel(), dtype=x.dtype, device=x.device)
    slopes = [
        (f(x + step.reshape(x.shape)) - f(x - step.reshape(x.shape))) / (2 * eps) for step in steps
    ]
    return torch.stack(slopes).reshape(x.shape) if slopes else torch.zeros_like(x)


def numerical_gradient_by_index(f, x, eps):
    result = torch.zeros_like(x)
    for index in itertools.product(*(range(size) for size in x.shape)):
        ahead, behind = x.clone(), x.clone()
        ahead[index] += eps
        behind[index] -= eps
        result[index] = 0.5 * (f(ahead) - f(behind)) / eps
    return result


def numerical_gradient_moved_and_put_back(f, x, eps):
    flat = x.reshape(-1).clone()
    result = torch.empty_like(flat)
    for i in range(flat.numel()):
        before = flat[i].item()
        flat[i] = before + eps
        ahead = f(flat.reshape(x.shape))
        flat[i] = before - eps
        behind = f(flat.reshape(x.shape))
        flat[i] = before
        result[i] = (ahead - behind) / (2 * eps)
    return result.reshape(x.shape)


def numerical_gradient_mean_of_two_sides(f, x, eps):
    middle = f(x)
    slopes = []
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=x.dtype, device=x.device)
        step[i] = eps
        step = step.reshape(x.shape)
        forward, backward = (f(x + step) - middle) / eps, (middle - f(x - step)) / eps
        slopes.append(((forward + backward) / 2).item())
    return torch.tensor(slopes, dtype=x.dtype, device=x.device).reshape(x.shape)


def sigmoid_backward_product(grad_output, output):
    return grad_output * output * (1 - output)


def sigmoid_backward_difference_of_squares(grad_output, output):
    return grad_output.mul(0.5 - output + 0.5).mul(output)


def sigmoid_backward_one_at_a_time(grad_output, output):
    slopes = [g * (y - y * y) for g, y in zip(grad_output.flatten(), output.flatten(), strict=True)]
    return torch.stack(slopes).reshape(output.shape) if slopes else torch.zeros_like(output)


def linear_backward_rows(grad_output, x, weight):
    deltas = grad_output.reshape(-1, weight.shape[0])
    rows = x.reshape(-1, weight.shape[1])
    return grad_output @ weight, deltas.T @ rows, deltas.sum(dim=0)


def linear_backward_einsum(grad_output, x, weight):
    grad_x = torch.einsum("...o,oi->...i", grad_output, weight)
    grad_weight = torch.einsum("...o,...i->oi", grad_output, x)
    return grad_x, grad_weight, torch.einsum("...o->o", grad_output)


def linear_backward_outer_products(grad_output, x, weight):
    leading = tuple(range(x.dim() - 1))
    outer = grad_output[..., :, None] * x[..., None, :]
    grad_x = (grad_output[..., :, None] * weight).sum(-2)
    return (
        grad_x,
        outer.sum(leading) if leading else outer,
        grad_output.sum(leading) if leading else grad_output.clone(),
    )


def linear_backward_row_by_row(grad_output, x, weight):
    grad_x = F.linear(grad_output, weight.mT)
    grad_weight, grad_bias = torch.zeros_like(weight), torch.zeros_like(weight[:, 0])
    if x.dim() == 1:
        grad_output, x = grad_output[None], x[None]
    for delta, row in zip(grad_output.flatten(0, -2), x.flatten(0, -2), strict=True):
        grad_weight += torch.outer(delta, row)
        grad_bias += delta
    return grad_x, grad_weight, grad_bias


def softmax_cross_entropy_backward_one_hot(logits, target):
    marked = F.one_hot(target, logits.shape[1])
    return (torch.softmax(logits, dim=1) - marked) / logits.shape[0]


def softmax_cross_entropy_backward_index(logits, target):
    gradient = torch.exp(torch.log_softmax(logits, dim=-1))
    gradient[torch.arange(len(target), device=target.device), target] -= 1
    return gradient / max(len(target), 1)


def softmax_cross_entropy_backward_scatter(logits, target):
    weight = torch.exp(logits - logits.amax(dim=1, keepdim=True))
    probability = weight / weight.sum(dim=1, keepdim=True)
    ones = torch.ones_like(probability[:, :1])
    return probability.scatter_add(1, target[:, None], -ones).div(max(len(logits), 1))


def softmax_cross_entropy_backward_jacobian(logits, target):
    """Send the gradient of the mean back through the logarithm and then through the softmax."""
    p = torch.softmax(logits.double(), dim=1)
    upstream = torch.where(torch.arange(p.shape[1], device=p.device) == target[:, None], -1.0, 0.0)
    gradient = upstream - p * upstream.sum(dim=1, keepdim=True)
    return (gradient / max(len(p), 1)).to(logits.dtype)


def two_layer_step_by_hand(params, x, y, lr):
    w1, b1, w2, b2 = (params[name] for name in ("w1", "b1", "w2", "b2"))
    h = torch.sigmoid(x @ w1.T + b1)
    o = torch.sigmoid(h @ w2.T + b2)
    delta2 = (o - y) * o * (1 - o)
    delta1 = (delta2 @ w2) * h * (1 - h)
    new = {
        "w1": w1 - lr * delta1.T @ x,
        "b1": b1 - lr * delta1.sum(dim=0),
        "w2": w2 - lr * delta2.T @ h,
        "b2": b2 - lr * delta2.sum(dim=0),
    }
    return new, ((o - y) ** 2).sum() / 2


def two_layer_step_example_by_example(params, x, y, lr):
    grads = {name: torch.zeros_like(value) for name, value in params.items()}
    loss = x.new_zeros(())
    for row, label in zip(x, y, strict=True):
        hidden = (params["w1"] @ row + params["b1"]).sigmoid()
        output = (params["w2"] @ hidden + params["b2"]).sigmoid()
        error = output - label
        loss = loss + 0.5 * error @ error
        delta2 = error * (output - output**2)
        delta1 = (params["w2"].T @ delta2) * (hidden - hidden**2)
        grads["w1"] += torch.outer(delta1, row)
        grads["b1"] += delta1
        grads["w2"] += torch.outer(delta2, hidden)
        grads["b2"] += delta2
    return {name: params[name] - lr * grads[name] for name in params}, loss


def two_layer_step_loop_over_layers(params, x, y, lr):
    """Keep the bias as one more weight, of an input that is always 1."""
    layers = [torch.cat([params[f"b{i}"][:, None], params[f"w{i}"]], dim=1) for i in (1, 2)]
    activations = []
    signal = x
    for layer in layers:
        activations.append(torch.cat([torch.ones_like(signal[:, :1]), signal], dim=1))
        signal = 1 / (1 + torch.exp(-(activations[-1] @ layer.mT)))
    delta, loss = signal - y, F.mse_loss(signal, y, reduction="sum") / 2
    outputs = [activations[1][:, 1:], signal]
    new = {}
    for i in (1, 0):
        delta = delta * outputs[i] * (1 - outputs[i])
        step = lr * delta.mT @ activations[i]
        new |= {f"w{i + 1}": layers[i][:, 1:] - step[:, 1:], f"b{i + 1}": (layers[i] - step)[:, 0]}
        delta = delta @ layers[i][:, 1:]
    return new, loss


class Value_derivatives:  # noqa: N801
    """Each node keeps its operands and the derivative with respect to each."""

    def __init__(self, data, operands=()):
        self.data = data
        self.grad = 0.0
        self.operands = operands

    def __add__(self, other):
        other = _as(Value_derivatives, other)
        return Value_derivatives(self.data + other.data, [(self, 1), (other, 1)])

    def __mul__(self, other):
        other = _as(Value_derivatives, other)
        return Value_derivatives(self.data * other.data, [(self, other.data), (other, self.data)])

    def __pow__(self, other):
        if not isinstance(other, Value_derivatives):
            slope = other * self.data ** (other - 1)
            return Value_derivatives(self.data**other, [(self, slope)])
        data = self.data**other.data
        slopes = other.data * self.data ** (other.data - 1), data * math.log(self.data)
        return Value_derivatives(data, [(self, slopes[0]), (other, slopes[1])])

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -_as(Value_derivatives, other)

    def __truediv__(self, other):
        return self * _as(Value_derivatives, other) ** -1

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return other * self**-1

    def __rpow__(self, other):
        return _as(Value_derivatives, other) ** self

    def exp(self):
        data = math.exp(self.data)
        return Value_derivatives(data, [(self, data)])

    def log(self):
        return Value_derivatives(math.log(self.data), [(self, 1 / self.data)])

    def tanh(self):
        t = math.tanh(self.data)
        return Value_derivatives(t, [(self, 1 - t * t)])

    def relu(self):
        return Value_derivatives(max(0.0, self.data), [(self, 1.0 if self.data > 0 else 0.0)])

    def backward(self):
        order, visited, stack = [], set(), [(self, False)]
        while stack:
            node, expanded = stack.pop()
            if expanded:
                order.append(node)
            elif id(node) not in visited:
                visited.add(id(node))
                stack.append((node, True))
                stack.extend((operand, False) for operand, _ in node.operands)
        incoming = {id(self): 1.0}
        for node in reversed(order):
            gradient = incoming[id(node)]
            node.grad += gradient
            for operand, slope in node.operands:
                incoming[id(operand)] = incoming.get(id(operand), 0.0) + slope * gradient


def _as(kind, value):
    return value if isinstance(value, kind) else kind(value)


class Value_closures:  # noqa: N801
    """Each node keeps a function that sends its gradient on, as in micrograd, without recursion."""

    def __init__(self, data, operands=(), send=None):
        self.data = float(data)
        self.grad = 0.0
        self._operands = operands
        self._send = send

    def _apply(self, data, *pairs):
        operands = [operand for operand, _ in pairs]
        out = Value_closures(data, operands)

        def send():
            for operand, slope in pairs:
                operand.grad += slope() * out.grad

        out._send = send
        return out

    def __add__(self, other):
        other = _as(Value_closures, other)
        return self._apply(self.data + other.data, (self, lambda: 1), (other, lambda: 1))

    def __sub__(self, other):
        other = _as(Value_closures, other)
        return self._apply(self.data - other.data, (self, lambda: 1), (other, lambda: -1))

    def __mul__(self, other):
        other = _as(Value_closures, other)
        slopes = (self, lambda: other.data), (other, lambda: self.data)
        return self._apply(self.data * other.data, *slopes)

    def __truediv__(self, other):
        other = _as(Value_closures, other)
        by_other = lambda: -self.data / other.data**2  # noqa: E731
        pairs = (self, lambda: 1 / other.data), (other, by_other)
        return self._apply(self.data / other.data, *pairs)

    def __pow__(self, other):
        k = other.data if isinstance(other, Value_closures) else other
        out = self.data**k
        pairs = [(self, lambda: k * self.data ** (k - 1))]
        if isinstance(other, Value_closures):
            pairs.append((other, lambda: out * math.log(self.data)))
        return self._apply(out, *pairs)

    def __radd__(self, other):
        return _as(Value_closures, other) + self

    def __rsub__(self, other):
        return _as(Value_closures, other) - self

    def __rmul__(self, other):
        return _as(Value_closures, other) * self

    def __rtruediv__(self, other):
        return _as(Value_closures, other) / self

    def __rpow__(self, other):
        return _as(Value_closures, other) ** self

    def __neg__(self):
        return 0 - self

    def exp(self):
        out = math.exp(self.data)
        return self._apply(out, (self, lambda: out))

    def log(self):
        return self._apply(math.log(self.data), (self, lambda: 1 / self.data))

    def tanh(self):
        return self._apply(math.tanh(self.data), (self, lambda: 1 - math.tanh(self.data) ** 2))

    def relu(self):
        return self._apply(self.data if self.data > 0 else 0, (self, lambda: int(self.data > 0)))

    def _graph(self):
        """Count how often each node is used, then let go of those that no one waits for."""
        uses, found = {self: 0}, [self]
        for node in found:
            for operand in node._operands:
                if operand not in uses:
                    uses[operand] = 0
                    found.append(operand)
                uses[operand] += 1
        order = [self]
        for node in order:
            for operand in node._operands:
                uses[operand] -= 1
                if uses[operand] == 0:
                    order.append(operand)
        return order

    def backward(self):
        order = self._graph()
        before = [node.grad for node in order]
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in order:
            if node._send is not None:
                node._send()
        for node, grad in zip(order, before, strict=True):
            node.grad += grad


class Value_numbered:  # noqa: N801
    """Nodes are numbered as they are made; the newest is always the next to send."""

    count = itertools.count()

    def __init__(self, data):
        self.data, self.grad, self.number, self.sources = data, 0.0, next(self.count), {}

    @classmethod
    def made(cls, data, *sources):
        result = cls(data)
        for source, slope in sources:
            if isinstance(source, cls):
                result.sources[source] = result.sources.get(source, 0.0) + slope
        return result

    def of(self, other):
        return other.data if isinstance(other, Value_numbered) else other

    def __add__(self, other):
        return self.made(self.data + self.of(other), (self, 1), (other, 1))

    def __radd__(self, other):
        return self.made(other + self.data, (self, 1))

    def __sub__(self, other):
        return self.made(self.data - self.of(other), (self, 1), (other, -1))

    def __rsub__(self, other):
        return self.made(other - self.data, (self, -1))

    def __mul__(self, other):
        return self.made(self.data * self.of(other), (self, self.of(other)), (other, self.data))

    def __rmul__(self, other):
        return self.made(other * self.data, (self, other))

    def __truediv__(self, other):
        below = self.of(other)
        return self.made(self.data / below, (self, 1 / below), (other, -self.data / below / below))

    def __rtruediv__(self, other):
        return self.made(other / self.data, (self, -other / self.data**2))

    def __pow__(self, other):
        k = self.of(other)
        sources = [(self, k * self.data ** (k - 1))]
        if isinstance(other, Value_numbered):
            sources.append((other, self.data**k * math.log(self.data)))
        return self.made(self.data**k, *sources)

    def __rpow__(self, other):
        return self.made(other**self.data, (self, other**self.data * math.log(other)))

    def __neg__(self):
        return self.made(-self.data, (self, -1))

    def exp(self):
        return self.made(math.exp(self.data), (self, math.exp(self.data)))

    def log(self):
        return self.made(math.log(self.data), (self, 1 / self.data))

    def tanh(self):
        return self.made(math.tanh(self.data), (self, 1 / math.cosh(min(abs(self.data), 300)) ** 2))

    def relu(self):
        return self.made(self.data * (self.data > 0), (self, self.data > 0))

    def backward(self):
        waiting, arrived = [(-self.number, self)], {self.number: 1.0}
        while waiting:
            _, node = heapq.heappop(waiting)
            gradient = arrived.pop(node.number)
            node.grad += gradient
            for source, slope in node.sources.items():
                if source.number not in arrived:
                    heapq.heappush(waiting, (-source.number, source))
                arrived[source.number] = arrived.get(source.number, 0.0) + slope * gradient
