"""Imports nbgrader without what grading never uses of it.

nbformat imports jsonschema, which imports rfc3987_syntax where it is installed, which compiles a
grammar of URIs for most of a second. No schema of a notebook uses it, and jsonschema does without
where the import fails.
"""

import importlib
import sys
from typing import Any

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

nbformat: Any = importlib.import_module("nbformat")
nbgrader: Any = importlib.import_module("nbgrader")
for _name in ("api", "apps", "converters", "preprocessors", "utils"):
    importlib.import_module(f"nbgrader.{_name}")
