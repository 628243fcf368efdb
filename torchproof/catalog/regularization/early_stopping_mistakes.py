"""Early stopping: how it goes wrong."""

import math
from typing import Any, ClassVar

from torchproof.catalog.regularization.early_stopping import early_stopping


class _Stopping:
    """A right answer, of which the mistakes change a part."""

    worst = math.inf
    first: Any = -1

    def __init__(self, patience: int, min_delta: float = 0.0) -> None:
        self.patience = patience
        self.min_delta = min_delta
        self.best = self.worst
        self.best_step = self.first
        self.steps = 0
        self.waited = 0

    def is_better(self, loss: float) -> bool:
        return loss < self.best - self.min_delta

    def keep(self, loss: float) -> None:
        self.best, self.best_step, self.waited = loss, self.steps, 0

    def wait(self, loss: float) -> None:
        self.waited += 1

    def answer(self) -> Any:
        return self.waited >= self.patience

    def step(self, loss: float) -> Any:
        if self.is_better(loss):
            self.keep(loss)
        else:
            self.wait(loss)
        self.steps += 1
        return self.answer()


@early_stopping.mistake(
    "counts without reset",
    "You count all steps without improvement there ever were; only those in a row count, so set "
    "the counter back to 0 at every improvement.",
)
class _CountsOn(_Stopping):
    def keep(self, loss: float) -> None:
        self.best, self.best_step = loss, self.steps


@early_stopping.mistake(
    "stops one step early",
    "You say stop one step too early; after an improvement, patience steps without one must have "
    "passed.",
)
class _Early(_Stopping):
    def answer(self) -> bool:
        return self.waited > 0 and self.waited >= self.patience - 1


@early_stopping.mistake(
    "stops one step early, even at an improvement",
    "You say stop when one step fewer than patience has passed, with a patience of 1 even at an "
    "improvement; patience steps without one must have passed.",
)
class _EarlyAlways(_Stopping):
    def answer(self) -> bool:
        return self.waited >= self.patience - 1


@early_stopping.mistake(
    "stops one step late",
    "You say stop one step too late; the step that makes it patience steps without improvement is "
    "the one to stop at: count it first, and then compare with >=, not with >.",
)
class _Late(_Stopping):
    def answer(self) -> bool:
        return self.waited > self.patience


@early_stopping.mistake(
    "says stop only once",
    "You compare the count with == and say stop at one step only; as long as there is no "
    "improvement the answer stays True, so compare with >=.",
)
class _Once(_Stopping):
    def answer(self) -> bool:
        return self.waited == self.patience


@early_stopping.mistake(
    "stopped for ever",
    "Once you said stop you never take it back; an improvement sets the count to 0, whatever was "
    "said before, and the answer is False again.",
)
class _ForEver(_Stopping):
    stopped = False

    def answer(self) -> bool:
        self.stopped = self.stopped or self.waited >= self.patience
        return self.stopped


@early_stopping.mistake(
    "deaf after it said stop",
    "After you said stop you look at no loss any more; an improvement still counts, and sets best, "
    "best_step and the count.",
)
class _Deaf(_Stopping):
    def step(self, loss: float) -> Any:
        return self.answer() or super().step(loss)


@early_stopping.mistake(
    "min_delta ignored",
    "You take every loss below best for an improvement; it must be below by more than min_delta.",
)
class _NoDelta(_Stopping):
    def is_better(self, loss: float) -> bool:
        return loss < self.best


@early_stopping.mistake(
    "min_delta where none is given",
    "Where no min_delta is given you miss small improvements; its default is 0, and losses are "
    "compared as they are, neither rounded nor in float32.",
)
class _OwnDelta(_Stopping):
    def __init__(self, patience: int, min_delta: float = 0.01) -> None:
        super().__init__(patience, min_delta)


@early_stopping.mistake(
    "min_delta added",
    "You add min_delta to best, so that even a slightly worse loss is an improvement; subtract it.",
)
class _DeltaAdded(_Stopping):
    def is_better(self, loss: float) -> bool:
        return loss < self.best + self.min_delta


@early_stopping.mistake(
    "min_delta reached is enough",
    "You take a loss that equals best - min_delta for an improvement, and so one that stays the "
    "same where min_delta is 0; compare with < and not with <=.",
)
class _Reached(_Stopping):
    def is_better(self, loss: float) -> bool:
        return loss <= self.best - self.min_delta


@early_stopping.mistake(
    "best lowered by less than min_delta",
    "You lower best at every smaller loss, so that many small steps, which together are large, "
    "never count; change best only at an improvement.",
)
class _Lowered(_Stopping):
    def wait(self, loss: float) -> None:
        super().wait(loss)
        if loss < self.best:
            self.best = loss


@early_stopping.mistake(
    "best and its step moved by less than min_delta",
    "You move best and best_step at every smaller loss and ask for min_delta only in counting; "
    "only an improvement, by more than min_delta, changes any of them.",
)
class _Moved(_Stopping):
    def wait(self, loss: float) -> None:
        super().wait(loss)
        if loss < self.best:
            self.best, self.best_step = loss, self.steps


@early_stopping.mistake(
    "NaN taken as best",
    "You ask whether the loss is not worse, and NaN is never worse; ask whether it is better, "
    "which NaN never is.",
)
class _NanBest(_Stopping):
    def is_better(self, loss: float) -> bool:
        return not loss >= self.best - self.min_delta


@early_stopping.mistake(
    "a first NaN taken as best",
    "You take the first loss as best whatever it is, and nothing is below NaN ever after; start "
    "from infinity and compare the first loss, too.",
)
class _FirstTaken(_Stopping):
    def is_better(self, loss: float) -> bool:
        return self.steps == 0 or super().is_better(loss)


@early_stopping.mistake(
    "NaN not counted",
    "You skip NaN altogether; it is a step without improvement like any other.",
)
class _NanSkipped(_Stopping):
    def wait(self, loss: float) -> None:
        self.waited += not math.isnan(loss)


@early_stopping.mistake(
    "NaN stops at once",
    "You say stop at the first NaN; it is a step without improvement like any other, so stop "
    "only after patience of them in a row.",
)
class _NanStops(_Stopping):
    def step(self, loss: float) -> Any:
        return super().step(loss) or math.isnan(loss)


@early_stopping.mistake(
    "compared with the loss before",
    "You compare each loss with the one before it; compare it with best, the loss of the last "
    "improvement.",
)
class _Before(_Stopping):
    before = math.inf

    def is_better(self, loss: float) -> bool:
        better = loss < self.before - self.min_delta
        self.before = loss
        return better


@early_stopping.mistake(
    "the larger the better",
    "You look for larger values, as for an accuracy; a loss is better the smaller it is, and best "
    "starts at infinity.",
)
class _Larger(_Stopping):
    worst = -math.inf

    def is_better(self, loss: float) -> bool:
        return loss > self.best + self.min_delta


@early_stopping.mistake(
    "best_step counted from 1",
    "Your steps are counted from 1; the first step is step 0.",
)
class _FromOne(_Stopping):
    def keep(self, loss: float) -> None:
        self.best, self.best_step, self.waited = loss, self.steps + 1, 0


@early_stopping.mistake(
    "best_step counted from 1, and 0 at first",
    "Your steps are counted from 1; the first step is step 0, and best_step is -1 before the "
    "first improvement.",
)
class _FromOneAndZero(_FromOne):
    first = 0


@early_stopping.mistake(
    "best_step 0 at first",
    "Before any improvement your best_step is 0, which is the number of the first step; it "
    "should be -1.",
)
class _Zero(_Stopping):
    first = 0


@early_stopping.mistake(
    "None at first",
    "Before any improvement your best or best_step is None; best is infinite then, and best_step "
    "is -1.",
)
class _Nothing(_Stopping):
    first = None


@early_stopping.mistake(
    "best_step left behind",
    "You never change best_step; set it to the number of the step together with best.",
)
class _LeftBehind(_Stopping):
    def keep(self, loss: float) -> None:
        self.best, self.waited = loss, 0


@early_stopping.mistake(
    "says whether to go on",
    "Your answers are the wrong way round; step returns True when training should stop.",
)
class _GoesOn(_Stopping):
    def answer(self) -> bool:
        return self.waited < self.patience


@early_stopping.mistake(
    "nothing returned",
    "Your step returns None where it does not stop; return False there.",
)
class _NoAnswer(_Stopping):
    def answer(self) -> Any:
        return True if self.waited >= self.patience else None


@early_stopping.mistake(
    "kept on the class",
    "What you keep belongs to the class, so that two objects write over each other; keep it on "
    "self, and make it in __init__.",
)
class _Shared(_Stopping):
    kept: ClassVar[dict[str, Any]] = {}

    def __init__(self, patience: int, min_delta: float = 0.0) -> None:
        self.__dict__ = self.kept
        super().__init__(patience, min_delta)
