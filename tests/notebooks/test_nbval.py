"""Every notebook under nbval, strict: it runs, and prints what it printed when it was committed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(
    [*(ROOT / "chapters").glob("*/*.ipynb"), *(ROOT / "solutions").glob("*/*.ipynb")]
)


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_runs_and_prints_the_same(notebook):
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "nbval.plugin"]
    command += ["-q", "--nbval", "--nbval-cell-timeout", "60", str(notebook)]
    # Several notebooks run at a time; threads that wait for each other would eat the processors.
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:]
