"""One step of Q-learning."""

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor

from torchproof.checking.cases import FLOATS, Cases, Draw, Group, extremes, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=(Group.VALUES, Group.EXTREMES, Group.SHAPES, Group.NO_SIDE_EFFECTS))
def q_learning_step(
    q: Tensor,
    state: int,
    action: int,
    reward: float,
    next_state: int,
    done: bool,
    alpha: float,
    gamma: float,
) -> Tensor:
    """Return a new table, (S, A), in which q[state, action] has moved towards its target.

    It goes the share alpha of the way to reward + gamma * max q[next_state], where the second term
    is 0 if done. Composed, after Watkins and Dayan (1992), Q-learning.
    """
    future = 0.0 if done else q[next_state].max().item()
    new = q.clone()
    new[state, action] += alpha * (reward + gamma * future - q[state, action])
    return new


class Step(NamedTuple):
    """The arguments of a step, from which wrong answers are put together."""

    q: Tensor
    state: int
    action: int
    reward: float
    next_state: int
    done: bool
    alpha: float
    gamma: float

    @property
    def old(self) -> Tensor:
        """The value of the entry that moves."""
        return self.q[self.state, self.action]

    @property
    def future(self) -> Tensor:
        """The largest value of the next state."""
        return self.q[self.next_state].max()

    @property
    def target(self) -> Tensor:
        """Where the entry moves to."""
        return self.with_future(self.future)

    def with_future(self, value: Tensor) -> Tensor:
        """Return where it would move to if the next state had another value."""
        return self.reward + self.gamma * value * (not self.done)

    def moved(self, target: Tensor | float) -> Tensor:
        """Return the table, with the entry moved towards the target."""
        return self.put(self.old + self.alpha * (target - self.old))

    def stepped(self) -> Tensor:
        """Return the right table."""
        return self.moved(self.target)

    def put(self, value: Tensor, row: int | None = None) -> Tensor:
        """Return the table, with a value in the entry's place, or in that place of another row."""
        new = self.q.clone()
        new[self.state if row is None else row, self.action] = value
        return new

    def cleared(self) -> "Step":
        """Return the step on a table whose row of the next state is 0 if the episode is over."""
        new = self.q.clone()
        if self.done:
            new[self.next_state] = 0
        return self._replace(q=new)

    def spread(self, where: Any) -> Tensor:
        """Return the table, with all entries there moved towards the target."""
        new = self.q.clone()
        new[where] += self.alpha * (self.target - new[where])
        return new

    def shift(self, where: Any) -> Tensor:
        """Return the table, with what the entry moves by added there."""
        new = self.q.clone()
        new[where] += self.alpha * (self.target - self.old)
        return new


def of_step(function: Callable[[Step], Any]) -> Callable[..., Any]:
    """Give a function of a `Step` the signature of the exercise."""

    def step(
        q: Tensor,
        state: int,
        action: int,
        reward: float,
        next_state: int,
        done: bool,
        alpha: float,
        gamma: float,
    ) -> Any:
        return function(Step(q, state, action, reward, next_state, done, alpha, gamma))

    return step


@q_learning_step.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        yield values(**_step(draw, 5, 3, dtype))
        yield values("the episode is over", **_step(draw, 4, 6, dtype, done=True))
        yield values(**_step(draw, draw.size(6, 9), draw.size(2, 4), dtype))
    yield values("all values below 0", **_step(draw, 4, 4, shift=-9.0))
    yield extremes("the state stays the same", **_step(draw, 5, 3, state=2, next_state=2))
    best = _step(draw, 5, 3, state=2, next_state=2)
    best["action"] = int(best["q"][2].argmax())
    yield extremes("the state stays the same, and its best action was taken", **best)
    below = {"q": draw.uniform(5, 3, low=-9, high=-1)}
    yield extremes(
        "the same state, all below 0", **(_step(draw, 5, 3, state=2, next_state=2) | below)
    )
    yield extremes("large numbers that nearly cancel", **_cancelling(draw))
    stays = _step(draw, 5, 3, state=2, next_state=2, done=True)
    yield extremes("the same state, and the episode is over", **stays)
    yield extremes("alpha 0", **_step(draw, 4, 3, alpha=0.0))
    yield extremes("alpha 1", **_step(draw, 4, 3, alpha=1.0))
    yield extremes("alpha 1, the episode is over", **_step(draw, 3, 4, alpha=1.0, done=True))
    yield extremes("gamma 0", **_step(draw, 4, 3, gamma=0.0))
    yield extremes("gamma 1", **_step(draw, 4, 3, gamma=1.0))
    yield extremes("reward 0", **_step(draw, 4, 3, reward=0.0))
    yield extremes("a large reward below 0", **_step(draw, 4, 3, reward=-1000.0))
    yield extremes("a table of zeros", **_step(draw, 4, 3) | {"q": torch.zeros(4, 3)})
    equal = torch.full((4, 3), draw.number(1, 3))
    yield extremes("actions of equal value", **_step(draw, 4, 3) | {"q": equal})
    yield extremes("one action", **_step(draw, 5, 1))
    yield extremes("one state", **_step(draw, 1, 4, next_state=0))
    for dtype in FLOATS:
        yield shapes(**_step(draw, 6, 4, dtype))
        yield shapes("more actions than states", **_step(draw, 3, 5, dtype, done=True))


def _cancelling(draw: Draw) -> dict[str, Any]:
    """Return a step in float64 of which float32 would leave too few digits."""
    given = _step(draw, 5, 3, torch.float64, alpha=0.5, done=True)
    large = 10.0**6 + draw.size(1, 999)
    given["q"][given["state"], given["action"]] = large + 0.027182818
    return given | {"reward": -large - 0.01414213562}


def _step(
    draw: Draw,
    states: int,
    actions: int,
    dtype: torch.dtype = torch.float32,
    shift: float = 1.0,
    **given: Any,
) -> dict[str, Any]:
    """Return the arguments of a step to another state, the best action of which is another."""
    state = given.get("state", draw.size(0, states - 1))
    next_state = given.get("next_state", (state + draw.size(1, max(1, states - 1))) % states)
    q = 2 * draw.normal(states, actions, dtype=dtype) + shift
    best = int(q[next_state].argmax())
    return {
        "q": q,
        "state": state,
        "action": (best + draw.size(1, max(1, actions - 1))) % actions,
        "reward": draw.number(0.5, 3) * (1 if draw.mask(1).item() else -1),
        "next_state": next_state,
        "done": False,
        "alpha": draw.number(0.1, 0.4),
        "gamma": draw.number(0.5, 0.9),
    } | given
