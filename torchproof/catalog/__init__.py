"""The graded exercises, one module for each assignment: reference, cases and mistakes."""
