"""Read saved e-mail (.eml) and web pages saved as one file (.mhtml): MIME messages (RFC 5322, RFC 2557)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any

from index.sources.author_names import author_names
from index.sources.blocks import Block, text_of
from index.sources.canonical import repaired_address
from index.sources.declared import decode_declared
from index.sources.furniture import without_furniture
from index.sources.html import article_of_page, blocks_of_fragment
from index.sources.records import article_from_fields, web_address
from index.sources.rejections import RejectedError, Rejection
from index.sources.text import whole_bytes
from index.sources.types import PlacedArticle, SourceFile
from index.types import Article

MAX_MAIL_BYTES = 50 * 1024 * 1024  # with pictures and attachments, which are not read
SIGNATURE = "-- "  # RFC 3676, section 4.3
SOFT_END = " "
WRAP_FROM, WRAP_TO = 60, 80  # characters of the longest line, where a mail program wrapped lines
WRAPPED_SHARE = 0.75  # of that: a shorter line ends its paragraph
PAGES = ("text/html", "application/xhtml+xml")
# What mail programs write in front of a message that is quoted or forwarded.
WROTE = re.compile(r"(?:\b(?:wrote|writes|a écrit|schrieb|escribió)|كتب[تو]?\b.{0,80})\s*:\s*$", re.IGNORECASE)
FORWARDED = re.compile(r"[-_\s]*(?:forwarded message|original message|begin forwarded message:?|(?:ال)?رسالة"
                       r" (?:ال)?(?:معاد (?:توجيه|إرسال)ها|محو[ّ]?لة|أصلية))[-_\s:]*", re.IGNORECASE)
HEADER_LINE = re.compile(r"\s*\*?(?:from|date|sent|subject|to|cc|reply-to|من|التاريخ|تاريخ الإرسال|الموضوع|إلى|نسخة"
                         r"|أرسلت|تم الإرسال)\*?\s*:", re.IGNORECASE)
QUOTED_IN_HTML = re.compile(r"<blockquote\b[^>]*\btype\s*=\s*[\"']?cite.*</blockquote>", re.IGNORECASE | re.DOTALL)
HEADER = re.compile(rb"^[!-9;-~]+:", re.MULTILINE)


def read_eml(file: SourceFile, *, max_article_bytes: int) -> Iterator[PlacedArticle | Rejection]:
    """Yield a saved e-mail as an article, or a rejection that says why there is none."""
    del max_article_bytes  # attachments make a message large, so only its text counts, which the caller checks
    try:
        yield PlacedArticle(_article_of_mail(_message(file), file))
    except RejectedError as error:
        yield Rejection(file.path, error.line, error.reason, file.article_id)


def read_mhtml(file: SourceFile, *, max_article_bytes: int) -> Iterator[PlacedArticle | Rejection]:
    """Yield the article of a web page that a browser saved as one file, or a rejection that says why there is none."""
    del max_article_bytes  # pictures make the file large, so only its text counts, which the caller checks
    try:
        message = _message(file)
        page = next((part for part in message.walk() if part.get_content_type() in PAGES), None)
        if page is None:
            raise RejectedError("holds no web page; save the page again from a browser")
        address = next((found for header in ("Snapshot-Content-Location", "Content-Location")
                        for part in (message, page) if (found := web_address(
                            repaired_address("".join(str(part.get(header, "")).split()))))), "")
        content_type = str(page.get("Content-Type", ""))
        yield PlacedArticle(article_of_page(_bytes(page), address=file.address or address, content_type=content_type,
                                            fallback_id=file.article_id))
    except RejectedError as error:
        yield Rejection(file.path, error.line, error.reason, file.article_id)


def _message(file: SourceFile) -> EmailMessage:
    data = whole_bytes(file.path, MAX_MAIL_BYTES)
    if not HEADER.match(data.lstrip(b"\xef\xbb\xbf\r\n\t ")[:200]):
        raise RejectedError("is no MIME message, though its name says so; give it the suffix of its kind")
    message = message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n"), policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise RejectedError("is no MIME message, though its name says so; give it the suffix of its kind")
    return message


def _article_of_mail(message: EmailMessage, file: SourceFile) -> Article:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        raise RejectedError("holds no text, only attachments; save them and index them by themselves")
    blocks = without_furniture(_blocks(body))
    for inner in _forwarded(message):
        blocks += without_furniture(_blocks_of_forwarded(inner))
    if not blocks:
        raise RejectedError("holds no text of its own; remove it")
    senders = [name or address for name, address in getaddresses([_header(message, "From")])]
    attachments = [part.get_filename() or part.get_content_type() for part in message.iter_attachments()]
    fields: dict[str, Any] = {
        "title": _header(message, "Subject"), "author": author_names(senders),
        "published": _header(message, "Date"), "url": file.address}
    if attachments:
        fields["attachments"] = [" ".join(name.split()) for name in attachments]
    return article_from_fields(fields, text_of(blocks).replace("\0", ""), fallback_id=file.article_id)


def _blocks(body: Any) -> list[Block]:
    text = _text(body)
    if body.get_content_type() == "text/html":
        return blocks_of_fragment(QUOTED_IN_HTML.sub("", text))
    is_flowed = body.get_param("format") == "flowed" if body.get("Content-Type") else False
    return [Block("paragraph", line) for line in _lines(text, is_flowed=is_flowed)]


def _forwarded(message: EmailMessage) -> Iterator[EmailMessage]:
    """Yield the messages that are attached to a message as a whole, not those attached to them."""
    for part in message.iter_attachments():
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], EmailMessage):
                yield inner[0]


def _blocks_of_forwarded(message: EmailMessage) -> list[Block]:
    """Return the lines of a message under its subject."""
    body = message.get_body(preferencelist=("plain", "html"))
    subject = _header(message, "Subject")
    heading = [Block("heading", subject)] if subject else []
    return heading if body is None else [*heading, *_blocks(body)]


def _lines(text: str, *, is_flowed: bool) -> list[str]:
    """Return the paragraphs of a plain message, without quoted lines and the signature.

    Lines that a mail program wrapped are joined: those that end with a space (RFC 3676), and lines about as long as the
    longest ones.
    """
    lines = [line.rstrip("\r") for line in text.split("\n")]
    if SIGNATURE in lines:
        lines = lines[:lines.index(SIGNATURE)]
    lines = _without_quoted(lines)
    width = max((len(line) for line in lines), default=0)
    paragraphs: list[str] = []
    is_open = False
    for line in lines:
        if line.strip() and is_open:
            paragraphs[-1] += f" {line.strip()}"
        elif line.strip():
            paragraphs.append(line.strip())
        is_open = bool(line.strip()) and (
            line.endswith(SOFT_END) if is_flowed
            else WRAP_FROM <= width <= WRAP_TO and len(line) >= WRAPPED_SHARE * width)
    return paragraphs


def _without_quoted(lines: list[str]) -> list[str]:
    """Return the lines without quoted ones, what leads to those ("On … wrote:"), and the header of a forwarded message.
    """
    kept: list[str] = []
    in_header = False
    for line in lines:
        if line.startswith(">"):
            while kept and not kept[-1].strip():
                kept.pop()
            if kept and WROTE.search(kept[-1]):
                kept.pop()
            continue
        if FORWARDED.fullmatch(line.strip()):
            in_header = True
            continue
        in_header = in_header and (not line.strip() or HEADER_LINE.match(line) is not None)
        if not in_header:
            kept.append(line)
    return kept


def _header(message: EmailMessage, name: str) -> str:
    return " ".join(str(message.get(name, "")).replace("\0", "").split())


def _bytes(part: Any) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(part: Any) -> str:
    try:
        text = str(part.get_content())
    except (LookupError, UnicodeError, ValueError):
        text = "\ufffd"
    return decode_declared(_bytes(part)) if "\ufffd" in text else text
