"""Text that a stream holds back until its end; beyond a megabyte it waits in a temporary file."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

IN_MEMORY = 1_000_000


class Later:
    """Chunks written now and read once, later, in the same order."""

    def __init__(self) -> None:
        self._chunks: list[str] = []
        self._size = 0
        self._file: IO[str] | None = None
        self.count = 0

    def write(self, chunk: str) -> None:
        """Keep a chunk."""
        self.count += 1
        self._chunks.append(chunk)
        self._size += len(chunk)
        if self._size > IN_MEMORY:
            self._spill()

    def read(self) -> Iterator[str]:
        """All chunks; where they went to a file, in pieces of another size."""
        if self._file is not None:
            with self._file as file:
                file.seek(0)
                while piece := file.read(1 << 16):
                    yield piece
        yield from self._chunks

    def _spill(self) -> None:
        if self._file is None:
            from tempfile import TemporaryFile

            self._file = TemporaryFile("w+", encoding="utf-8", errors="surrogatepass", newline="")  # noqa: SIM115 - read() closes it
        self._file.writelines(self._chunks)
        self._chunks.clear()
        self._size = 0
