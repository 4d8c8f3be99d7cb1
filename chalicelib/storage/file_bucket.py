"""The `files` bucket: report files as they came, chunks on their way, results, originals of government lists."""

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from chalicelib.errors import Unavailable
from chalicelib.messages import ErrorCode
from chalicelib.storage.clients import presigned
from chalicelib.values.records import Json

PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Examined:
    """One version of an object, as it was read: size in bytes, SHA-256 in hex, its first bytes."""

    version: str
    size: int
    sha256: str
    head: bytes


class FileBucket:
    """Bytes by key; a low-level S3 client is handed in."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, key: str, body: bytes, content_type: str = "application/octet-stream") -> None:
        """Write the object whole."""
        self._client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=content_type)

    def put_file(self, key: str, path: Path) -> None:
        """Write a file from disk, in parts when it is large."""
        self._client.upload_file(str(path), self._bucket, key)

    def get(self, key: str) -> bytes | None:
        """The object's bytes; None when there is no such object."""
        try:
            return bytes(self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read())
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchKey":
                raise
            return None

    def size(self, key: str, version: str = "") -> int:
        """The object's size in bytes, or that of one version of it."""
        return int(self._client.head_object(Bucket=self._bucket, Key=key, **_of(version))["ContentLength"])

    def has(self, key: str) -> bool:
        """Whether there is such an object."""
        try:
            self.size(key)
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("404", "NoSuchKey"):
                raise
            return False
        return True

    def copy(self, key: str, target: str, version: str = "") -> None:
        """Copy an object, or one version of it, within the bucket, unread."""
        self._client.copy({"Bucket": self._bucket, "Key": key, **_of(version)}, self._bucket, target)

    def download(self, key: str, path: Path, version: str = "") -> str:
        """Stream the object, or one version of it, to `path`; returns the SHA-256 of its bytes in hex."""
        digest = hashlib.sha256()
        with path.open("wb") as target:
            for piece in self._pieces(key, version):
                digest.update(piece)
                target.write(piece)
        return digest.hexdigest()

    def lines(self, key: str) -> Iterator[str]:
        """The lines of a UTF-8 object, streamed."""
        body = self._client.get_object(Bucket=self._bucket, Key=key)["Body"]
        for line in body.iter_lines():
            yield line.decode()

    def put_stream(self, key: str, pieces: Iterator[bytes]) -> None:
        """Write an object of any size from pieces as they come; a few parts of it are in memory at a time."""
        self._client.upload_fileobj(_Pieces(pieces), self._bucket, key)

    def read_from(self, key: str, start: int, most: int) -> bytes:
        """At most `most` bytes of the object from byte `start` on; b"" at its end or where there is none."""
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key, Range=f"bytes={start}-{start + most - 1}")
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("NoSuchKey", "InvalidRange", "416"):
                raise
            return b""
        return bytes(answer["Body"].read())

    def link(
        self,
        key: str,
        seconds: int,
        content_type: str = "",
        file_name: str = "",
        version: str = "",
        asked: Mapping[str, str] | None = None,
    ) -> str:
        """A presigned GET of this one object (or one version of it), saved as a file and never shown in place.

        `asked` is who asked for it, by names that begin with `x-`: it is signed with the link, S3 ignores it, and the
        bucket's access log shows it (https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html).
        """
        typed = {"ResponseContentType": content_type} if content_type else {}
        answer = {"ResponseContentDisposition": presigned.disposition("attachment", file_name), **typed}
        return self._signed({"Key": key, **_of(version), **answer}, seconds, asked)

    def shown_link(
        self,
        key: str,
        seconds: int,
        content_type: str,
        file_name: str,
        version: str = "",
        asked: Mapping[str, str] | None = None,
    ) -> str:
        """A presigned GET that a browser shows as what it is, and that no cache keeps.

        For a picture, film or document whose bytes bear the signature of `content_type`, and for nothing that may hold
        a script of a page, such as HTML or SVG. `asked` is as in `link`.
        """
        answer = {
            "ResponseContentType": content_type,
            "ResponseContentDisposition": presigned.disposition("inline", file_name),
            "ResponseCacheControl": "private, no-store",
        }
        return self._signed({"Key": key, **_of(version), **answer}, seconds, asked)

    def origin(self) -> str:
        """Scheme and host of every link to an object of this bucket. Asks nobody."""
        parts = urlsplit(self._signed({"Key": "x"}, 60, None))
        return f"{parts.scheme}://{parts.netloc}"

    def _signed(self, wanted: Json, seconds: int, asked: Mapping[str, str] | None) -> str:
        return presigned.link(self._client, {"Bucket": self._bucket, **wanted}, seconds, asked)

    def discard(self, keys: Sequence[str]) -> None:
        """Delete objects, up to a thousand in a call; old versions go by lifecycle."""
        for start in range(0, len(keys), 1_000):
            objects = [{"Key": key} for key in keys[start : start + 1_000]]
            answer = self._client.delete_objects(Bucket=self._bucket, Delete={"Objects": objects, "Quiet": True})
            if answer.get("Errors"):
                raise Unavailable(ErrorCode.STORE_UNAVAILABLE, failed=len(answer["Errors"]))

    def written(self, prefix: str) -> Iterator[tuple[str, str]]:
        """When each object under the prefix was written (ISO 8601), and its key."""
        for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix):
            for entry in page.get("Contents", []):
                yield entry["LastModified"].isoformat(), entry["Key"]

    def upload_form(
        self, key: str, most_bytes: int, seconds: int, content_type: str = "", back_to: str = ""
    ) -> dict[str, Any]:
        """A presigned POST: `url` and `fields` with which anyone may upload this one key, up to `most_bytes`, of that
        type where a type is given; a browser is sent on to `back_to`."""
        typed = {"Content-Type": content_type} if content_type else {}
        typed |= {"success_action_redirect": back_to} if back_to else {}
        form: dict[str, Any] = self._client.generate_presigned_post(
            self._bucket,
            key,
            Fields=dict(typed),
            Conditions=[["content-length-range", 0, most_bytes], *({name: value} for name, value in typed.items())],
            ExpiresIn=seconds,
        )
        return form

    def examine(self, key: str, most_bytes: int, head_bytes: int) -> "Examined | None":
        """What the object is now: version, size, SHA-256 (unread and '' past `most_bytes`), first bytes; None when
        there is none."""
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchKey":
                raise
            return None
        size, body = int(answer["ContentLength"]), answer["Body"]
        version = str(answer.get("VersionId", "null"))
        if size > most_bytes:
            body.close()
            return Examined(version, size, "", b"")
        digest, head = hashlib.sha256(), b""
        for piece in body.iter_chunks(PIECE):
            digest.update(piece)
            head = head or bytes(piece[:head_bytes])
        return Examined(version, size, digest.hexdigest(), head)

    def versions(self, key: str) -> list[str]:
        """The versions of the object, the oldest first; none when there is no such object."""
        listed = self._client.list_object_versions(Bucket=self._bucket, Prefix=key).get("Versions", [])
        return [str(version["VersionId"]) for version in reversed(listed) if version["Key"] == key]

    def erase(self, key: str, version: str = "") -> None:
        """Remove every version of the object, or one: what held personal data leaves nothing behind."""
        if version:
            self._client.delete_object(Bucket=self._bucket, Key=key, VersionId=version)
            return
        listed = self._client.list_object_versions(Bucket=self._bucket, Prefix=key)
        for kind in ("Versions", "DeleteMarkers"):
            for each in listed.get(kind, []):
                if each["Key"] == key:
                    self._client.delete_object(Bucket=self._bucket, Key=key, VersionId=each["VersionId"])

    def _pieces(self, key: str, version: str = "") -> Iterator[bytes]:
        body = self._client.get_object(Bucket=self._bucket, Key=key, **_of(version))["Body"]
        yield from body.iter_chunks(PIECE)


def _of(version: str) -> dict[str, str]:
    return {"VersionId": version} if version else {}


class _Pieces(io.RawIOBase):
    """Pieces of bytes as a file that can be read once, from the front."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """It can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, and fewer only at the end."""
        taken: list[bytes] = []
        wanted = size if size >= 0 else 1 << 62
        while wanted:
            if not self._rest:
                piece = next(self._pieces, None)
                if piece is None:
                    break
                self._rest = memoryview(piece)
            taken.append(bytes(self._rest[:wanted]))
            self._rest = self._rest[wanted:]
            wanted -= len(taken[-1])
        return b"".join(taken)
