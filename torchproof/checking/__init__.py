"""What a learner's cell calls: exercises, cases, and the two steps observe and judge."""

from torchproof.checking.check import check

__all__ = ["check"]
