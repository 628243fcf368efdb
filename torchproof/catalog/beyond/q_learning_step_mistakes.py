"""Wrong steps of Q-learning: wrong moves and results."""

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
    "You put alpha times the target minus the old value in place of the old value; add it to the "
    "old value.",
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
    "You write the new value into the row of the next state; it belongs in that of the state the "
    "action was taken in, q[state, action].",
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
