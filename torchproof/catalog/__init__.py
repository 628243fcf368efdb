"""The graded exercises, a module or package for each assignment: reference, cases, mistakes."""
