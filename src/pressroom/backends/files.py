"""The blob store over files: each asset lies under its own key, where a person can look at it."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeVar

from pressroom.backends import _durable
from pressroom.backends._asset_urls import is_genuine, signed_path
from pressroom.backends._file_names import file_name, segments_of
from pressroom.backends._file_troubles import plain_answers, trouble_may_pass
from pressroom.backends._incoming_files import FOLDER, IncomingFile, drop_abandoned, same_bytes
from pressroom.backends._put_urls import signed_put, terms_of_url
from pressroom.errors import BadInput, ConfigurationError, Conflict, NotFound
from pressroom.incoming import Measured, SignedPut, UploadTerms, measured
from pressroom.ports import Clock

_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK)
_READ_SELDOM_BYTES = 4 * 2**20
"""From this size on it is an original, which is read when its variants are made and hardly ever again."""
_MOST_FOLDERS = 10_000
_Read = TypeVar("_Read")


class FileBlobs:
    """Bytes below one folder, written once. Folders in it are never followed through symbolic links."""

    def __init__(self, folder: Path, signing_key: bytes, clock: Clock) -> None:
        if len(signing_key) < 16:
            raise ConfigurationError(
                f"The key for signed URLs has {len(signing_key)} bytes, which is too short to be safe.",
                todo="Give it 32 random bytes.",
            )
        self.folder = folder
        self._signing_key = signing_key
        self._clock = clock
        self._on_disk: set[tuple[str, ...]] = set()
        """Folders that this process knows to survive a power cut, by their names from the top."""

    def __repr__(self) -> str:
        return f"FileBlobs({str(self.folder)!r})"

    def put(self, key: str, revision: int, data: bytes, *, like: int | None = None) -> None:
        def create(folder: int, name: str) -> None:
            known = file_name(segments_of(key)[-1], like) if like is not None else ""
            if not known or not _linked(key, folder, known, name, data):
                _durable.create(folder, name, data, 0o666)

        with trouble_may_pass(key, self.folder):
            self._let_appear(key, revision, create, lambda folder, name: _read(key, folder, name) == data)

    def _let_appear(
        self, key: str, revision: int, create: Callable[[int, str], None], is_same: Callable[[int, str], bool]
    ) -> None:
        *folders, plain = segments_of(key)
        name = file_name(plain, revision)
        _durable.make_folders(self.folder, 0o777)
        with self._opened(key, folders, create=True) as folder:
            try:
                create(folder, name)
            except FileExistsError:
                with plain_answers(key, name):
                    has_same = is_same(folder, name)
                if not has_same:
                    raise Conflict(
                        f"Revision {revision} of {key} is stored already, with other bytes.",
                        where=key,
                        todo="Stored bytes are never written over; store these as the next revision.",
                    ) from None
                # Whoever wrote it may not have come so far yet, and we promise it as well.
                os.fsync(folder)
            except OSError as error:
                if error.errno not in _NO_LINKS:
                    raise
                raise ConfigurationError(
                    f"The file system of {self.folder} does not let files be linked, so nothing can be stored there "
                    f"without the risk of writing over something ({error.strerror}).",
                    todo="Put the workspace on a local disk of the usual kind.",
                ) from error

    def get(self, key: str, revision: int, *, start: int = 0, length: int | None = None) -> bytes:
        return self._found(key, revision, partial(_read, start=start, length=length))

    def measure(self, key: str, revision: int, *, most_bytes: int, head_bytes: int) -> Measured:
        def look(key: str, folder: int, name: str) -> Measured:
            with _opened_file(key, folder, name) as file:
                size = os.fstat(file.fileno()).st_size
                pieces = iter(partial(file.read, 2**20), b"")
                return measured(size, pieces, head_bytes) if size <= most_bytes else Measured(size=size)

        return self._found(key, revision, look)

    def _found(self, key: str, revision: int, read: Callable[[str, int, str], _Read]) -> _Read:
        *folders, name = segments_of(key)
        try:
            with self._opened(key, folders) as folder:
                return read(key, folder, file_name(name, revision))
        except (FileNotFoundError, IsADirectoryError) as error:
            raise NotFound(
                f"Revision {revision} of {key} is not stored (any more).",
                where=key,
                todo="Look at `pressroom jobs` for when it was made and when it expired.",
            ) from error

    def remove(self, key: str, revision: int) -> None:
        *folders, name = segments_of(key)
        with suppress(FileNotFoundError), self._opened(key, folders) as folder:
            os.unlink(file_name(name, revision), dir_fd=folder)
            os.fsync(folder)

    def where(self, key: str, revision: int) -> str:
        *folders, name = segments_of(key)
        return str(Path(self.folder, *folders, file_name(name, revision)))

    def sign(self, key: str, revision: int, expires_at: datetime) -> str:
        segments_of(key)
        return signed_path(self._signing_key, key, revision, expires_at)

    def verify(self, key: str, revision: int, expires: str, signature: str) -> bool:
        with suppress(BadInput):
            segments_of(key)
            return is_genuine(self._signing_key, key, revision, expires, signature, self._clock.now())
        return False

    def direct_url(self, key: str, revision: int, expires_at: datetime, media_type: str) -> str:
        return ""  # this server gives the files out

    def sign_put(self, terms: UploadTerms) -> SignedPut:
        segments_of(terms.key)
        return signed_put(self._signing_key, terms)

    def verify_put(self, key: str, query: Mapping[str, str]) -> UploadTerms | None:
        with suppress(BadInput):
            segments_of(key)
            return terms_of_url(self._signing_key, key, query)
        return None

    def begin(self, key: str) -> IncomingFile:
        segments_of(key)
        return IncomingFile(
            self.folder / FOLDER, partial(self._place, key), partial(trouble_may_pass, key, self.folder)
        )

    def drop_abandoned(self) -> int:
        return drop_abandoned(self.folder / FOLDER)

    def _place(self, key: str, written: int, path: Path, revision: int) -> None:
        """Let a file that was written elsewhere on this disk appear in the store."""

        def create(folder: int, name: str) -> None:
            os.link(path, name, dst_dir_fd=folder, follow_symlinks=False)
            os.fsync(folder)

        def is_same(folder: int, name: str) -> bool:
            stored = os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=folder)
            try:
                return same_bytes(written, stored)
            finally:
                os.close(stored)

        self._let_appear(key, revision, create, is_same)

    def remove_leftovers(self, older_than: timedelta = timedelta(days=1)) -> int:
        """Remove what writers left half written when they were killed; return how many files that were."""
        before = (self._clock.now() - older_than).timestamp()
        removed = 0
        for place, _, names in os.walk(self.folder):
            for draft in (Path(place, name) for name in names if name.startswith(_durable.DRAFT_PREFIX)):
                # Another process may be cleaning as well, and a writer may just be done with a young one.
                with suppress(FileNotFoundError):
                    if draft.lstat().st_mtime < before:
                        draft.unlink()
                        removed += 1
        return removed

    @contextmanager
    def _opened(self, key: str, folders: list[str], *, create: bool = False) -> Iterator[int]:
        """Walk down to the key's folder, part by part, so that no symbolic link can lead out."""
        with ExitStack() as stack:
            folder = stack.enter_context(_durable.opened_folder(self.folder))
            for depth, name in enumerate(folders, 1):
                if create:
                    self._have_folder(folder, tuple(folders[:depth]))
                with plain_answers(key, name):
                    deeper = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
                stack.callback(os.close, deeper)
                folder = deeper
            yield folder

    def _have_folder(self, above: int, path: tuple[str, ...]) -> None:
        """Have a folder there, down to the disk."""
        try:
            os.mkdir(path[-1], dir_fd=above)
        except FileExistsError:
            if path in self._on_disk:
                return
        # Not only by whoever made it: that one may be killed before it comes to this.
        os.fsync(above)
        if len(self._on_disk) >= _MOST_FOLDERS:
            self._on_disk.clear()
        self._on_disk.add(path)


def _opened_file(key: str, folder: int, name: str) -> BinaryIO:
    with plain_answers(key, name):
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=folder)
    try:
        return os.fdopen(descriptor, "rb")
    except IsADirectoryError:
        os.close(descriptor)
        raise


def _read(key: str, folder: int, name: str, *, start: int = 0, length: int | None = None) -> bytes:
    with _opened_file(key, folder, name) as file:
        file.seek(start)
        data = file.read(-1 if length is None else length)
        if len(data) >= _READ_SELDOM_BYTES and hasattr(os, "posix_fadvise"):
            # In the system's cache, many originals in a row would only be in the way of what is read often.
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return data


def _linked(key: str, folder: int, known: str, name: str, data: bytes) -> bool:
    """Let a file appear under a second name if it has these bytes; False if it has not, or is gone."""
    try:
        if _read(key, folder, known) != data:
            return False
        os.link(known, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    os.fsync(folder)
    return True
