"""Wrong steps of Q-learning: wrong targets."""

from torch import Tensor

from torchproof.catalog.beyond.q_learning_step import Step, of_step, q_learning_step


@q_learning_step.mistake(
    "future counted when done",
    "You count the future also where the episode is over; if done, the target is the reward alone.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(step.reward + step.gamma * step.future)


@q_learning_step.mistake(
    "future only when done",
    "You count the future only where the episode is over; it is the other way round: if done, "
    "the target is the reward alone.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(step.reward + (step.gamma * step.future if step.done else 0))


@q_learning_step.mistake(
    "no future",
    "Your target is the reward alone; where the episode goes on, gamma times the largest value "
    "of the next state belongs to it.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(step.reward)


@q_learning_step.mistake(
    "nothing learned when done",
    "You leave the table as it is where the episode is over; then too the entry moves, towards "
    "the reward.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.q.clone() if step.done else step.moved(step.target)


@q_learning_step.mistake(
    "0 as the target when done",
    "Your target is 0 where the episode is over; it is the reward then, without a future.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(0.0 if step.done else step.target)


@q_learning_step.mistake(
    "alpha ignored when done",
    "Where the episode is over you put the reward in place of the old value; then too the entry "
    "moves only the share alpha of the way.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.put(step.target) if step.done else step.stepped()


@q_learning_step.mistake(
    "end told by the state",
    "You take an episode as over where the state stays the same; done says whether it is.",
)
@of_step
def _(step: Step) -> Tensor:
    return step._replace(done=step.next_state == step.state).stepped()


@q_learning_step.mistake(
    "end told by done or the state",
    "You take an episode as over also where the state stays the same; done alone says whether it "
    "is.",
)
@of_step
def _(step: Step) -> Tensor:
    return step._replace(done=step.done or step.next_state == step.state).stepped()


@q_learning_step.mistake(
    "end told by the last state",
    "You take an episode as over in the last state of the table; done says whether it is.",
)
@of_step
def _(step: Step) -> Tensor:
    return step._replace(done=step.next_state == len(step.q) - 1).stepped()


@q_learning_step.mistake(
    "end told by the reward",
    "You take an episode as over where the reward is above 0; done says whether it is.",
)
@of_step
def _(step: Step) -> Tensor:
    return step._replace(done=step.reward > 0).stepped()


@q_learning_step.mistake(
    "no discount",
    "You count the future in full; multiply it by gamma.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(step.reward + step.future * (not step.done))


@q_learning_step.mistake(
    "gamma on the whole target",
    "You multiply the reward by gamma too; only the future is discounted.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(step.gamma * (step.reward + step.future * (not step.done)))


@q_learning_step.mistake(
    "gamma on the reward",
    "You multiply the reward by gamma and not the future; the future is discounted, the reward "
    "counts in full.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(step.gamma * step.reward + step.future * (not step.done))


@q_learning_step.mistake(
    "alpha and gamma swapped",
    "You discount by alpha and move by gamma; it is the other way round.",
)
@of_step
def _(step: Step) -> Tensor:
    return step._replace(alpha=step.gamma, gamma=step.alpha).stepped()


@q_learning_step.mistake(
    "largest value of the old state",
    "You take the largest value of the state that is left; take that of next_state.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(step.with_future(step.q[step.state].max()))


@q_learning_step.mistake(
    "value of the same action",
    "You take the value of the same action in the next state; the best one there counts, by max.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(step.with_future(step.q[step.next_state, step.action]))


@q_learning_step.mistake(
    "value of the first action",
    "You take the value of the first action in the next state; the best one there counts, by max.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(step.with_future(step.q[step.next_state, 0]))


@q_learning_step.mistake(
    "mean of the next state",
    "You take the mean over the actions of the next state; the best one counts, by max.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(step.with_future(step.q[step.next_state].mean()))


@q_learning_step.mistake(
    "sum of the next state",
    "You add up the values of the next state's actions; the best one counts, by max.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(step.with_future(step.q[step.next_state].sum()))


@q_learning_step.mistake(
    "smallest value",
    "You take the smallest value of the next state; the best action counts, by max.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(step.with_future(step.q[step.next_state].min()))


@q_learning_step.mistake(
    "largest absolute value",
    "You take the largest absolute value of the next state; the largest value counts, though all "
    "may be below 0.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(step.with_future(step.q[step.next_state].abs().max()))


@q_learning_step.mistake(
    "future never below 0",
    "You count the future as 0 where all values of the next state are below 0; their largest "
    "counts all the same.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(step.with_future(step.q[step.next_state].max().clamp(min=0)))


@q_learning_step.mistake(
    "argmax",
    "You take the number of the best action as if it were its value; max gives the value, argmax "
    "the number.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(step.with_future(step.q[step.next_state].argmax()))


@q_learning_step.mistake(
    "largest value of the table",
    "You take the largest value of the whole table; take that of the row of next_state.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(step.with_future(step.q.max()))


@q_learning_step.mistake(
    "largest value of a column",
    "You take the largest value of the action over all states; take that of next_state over all "
    "actions.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(step.with_future(step.q[:, step.action].max()))


@q_learning_step.mistake(
    "reward dropped",
    "Your target is the discounted future alone; the reward belongs to it.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(step.target - step.reward)


@q_learning_step.mistake(
    "reward subtracted",
    "You subtract the reward; it is added to the discounted future.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.moved(step.target - 2 * step.reward)


@q_learning_step.mistake(
    "reward beside alpha",
    "You add the reward in full and move by alpha only towards the future; the reward is part of "
    "the target, and alpha is a factor of all of it.",
)
@of_step
def _(step: Step) -> Tensor:
    return step.put(step.old + step.reward + step.alpha * (step.target - step.reward - step.old))
