"""Hold against the evidence who stands where in a claim: right behind its verb, and right behind a title."""

from __future__ import annotations

import re
from itertools import pairwise

from index.language.clitics import BEFORE_TITLE
from qa.check.comparison import Comparison
from qa.check.evidence import covering
from qa.check.findings import Findings
from qa.check.hold_roles import SUBJECT_WITHIN, SUBJECT_WITHIN_LEAD, preposition_of

# A claim with fewer words has no verb, subject and object.
MIN_WORDS = 3
# Whose title it is stands within so many words before it or behind it: المخرج البريطاني ستيف ماكوين.
NAMED_BEFORE, NAMED_BEHIND = 2, 4
# Another name has the title if it stands within so many words behind it.
OTHER_BEHIND = 3
_DEFINITE = re.compile(rf"{BEFORE_TITLE}\w")


def hold_subject(comparison: Comparison, findings: Findings) -> None:
    """Note a subject right behind the claim's first verb that the evidence has behind a preposition, and another there.

    "China asked Interpol" where Interpol asked of the Chinese authorities.
    """
    words = comparison.words
    if len(words) < MIN_WORDS or comparison.turned or comparison.names.is_name(words[0].form) or words[1].behind:
        return
    for source in comparison.evidence.sources:
        there = source.statement
        for verb in covering(words[0].form, there):
            mine = covering(words[1].form, there)
            following = range(verb + 1, min(len(there.words), verb + 1 + SUBJECT_WITHIN_LEAD))
            if not mine or any(at <= verb + SUBJECT_WITHIN for at in mine) or not all(
                    preposition_of(there, at, comparison.names) for at in mine):
                continue
            other = next((each for each in words[2:] if not each.behind and comparison.is_name(each)
                          and any(at in following and at < mine[0] for at in covering(each.form, there))), None)
            if other is not None:
                place = there.words[mine[0]]
                findings.note("name", (words[1].start, words[1].end), (source, (place.start, place.end)),
                              replaced=False)
                return


def hold_titles(comparison: Comparison, findings: Findings) -> None:
    """Note a name right behind a title that the evidence gives to another name of the claim only."""
    words, names = comparison.words, comparison.names
    for title, name in pairwise(words):
        is_titled = _DEFINITE.match(title.form) and title.end + 1 == name.start and not name.behind
        if not is_titled or not comparison.is_name(name) or comparison.is_name(title) or names.is_verb(title.form):
            continue
        others = [word for word in words if word is not name and comparison.is_name(word) and word.end + 1 != name.start
                  and name.end + 1 != word.start]
        for source in comparison.evidence.sources:
            there = source.statement
            titles, mine = covering(title.form, there), covering(name.form, there)
            if not titles or not mine or any(-NAMED_BEFORE <= at - place <= NAMED_BEHIND
                                             for at in mine for place in titles):
                continue
            theirs = [at for word in others for at in covering(word.form, there)]
            found = next((at for place in titles for at in theirs if 0 < at - place <= OTHER_BEHIND), None)
            if found is not None:
                other = there.words[found]
                findings.note("name", (name.start, name.end), (source, (other.start, other.end)), replaced=False)
                return
