"""What one submission may use."""

from dataclasses import asdict, dataclass
from typing import Any

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """What one submission may use; a limit that is hit is told in the feedback.

    Attributes:
        cell_seconds: wall-clock time of one cell; None for what nbgrader is configured to give.
        notebook_seconds: wall-clock time of one notebook.
        memory_mib: memory of one process, and of all together where cgroups can be had.
        processes: processes and threads at one time.
        file_mib: the size of one file, and of all files in the private folders.
        open_files: file descriptors of one process.
        output_kib: what one cell may print and display.
        submitted_mib: the size of one submitted file.
    """

    cell_seconds: float | None = None
    notebook_seconds: float = 600.0
    memory_mib: int = 2048
    processes: int = 128
    file_mib: int = 64
    open_files: int = 256
    output_kib: int = 4096
    submitted_mib: int = 32

    def to_dict(self) -> dict[str, Any]:
        """Return the limits as plain values."""
        return asdict(self)
