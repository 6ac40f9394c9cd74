"""Recognise the posts of a live blog or a round-up: several dated pieces that make one article together.

An extractor takes the first `<article>` of a page for the whole. Here the posts become sections of one article, each
with its time in front of its heading.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.sources.blocks import HEADINGS, NOT_ARTICLE, ROLES_AROUND, drop, is_named_around, one_line
from index.sources.instants import iso_instant
from index.sources.page_metadata import clock_of

if TYPE_CHECKING:
    from lxml.etree import _Element

MIN_POSTS = 2
MAX_LINKED_SHARE = 0.5
MAX_SHARE_OF_ONE = 0.9  # a larger piece is the article, and the others stand around it
MAX_TIME_CHARS = 40
# Classes of a live blog's posts: live-update, liveblog__post, live-blog-entry, timeline-item, block--live, update.
POST_CLASS = re.compile(
    r"(?:^|\s)(?:live(?:[-_]*blog)?[-_]*(?:update|post|entry|item|event|card)|(?:update|entry|event|timeline"
    r"|feed)[-_]+(?:item|post|entry|block|event)"
    r"|update|lb-post|block--live|timeline[-_]+(?:item|entry|event|post))(?:[-_]\w*)?(?:$|\s)", re.IGNORECASE)
TIME_CLASS = re.compile(r"(?:^|[\s_-])(?:time|timestamp|date|datetime|clock)(?:$|[\s_-])", re.IGNORECASE)
HAS_DIGIT = re.compile(r"\d")


def gather_posts(body: _Element, *, day: str) -> list[str]:
    """Turn the posts below `body` into sections of one `<article>`, in place, and return the text of each.

    `day` is the article's date in ISO 8601: a post of another day has its date in front of its time. Returns an empty
    list, and changes nothing, if the page is not made of posts.
    """
    posts = _posts(body)
    if not posts:
        return []
    texts = []
    for post in posts:
        _put_time_first(post, day)
        texts.append(one_line(" ".join(post.itertext())))
        if post.tag == "article":
            post.tag = "section"
    container = next(one for one in posts[0].iterancestors() if one in posts[-1].iterancestors())
    is_within_article = any(one.tag == "article" for one in posts[0].iterancestors())
    if not is_within_article and container.tag not in ("body", "main"):
        container.tag = "article"
    return texts


def _posts(body: _Element) -> list[_Element]:
    """Return the largest group of posts that have one parent, or whose parents do; [] if there is none."""
    groups: dict[_Element, list[_Element]] = {}
    for element in body.iter():
        if isinstance(element.tag, str) and _may_be_post(element):
            parent = element.getparent()
            if parent is not None:
                groups.setdefault(parent, []).append(element)
    alone = [group[0] for group in groups.values() if len(group) == 1]
    by_grandparent: dict[_Element, list[_Element]] = {}
    for element in alone:  # each post in a box of its own
        if (box := element.getparent()) is not None and (grandparent := box.getparent()) is not None:
            by_grandparent.setdefault(grandparent, []).append(element)
    candidates = [group for group in (*groups.values(), *by_grandparent.values()) if len(group) >= MIN_POSTS]
    group = max(candidates, key=_chars, default=[])
    # Several main headings are several articles, such as those that a page loads at its end.
    are_articles = sum(next(post.iter("h1"), None) is not None for post in group) > 1
    has_main_one = group and max(_chars([post]) for post in group) > MAX_SHARE_OF_ONE * _chars(group)
    return [] if are_articles or has_main_one else group


def _may_be_post(element: _Element) -> bool:
    is_post = element.tag == "article" or element.get("itemprop") == "liveBlogUpdate" or POST_CLASS.search(
        element.get("class", "")) is not None
    return (is_post and not any(_is_around(one) for one in (element, *element.iterancestors()))
            and not _is_teaser(element))


def _is_around(element: _Element) -> bool:
    return (element.tag in NOT_ARTICLE or element.tag == "nav" or element.get("role", "").lower() in ROLES_AROUND
            or is_named_around(element))


def _is_teaser(post: _Element) -> bool:
    """Tell whether a piece only leads to another page: its heading is a link, or most of its text is."""
    for heading in post.iter(*HEADINGS):
        for link in (*heading.iter("a"), *([heading.getparent()] if heading.getparent().tag == "a" else [])):
            if not (link.get("href") or "#").startswith("#"):
                return True
    chars = len(one_line(" ".join(post.itertext())))
    linked = sum(len(one_line(" ".join(link.itertext()))) for link in post.iter("a"))
    return not chars or linked > MAX_LINKED_SHARE * chars or not any(True for _ in post.iter("p", "h2", "h3", "h4"))


def _chars(posts: list[_Element]) -> int:
    return sum(len("".join(post.itertext())) for post in posts)


def _put_time_first(post: _Element, day: str) -> None:
    """Put the post's time in front of its heading, or on a line of its own, and drop the element that showed it."""
    element = next((one for one in post.iter() if _shows_time(one)), None)
    if element is None:
        return
    time = _time(element, day)
    box = element.getparent()
    drop(element)
    while box is not None and box is not post and not one_line("".join(box.itertext())):
        box, empty = box.getparent(), box
        drop(empty)
    heading = next(iter(post.iter(*HEADINGS)), None)
    if heading is not None:
        heading.text = f"{time} {(heading.text or '').lstrip()}"
    else:
        line = post.makeelement("h3")
        line.text = time
        line.tail, post.text = post.text, None
        post.insert(0, line)


def _shows_time(element: _Element) -> bool:
    if not isinstance(element.tag, str) or not (element.tag == "time" or TIME_CLASS.search(element.get("class", ""))):
        return False
    text = one_line("".join(element.itertext()))
    return len(text) <= MAX_TIME_CHARS and HAS_DIGIT.search(text + element.get("datetime", "")) is not None


def _time(element: _Element, day: str) -> str:
    """Return a post's time as its page declares it, else as it shows it."""
    moment = element if element.tag == "time" else next(iter(element.iter("time")), element)
    instant = iso_instant(moment.get("datetime") or "")
    return clock_of(instant, day=day) or one_line("".join(element.itertext())) or instant
