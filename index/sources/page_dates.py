"""Find the date of publication in a page's markup: of the article itself, not of what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from index.sources.blocks import NOT_ARTICLE, ROLES_AROUND, is_named_around, one_line
from index.sources.instants import MAX_CHARS, iso_instant

if TYPE_CHECKING:
    from lxml.etree import _Element

_PUBLISHED = re.compile(r"publish|posted|entry-date|pub-?date|created", re.IGNORECASE)
_CHANGED = re.compile(r"updat|modif|changed|revis", re.IGNORECASE)
_DATE_LINE = re.compile(r"date|time|publish|posted|meta|info", re.IGNORECASE)

# The path of a blog's or paper's article. A day that is put together from other numbers isn't a day, or isn't alone.
_IN_ADDRESS = re.compile(r"(?<=/)((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?=/|$|\.|[-_][^\d])")


def date_in_markup(root: _Element) -> str:
    """Return the article's date in ISO 8601; "" if none is marked up, or several and nothing tells which one it is."""
    main = _main(root)
    elements = list(_of_article(root, main))
    for kind in (_is_item, _is_publication, _is_in_header):
        for element in filter(kind, elements):
            if found := _date_of(element):
                return found
    times = {found for element in elements if _is_time(element) and not _CHANGED.search(_names(element))
             and _is_within(element, ("article", "main")) and (found := _date_of(element))}
    if times:
        return times.pop() if len(times) == 1 else ""
    lines = {found for element in elements if _is_named_date(element) and (found := _date_of(element))}
    return lines.pop() if len(lines) == 1 else ""


def declared_in_markup(root: _Element) -> str:
    """Return what the markup declares as the article's date (`itemprop=datePublished`), as written; "" without one."""
    for element in _of_article(root, _main(root)):
        if element.get("itemprop", "").lower() == "datepublished":
            return element.get("datetime") or element.get("content") or one_line("".join(element.itertext()))
    return ""


def date_in_address(address: str) -> str:
    """Return the day that an article's address names as /2018/03/05/ in ISO 8601; "" if it names none."""
    named = _IN_ADDRESS.findall(address)
    return iso_instant("-".join(f"{int(number):02}" for number in named[0])) if len(named) == 1 else ""


def _main(root: _Element) -> Any:
    """Return the element of the article: the one with the page's heading, or the only one; None if there is none."""
    articles = [each for each in root.iter("article") if not any(_stands_around(one) for one in _up(each))]
    return next((each for each in articles if each.find(".//h1") is not None), articles[0] if articles else None)


def _of_article(root: Any, main: Any) -> Iterator[Any]:
    """Yield the elements that belong to the page's article, in order: not those of another one, a comment or the like.
    """
    left = [root]
    while left:
        element = left.pop()
        yield element
        left += [child for child in reversed(element) if isinstance(child.tag, str)
                 and (child is main or not (child.tag == "article" or _stands_around(child)))]


def _stands_around(element: Any) -> bool:
    return (element.tag in NOT_ARTICLE or element.tag in ("nav", "blockquote")
            or element.get("role", "").lower() in ROLES_AROUND
            or (element.tag not in ("body", "html", "time", "span") and is_named_around(element)
                and "byline" not in element.get("class", "")))


def _up(element: Any) -> Iterator[Any]:
    yield element
    yield from element.iterancestors()


def _is_time(element: Any) -> bool:
    return element.tag == "time" and bool(element.get("datetime"))


def _is_item(element: Any) -> bool:
    return element.get("itemprop", "").lower() == "datepublished" or (
        element.tag == "time" and element.get("pubdate") is not None)


def _is_publication(element: Any) -> bool:
    return _is_time(element) and bool(_PUBLISHED.search(_names(element))) and not _CHANGED.search(_names(element))


def _is_in_header(element: Any) -> bool:
    return _is_time(element) and not _CHANGED.search(_names(element)) and _is_within(element, ("header",))


def _is_named_date(element: Any) -> bool:
    """Tell whether the names of an element, or of the box around it, say that it shows a date of publication."""
    box = element.getparent()
    names = _names(element) if box is None or box.tag in ("body", "main", "article") else (
        f"{_names(element)} {_names(box)}")
    return _DATE_LINE.search(names) is not None and not _CHANGED.search(names)


def _is_within(element: Any, names: tuple[str, ...]) -> bool:
    return any(each.tag in names for each in element.iterancestors())


def _names(element: Any) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


def _date_of(element: Any) -> str:
    text = one_line("".join(element.itertext()))
    for raw in (element.get("datetime"), element.get("content"), text if len(text) <= MAX_CHARS else ""):
        if raw and (found := iso_instant(raw)):
            return found
    return ""
