"""Running a learner's notebook in a kernel of its own, to see what its checks give now."""

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from torchproof.errors import TorchproofError
from torchproof.learning.progress import Sheet, read, sheet


def run_all(
    sheets: list[Sheet], seconds: float, notebook_seconds: float, console: Console
) -> list[Sheet]:
    """Run notebooks one after the other, with a progress bar that counts cells.

    Args:
        sheets: what the notebooks show so far.
        seconds: the time of a cell.
        notebook_seconds: the time of a notebook.
        console: where the bar is shown.

    Raises:
        TorchproofError: a notebook cannot be read, or there is no Python kernel.
    """
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as shown:
        counts = [sum(_runs(cell) for cell in read(each.path).cells) for each in sheets]
        task = shown.add_task("", total=sum(counts))
        done = []
        for number, each in enumerate(sheets):
            before = sum(counts[:number])
            shown.update(task, description=escape(str(each.path)), completed=before)
            done.append(run(each.path, lambda: shown.advance(task), seconds, notebook_seconds))
    return done


def _runs(cell: Any) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip())


def run(path: Path, tell: Callable[[], None], seconds: float, notebook_seconds: float) -> Sheet:
    """Run all cells of a notebook in a new process and read what its checks give.

    The file stays as it is. A cell that raises or is stopped does not keep the next from running.

    Args:
        path: the notebook.
        tell: called after each cell that ran.
        seconds: the time of a cell; then it is interrupted.
        notebook_seconds: the time of the notebook; then its process is ended.

    Raises:
        UnreadableError: it cannot be read as a notebook.
        TorchproofError: there is no Python kernel.
    """
    notebook = read(path)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None

    def executed(**_: Any) -> None:
        tell()

    client = NotebookClient(
        notebook,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
        timeout=seconds,
        interrupt_on_timeout=True,
        allow_errors=True,
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_executed=executed,
        log=_silent(),
    )
    note, begun = "", time.monotonic()
    try:
        asyncio.run(asyncio.wait_for(client.async_execute(), notebook_seconds))
    except NoSuchKernel as error:
        raise TorchproofError(
            "There is no Python kernel to run notebooks with; `pip install ipykernel` installs it."
        ) from error
    except (TimeoutError, DeadKernelError):
        # nbclient takes its own cancellation for a dead kernel, so the clock decides.
        if time.monotonic() - begun < notebook_seconds:
            note = "Its Python ended, out of memory perhaps; the rest was not run."
        else:
            note = f"It ran longer than {notebook_seconds:g} s and was ended; the rest was not run."
    return sheet(path, notebook, note)


def _silent() -> logging.Logger:
    """Return a log that shows nothing; what nbclient would say there stands in the table."""
    log = logging.getLogger(__name__)
    log.propagate = False
    log.handlers = [logging.NullHandler()]
    return log
