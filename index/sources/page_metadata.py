"""Read what a web page declares about its article: headline, date, author, source, language, address. Guess nothing."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from index.language.scripts import ARABIC_SCRIPT_LANGUAGES, is_mostly_arabic
from index.sources.author_names import author_names
from index.sources.blocks import one_line
from index.sources.canonical import canonical_address, is_front_page
from index.sources.instants import MAX_CHARS, iso_instant
from index.sources.page_dates import date_in_address, date_in_markup, declared_in_markup

if TYPE_CHECKING:
    from lxml.etree import _Element

ARTICLE_TYPES = frozenset("""
    Article NewsArticle AnalysisNewsArticle AskPublicNewsArticle BackgroundNewsArticle OpinionNewsArticle
    ReportageNewsArticle ReviewNewsArticle AdvertiserContentArticle SatiricalArticle ScholarlyArticle TechArticle
    BlogPosting LiveBlogPosting Report
""".split())
DATE_FIELDS = ("article:published_time", "og:article:published_time", "og:published_time", "datepublished",
               "date.published", "publish-date", "publishdate", "publish_date", "pubdate", "dc.date.issued",
               "dcterms.issued", "sailthru.date", "parsely-pub-date", "article.published", "citation_publication_date")
# What may also be the day on which the page was built: asked last, and not believed if later than the last change.
WEAK_DATE_FIELDS = ("dcterms.created", "dc.date", "date")
MODIFIED_FIELDS = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified")
AUTHOR_FIELDS = ("author", "article:author_name", "parsely-author", "sailthru.author", "dc.creator",
                 "dcterms.creator", "byl", "article:author")
SUFFIX = re.compile(r"\s+[|\u2013\u2014»«·•:-]{1,2}\s+")
SHORTENED = re.compile(r"(?:…|\.\.\.)$")
CLOCK = re.compile(r"T(\d\d:\d\d)")
LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(?=$|[-_])")
MAX_JSON_DEPTH = 20


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """The fields of an article as its page declares them. A field that is not declared is empty. Dates are in ISO 8601.

    `unread_date` is the date that the page declares, as written, if it is not read.
    `says_article` tells whether the page declares itself an article. `body` is the text in the page's JSON-LD, and
    `kinds` are the types in the page's JSON-LD.
    """

    title: str = ""
    published: str = ""
    unread_date: str = ""
    modified: str = ""
    author: str = ""
    site: str = ""
    language: str = ""
    address: str = ""
    says_article: bool = False
    body: str = ""
    section: str = ""
    kinds: frozenset[str] = field(default_factory=frozenset)


def metadata_of(root: _Element) -> PageMetadata:
    """Read the page's metadata. JSON-LD comes first, then the meta elements, then the markup."""
    meta = _meta(root)
    nodes = list(_linked_data(root))
    article = next((node for node in nodes if _types(node) & ARTICLE_TYPES), {})
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    article = {key: _resolved(value, by_id) for key, value in article.items()}
    publisher = article.get("publisher")
    site = _first(meta, "og:site_name") or _name(publisher) or _first(
        meta, "application-name", "twitter:app:name:iphone", "al:ios:app_name")
    is_open_graph_article = _first(meta, "og:type").lower().endswith("article")
    is_item = bool(root.xpath(
        "boolean(.//*[contains(@itemtype, 'schema.org/') and contains(@itemtype, 'Article')])"))
    address = _address(_link(root, "canonical"), _first(meta, "og:url"), _string(article.get("url")),
                       _string(_id_of(article.get("mainEntityOfPage"))))
    return PageMetadata(
        title=_title(root, meta, _string(article.get("headline")) or _string(article.get("name")), site),
        published=(published := _published(root, meta, article, nodes, address)),
        unread_date="" if published else _unread_date(root, meta, article, nodes),
        modified=iso_instant(_string(article.get("dateModified"))) or _first_date(meta, MODIFIED_FIELDS),
        author=_author(root, meta, article, site),
        site=site,
        language=_language(root, meta, article),
        address=address,
        says_article=bool(article) or is_open_graph_article or is_item or bool(_first(meta, "article:published_time")),
        body=_live_body(article) or _string(article.get("articleBody"), keeps_lines=True),
        section=_string(article.get("articleSection")) or _first(meta, "article:section"),
        kinds=frozenset().union(*(_types(node) for node in nodes)) if nodes else frozenset(),
    )


def fits_script(language: str, text: str) -> bool:
    """Tell whether `language` fits the script of `text`, because many Arabic sites declare every page English."""
    in_arabic_script = is_mostly_arabic(text)
    return in_arabic_script is None or in_arabic_script == (language in ARABIC_SCRIPT_LANGUAGES)


def without_site(title: str, site: str, headings: list[str]) -> str:
    """Remove the site's name from the start or end of a page's title.

    If the title contains one of `headings`, return that heading. Otherwise cut off `site`, the known name.
    """
    parts = SUFFIX.split(title)
    if len(parts) == 1:
        return title
    for heading in headings:
        if len(heading) > 8 and heading in title:
            return heading
    plain_site = site.casefold()
    if plain_site and parts[-1].casefold() in plain_site or (plain_site and plain_site in parts[-1].casefold()):
        return title[:title.rindex(parts[-1])].rstrip(" |\u2013\u2014»«·•:-")
    if plain_site and parts[0].casefold() == plain_site:
        return title[len(parts[0]):].lstrip(" |\u2013\u2014»«·•:-")
    return title


def _title(root: _Element, meta: dict[str, list[str]], headline: str, site: str) -> str:
    headings = [text for element in root.iter("h1") if (text := one_line("".join(element.itertext())))]
    if headline and not SHORTENED.search(headline):
        return without_site(headline, site, headings)
    named = _first(meta, "og:title", "twitter:title", "dc.title", "parsely-title")
    element = root.find(".//head/title")
    page_title = one_line("".join(element.itertext())) if element is not None else ""
    for candidate in (named, page_title):
        if not candidate:
            continue
        longer = [heading for heading in headings
                  if SHORTENED.search(candidate) and heading.startswith(SHORTENED.sub("", candidate).rstrip())]
        return longer[0] if longer else without_site(candidate, site, headings)
    return headings[0] if headings else headline


def _published(
        root: _Element, meta: dict[str, list[str]], article: dict[str, Any], nodes: list[dict[str, Any]],
        address: str) -> str:
    """Return the date of the article itself: not of a related story, a comment or the page's making."""
    found = iso_instant(_string(article.get("datePublished"))) or _first_date(meta, DATE_FIELDS)
    if found:
        return found
    for node in nodes:  # a WebPage without a node for the article
        if any(kind.endswith("Page") for kind in _types(node)) and (
                found := iso_instant(_string(node.get("datePublished")))):
            return found
    if found := date_in_markup(root) or date_in_address(address):
        return found
    weak = _first_date(meta, WEAK_DATE_FIELDS)
    modified = iso_instant(_string(article.get("dateModified"))) or _first_date(meta, MODIFIED_FIELDS)
    return "" if weak and modified and weak[:10] > modified[:10] else weak


def _unread_date(
        root: _Element, meta: dict[str, list[str]], article: dict[str, Any], nodes: list[dict[str, Any]]) -> str:
    """Return what the page declares as the date of its article and nobody reads, as written; "" if it declares none."""
    declared = [_string(article.get("datePublished")), *(raw for key in DATE_FIELDS for raw in meta.get(key, [])),
                *(_string(node.get("datePublished")) for node in nodes
                  if any(kind.endswith("Page") for kind in _types(node))), declared_in_markup(root)]
    return next((line[:MAX_CHARS] for raw in declared if (line := one_line(raw)) and not iso_instant(raw)), "")


def _live_body(article: dict[str, Any]) -> str:
    """Return the posts of a live blog, each under its time and headline; "" if the page declares none."""
    updates = article.get("liveBlogUpdate")
    lines: list[str] = []
    for update in updates if isinstance(updates, list) else [updates]:
        if not isinstance(update, dict) or not (text := _string(update.get("articleBody"), keeps_lines=True)):
            continue
        moment = iso_instant(_string(update.get("datePublished")))
        heading = f"{clock_of(moment, day=_string(article.get('datePublished')))} {_string(update.get('headline'))}"
        lines += [line for line in (heading.strip(), text) if line]
    return "\n".join(lines)


def clock_of(moment: str, *, day: str) -> str:
    """Return the time of day of a moment in ISO 8601, after its date if that is not `day`. "" if it has no time."""
    clock = CLOCK.search(moment)
    if not clock:
        return ""
    return clock[1] if moment[:10] == day[:10] else f"{moment[:10]} {clock[1]}"


def _author(root: _Element, meta: dict[str, list[str]], article: dict[str, Any], site: str) -> str:
    names = _names(article.get("author")) or [
        name for key in AUTHOR_FIELDS[:1] for name in meta.get(key, [])] or [
        name for key in AUTHOR_FIELDS[1:] for name in meta.get(key, [])[:1]]
    if not names:
        paths = (".//*[@itemprop='author']//*[@itemprop='name']", ".//*[@itemprop='author']",
                 ".//*[@rel='author']", ".//*[contains(concat(' ', @class, ' '), ' byline ')]"
                 "//*[contains(@class, 'author')]")
        for path in paths:
            names = [one_line("".join(element.itertext()) or element.get("content", ""))
                     for element in root.xpath(path)]
            if names := [name for name in names if name]:
                break
    return author_names(names, site=site)


def _language(root: _Element, meta: dict[str, list[str]], article: dict[str, Any]) -> str:
    declared = (_string(article.get("inLanguage")), root.get("lang", ""),
                root.get("{http://www.w3.org/XML/1998/namespace}lang", ""), root.get("xml:lang", ""),
                _first(meta, "og:locale"), _first(meta, "content-language", "language", "dc.language"))
    return next((found[0].lower() for raw in declared if (found := LANGUAGE.match(raw.strip()))), "")


def _meta(root: _Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        content = one_line(element.get("content") or "")
        for attribute in ("property", "name", "http-equiv", "itemprop"):
            key = (element.get(attribute) or "").strip().lower()
            if key.startswith("date") and attribute in ("http-equiv", "itemprop"):
                continue  # the page's own date, or that of any story on it
            if content and key:
                found.setdefault(key, []).append(content)
    return found


def _first(meta: dict[str, list[str]], *keys: str) -> str:
    return next((meta[key][0] for key in keys if key in meta), "")


def _first_date(meta: dict[str, list[str]], keys: tuple[str, ...]) -> str:
    return next((date for key in keys for raw in meta.get(key, []) if (date := iso_instant(raw))), "")


def _link(root: _Element, relation: str) -> str:
    for element in root.iter("link"):
        if relation in (element.get("rel") or "").lower().split() and (element.get("href") or "").strip():
            return str(element.get("href")).strip()
    return ""


def _address(*declared: str) -> str:
    """Return the first absolute address of an article; without one, the first that is not empty."""
    declared = tuple(f"https:{address}" if address.startswith("//") else address for address in declared)
    whole = [address for address in declared if canonical_address(address)]
    return next((address for address in whole if not is_front_page(address)),
                next(iter(whole), next(filter(None, declared), "")))


def _id_of(value: Any) -> Any:
    return value.get("@id") or value.get("url") if isinstance(value, dict) else value


def _linked_data(root: _Element) -> Iterator[dict[str, Any]]:
    """Yield every object in every JSON-LD script. An outer object comes before the objects inside it."""
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            text = re.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[)|(?://\s*\]\]>|-->)\s*$", "", "".join(script.itertext()))
            try:
                yield from _objects(json.loads(text, strict=False), 0)
            except (ValueError, RecursionError):
                continue


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > MAX_JSON_DEPTH:
        return
    if isinstance(value, list):
        for element in value:
            yield from _objects(element, depth + 1)
    elif isinstance(value, dict):
        yield value
        # The page's subject, without the rest ("isPartOf", "mentions", "itemListElement").
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(value.get(key), depth + 1)


def _resolved(value: Any, by_id: dict[str, dict[str, Any]]) -> Any:
    """Replace a reference `{"@id": …}` by the object with that id in `by_id`, if there is one."""
    if isinstance(value, list):
        return [_resolved(element, by_id) for element in value]
    if isinstance(value, dict) and set(value) <= {"@id", "@type", "name"} and isinstance(value.get("@id"), str):
        return {**value, **by_id.get(value["@id"], {})}
    return value


def _types(node: dict[str, Any]) -> frozenset[str]:
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return frozenset(name.rpartition("/")[2] for name in names if isinstance(name, str))


def _names(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [name for element in values if (name := _name(element))]


def _name(value: Any) -> str:
    return _string(value.get("name")) if isinstance(value, dict) else _string(value)


def _string(value: Any, *, keeps_lines: bool = False) -> str:
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, str):
        return ""
    text = html.unescape(value)  # many systems escape the strings of JSON-LD as if they were HTML
    return text.strip() if keeps_lines else one_line(text)
