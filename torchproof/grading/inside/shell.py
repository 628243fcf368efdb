"""An IPython that keeps what a cell shows as notebook outputs."""

import base64
import inspect
import io
import os
import sys
from collections.abc import Callable
from typing import Any

import numpy
from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

Output = dict[str, Any]

_FLUSH = 32 * 1024


class Outputs:
    """What the running cell has shown, handed on as it comes, up to a limit.

    Text of one stream is gathered before it is handed on.
    """

    def __init__(self) -> None:
        self.send: Callable[[list[Output]], None] = lambda outputs: None
        self.limit = 0
        self._text: list[str] = []
        self._name = ""
        self._size = 0
        self._used = 0
        self._clear = False

    def begin(self, limit: int) -> None:
        """Start a cell that may show this many bytes."""
        self.limit, self._used, self._text, self._size, self._clear = limit, 0, [], 0, False

    def write(self, name: str, text: str) -> None:
        """Take text that was printed."""
        if not text or not self._room(len(text)):
            return
        if name != self._name or self._size > _FLUSH:
            self.flush()
        self._name = name
        self._text.append(text)
        self._size += len(text)

    def add(self, output: Output) -> None:
        """Take an output that is no text stream."""
        size = sum(len(str(value)) for value in output.get("data", {}).values())
        if self._room(size + 200):
            self.flush()
            self._hand_on(output)

    def clear(self, wait: bool) -> None:
        """Forget what the cell has shown so far, now or when something new comes."""
        self._text, self._size = [], 0
        self._clear = True
        if not wait:
            self._hand_on(None)

    def flush(self) -> None:
        """Hand on the text gathered."""
        if self._text:
            text, self._text, self._size = "".join(self._text), [], 0
            self._hand_on({"output_type": "stream", "name": self._name, "text": text})

    def _hand_on(self, output: Output | None) -> None:
        outputs: list[Any] = [{"output_type": "clear"}] if self._clear else []
        self._clear = False
        self.send(outputs + ([output] if output else []))

    def _room(self, size: int) -> bool:
        if self._used > self.limit:
            return False
        self._used += size
        if self._used <= self.limit:
            return True
        self.flush()
        text = f"... The rest is left out: a cell may show {self.limit // 1024:,} KiB."
        self._hand_on({"output_type": "stream", "name": "stdout", "text": text})
        return False


class Stream(io.TextIOBase):
    """Standard output or error of the cells."""

    encoding = "utf-8"

    def __init__(self, name: str, outputs: Outputs) -> None:
        self.name = name
        self._outputs = outputs

    def write(self, text: str) -> int:
        """Keep the text as output of the running cell."""
        self._outputs.write(self.name, str(text))
        return len(text)

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def fileno(self) -> int:
        """Return the descriptor behind the stream, which is kept as well."""
        return 1 if self.name == "stdout" else 2


class Descriptors:
    """What is written to descriptors 1 and 2 past Python's streams."""

    def __init__(self) -> None:
        self._files = {}
        for number, name in ((1, "stdout"), (2, "stderr")):
            memory = os.memfd_create(name)
            os.dup2(memory, number)
            os.close(memory)
            os.set_inheritable(number, True)
            self._files[name] = number

    def drain(self, outputs: Outputs) -> None:
        """Move what was written into the outputs."""
        for name, number in self._files.items():
            size = os.fstat(number).st_size
            if size:
                text = os.pread(number, min(size, outputs.limit), 0).decode(errors="replace")
                os.ftruncate(number, 0)
                os.lseek(number, 0, os.SEEK_SET)
                outputs.write(name, text)


class Publisher(DisplayPublisher):
    """Keeps what ``display`` shows."""

    outputs: Outputs

    def publish(  # type: ignore[override]
        self, data: Any, metadata: Any = None, *, update: bool = False, **_: Any
    ) -> None:
        """Keep one display."""
        kept = {"output_type": "display_data", "data": data, "metadata": metadata or {}}
        self.outputs.add(kept)

    def clear_output(self, wait: bool = False) -> None:
        """Drop what the cell has shown."""
        self.outputs.clear(wait)


class Hook(DisplayHook):
    """Keeps the value of a cell's last expression."""

    outputs: Outputs

    def write_output_prompt(self) -> None:
        """Show no prompt: the notebook does."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Keep the value."""
        self.outputs.add(
            {
                "output_type": "execute_result",
                "data": format_dict,
                "metadata": md_dict or {},
                "execution_count": self.prompt_count,
            }
        )


class Compiler(CachingCompiler):
    """Lets ``inspect`` know that a cell is in no module's file.

    Else a traceback has it look through all modules, again for each of its frames.
    """

    def cache(self, transformed_code: str, number: int = 0, raw_code: str | None = None) -> str:
        """Name a cell's code and keep it."""
        name = super().cache(transformed_code, number, raw_code)
        for file in (name, os.path.abspath(name)):  # noqa: PTH100
            inspect.modulesbyfile[file] = ""
        return name


class Shell(InteractiveShell):
    """An InteractiveShell without history, files or a terminal."""

    compiler_class = Type(Compiler)
    outputs: Outputs

    def init_history(self) -> None:
        """Keep no history on disk."""
        super().init_history()  # type: ignore[no-untyped-call]

    def _format_exception_for_storage(self, exception: Any, *_: Any) -> dict[str, Any]:
        """Keep no exceptions in the history; formatting one takes as long as showing it."""
        return {}

    def enable_gui(self, gui: str | None = None) -> None:
        """Run no event loop."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        self.outputs.add(
            {
                "output_type": "error",
                "ename": str(etype.__name__),
                "evalue": _text(evalue),
                "traceback": [str(line) for line in stb],
            }
        )


def _text(value: object) -> str:
    try:
        return str(value)
    except Exception:
        return "<the exception's text cannot be had>"


def new_shell() -> Shell:
    """Make the shell and connect its outputs, streams and figures."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "linux"
    config.InlineBackend.close_figures = True
    outputs = Outputs()
    Publisher.outputs = Hook.outputs = Shell.outputs = outputs
    shell = Shell.instance(
        config=config, display_pub_class=Publisher, displayhook_class=Hook, user_module=None
    )
    shell.enable_matplotlib("inline")  # type: ignore[no-untyped-call]
    _draw_figures(shell)
    sys.stdout = Stream("stdout", outputs)
    sys.stderr = Stream("stderr", outputs)
    return shell


def _draw_figures(shell: Shell) -> None:
    """Draw figures that lay themselves out once; IPython draws each twice to cut its margins."""
    from IPython.core.pylabtools import print_figure
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from PIL import Image

    def png(figure: Figure) -> str | bytes:
        canvas = figure.canvas
        if figure.get_layout_engine() is None or not isinstance(canvas, FigureCanvasAgg):
            return print_figure(figure, bbox_inches="tight", base64=True)  # type: ignore[no-any-return]
        canvas.draw()  # type: ignore[no-untyped-call]
        buffer = io.BytesIO()
        pixels = numpy.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
        image = Image.fromarray(pixels)
        image.save(buffer, format="png", compress_level=1)
        return base64.b64encode(buffer.getvalue()).decode()

    assert shell.display_formatter is not None
    shell.display_formatter.formatters["image/png"].for_type(Figure, png)
