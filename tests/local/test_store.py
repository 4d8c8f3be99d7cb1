"""The file in DATA: saved state is read back, and other files are left alone."""

from pathlib import Path

import pytest

from local import StartError
from local.store import NAME, Changes, Store


def test_what_was_saved_comes_back_and_what_is_gone_stays_gone(tmp_path: Path) -> None:
    store = Store(tmp_path / "a" / "b")
    store.save(
        Changes(
            items={("t", "k"): {"k": {"S": "k"}}, ("t", "gone"): {"k": {"S": "gone"}}},
            objects={("b", "o"): ({"ContentType": "text/csv"}, b"\x00\xff")},
            records={("t", 9): {"n": 9}, ("t", 10): {"n": 10}, ("t", 11): {"n": 11}},
            documents={"keys": {"a": "钥匙"}},
        )
    )
    store.save(Changes(items={("t", "gone"): None}, trimmed={"t": 10}))
    store.close()
    again = Store(tmp_path / "a" / "b")
    assert list(again.items()) == [("t", {"k": {"S": "k"}})]
    assert list(again.objects()) == [("b", "o", {"ContentType": "text/csv"}, b"\x00\xff")]
    assert again.records("t") == [{"n": 10}, {"n": 11}]
    assert again.document("keys") == {"a": "钥匙"}
    assert again.document("never") is None
    again.close()


def test_nobody_else_may_read_the_keys(tmp_path: Path) -> None:
    store = Store(tmp_path / "data")
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0
    assert (tmp_path / "data" / NAME).stat().st_mode & 0o077 == 0
    store.close()


def test_two_do_not_share_a_directory(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(StartError, match="in use"):
        Store(tmp_path)
    store.close()
    Store(tmp_path).close()


def foreign_file(folder: Path) -> Path:
    (folder / "thesis.docx").write_text("precious")
    return folder


def file_instead(folder: Path) -> Path:
    (folder / "file").write_text("precious")
    return folder / "file"


def garbage(folder: Path) -> Path:
    (folder / NAME).write_bytes(b"not a database at all" * 100)
    return folder


def another_database(folder: Path) -> Path:
    import sqlite3

    connection = sqlite3.connect(folder / NAME)
    connection.execute("CREATE TABLE mine (x)")
    connection.close()
    return folder


def overwritten_in_the_middle(folder: Path) -> Path:
    store = Store(folder)
    store.save(Changes(items={("t", str(n)): {"k": {"S": "x" * 500}} for n in range(200)}))
    store.close()
    whole = (folder / NAME).read_bytes()
    (folder / NAME).write_bytes(whole[:20_000] + b"\xa5" * 20_000 + whole[40_000:])
    return folder


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (foreign_file, "holds other things"),
        (file_instead, "is a file"),
        (garbage, "is damaged"),
        (another_database, "not made by this version"),
        (overwritten_in_the_middle, "is damaged"),
    ],
)
def test_what_is_not_ours_or_is_damaged_is_named_and_left_as_it_is(tmp_path: Path, make: object, says: str) -> None:
    assert callable(make)
    folder: Path = make(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(StartError, match=says):
        Store(folder)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
