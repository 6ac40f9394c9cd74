"""Write alerts as an Atom feed (RFC 4287). Ids never change; an entry is updated when another article prints it too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from index.language.scripts import is_at_least_half_arabic
from qa.contract import AlertKind
from qa.markup import in_a_line
from qa.notice import Language
from qa.references import safe_url
from qa.standing.types import Alert, AlertPlace, StandingClaim

MEDIA_TYPE = "application/atom+xml"
MAX_ENTRIES = 100
_ATOM = "http://www.w3.org/2005/Atom"
_KIND_WORDS: Mapping[Language, Mapping[AlertKind, str]] = {
    "ar": {"first_appearance": "ظهر أول مرة", "repeated": "تكرّر", "altered": "ورد مغيَّرًا", "denied": "نُفي",
           "another_figure": "ورد برقم أو تاريخ آخر"},
    "en": {"first_appearance": "First appearance", "repeated": "Repeated", "altered": "Altered", "denied": "Denied",
           "another_figure": "Reported with another figure or date"}}
_ALTERED_WORDS: Mapping[Language, Mapping[str, str]] = {
    "ar": {"misattributed": "لا يُنسب فيه إلى القائل المذكور", "asked": "ورد في سؤال", "doubted": "ورد غير مُثبَت",
           "stitched": "ورد متفرّقًا", "contradicted": "ورد ما يخالفه"},
    "en": {"misattributed": "Not attributed to this speaker", "asked": "Appears in a question",
           "doubted": "Not stated as a fact", "stitched": "Pieced together", "contradicted": "Contradicted"}}
_ANSWER_WORDS: Mapping[Language, Mapping[AlertKind, str]] = {
    "ar": {"first_appearance": "جواب جديد", "another_figure": "جواب برقم آخر"},
    "en": {"first_appearance": "A new answer", "another_figure": "An answer with another figure"}}
_TITLES: Mapping[Language, str] = {"ar": "مُسنَد: جديد ما تتابعه", "en": "Musnad: alerts of what you follow"}
register_namespace("", _ATOM)


def alert_in_words(alert: Alert, claim: StandingClaim, language: Language) -> str:
    """Say what an article does with a claim."""
    if claim.kind == "question":
        return _ANSWER_WORDS[language][alert.kind]
    of_kind = _KIND_WORDS[language][alert.kind]
    return _ALTERED_WORDS[language].get(alert.verdict, of_kind) if alert.kind == "altered" else of_kind


def as_atom(claims: Sequence[tuple[StandingClaim, Sequence[Alert]]], *, feed_id: str, own_address: str,
            address_of: Callable[[AlertPlace], str], created: str) -> bytes:
    """Write the feed of these claims with their alerts, the latest first; `created` is its time while it is empty."""
    found = sorted(((alert, claim) for claim, alerts in claims for alert in alerts),
                   key=lambda each: (each[0].updated, each[0].id), reverse=True)[:MAX_ENTRIES]
    language = language_of(claims[0][0].text if claims else "")
    feed = Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": language})
    _add(feed, "id", f"urn:musnad:feed:{feed_id}")
    _add(feed, "title", claims[0][0].text if len(claims) == 1 else _TITLES[language])
    _add(feed, "updated", max((alert.updated for alert, _ in found), default=created))
    _add(_add(feed, "author"), "name", "Musnad")
    _add(feed, "link", rel="self", type=MEDIA_TYPE, href=own_address)
    for alert, claim in found:
        feed.append(_entry(alert, claim, address_of))
    written: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entry(alert: Alert, claim: StandingClaim, address_of: Callable[[AlertPlace], str]) -> Element:
    language = language_of(claim.text)
    entry = Element(f"{{{_ATOM}}}entry")
    _add(entry, "id", f"urn:musnad:alert:{alert.id}")
    _add(entry, "title", f"{alert_in_words(alert, claim, language)}: {claim.text}")
    _add(entry, "updated", alert.updated)
    _add(entry, "published", alert.at)
    _add(entry, "link", rel="alternate", href=address_of(alert.place))
    for place in (alert.place, *alert.also_in):
        address = safe_url(place.url)
        if address:
            _add(entry, "link", rel="related", href=address, title=place.title or place.source)
    _add(entry, "category", term=alert.kind)
    content = _add(entry, "content", type="text")
    content.text = "\n".join(filter(None, (in_a_line(alert.place.quote), " · ".join(filter(None, map(in_a_line, (
        alert.place.title, alert.place.source)))))))
    return entry


def _add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    child = SubElement(parent, f"{{{_ATOM}}}{name}", {key: in_a_line(value) for key, value in attributes.items()})
    child.text = in_a_line(text) or None
    return child


def language_of(text: str) -> Language:
    """Return the language in which to speak of a claim."""
    return "ar" if is_at_least_half_arabic(text) or not text else "en"
