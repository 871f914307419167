"""Where bulk tables lie: a folder, or an object store by its URL, through Arrow's file systems.

``s3://bucket/path?endpoint_override=localhost:5000&scheme=http`` names a store of one's own; keys come from where the
store's own tools take them (``AWS_ACCESS_KEY_ID`` and the like).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from staffing.errors import InputError, Where
from staffing.store.files import atomic_path, unwritable


@dataclass(frozen=True)
class Entry:
    """A file of a place: ``stamp`` changes with its content (size and time of its last change)."""

    name: str
    size: int
    stamp: str


@dataclass(frozen=True)
class Place:
    """A folder or the part of an object store under ``url``. Names are relative, with slashes.

    Raises InputError naming the place where it cannot be reached, read or written.
    """

    url: str

    @property
    def local(self) -> Path | None:
        """The folder, None for an object store."""
        return None if "://" in self.url else Path(self.url)

    @cached_property
    def _store(self) -> tuple[Any, str]:
        from pyarrow import fs

        try:
            if self.local is not None:
                return fs.LocalFileSystem(), str(self.local.absolute())
            store, root = fs.FileSystem.from_uri(self.url)
        except (ValueError, OSError) as error:
            raise self._unreachable(error) from None
        return store, root.rstrip("/")

    def __getstate__(self) -> dict[str, str]:
        return {"url": self.url}

    def within(self, name: str) -> Place:
        """A folder of this place."""
        base, mark, options = self.url.partition("?")
        return Place(f"{base.rstrip('/')}/{name}{mark}{options}")

    def entries(self) -> list[Entry]:
        """Its files, those of folders within left out, by name; none where there is no such folder."""
        from pyarrow import fs

        store, root = self._store
        try:
            found = store.get_file_info(fs.FileSelector(root, allow_not_found=True))
        except OSError as error:
            raise self._unreachable(error) from None
        files = [one for one in found if one.type == fs.FileType.File and not one.base_name.startswith((".", "~"))]
        return sorted(
            (Entry(one.base_name, one.size, f"{one.size}-{one.mtime_ns or one.mtime}") for one in files),
            key=lambda entry: entry.name,
        )

    def read(self, name: str) -> bytes | None:
        """A file's bytes, None where there is none."""
        store, root = self._store
        try:
            with store.open_input_stream(f"{root}/{name}", compression=None) as stream:
                return bytes(stream.read())
        except FileNotFoundError:
            return None
        except OSError as error:
            if "NO_SUCH_KEY" in str(error) or "NoSuchKey" in str(error):
                return None
            raise self._unreachable(error) from None

    def write(self, name: str, content: bytes) -> None:
        """A whole file or none."""
        if self.local is not None:
            with atomic_path(self.local / name) as path:
                path.write_bytes(content)
            return
        store, root = self._store
        try:
            with store.open_output_stream(f"{root}/{name}", compression=None) as stream:
                stream.write(content)
        except OSError as error:
            raise unwritable(error, Path(self.url)) from None

    def delete(self, name: str) -> None:
        """Let a file go; nothing where there is none."""
        store, root = self._store
        try:
            store.delete_file(f"{root}/{name}")
        except FileNotFoundError:
            return
        except OSError as error:
            raise unwritable(error, Path(self.url)) from None

    def _unreachable(self, error: Exception) -> InputError:
        said = str(error).strip().splitlines()[0][:160]
        return InputError(
            f"cannot be reached or read ({said}).",
            where=Where(self.url.partition("?")[0]),
            remedy="Check its name, its rights and the network, then run again: what was done is kept.",
        )
