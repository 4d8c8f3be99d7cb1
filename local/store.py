"""The file in DATA: an SQLite database with the state of the cloud at one instant.

SQLite writes a transaction whole or not at all, also when the process is killed in the middle of it.
"""

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chalicelib.values.records import Json
from local import NotSavedError, StartError

NAME = "lianfang.sqlite3"
_APPLICATION = 0x4C46_0001  # in the header of the file: it is ours
_VERSION = 1
_SCHEMA = """
CREATE TABLE items (place TEXT, key TEXT, value TEXT, PRIMARY KEY (place, key)) WITHOUT ROWID;
CREATE TABLE objects (bucket TEXT, key TEXT, metadata TEXT, body BLOB, PRIMARY KEY (bucket, key));
CREATE TABLE records (place TEXT, number TEXT, record TEXT, PRIMARY KEY (place, number)) WITHOUT ROWID;
CREATE TABLE documents (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
"""


@dataclass(slots=True)
class Changes:
    """The changes since the last save: None as a value means deleted."""

    items: dict[tuple[str, str], Json | None] = field(default_factory=dict)
    objects: dict[tuple[str, str], tuple[Json, bytes] | None] = field(default_factory=dict)
    records: dict[tuple[str, int], Json] = field(default_factory=dict)
    trimmed: dict[str, int] = field(default_factory=dict)
    documents: Json = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.items or self.objects or self.records or self.trimmed or self.documents)


class Store:
    """The database of one DATA directory, held for this process alone."""

    def __init__(self, folder: Path) -> None:
        """Open or make it. Raises `StartError` and touches nothing when the directory is not ours to use."""
        self._folder = folder
        file = folder / NAME
        self._prepare(folder, file)
        fresh = not file.exists()
        self._lock = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            raise StartError(f"DATA={folder} is in use by another Lianfang; stop it or give another DATA") from None
        try:
            if fresh:
                os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            self._connection = self._open(file)
            self._file, self._inode = file, file.stat().st_ino
        except BaseException:
            if fresh:  # a database without its tables would be taken for another program's
                for part in folder.glob(NAME + "*"):
                    part.unlink()
            os.close(self._lock)
            raise

    @staticmethod
    def _prepare(folder: Path, file: Path) -> None:
        if folder.exists() and not folder.is_dir():
            raise StartError(f"DATA={folder} is a file; give a directory")
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            others = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith(NAME))
        except OSError as error:
            raise StartError(f"DATA={folder} cannot be used: {error.strerror}") from None
        if others and not file.exists():
            raise StartError(f"DATA={folder} holds other things ({others[0]}, ...); give a new or empty directory")
        if not os.access(folder, os.W_OK) or (file.exists() and not os.access(file, os.W_OK)):
            reason = "read-only file system" if _is_read_only(folder) else "permission denied"
            raise StartError(f"DATA={folder} cannot be written to: {reason}")

    @staticmethod
    def _open(file: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        try:
            if file.stat().st_size == 0 or _is_blank(connection):  # new, or killed before the first transaction
                connection.execute("PRAGMA journal_mode = WAL")
                marks = f"PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {_VERSION};"
                connection.executescript(f"BEGIN; {marks} {_SCHEMA} COMMIT;")
            mark = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            damage = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.DatabaseError as error:
            connection.close()
            if _is_of_the_disk(error):
                raise StartError(f"{file} cannot be written: {_reason(error, file.parent)}") from None
            raise StartError(
                f"{file} is damaged ({error}); nothing was changed. Restore it, or give a new DATA"
            ) from None
        if mark != _APPLICATION or version != _VERSION or damage != "ok":
            connection.close()
            reason = f"is damaged ({damage})" if damage != "ok" else "was not made by this version of Lianfang"
            raise StartError(f"{file} {reason}; nothing was changed. Restore it, or give a new DATA")
        connection.execute("PRAGMA synchronous = NORMAL")
        # The log of writes is moved into the database at 128 KB and not at 4 MB: a small disk holds both.
        connection.execute("PRAGMA wal_autocheckpoint = 32")
        connection.execute("PRAGMA journal_size_limit = 131072")
        return connection

    def save(self, changes: Changes) -> None:
        """Write all of it, or nothing and raise `NotSavedError` with the error of the file system."""
        if not self._is_in_place():  # SQLite would go on writing into a file that no start can find
            raise NotSavedError(f"DATA cannot be written: {self._file} was removed or replaced; start again")
        try:
            self._write(changes)
        except sqlite3.Error as error:
            if not _is_of_the_disk(error) or not self._make_room():
                raise self._not_saved(error) from error
            try:
                self._write(changes)
            except sqlite3.Error as again:
                raise self._not_saved(again) from again

    def _write(self, changes: Changes) -> None:
        run = self._connection
        try:
            run.execute("BEGIN IMMEDIATE")
            for (place, key), value in changes.items.items():
                self._put("items", (place, key), None if value is None else (_text(value),))
            for (bucket, key), held in changes.objects.items():
                self._put("objects", (bucket, key), None if held is None else (_text(held[0]), held[1]))
            for (place, number), record in changes.records.items():
                self._put("records", (place, f"{number:030d}"), (_text(record),))
            for place, number in changes.trimmed.items():
                run.execute("DELETE FROM records WHERE place = ? AND number < ?", (place, f"{number:030d}"))
            for name, value in changes.documents.items():
                run.execute("INSERT OR REPLACE INTO documents VALUES (?, ?)", (name, _text(value)))
            run.execute("COMMIT")
        except BaseException:
            # SQLite itself rolls back what it cannot write; a second ROLLBACK would hide its error.
            if run.in_transaction:
                with suppress(sqlite3.Error):
                    run.execute("ROLLBACK")
            raise

    def _is_in_place(self) -> bool:
        with suppress(OSError):
            return self._file.stat().st_ino == self._inode
        return False

    def _make_room(self) -> bool:
        """Move the log of writes into the database and cut it: it may be larger than what it says."""
        with suppress(sqlite3.Error):
            return not self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return False

    def _not_saved(self, error: sqlite3.Error) -> NotSavedError:
        return NotSavedError(f"DATA cannot be written: {_reason(error, self._folder)}")

    def _put(self, table: str, key: tuple[str, str], values: tuple[Any, ...] | None) -> None:
        if values is None:
            first, second = {"items": ("place", "key"), "objects": ("bucket", "key")}[table]
            self._connection.execute(f"DELETE FROM {table} WHERE {first} = ? AND {second} = ?", key)
        else:
            marks = ", ".join("?" * (2 + len(values)))
            self._connection.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", (*key, *values))

    def items(self) -> Iterator[tuple[str, Json]]:
        """Every item: table, item in DynamoDB's JSON."""
        for place, value in self._connection.execute("SELECT place, value FROM items"):
            yield place, json.loads(value)

    def objects(self) -> Iterator[tuple[str, str, Json, bytes]]:
        """Every object: bucket, key, metadata, bytes."""
        for bucket, key, metadata, body in self._connection.execute("SELECT * FROM objects"):
            yield bucket, key, json.loads(metadata), body

    def records(self, table: str) -> list[Json]:
        """The records of a table's stream that some function still waits for, in order."""
        rows = self._connection.execute("SELECT record FROM records WHERE place = ? ORDER BY number", (table,))
        return [json.loads(record) for (record,) in rows]

    def document(self, name: str) -> Any:
        """A document by name; None when it was never saved."""
        row = self._connection.execute("SELECT value FROM documents WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    def close(self) -> None:
        """Close the file and release the directory."""
        self._connection.close()
        os.close(self._lock)


def _is_blank(connection: sqlite3.Connection) -> bool:
    """Whether the file is a database in which nobody has made anything."""
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    return not tables and not connection.execute("PRAGMA application_id").fetchone()[0]


def _is_of_the_disk(error: sqlite3.Error) -> bool:
    """Whether the file system refuses, so that the file itself may be whole."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
    )


def _reason(error: sqlite3.Error, folder: Path) -> str:
    """SQLite's error and, where it names none, the state of the file system behind it."""
    text = str(error)
    if _is_read_only(folder):
        return f"read-only file system ({text})"
    with suppress(OSError):
        if not os.statvfs(folder).f_bavail and "full" not in text:
            return f"no space left on device ({text})"
    return text


def _is_read_only(folder: Path) -> bool:
    with suppress(OSError):
        return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    return False


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
