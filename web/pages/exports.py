"""Export an answer with its citations as Markdown, JSON, RIS, BibTeX or CSL-JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from index.output import printable_json
from qa.markup import in_a_line, in_markdown
from qa.references import AddressOf
from qa.types.answer import Answer
from web.pages import citing
from web.pages.citing import CitationFormat, as_line, told
from web.pages.messages import Messages


@dataclass(frozen=True, slots=True)
class Format:
    """An export format: `write(answer, address_of, messages)`, the media type and the suffix of the file name."""

    media_type: str
    suffix: str
    write: Callable[[Answer, AddressOf, Messages], str]


def as_markdown(answer: Answer, address_of: AddressOf, messages: Messages) -> str:
    """Write the question, the answer and a footnote for each citation, a common extension of CommonMark."""
    lines = [f"# {in_markdown(answer.question.text)}", "", *(
        line for said in _said_first(answer, messages) for line in (in_markdown(said), ""))]
    if answer.status == "not_found":
        return "\n".join([*lines, in_markdown(messages.text("no_answer_text")), ""])
    for citation in answer.citations:
        lines += [f"> {in_markdown(citation.quote)}[^{citation.number}]", ""]
    for citation in answer.citations:
        lines += [f"[^{citation.number}]: {'. '.join(in_markdown(part) for part in told(citation, messages))}. "
                  f"<{address_of(citation)}>"]
    return "\n".join([*lines, ""])


def as_text(answer: Answer, address_of: AddressOf, messages: Messages) -> str:
    """Write the numbered sentences and then their sources, to be pasted; empty if there is no answer."""
    if answer.status == "not_found":
        return ""
    said = " ".join(f"{in_a_line(citation.quote)} [{citation.number}]" for citation in answer.citations)
    sources = [f"[{citation.number}] {as_line(citation, address_of, messages)}" for citation in answer.citations]
    return "\n".join([*_said_first(answer, messages), said, "", *sources])


def _said_first(answer: Answer, messages: Messages) -> list[str]:
    """Return what stands above the sentences: a false premise, doubt, or the words that answer."""
    said = [] if answer.premise is None else [f"{messages.text('premise')} {answer.premise.why}"]
    if answer.status == "unsure":
        return [*said, messages.text("unsure_text")]
    if answer.status == "not_found" or answer.short_answer is None:
        return said
    day = answer.short_answer.resolved
    about = f"{messages.text('approximately')} " if answer.short_answer.approximate else ""
    return [*said, answer.short_answer.text + (f" ({about}{messages.day(day)})" if day else "")]


def as_json(answer: Answer, _address_of: AddressOf, _messages: Messages) -> str:
    """Write what POST /api/ask returns."""
    return printable_json(answer.as_json()) + "\n"


def _cited(chosen: CitationFormat) -> Format:
    return Format(chosen.media_type, chosen.suffix,
                  lambda answer, address_of, messages: chosen.write(answer.citations, address_of, messages))


FORMATS: Mapping[str, Format] = {
    "markdown": Format("text/markdown", "md", as_markdown),
    "json": Format("application/json", "json", as_json),
    **{name: _cited(chosen) for name, chosen in citing.FORMATS.items()},
}
