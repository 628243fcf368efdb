"""What the exercises of this assignment have in common."""

from torchproof.checking.cases import Group

GROUPS = (
    *(Group.VALUES, Group.EXTREMES, Group.SHAPES),
    *(Group.NO_SIDE_EFFECTS, Group.VECTORISED),
)
"""The groups of a metric; what it counts has no gradient."""

LIBRARIES = ("sklearn.metrics", "torchmetrics")
"""The libraries that have these metrics ready; what an answer is compared with, not made of."""
