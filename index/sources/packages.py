"""Open the ZIP packages that documents come in (.docx, .odt, .epub), within limits on what they unpack to."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from index.sources.rejections import RejectedError

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_MEMBERS = 20_000
# Text of an article of 16 MB, in markup. Pictures are not unpacked and do not count.
MAX_TEXT_BYTES = 64 * 1024 * 1024
TEXT_MEMBER = re.compile(r"\.(?:xml|rels|opf|ncx|x?html?)$", re.IGNORECASE)
OLE_MAGIC = b"\xd0\xcf\x11\xe0"
PRODUCED = {"docx": "Word", "odt": "LibreOffice", "epub": "its source"}
SAVE_AGAIN = "save it again from its source"


@contextmanager
def opened_package(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a package. Raises OSError if it cannot be opened, and RejectedError if it is damaged, locked or a bomb."""
    with path.open("rb") as file:
        magic = file.read(len(OLE_MAGIC))
        if not magic:
            raise RejectedError("is empty; write an article into it, or remove it")
        if magic == OLE_MAGIC:  # Word wraps what is locked, and its older format, in an OLE container
            raise RejectedError("is locked with a password, or of the old .doc format; save it as .docx without a "
                                "password")
        file.seek(0)
        try:
            with zipfile.ZipFile(file) as package:
                _check(package)
                yield package
        except RejectedError:
            raise
        except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, KeyError, ValueError) as error:
            raise RejectedError(f"is damaged ({str(error)[:120]}); {SAVE_AGAIN}") from None
        except RuntimeError as error:  # zipfile's word for a member that is encrypted
            raise RejectedError(f"is locked ({str(error)[:120]}); save it without a password") from None


def member(package: zipfile.ZipFile, name: str) -> bytes:
    """Return the content of a member of `package`, or b"" if there is none of that name."""
    try:
        about = package.getinfo(name)
    except KeyError:
        return b""
    return package.read(about)


def parse_member(package: zipfile.ZipFile, name: str) -> _Element | None:
    """Return the root of an XML member, or None if there is none. Entities are not resolved, and nothing is fetched.

    Raises RejectedError if it is not XML, or declares entities.
    """
    from lxml import etree

    content = member(package, name)
    if not content.strip():
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False,
                             dtd_validation=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise RejectedError(f"is damaged ({name}: {str(error)[:120]}); {SAVE_AGAIN}") from None
    document_type = root.getroottree().docinfo.internalDTD
    if document_type is not None and any(True for _ in document_type.iterentities()):
        raise RejectedError("declares XML entities, which are not read; write the characters themselves")
    return root


def _check(package: zipfile.ZipFile) -> None:
    members = package.infolist()
    if len(members) > MAX_MEMBERS:
        raise RejectedError(f"holds {len(members):,} files, over the {MAX_MEMBERS:,} of one document; split it")
    size = sum(one.file_size for one in members if TEXT_MEMBER.search(one.filename))
    if size > MAX_TEXT_BYTES:
        raise RejectedError(f"unpacks to {size:,} bytes of text, over the {MAX_TEXT_BYTES:,} of one document; split it")
    if any(one.flag_bits & 1 for one in members if TEXT_MEMBER.search(one.filename)):
        raise RejectedError("is locked with a password; save it without one")
