"""A step of Q-learning: how the table is handled and returned wrongly."""

from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.beyond.q_learning_step import Step, of_step, q_learning_step


@q_learning_step.mistake(
    "changes q",
    "You write into q, which the caller still has; write into a copy, q.clone().",
)
@of_step
def _(step: Step) -> Tensor:
    step.q[step.state, step.action] += step.alpha * (step.target - step.old)
    return step.q


@q_learning_step.mistake(
    "scaled before the maximum is taken",
    "You change the entry in two steps, and take the maximum of the next state in between, when "
    "the first has changed it if the state stays the same; work out the target first.",
)
@of_step
def _(step: Step) -> Tensor:
    scaled = step._replace(q=step.put((1 - step.alpha) * step.old))
    return step.put(scaled.old + step.alpha * scaled.target)


@q_learning_step.mistake(
    "set to 0 before the maximum is taken",
    "You set the entry to 0 before you take the maximum of the next state, which may be the same "
    "state; work out the target first.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(step._replace(q=step.put(torch.zeros_like(step.old))).target)


@q_learning_step.mistake(
    "entry left out of the maximum",
    "You leave the entry that moves out of the maximum of the next state; where the state stays "
    "the same, the action that was taken may be the best one again.",
)
@of_step
def _(step: Step) -> Tensor:
    left_out = step._replace(q=step.put(torch.full_like(step.old, -torch.inf)))
    return step.moved(step.reward if step.done else left_out.target)


@q_learning_step.mistake(
    "computed in float32",
    "You compute in float32, which leaves a float64 table no more digits than that, whatever its "
    "dtype is in the end; compute in the dtype of q.",
)
@of_step
def _(step: Step) -> Tensor:
    return step._replace(q=step.q.float()).stepped().to(step.q.dtype)


@q_learning_step.mistake(
    "nothing learned where the state stays",
    "You leave the table as it is where the state stays the same; then too the entry moves towards "
    "its target.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.q.clone() if step.next_state == step.state else step.stepped()


@q_learning_step.mistake(
    "rows and columns swapped",
    "You write q[action, state]; the rows are the states, q[state, action].",
)
@of_step
def _(step: Step) -> Tensor:
    new = step.q.clone()
    old = step.q[step.action, step.state]
    new[step.action, step.state] = old + step.alpha * (step.target - old)
    return new


@q_learning_step.mistake(
    "value alone",
    "You return the new value of the entry; return the whole table with it.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.old + step.alpha * (step.target - step.old)


@q_learning_step.mistake(
    "value alone, as a Python number",
    "You return the new value of the entry as a Python number; return the whole table with it.",
)
@of_step
def _(step: Step) -> Any:
    return float(step.old + step.alpha * (step.target - step.old))


@q_learning_step.mistake(
    "row alone",
    "You return the row of the state; return the whole table with it.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(step.target)[step.state]


@q_learning_step.mistake(
    "nothing moved",
    "You return the table as it was; write the new value into the table that you return, at "
    "[state, action], not into a copy of its row or a variable.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.q.clone()


@q_learning_step.mistake(
    "lists",
    "You return lists; a tensor is asked for, as q.new_tensor(rows) makes it of them, with the "
    "dtype and device of q.",
)
@of_step
def _(step: Step) -> Any:
    return step.stepped().tolist()


@q_learning_step.mistake(
    "nothing returned",
    "You return nothing; return the new table.",
)
@of_step
def _(step: Step) -> Any:
    return None


@q_learning_step.mistake(
    "float32 table",
    "Your table is float32 whatever q is; q.clone() keeps its dtype.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(step.target).float()


@q_learning_step.mistake(
    "float64 table",
    "Your table is float64 whatever q is; q.clone() keeps its dtype.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(step.target).double()
