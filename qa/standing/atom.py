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
KIND_WORDS: Mapping[Language, Mapping[AlertKind, str]] = {
    "ar": {"first_appearance": "ظهر أول مرة", "repeated": "تكرّر", "altered": "ورد مغيَّرًا", "denied": "نُفي",
           "another_figure": "ورد برقم آخر"},
    "en": {"first_appearance": "First appearance", "repeated": "Repeated", "altered": "Altered", "denied": "Denied",
           "another_figure": "Another figure"}}
FOR_QUESTIONS: Mapping[Language, str] = {"ar": "جواب جديد", "en": "A new answer"}
_TITLES: Mapping[Language, str] = {"ar": "مُسنَد: ما جدّ في الأقوال المتابَعة", "en": "Musnad: alerts of standing claims"}
register_namespace("", _ATOM)


def kind_in_words(kind: AlertKind, claim: StandingClaim, language: Language) -> str:
    """Say what an article does with a claim."""
    if claim.kind == "question" and kind == "first_appearance":
        return FOR_QUESTIONS[language]
    return KIND_WORDS[language][kind]


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
    _add(entry, "title", f"{kind_in_words(alert.kind, claim, language)}: {claim.text}")
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
