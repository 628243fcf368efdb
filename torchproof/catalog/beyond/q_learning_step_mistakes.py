"""Wrong steps of Q-learning: wrong moves and results."""

from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.beyond.q_learning_step import Step, of_step, q_learning_step


@q_learning_step.mistake(
    "alpha ignored",
    "You put the target in place of the old value; move the old value only the share alpha of "
    "the way.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.put(step.target)


@q_learning_step.mistake(
    "alpha on the wrong side",
    "You keep the share alpha of the old value; alpha is the share of the way to the target, so "
    "1 - alpha of the old value is kept.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.put(step.alpha * step.old + (1 - step.alpha) * step.target)


@q_learning_step.mistake(
    "old value not subtracted",
    "You add alpha times the target to the old value; add alpha times the target minus the old "
    "value.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.put(step.old + step.alpha * step.target)


@q_learning_step.mistake(
    "old value dropped",
    "You put alpha times the target in place of the old value; 1 - alpha of the old value "
    "belongs to it.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.put(step.alpha * step.target)


@q_learning_step.mistake(
    "alpha times the error alone",
    "You put alpha times the error in place of the old value; add it to the old value.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.put(step.alpha * (step.target - step.old))


@q_learning_step.mistake(
    "wrong way",
    "You move away from the target; add alpha times the target minus the old value.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.put(step.old - step.alpha * (step.target - step.old))


@q_learning_step.mistake(
    "old value of the next state subtracted",
    "You subtract the value of the action in the next state; subtract that of the entry that "
    "moves, q[state, action].",
)
@of_step
def _(step: Step) -> Tensor:
    return step.put(step.old + step.alpha * (step.target - step.q[step.next_state, step.action]))


@q_learning_step.mistake(
    "largest old value subtracted",
    "You subtract the largest value of the state; subtract that of the action that was taken, "
    "q[state, action].",
)
@of_step
def _(step: Step) -> Tensor:
    return step.put(step.old + step.alpha * (step.target - step.q[step.state].max()))


@q_learning_step.mistake(
    "all actions of the state move",
    "You move all actions of the state; only the one that was taken was tried, q[state, action].",
)
@of_step
def _(step: Step) -> Tensor:
    return step.spread(slice(step.state, step.state + 1))


@q_learning_step.mistake(
    "all states move",
    "You move the action's entry in all states; only that of the state it was taken in moves, "
    "q[state, action].",
)
@of_step
def _(step: Step) -> Tensor:
    return step.spread((slice(None), step.action))


@q_learning_step.mistake(
    "the whole table moves",
    "You move all entries of the table; only q[state, action] does.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.spread(slice(None))


@q_learning_step.mistake(
    "one error for all actions",
    "You add one and the same number to all actions of the state; only q[state, action] moves.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.shift(step.state)


@q_learning_step.mistake(
    "one error for the whole table",
    "You add the step to the whole table; only q[state, action] moves.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.shift(slice(None))


@q_learning_step.mistake(
    "next state moves",
    "You move the entry of the next state; what moves is that of the state the action was taken "
    "in, q[state, action].",
)
@of_step
def _(step: Step) -> Tensor:
    return step.put(step.old + step.alpha * (step.target - step.old), row=step.next_state)


@q_learning_step.mistake(
    "row of the next state set to 0",
    "You write 0 into the row of the next state where the episode is over; the target needs no "
    "future then, and that row stays as it is.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.cleared().stepped()


@q_learning_step.mistake(
    "table of zeros",
    "Your new table is 0 but for one entry; all others stay as they were, so start from a copy, "
    "q.clone().",
)
@of_step
def _(step: Step) -> Tensor:
    return step._replace(q=torch.zeros_like(step.q)).put(step.stepped()[step.state, step.action])


@q_learning_step.mistake(
    "best action moves",
    "You move the best action of the state; what moves is the one that was taken, whether it is "
    "the best or not.",
)
@of_step
def _(step: Step) -> Tensor:
    best = int(step.q[step.state].argmax())
    return step._replace(action=best).moved(step.target)


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
    "You return the table as it was; write the new value into the table that you return, not into "
    "a copy of its row.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.q.clone()


@q_learning_step.mistake(
    "lists",
    "You return lists; a tensor is asked, as torch.tensor(rows, dtype=q.dtype) makes it of them.",
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
