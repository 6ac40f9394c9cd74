"""Write the check of a text as a report: Markdown to take away, or plain text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from index.output import printable_json
from qa.check.draft import CLAIM_VERDICTS, CheckedClaim, TextCheck
from qa.check.wording import SIGNS, word_difference, word_reasons, word_verdict
from qa.markup import in_markdown
from qa.notice import COMMAS, Language
from qa.references import AddressOf, SourceName
from qa.types.citation import Citation

_TITLE = {"ar": "نتيجة التحقّق من النصّ", "en": "Check of a text"}


def as_markdown(check: TextCheck, address_of: AddressOf, language: Language, source_name: SourceName) -> str:
    """Write the counts, then each claim with its verdict, its differences and its sources."""
    lines = [f"# {_TITLE[language]}", "", f"{in_markdown(summary(check, language))}", ""]
    for checked in check.claims:
        lines += [f"## {checked.claim.number}. {SIGNS[checked.verdict]} {word_verdict(checked.verdict, language)}", "",
                  f"> {in_markdown(checked.claim.text)}", ""]
        reasons = word_reasons(checked, language)
        lines += [in_markdown(reasons), ""] if reasons else []
        details = [f"- {in_markdown(word_difference(each, language))}" for each in checked.differences]
        details += [f"- \\[{citation.number}\\] {in_markdown(citation.quote)} "
                    f"({_source(citation, address_of, language, source_name)})" for citation in checked.citations]
        lines += [*details, ""] if details else []
    return "\n".join(lines)


def as_json(check: TextCheck) -> str:
    """Write what POST /api/check returns."""
    return printable_json(check.as_json()) + "\n"


def as_lines(check: TextCheck, language: Language) -> Iterator[str]:
    """Yield the lines of a report for a terminal, not yet made printable."""
    for checked in check.claims:
        yield from _claim_lines(checked, language)
    yield summary(check, language)


def _claim_lines(checked: CheckedClaim, language: Language) -> Iterator[str]:
    claim = checked.claim
    reasons = word_reasons(checked, language)
    told = f"{checked.verdict} ({reasons})" if reasons else checked.verdict
    yield f"{SIGNS[checked.verdict]} {claim.start}-{claim.end}  {told}"
    yield f"    {' '.join(claim.text.split())}"
    for difference in checked.differences:
        yield f"    - {word_difference(difference, language)}"
    for citation in checked.citations:
        place = f"{citation.article.id} {citation.start}-{citation.end}"
        yield f"    [{citation.number}] {place}  {' '.join(citation.quote.split())}"


def summary(check: TextCheck, language: Language) -> str:
    """Say how many claims got each verdict."""
    return COMMAS[language].join(f"{word_verdict(verdict, language)}: {check.counts[verdict]}"
                                 for verdict in CLAIM_VERDICTS if check.counts[verdict])


def _source(citation: Citation, address_of: AddressOf, language: Language, source_name: SourceName) -> str:
    article = citation.article
    told = in_markdown(COMMAS[language].join(filter(None, (
        article.title or article.id, source_name(article.source), article.published[:10]))))
    address = address_of(citation)
    return f"{told}{COMMAS[language]}<{address}>" if address else told
