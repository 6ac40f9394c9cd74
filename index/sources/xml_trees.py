"""Parse the XML of feeds and sitemaps, with every dangerous feature of XML switched off."""

from __future__ import annotations

import html.entities
import re
from typing import TYPE_CHECKING

from index.sources.declared import decode_declared
from index.sources.rejections import RejectedError

if TYPE_CHECKING:
    from lxml.etree import _Element

DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# Only a document type can declare entities. Feeds and sitemaps need no more than the name of theirs.
ENTITY_DECLARATION = re.compile(r"<!(?:ENTITY|DOCTYPE[^>]*\[)", re.IGNORECASE)
DOCUMENT_TYPE = re.compile(r"<!DOCTYPE[^>\[]*>", re.IGNORECASE)
NAMED_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
FORBIDDEN = re.compile(  # characters that XML 1.0 forbids, as themselves or as references
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]|&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|x0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]));")


def parse_xml(content: bytes, *, content_type: str = "") -> _Element:
    """Return the root element of `content`, a feed or sitemap. Raises RejectedError if it is not XML or is refused.

    Small faults, which are common in feeds, are repaired. Declared entities and document types with a body are refused,
    and nothing outside the document is loaded. libxml2's own limits apply: 256 levels, and 10 MB for one text.
    """
    from lxml import etree  # large to load, and most runs read no XML

    text = DECLARATION.sub("", decode_declared(content, content_type=content_type))
    if ENTITY_DECLARATION.search(text):
        raise RejectedError("declares XML entities, which are not read; write the characters themselves")
    text = NAMED_ENTITY.sub(_character, FORBIDDEN.sub("", DOCUMENT_TYPE.sub("", text)))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, dtd_validation=False,
        remove_comments=True, remove_pis=True, recover=True, encoding="utf-8")
    try:
        root = etree.fromstring(text.strip().encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise RejectedError(f"is not XML ({str(error)[:200]}); fetch it again") from None
    if root is None:
        raise RejectedError("is not XML; fetch it again")
    return root


def name_of(element: _Element) -> str:
    """Return the name of `element` without its namespace, in lower case; "" for a comment or the like."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def namespace_of(element: _Element) -> str:
    """Return the namespace of `element`, in lower case, or "" if it has none."""
    tag = element.tag if isinstance(element.tag, str) else ""
    return tag[1:].partition("}")[0].lower() if tag.startswith("{") else ""


def _character(entity: re.Match[str]) -> str:
    """Return the character for an entity that HTML names. Feeds use such entities, although XML does not declare them.
    """
    if entity[1] in XML_ENTITIES:
        return entity[0]
    return html.entities.html5.get(f"{entity[1]};", entity[0])
