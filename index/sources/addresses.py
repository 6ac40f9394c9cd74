"""Parse lists of addresses to fetch: sitemaps (sitemaps.org 0.9, with the news extension) and plain text lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from index.sources.encoding import decode
from index.sources.gzipped import MAGIC, gunzip
from index.sources.instants import iso_instant
from index.sources.records import web_address
from index.sources.rejections import RejectedError, Rejection
from index.sources.xml_trees import name_of, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_SITEMAP_BYTES = 50 * 1024 * 1024  # unpacked; the limit of sitemaps.org


@dataclass(frozen=True, slots=True)
class SitemapPage:
    """A page listed in a sitemap.

    `last_modified` and `published` are in ISO 8601, or empty if the sitemap's date is missing or unreadable. `title`
    and `language` come from the news extension.
    """

    address: str
    last_modified: str = ""
    published: str = ""
    title: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The pages listed in a sitemap, or the sitemaps listed in a sitemap index: each once, in the file's order.

    `refused` counts the entries without an http or https address.
    """

    pages: tuple[SitemapPage, ...]
    sitemaps: tuple[str, ...]
    refused: int = 0


@dataclass(frozen=True, slots=True)
class ListedAddress:
    """One line in a list of addresses. `line` counts from 1. It has either an address or the reason why it was refused.
    """

    line: int
    address: str = ""
    reason: str = ""


def parse_sitemap(content: bytes, *, address: str) -> Sitemap:
    """Parse a sitemap or sitemap index, gzipped or not.

    `address` is where it was fetched, or empty. Raises RejectedError if `content` is neither a sitemap nor a sitemap
    index, or unpacks to more than MAX_SITEMAP_BYTES.
    """
    root = parse_xml(_unpacked(content))
    if name_of(root) not in ("urlset", "sitemapindex"):
        raise RejectedError("is not a sitemap: it starts with neither <urlset> nor <sitemapindex>; name a sitemap")
    pages: dict[str, SitemapPage] = {}
    sitemaps: dict[str, None] = {}
    refused = 0
    for entry in root:
        kind = name_of(entry)
        if kind not in ("url", "sitemap"):
            continue
        location = _location(entry, address)
        if not location:
            refused += 1
        elif kind == "sitemap":
            sitemaps.setdefault(location)
        else:
            pages.setdefault(location, _page(entry, location))
    return Sitemap(tuple(pages.values()), tuple(sitemaps), refused)


def parse_url_list(text: str) -> list[ListedAddress]:
    """Parse every line of `text`, except blank lines and comments.

    A `#` starts a comment only at the start of a line or after white space; elsewhere it belongs to the address.
    """
    return list(_listed(text))


def _listed(text: str) -> Iterator[ListedAddress]:
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.removeprefix("\ufeff").split()
        comment = next((place for place, word in enumerate(words) if word.startswith("#")), len(words))
        words = words[:comment]
        if not words:
            continue
        address = web_address(words[0])
        if len(words) > 1:
            yield ListedAddress(number, reason="holds more than one word; write one address a line")
        elif not address:
            yield ListedAddress(number, reason=f"is not an http or https address ({words[0][:80]!a}); correct it")
        elif address in seen:
            yield ListedAddress(number, reason=f"repeats the address of line {seen[address]}; remove one of the two")
        else:
            seen[address] = number
            yield ListedAddress(number, address)


def _unpacked(content: bytes) -> bytes:
    if not content.startswith(MAGIC):
        if len(content) > MAX_SITEMAP_BYTES:
            raise RejectedError(f"is larger than the {MAX_SITEMAP_BYTES:,} bytes of one sitemap; split it")
        return content
    unpacked = bytearray()
    for piece in gunzip([content]):
        unpacked += piece
        if len(unpacked) > MAX_SITEMAP_BYTES:
            raise RejectedError(f"unfolds to more than the {MAX_SITEMAP_BYTES:,} bytes of one sitemap; split it")
    return bytes(unpacked)


def _location(entry: _Element, address: str) -> str:
    for child in entry:
        if name_of(child) == "loc" and child.text:
            try:
                return web_address(urljoin(address, child.text.strip()))
            except ValueError:
                return ""
    return ""


def _page(entry: _Element, location: str) -> SitemapPage:
    found: dict[str, str] = {}
    for element in entry.iter():
        if (name := name_of(element)) in ("lastmod", "publication_date", "title", "language"):
            found.setdefault(name, " ".join((element.text or "").split()))
    return SitemapPage(
        location, last_modified=iso_instant(found.get("lastmod", "")),
        published=iso_instant(found.get("publication_date", "")),
        title=found.get("title", ""), language=found.get("language", ""))


def split_addresses(arguments: Sequence[str]) -> tuple[list[Path], list[str]]:
    """Return `(paths, addresses)`: arguments that begin with http:// or https:// are addresses, all others are paths.
    """
    addresses = [argument for argument in arguments if argument.lower().startswith(("http://", "https://"))]
    return [Path(argument) for argument in arguments if argument not in addresses], addresses


def addresses_in(path: Path) -> tuple[list[str], list[Rejection]]:
    """Read a file with one address per line. Return `(addresses, rejections)`, with a rejection for each invalid line.

    Raises OSError when the file cannot be read.
    """
    try:
        listed = parse_url_list(decode(path.read_bytes()))
    except RejectedError as error:
        return [], [Rejection(path, None, error.reason)]
    return ([one.address for one in listed if one.address],
            [Rejection(path, one.line, one.reason) for one in listed if not one.address])
