"""What the exercises of this assignment have in common."""

from torchproof.checking.cases import Group
from torchproof.checking.exercise import FUNCTION_GROUPS

WITHOUT_GRADIENTS = tuple(group for group in FUNCTION_GROUPS if group is not Group.GRADIENTS)
"""The groups of a function whose result has no gradient."""
