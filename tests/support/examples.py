"""Shell examples of the documentation: found in Markdown, run in one shell for each page, their output compared.

A block ```console holds commands after `$ ` (continued by lines after `> `), each with what it prints. Nothing below a
command means that its output is not compared; `…` stands for any text in a line, a line of its own for any lines. A
command has to end with 0, unless `echo $?` comes next. A block of another language with `title="NAME"` is a file that
the reader writes. `<!-- not run: WHY -->` before a block says why it cannot be run, `<!-- needs: docker -->` what for.
"""

from __future__ import annotations

import os
import re
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from markdown_it import MarkdownIt

SHELL_LANGUAGES = {"console", "sh", "bash", "shell", "shell-session"}
_COMMENT = re.compile(r"<!--\s*(not run|needs):\s*(.+?)\s*-->", re.DOTALL)
_TITLE = re.compile(r'title="([^"]+)"')


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A command, with what it is said to print (None: nothing is said), and the line of the page it is on."""

    command: str
    output: tuple[str, ...] | None
    line: int


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A fenced block. `title` names the file that it is, `not_run` says why it is not run, `needs` what it takes."""

    language: str
    text: str
    line: int
    title: str = ""
    not_run: str = ""
    needs: tuple[str, ...] = ()

    def steps(self) -> Iterator[Step]:
        """The commands of a console block. Raises ValueError for one that starts with something else."""
        lines = self.text.splitlines()
        if lines and not lines[0].startswith("$ "):
            raise ValueError(f"line {self.line + 1} of a console block is no command: {lines[0]}")
        starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            more = start + 1
            while more < end and lines[more].startswith("> "):
                more += 1
            command = "\n".join([lines[start][2:], *(line[2:] for line in lines[start + 1 : more])])
            printed = tuple(lines[more:end])
            yield Step(command=command, output=printed or None, line=self.line + 1 + start)


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    marks: dict[str, str] = {}
    for token in MarkdownIt("commonmark").parse(text):
        if token.type == "html_block":
            marks.update(_COMMENT.findall(token.content))
        elif token.type == "fence" and token.map:
            language, _, rest = token.info.partition(" ")
            title = _TITLE.search(rest)
            yield Block(
                language=language,
                text=token.content,
                line=token.map[0] + 1,
                title=title[1] if title else "",
                not_run=marks.get("not run", ""),
                needs=tuple(marks.get("needs", "").split()),
            )
            marks = {}
        elif token.type != "paragraph_close":
            marks = {}


def difference(expected: tuple[str, ...], printed: str) -> str:
    """Why what was printed is not what the page says, "" if it is."""
    lines = [line.rstrip() for line in printed.splitlines()]
    pattern = "".join("(?:.*\n)*" if line.strip() == "…" else f"{_line(line.rstrip())}\n" for line in expected)
    if re.fullmatch(pattern, "".join(f"{line}\n" for line in lines)):
        return ""
    return "the page says\n  {}\nbut it printed\n  {}".format("\n  ".join(expected), "\n  ".join(lines))


def _line(text: str) -> str:
    """A pattern for one line; blanks are as many as there are, since tables are as wide as their contents."""
    return r"[ \t]*" + r"[ \t]+".join(".*".join(re.escape(part) for part in word.split("…")) for word in text.split())


class Shell:
    """One bash for all examples of a page: folders and variables stay as the page leaves them."""

    def __init__(self, folder: Path, env: dict[str, str], work: Path) -> None:
        self._command, self._output = work / "command.sh", work / "output"
        reading, writing = os.pipe()
        self._ends = os.fdopen(reading, "r")
        self._process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            env=env,
            pass_fds=[writing],
            start_new_session=True,  # whatever hangs is ended with it
            text=True,
        )
        self._fd = writing
        os.close(writing)

    def run(self, command: str, timeout: float) -> tuple[int, str]:
        """The exit code and what it printed, standard error included. Raises TimeoutError."""
        self._command.write_text(command + "\n")
        assert self._process.stdin is not None
        # `.` keeps changes to the shell; `(exit N)` gives the next command the `$?` of the one before
        self._process.stdin.write(
            f"(exit ${{code:-0}}); . '{self._command}' >'{self._output}' 2>&1 </dev/null {self._fd}>&-; "
            f"code=$?; echo $code >&{self._fd}\n"
        )
        self._process.stdin.flush()
        with selectors.DefaultSelector() as selector:
            selector.register(self._ends, selectors.EVENT_READ)
            if not selector.select(timeout):
                raise TimeoutError(f"no end within {timeout:g} s; so far: {self._output.read_text()[-2000:]}")
        said = self._ends.readline().strip()
        assert said, f"the shell ended: {self._output.read_text()[-2000:]}"
        return int(said), self._output.read_text(errors="replace")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            if kind is not None:  # interrupts and time-outs: what runs is asked to clean up after itself
                os.killpg(self._process.pid, signal.SIGINT)
                time.sleep(0.5)
            assert self._process.stdin is not None
            self._process.stdin.close()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        self._ends.close()


class BrokenExampleError(AssertionError):
    """An example that does not do what the page says, with its line there."""


def run(page: Path, found: list[Block], shell: Shell, folder: Path, timeout: float = 240) -> int:
    """Run the blocks of a page in order; how many commands that were. Raises BrokenExampleError."""
    count = 0
    for block in found:
        if block.title:
            file = folder / block.title
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text)
        if block.language != "console" or block.not_run:
            continue
        steps = list(block.steps())
        for step, after in zip(steps, [*steps[1:], None], strict=True):
            start = time.monotonic()
            code, printed = shell.run(step.command, timeout)
            where = f"{page.name}:{step.line}"
            sys.stdout.write(f"{time.monotonic() - start:6.1f} s  {where}  {step.command.splitlines()[0][:90]}\n")
            told = after is not None and after.command.split("#")[0].strip() == "echo $?"
            if code and not told:
                raise BrokenExampleError(f"{where}: {step.command}\nended with {code}\n{printed[-4000:]}")
            if step.output is not None and (wrong := difference(step.output, printed)):
                raise BrokenExampleError(f"{where}: {step.command}\n{wrong}")
            count += 1
    return count
