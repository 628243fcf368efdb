"""What the exercises of this assignment have in common."""

from torchproof.checking.cases import Group
from torchproof.checking.exercise import FUNCTION_GROUPS

ALL_BUT_VECTORISED = tuple(group for group in FUNCTION_GROUPS if group is not Group.VECTORISED)
"""The groups of a function that is a single call for any input."""
