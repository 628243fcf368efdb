"""The mistakes of the autograd engine that lie in how gradients travel."""

from typing import Any

from torchproof.catalog.backprop.engine import Engine
from torchproof.catalog.backprop.value import value


@value.mistake(
    "gradients overwritten",
    "You set the gradient of an operand where you should add to it: a node used twice gets a "
    "share from each use.",
)
class _Overwrites(Engine):
    def backward(self) -> None:
        self.grad = 1.0
        for node in self._order():
            for source, slope in node.sources:
                source.grad = slope * node.grad


@value.mistake(
    "no topological order",
    "You send a node's gradient on before all of it has arrived; visit the nodes in topological "
    "order, each after every node that uses it.",
)
class _NoOrder(Engine):
    def backward(self) -> None:
        self.grad = 1.0
        queue, seen = [self], {self}
        for node in queue:
            for source, slope in node.sources:
                source.grad += slope * node.grad
                if source not in seen:
                    seen.add(source)
                    queue.append(source)


@value.mistake(
    "no topological order, depth first",
    "You send a node's gradient on as soon as you reach it, before all of it has arrived; visit "
    "the nodes in topological order, each after every node that uses it.",
)
class _NoOrderDepthFirst(Engine):
    def backward(self) -> None:
        self.grad = 1.0
        stack, seen = [self], set()
        while stack:
            node = stack.pop()
            if node in seen:
                continue
            seen.add(node)
            for source, slope in node.sources:
                source.grad += slope * node.grad
            stack += [source for source, _ in reversed(node.sources)]


@value.mistake(
    "sent on at every visit",
    "Each time a node is reached you send on its whole gradient, with what you had sent before; "
    "visit each node once, in topological order, after every node that uses it.",
)
class _SentAgain(Engine):
    def backward(self) -> None:
        self.grad = 1.0
        self._send()

    def _send(self) -> None:
        for source, slope in self.sources:
            source.grad += slope * self.grad
            source._send()


@value.mistake(
    "recursion limit",
    "Your backward calls itself once for each node of a chain, and Python stops after about a "
    "thousand calls inside one another; walk the graph with a loop and a list of your own.",
)
class _Recursive(Engine):
    def _order(self) -> list[Any]:
        order: list[Any] = []
        seen = set()

        def visit(node: Any) -> None:
            if node not in seen:
                seen.add(node)
                for source, _ in node.sources:
                    visit(source)
                order.append(node)

        visit(self)
        return order[::-1]


class _Accumulates(Engine):
    """The usual engine: gradients are kept on the nodes while they are sent on."""

    def _start(self, order: list[Any]) -> None:
        self.grad = 1.0

    def backward(self) -> None:
        order = self._order()
        self._start(order)
        for node in order:
            for source, slope in node.sources:
                source.grad += slope * node.grad


@value.mistake(
    "a second backward sends the first again",
    "The first backward is right, but a later one sends on what the nodes had kept from it as "
    "well; keep the gradients of one backward apart, and add them to grad when all have arrived.",
)
class _SendsOldAgain(_Accumulates):
    pass


@value.mistake(
    "a second backward sends the first again, and recursion limit",
    "Two things: a later backward sends on what the nodes had kept from the first, so keep the "
    "gradients of one backward apart; and a chain of 10,000 is too deep for calls inside one "
    "another, so walk the graph with a loop and a list of your own.",
)
class _SendsOldAgainRecursively(_Accumulates, _Recursive):
    pass


@value.mistake(
    "a second backward starts from zero",
    "You set all gradients to zero when backward begins; a second one adds to what is there, as "
    "in torch.",
)
class _StartsFromZero(_Accumulates):
    def _start(self, order: list[Any]) -> None:
        for node in order:
            node.grad = 0.0
        self.grad = 1.0


@value.mistake(
    "a second backward starts from zero, and recursion limit",
    "Two things: you set all gradients to zero when backward begins, and a second one should add "
    "to what is there; and a chain of 10,000 is too deep for calls inside one another, so walk "
    "the graph with a loop and a list of your own.",
)
class _StartsFromZeroRecursively(_StartsFromZero, _Recursive):
    pass


@value.mistake(
    "the result's gradient not set",
    "All your gradients are 0, since the node that backward starts from has none to send; its own "
    "derivative is 1.",
)
class _NoSeed(_Accumulates):
    def _start(self, order: list[Any]) -> None:
        pass


@value.mistake(
    "the result's gradient not kept",
    "The node that backward starts from is left without a gradient; its own derivative, 1, is "
    "its grad.",
)
class _SeedNotKept(Engine):
    def backward(self) -> None:
        super().backward()
        self.grad -= 1.0


@value.mistake(
    "grad None at first",
    "A node that the result does not depend on has None as its grad; let grad be 0.0 from the "
    "start.",
)
class _NoneAtFirst(Engine):
    def __init__(self, data: float, sources: Any = ()) -> None:
        super().__init__(data, sources)
        self.grad: Any = None

    def backward(self) -> None:
        for node in self._order():
            node.grad = node.grad or 0.0
        super().backward()


@value.mistake(
    "an operand changed",
    "Your + adds to the data of its left operand, which others still need; make a new node.",
)
class _ChangesOperand(Engine):
    def __add__(self, other: Any) -> Any:
        self.data += self._node(other).data
        return self


@value.mistake(
    "gradients of given nodes only",
    "Only the nodes that were given keep a gradient; those in between should too.",
)
class _LeavesOnly(Engine):
    def backward(self) -> None:
        super().backward()
        for node in self._order():
            if node.sources:
                node.grad = 0.0


@value.mistake(
    "an operand met twice counts once",
    "You keep the operands of a node in a set or a dict, where one that occurs twice, as in "
    "a * a, is kept once; keep them in a list, each with its own derivative.",
)
class _OperandsInDict(Engine):
    def _make(self, data: float, *sources: tuple[Any, float]) -> Any:
        return type(self)(data, tuple(dict(sources).items()))
