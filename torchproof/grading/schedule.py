"""Where the work is done: a pool of processes on this machine, or a Dask cluster."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import forkserver
from typing import Any

from torchproof.errors import CourseError, SandboxLostError, WorkerLostError
from torchproof.grading import worker
from torchproof.grading.sandbox import Zygote

_TRIES = 3
LOST = (
    f"its worker process was killed {_TRIES} times, as happens when memory runs out. "
    "Free some memory or give fewer --workers, and grade again."
)


class Local:
    """A pool of processes that share one warm process inside the wall.

    Args:
        workers: how many processes.
        wall: whether the sandbox is on.
        preload: modules that every worker needs, imported once before they are forked.
    """

    def __init__(self, workers: int, wall: bool = True, preload: Iterable[str] = ()) -> None:
        self.workers = workers
        self._wall = wall
        self._preload = ["torchproof.grading.preload", *preload]
        self._zygote: Zygote | None = None
        self._pool: Executor | None = None
        self._start()

    def _start(self) -> None:
        if self._zygote is None or self._zygote.process.poll() is not None:
            if self._zygote is not None:
                self._zygote.close()
            self._zygote = Zygote(self._wall)
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(self._preload)
        forkserver.ensure_running()  # a pool would start it with its first call only
        arguments = (self._zygote.address,)
        self._pool = ProcessPoolExecutor(
            self.workers, context, initializer=worker.start, initargs=arguments
        )

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Let a worker call a function; a pool that broke is replaced."""
        assert self._pool is not None
        try:
            return self._pool.submit(function, *arguments)
        except BrokenProcessPool:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._start()
            return self._pool.submit(function, *arguments)

    def close(self, wait: bool = True) -> None:
        """End every process."""
        if self._pool is not None:
            processes = list(getattr(self._pool, "_processes", None) or {}).copy()
            self._pool.shutdown(wait=wait, cancel_futures=True)
            if not wait:
                _kill(processes)
        if self._zygote is not None:
            self._zygote.close()


def _kill(processes: list[int]) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


class Cluster:
    """A Dask cluster; each of its workers builds its own wall.

    Args:
        address: the scheduler's address, as in ``tcp://host:8786``.
    """

    def __init__(self, address: str) -> None:
        try:
            import distributed
        except ImportError:
            raise CourseError(
                "A Dask cluster needs Dask: pip install 'torchproof[cluster]'."
            ) from None
        try:
            client: Any = distributed.Client
            self._client = client(address, timeout=10)
        except OSError as error:
            raise CourseError(f"No Dask scheduler answers at {address}: {error}") from error
        self._pool = self._client.get_executor(pure=False, retries=_TRIES)
        self.workers = max(1, sum(self._client.nthreads().values()))

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Let a worker of the cluster call a function."""
        future: Future[Any] = self._pool.submit(function, *arguments)
        return future

    def close(self, wait: bool = True) -> None:
        """Leave the cluster."""
        self._client.close()


Place = Local | Cluster


class Queue:
    """Keeps a bounded number of calls under way and gives out what is done.

    A call that a worker took down with it is made again, up to three times and then alone, for
    the worker takes all calls under way down with it, whichever of them was the cause.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._calls: dict[Future[Any], tuple[Any, Callable[..., Any], tuple[Any, ...], int]] = {}
        self._suspects: list[tuple[Any, Callable[..., Any], tuple[Any, ...], int]] = []

    @property
    def full(self) -> bool:
        """Whether enough is under way to keep every worker busy."""
        return len(self) >= 3 * self._place.workers

    def __len__(self) -> int:
        return len(self._calls) + len(self._suspects)

    def put(self, key: Any, function: Callable[..., Any], *arguments: Any) -> None:
        """Make a call; its result comes with the key."""
        self._put(key, function, arguments, 1)

    def _put(self, key: Any, function: Any, arguments: tuple[Any, ...], tries: int) -> None:
        future = self._place.submit(function, *arguments)
        self._calls[future] = (key, function, arguments, tries)

    def take(self) -> Iterator[tuple[Any, Any]]:
        """Wait for a call and give out all that are done: the key with a result or an error."""
        if not self._calls:
            self._put(*self._suspects.pop(0))
        done, _ = wait(self._calls, return_when=FIRST_COMPLETED)
        for future in done:
            key, function, arguments, tries = self._calls.pop(future)
            error = future.exception()
            if error is None:
                yield key, future.result()
            elif not isinstance(error, BrokenProcessPool | SandboxLostError):
                yield key, error
            elif tries < _TRIES:
                self._suspects.append((key, function, arguments, tries + 1))
            else:
                yield key, WorkerLostError(LOST)
