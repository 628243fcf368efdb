"""Every exception the package raises on purpose."""


class TorchproofError(Exception):
    """Something the user can mend; its text says what was wrong and what to do."""


class UnknownExerciseError(TorchproofError):
    """No exercise has this id."""


class StartedError(TorchproofError):
    """An assignment was started before; the learner's work stays as it is."""


class ModuleMismatchError(TorchproofError):
    """A module's parameters are not those that the exercise asks for."""


class OptimizerStepError(TorchproofError):
    """A step of an optimizer returned something else than is asked, or remembers elsewhere."""


class MalformedMessageError(TorchproofError):
    """Bytes that are no message of ours, or one beyond its limits."""


class NoWallError(TorchproofError):
    """The sandbox cannot be built here; the text says what to install or allow."""


class CourseError(TorchproofError):
    """The course cannot be graded as it is; nothing was started."""


class MachineError(TorchproofError):
    """The machine fails: a full disk, a locked gradebook; the text says what to mend."""


class WorkerLostError(TorchproofError):
    """Whoever works on a submission is ended time and again; the text says what to try."""


class UnreadableError(TorchproofError):
    """A submission cannot be read; the text is the reason, for its learner."""


class SandboxLostError(TorchproofError):
    """The sandbox ended while it was needed; a fault of the grader, not of the submission."""
