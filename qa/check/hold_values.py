"""Hold a claim's figures, ordinals, dates and rates against the evidence."""

from __future__ import annotations

from math import isclose

from index.language.clitics import DEFINITE, LONE_AND
from index.language.dates import Mention
from index.language.numbers import ordinal as ordinal_value
from index.language.tokens import compared, compared_words, tokens
from qa.check.comparison import Comparison
from qa.check.findings import Findings
from qa.check.statement import Figure, Statement
from qa.check.values import bears_out, counterpart, is_published_then, other_date, same_figure
from qa.check.words import same_word
from qa.contract import Concern

_ORDINALS = compared_words("""
    أول أولى الأول الأولى ثاني ثانية الثاني الثانية ثالث ثالثة الثالث الثالثة رابع رابعة الرابع الرابعة خامس خامسة
    الخامس الخامسة سادس سادسة السادس السادسة سابع سابعة السابع السابعة ثامن ثامنة الثامن الثامنة تاسع تاسعة التاسع
    التاسعة عاشر عاشرة العاشر العاشرة الحادي الحادية العشرون
    العشرين الثلاثون الثلاثين الأربعين الخمسين first second third fourth fifth sixth seventh eighth ninth tenth
""")


def hold_values(comparison: Comparison, findings: Findings) -> None:
    """Note every figure, ordinal, date and rate of the claim that the evidence lacks."""
    _hold_figures(comparison, findings)
    _hold_ordinals(comparison, findings)
    _hold_dates(comparison, findings)
    _hold_rates(comparison, findings)


def _hold_figures(comparison: Comparison, findings: Findings) -> None:
    statements = comparison.statements
    used = [found for claimed in comparison.statement.figures for statement in statements
            for found in statement.figures if same_figure(claimed, found)]
    for claimed in comparison.statement.figures:
        written = comparison.statement.text[claimed.start:claimed.end]
        if claimed.value == 2 and claimed.unit is None and _repeats_dual(comparison.statement, claimed):
            continue
        if claimed.value in (0, 1) and claimed.unit is None and not any(map(str.isdecimal, written)):
            continue  # "one of them" and "nobody" are hardly figures
        same = [(statement, found) for statement in statements for found in statement.figures
                if same_figure(claimed, found)]
        if same:
            if all(_counts_another(comparison.statement, claimed, *each) for each in same):
                findings.note("figure", (claimed.start, claimed.end))
            continue
        instead = counterpart(claimed, statements, used)
        concern: Concern = "unit" if instead and isclose(instead[1].written, claimed.written) else "figure"
        findings.note(concern, (claimed.start, claimed.end), instead and (
            comparison.evidence.sources[instead[0]], (instead[1].start, instead[1].end)))


def _hold_ordinals(comparison: Comparison, findings: Findings) -> None:
    for word in comparison.statement.words:
        if word.form in _ORDINALS and not any(_has_ordinal(statement, word.form) for statement in (
                *comparison.statements, comparison.evidence.title)):
            findings.note("figure", (word.start, word.end))


def _has_ordinal(statement: Statement, ordinal: str) -> bool:
    """Tell whether a statement has an ordinal in either gender, or its number in digits: الدقيقة 10."""
    stem = _stem_of_ordinal(ordinal)
    value = ordinal_value((ordinal,))[0] or ordinal_value((f"{DEFINITE}{stem}",))[0]
    return any(word.form in _ORDINALS and _stem_of_ordinal(word.form) == stem for word in statement.words) or any(
        figure.written == value for figure in statement.figures)


def _stem_of_ordinal(form: str) -> str:
    return form.removeprefix(DEFINITE).removesuffix("ه").removesuffix("ي")


def _repeats_dual(claim: Statement, claimed: Figure) -> bool:
    """Tell whether "two" only repeats the dual before it: جنديين اثنين."""
    before = claim.text[:claimed.start].split()
    return claim.text[claimed.start:claimed.end].startswith(("اثن", "إثن")) and bool(before) \
        and before[-1].endswith(("ين", "ان"))


def _counts_another(claim: Statement, claimed: Figure, statement: Statement, found: Figure) -> bool:
    """Tell whether a figure of the claim is a sentence's figure for something else: 850 killed for 850 wounded."""
    if claimed.unit is not None:
        return False
    mine, theirs = _word_behind(claim, claimed), _word_behind(statement, found)
    if mine is None or theirs is None or same_word(mine, theirs):
        return False
    return any(other.value != found.value and (word := _word_behind(statement, other)) is not None
               and same_word(mine, word) for other in statement.figures)


def _word_behind(statement: Statement, figure: Figure) -> str | None:
    """Return the word right behind a figure, normalised."""
    return next((word.form for word in statement.words
                 if word.start >= figure.end and not statement.text[figure.end:word.start].strip()
                 and statement.text[word.start] != LONE_AND), None)


def _hold_dates(comparison: Comparison, findings: Findings) -> None:
    statements = comparison.statements
    lead = comparison.lead
    for claimed in comparison.statement.dates:
        if any(bears_out(claimed, found) for statement in statements for found in statement.dates) \
                and not _names_other_day(comparison, claimed):
            continue
        if not lead.statement.dates and is_published_then(claimed, lead.article.published_on):
            continue
        if claimed.expressed == "relative" and not claimed.days:
            continue  # the text does not say when it was written
        instead = other_date(claimed, statements)
        findings.note("date", (claimed.start, claimed.end), instead and (
            comparison.evidence.sources[instead[0]], (instead[1].start, instead[1].end)))


def _names_other_day(comparison: Comparison, claimed: Mention) -> bool:
    """Tell whether a date that is counted from nothing, a Hijri day without its year, is written with other words."""
    if claimed.days or claimed.yearless is not None or claimed.expressed == "relative":
        return False
    mine = {compared(match[0]) for match in tokens(comparison.statement.text[claimed.start:claimed.end])}
    return all(mine - {compared(match[0]) for match in tokens(statement.text)} for statement in comparison.statements)


def _hold_rates(comparison: Comparison, findings: Findings) -> None:
    words = comparison.statement.words
    claimed: frozenset[str] = comparison.statement.rates
    found: frozenset[str] = frozenset().union(*(statement.rates for statement in comparison.statements))
    if claimed and found and claimed.isdisjoint(found):
        findings.note("unit", (words[0].start, words[-1].end))
