"""Reading a text file that a user named, of limited size."""

from __future__ import annotations

from pathlib import Path
from stat import S_ISDIR, S_ISREG

from comsim.common.errors import InputError


def read_text(path: Path, largest: int, allowed: str) -> str:
    """The text of a UTF-8 file of at most `largest` bytes, without a byte order mark. Larger files
    are refused unread."""
    try:
        status = path.stat()
        mode = status.st_mode
        data = b""
        if S_ISREG(mode) and status.st_size <= largest:
            with path.open("rb") as file:
                data = file.read(largest + 1)
    except OSError as error:
        raise InputError.unreadable(path, error, allowed) from None
    except ValueError:  # a null character in the path
        raise InputError.at(repr(str(path)), "file", "an invalid path", allowed) from None
    if not S_ISREG(mode):
        found = "a folder" if S_ISDIR(mode) else "something that is not a file"
        raise InputError.at(path, "file", found, allowed)
    if status.st_size > largest or len(data) > largest:
        raise too_large(path, max(status.st_size, len(data)), largest)
    return decoded(data, path)


def too_large(file: object, size: int, largest: int) -> InputError:
    """The error about a file that is too large."""
    return InputError.at(file, "file", f"{size:,} bytes", f"at most {largest:,} bytes")


# The first bytes of files that are often mistaken for text.
NO_TEXT = {
    b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"PK\x03\x04": "a workbook or a ZIP file",
    b"\xd0\xcf\x11\xe0": "an old workbook", b"PAR1": "a Parquet file", b"\x1f\x8b": "a gzip file",
}  # fmt: skip


def decoded(data: bytes, file: object) -> str:
    """UTF-8 bytes as text, without a byte order mark; InputError for any other encoding."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        found = f"byte 0x{data[error.start]:02x} in line {line}"
        other = next((what for begin, what in NO_TEXT.items() if data.startswith(begin)), "")
        allowed = f"UTF-8, not {other}" if other else "UTF-8"
        raise InputError.at(file, "text", found, allowed) from None
