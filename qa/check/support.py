"""Decide what the articles say of a claim. Rules have the veto: what they do not find is not supported.

Every figure, unit, date and name of the claim must be in the cited sentences; what is so there must be so in the claim,
and said by the same speaker; most of its other words must be there too, in the same or another form.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import isclose

from index.language.clitics import is_definite
from index.language.modality import CLAUSE_OPENERS
from index.language.paraphrase import opposites_of
from index.language.tokens import compared_words
from qa.check.attribution import is_named_as_speaker, is_reported, may_say
from qa.check.claims import cue_of
from qa.check.draft import Claim, ClaimDifference
from qa.check.evidence import Evidence, Source, SourceReader, covering
from qa.check.judgement import Judgement
from qa.check.names import NameSense
from qa.check.statement import StatedWord, Statement
from qa.check.values import bears_out, counterpart, is_published_then, other_date, same_figure
from qa.check.words import same_form
from qa.contract import ClaimVerdict, Concern
from qa.types import Citation
from qa.verify.names import words_of_name
from qa.verify.speakers import judge, speaker_of

# A claim is supported if the cited sentences have this share of the weight of its words, or the second where the vector
# of the lead is as close as that.
COVERED, COVERED_IF_CLOSE, CLOSE = 0.78, 0.62, 0.87
# The lead by itself must have this share; a word that only another sentence has counts for less.
COVERED_BY_LEAD, CREDIT_BESIDE = 0.6, 0.4
# The articles report the same event if they have one of these shares of the words besides those that differ, and the
# vector of the lead is as close.
SAME_EVENT = ((0.9, 0.78), (0.7, 0.84))
# What the claim denies, sentences state that are like it in nearly all else.
NEARLY_ALL = 0.95
# Below this share, the claim is not found.
PARTLY = 0.5
# The same, names and what is like them included.
LEAST_SHARE = 0.4
# This share of the words that are matched may be so in one and not so in the other: what governs a word is guessed.
OTHERWISE, OTHERWISE_IF_SOME_AGREE = 0.2, 0.5
_ORDINALS = compared_words("""
    أول أولى الأول الأولى ثاني ثانية الثاني الثانية ثالث ثالثة الثالث الثالثة رابع رابعة الرابع الرابعة خامس خامسة
    الخامس الخامسة سادس سادسة السادس السادسة سابع سابعة السابع السابعة ثامن ثامنة الثامن الثامنة تاسع تاسعة التاسع
    التاسعة عاشر عاشرة العاشر العاشرة first second third fourth fifth sixth seventh eighth ninth tenth
""")
Match = tuple[Source | None, StatedWord]


def judge_claim(claim: Claim, statement: Statement, evidence: Evidence, reader: SourceReader, names: NameSense
                ) -> Judgement:
    """Judge a claim by one piece of evidence; `statement` is the claim, read."""
    return _Judge(claim, statement, evidence, reader, names).judgement()


@dataclass(slots=True)
class _Judge:
    claim: Claim
    statement: Statement
    evidence: Evidence
    reader: SourceReader
    names: NameSense
    concerns: dict[Concern, None] = field(default_factory=dict)
    differences: list[ClaimDifference] = field(default_factory=list)
    replaced: bool = False  # whether the evidence has something else in place of what differs
    negated: bool = False  # whether the evidence denies what the claim states

    def judgement(self) -> Judgement:
        words = self._words_of_content()
        matched = [self._match(word.form) for word in words]
        weights = [self.reader.weight(word.form) for word in words]
        total = sum(weights)
        credited = [weight * self._credit(word, match) for word, match, weight
                   in zip(words, matched, weights, strict=True)]
        uncovered = [word for word, match in zip(words, matched, strict=True) if match is None]
        plain = [(weight, match is not None and match[0] is self.evidence.lead)
                 for word, match, weight in zip(words, matched, weights, strict=True) if not self._is_name(word)]
        in_lead = sum(weight for weight, is_there in plain if is_there) / (sum(weight for weight, _ in plain) or 1.0)
        named = self._wrong_names(words, matched)
        rest = total - sum(self.reader.weight(word.form) for word in named)
        share = sum(credited) / total if total else 0.0
        share_of_rest = sum(credited) / rest if rest else 0.0
        self._hold_figures()
        self._hold_dates()
        self._hold_names(named)
        self._hold_opposites(uncovered)
        self._hold_slots(words, matched, named)
        self._hold_order(words, matched)
        self._hold_rates()
        self._hold_modality(words, matched, weights)
        if share_of_rest >= PARTLY:
            self._hold_speaker(words)
        cosine = self.evidence.lead.cosine
        enough = (share >= COVERED or (share >= COVERED_IF_CLOSE and cosine >= CLOSE)) \
            and in_lead >= COVERED_BY_LEAD
        if not enough:
            self.concerns.setdefault("words")
            self.differences += [self._unborne(word) for word in uncovered if word not in named][:5]
        verdict = self._verdict(share_of_rest if share >= LEAST_SHARE else 0.0, cosine)
        if verdict in ("not_found", "not_checkable"):
            return Judgement(verdict, share, cosine)
        return Judgement(verdict, share, cosine, in_lead, tuple(self.concerns), tuple(self.differences),
                         tuple(self._citations()), denies="polarity" in self.concerns and self.negated)

    def _credit(self, word: StatedWord, match: Match | None) -> float:
        """Return how much of a word's weight is covered: of one that only a sentence beside the lead has, half.

        Names count whole, since a sentence need not repeat whom it is about.
        """
        if match is None:
            return 0.0
        if match[0] is self.evidence.lead or self._is_name(word):
            return 1.0
        return CREDIT_BESIDE if same_form(word.form, match[1].form) else 0.0

    def _verdict(self, share_of_rest: float, cosine: float) -> ClaimVerdict:
        if not self.concerns:
            return "supported"
        same_event = any(share_of_rest >= share and cosine >= close for share, close in SAME_EVENT)
        grave = set(self.concerns) - {"words", "attribution"}
        if same_event and len(grave) == 1 or same_event and grave <= {"figure", "unit"} and grave:
            if grave == {"speaker"} and self.replaced:
                return "misattributed"
            if grave == {"polarity"} and self.negated:
                return "denied"
            if grave == {"polarity"} and share_of_rest >= NEARLY_ALL and self.statement.figures + self.statement.dates:
                return "contradicted"
            if grave <= {"figure", "unit", "date", "name"} and self.replaced and not self._counts_something_else():
                return "contradicted"
        return "partly" if share_of_rest >= PARTLY else "not_found"

    def _counts_something_else(self) -> bool:
        """Tell whether none of several figures agrees: then the evidence is about something like it, not the same."""
        differing = sum(each.concerns in ("figure", "unit") for each in self.differences)
        return 1 < len(self.statement.figures) <= differing

    def _words_of_content(self) -> list[StatedWord]:
        """Return the words of the claim, without those that name its speaker."""
        if self.claim.speaker is None or not self._has_sure_speaker():
            return list(self.statement.words)
        low, high = (place - self.claim.start for place in self.claim.speaker)
        return [word for word in self.statement.words if not low <= word.start < high]

    def _has_sure_speaker(self) -> bool:
        cue = cue_of(self.claim.text)
        return cue is not None and cue.name is not None and cue.certain

    def _match(self, form: str) -> Match | None:
        """Return the word of the evidence that a claimed word is, and its sentence, None for the title."""
        for source in self.evidence.sources:
            found = covering(form, source.statement)
            if found:
                return source, source.statement.words[found[0]]
        found = covering(form, self.evidence.title)
        return (None, self.evidence.title.words[found[0]]) if found else None

    def _is_name(self, word: StatedWord) -> bool:
        return self.names.is_name(word.form) or self._is_capitalised(word)

    def _is_capitalised(self, word: StatedWord) -> bool:
        return word.start > 0 and self.statement.text[word.start].isupper()

    def _wrong_names(self, words: Sequence[StatedWord], matched: Sequence[Match | None]) -> list[StatedWord]:
        """Return the names that the evidence lacks, or has elsewhere while another one stands in their place.

        An uncovered word beside a name is part of it if the lead has another word there: رضا المسدي, محمود المسدي.
        """
        found: list[StatedWord] = []
        for place, word in enumerate(words):
            match = matched[place]
            if match is not None:
                if match[0] is not self.evidence.lead and self._is_name(word) and self._in_place_of(word):
                    found.append(word)
                continue
            before = words[place - 1] if place else None
            behind = words[place + 1] if place + 1 < len(words) else None
            follows = before is not None and before.end + 1 == word.start and (
                self._is_name(before) or before in found) and self.names.may_be_in_name(word.form) and not word.behind
            leads = behind is not None and word.end + 1 == behind.start and self._is_name(behind) \
                and not word.behind and self.names.may_be_in_name(word.form) and self._has_other_before(behind)
            if self._is_name(word) or follows or leads:
                found.append(word)
        return found

    def _hold_figures(self) -> None:
        statements = [source.statement for source in self.evidence.sources]
        used = [found for claimed in self.statement.figures for statement in statements
                for found in statement.figures if same_figure(claimed, found)]
        for claimed in self.statement.figures:
            if any(same_figure(claimed, found) for statement in statements for found in statement.figures):
                continue
            instead = counterpart(claimed, statements, used)
            concern: Concern = "unit" if instead and isclose(instead[1].written, claimed.written) else "figure"
            self._note(concern, (claimed.start, claimed.end), instead and (
                self.evidence.sources[instead[0]], (instead[1].start, instead[1].end)))
        for word in self.statement.words:
            if word.form in _ORDINALS and self._match(word.form) is None:
                self._note("figure", (word.start, word.end), None)

    def _hold_dates(self) -> None:
        statements = [source.statement for source in self.evidence.sources]
        published = self.evidence.lead.article.published_on
        for claimed in self.statement.dates:
            if any(bears_out(claimed, found) for statement in statements for found in statement.dates):
                continue
            if not self.evidence.lead.statement.dates and is_published_then(claimed, published):
                continue
            if claimed.expressed == "relative" and not claimed.days:
                continue  # the text does not say when it was written
            instead = other_date(claimed, statements)
            self._note("date", (claimed.start, claimed.end), instead and (
                self.evidence.sources[instead[0]], (instead[1].start, instead[1].end)))

    def _hold_names(self, named: Sequence[StatedWord]) -> None:
        for word in named:
            instead = self._in_place_of(word)
            is_unknown = self._match(word.form) is None
            is_name = self.names.is_known(word.form) or instead is not None or self._is_capitalised(word)
            is_surely_other = instead is not None and is_unknown and not is_definite(word.form) \
                and self._stands_alike(word, instead[1])
            self._note("name" if is_name else "words", (word.start, word.end), instead, replaced=is_surely_other)

    def _in_place_of(self, word: StatedWord) -> tuple[Source, tuple[int, int]] | None:
        """Return the word that the lead has where a claimed name would stand: beside the same word, and not claimed."""
        words = self.statement.words
        place = words.index(word)
        lead = self.evidence.lead
        for beside in (place - 1, place + 1):
            if not 0 <= beside < len(words):
                continue
            step = 1 if beside < place else -1
            for found in covering(words[beside].form, lead.statement):
                for at in (found + step, found + 2 * step):
                    other = lead.statement.words[at] if 0 <= at < len(lead.statement.words) else None
                    if other and self._may_replace(other):
                        return lead, (other.start, other.end)
        return None

    def _stands_alike(self, word: StatedWord, other: tuple[int, int]) -> bool:
        """Tell whether a word of the lead stands behind the same preposition as a claimed one, or behind none as it."""
        return any(each.start == other[0] and each.behind == word.behind for each in self.evidence.lead.statement.words)

    def _has_other_before(self, name: StatedWord) -> bool:
        """Tell whether the evidence has a word right before a claimed name that is not claimed: منى المذبوح."""
        for source in self.evidence.sources:
            words = source.statement.words
            for at in covering(name.form, source.statement):
                if at and words[at - 1].end + 1 == words[at].start and not self.statement.has(words[at - 1].form):
                    return True
        return False

    def _may_replace(self, other: StatedWord) -> bool:
        """Tell whether a word of the lead may be another name: a name that is not claimed, and no verb."""
        if other.form in CLAUSE_OPENERS or self.statement.has(other.form) or not self.names.is_name(other.form):
            return False
        return other.form[0] not in "يت" or not self.names.is_verb(other.form)

    def _hold_slots(self, words: Sequence[StatedWord], matched: Sequence[Match | None], named: Sequence[StatedWord]
                    ) -> None:
        """Note words behind a preposition in whose place, behind the same word, the lead has others."""
        lead = self.evidence.lead.statement
        for place, word in enumerate(words):
            if matched[place] is not None or not word.behind or word in named or not place:
                continue
            for found in covering(words[place - 1].form, lead):
                other = lead.words[found + 1] if found + 1 < len(lead.words) else None
                if other and other.behind == word.behind and not self.statement.has(other.form):
                    self._note("words", (word.start, word.end), (self.evidence.lead, (other.start, other.end)))
                    break

    def _hold_opposites(self, uncovered: Sequence[StatedWord]) -> None:
        for word in uncovered:
            against = opposites_of(word.form)
            found = next(((source, each) for source in self.evidence.sources for each in source.statement.words
                          if any(same_form(each.form, other) for other in against)), None)
            if found is not None:
                self._note("words", (word.start, word.end), (found[0], (found[1].start, found[1].end)))

    def _hold_order(self, words: Sequence[StatedWord], matched: Sequence[Match | None]) -> None:
        """Note a name of the lead that stands elsewhere, while another one has its place between the same words."""
        lead = self.evidence.lead
        for place, word in enumerate(words[:-1]):
            match = matched[place]
            if not place or match is None or match[0] is not lead or not self._is_name(word):
                continue
            mine = covering(word.form, lead.statement)
            between = [range(before + 1, behind) for before in covering(words[place - 1].form, lead.statement)
                       for behind in covering(words[place + 1].form, lead.statement) if 1 <= behind - before - 1 <= 2]
            if any(at in each for each in between for at in mine):
                continue
            others = [lead.statement.words[at] for each in between for at in each]
            other = next((each for each in others if self._may_replace(each)), None)
            if other is not None:
                self._note("name", (word.start, word.end), (lead, (other.start, other.end)))

    def _hold_rates(self) -> None:
        claimed, found = self.statement.rates, self.evidence.lead.statement.rates
        if claimed and found and claimed.isdisjoint(found):
            self._note("unit", (self.statement.words[0].start, self.statement.words[-1].end), None)

    def _hold_modality(self, words: Sequence[StatedWord], matched: Sequence[Match | None], weights: Sequence[float]
                       ) -> None:
        """Note whether what the claim states as so is only intended, possible or denied in the lead, or reverse."""
        lead = self.evidence.lead
        differing = compared_weight = 0.0
        first: tuple[StatedWord, StatedWord] | None = None
        agree = False
        for word, match, weight in zip(words, matched, weights, strict=True):
            if match is None or match[0] is not lead:
                continue
            compared_weight += weight
            alike = [lead.statement.words[at] for at in covering(word.form, lead.statement)]
            if all(each.modality != word.modality for each in alike):
                differing += weight
                first = first or (word, match[1])
            else:
                agree = agree or word.modality != "fact"
        if first is None or differing < (OTHERWISE_IF_SOME_AGREE if agree else OTHERWISE) * compared_weight:
            return
        word, found = first
        self.negated = found.modality == "negated"
        concern: Concern = "polarity" if "negated" in (word.modality, found.modality) else "modality"
        if word.governed_by and not found.governed_by:
            self._note(concern, word.governed_by, None)
        elif found.governed_by and not word.governed_by:
            self._note_missing(concern, word.start, found.governed_by)
        else:
            self._note(concern, word.governed_by or (word.start, word.end),
                       (lead, found.governed_by or (found.start, found.end)))

    def _hold_speaker(self, words: Sequence[StatedWord]) -> None:
        lead = self.evidence.lead
        places = sorted(found[0] for word in words if (found := covering(word.form, lead.statement)))
        if not places:
            return
        article, start = lead.article, lead.sentence.start
        # What is said is around the middle of the words found: "Russian" may be in the speaker's title too.
        low = start + lead.statement.words[places[len(places) // 2]].start
        _, sentences = self.reader.snapshot.tables.sentences_of_article(lead.row)
        said_by = speaker_of(article, sentences, low, low + 1, self.reader.words_read)
        cue = cue_of(self.claim.text)
        if cue is None:
            if said_by is not None and is_reported(self.evidence.lead, low):
                self._note("attribution", (words[0].start, words[-1].end), None)
            return
        if cue.name is None or not cue.certain:
            return
        speaker = self.claim.text[slice(*cue.name)]
        judged = judge(article, said_by, speaker, self.reader.words_read)
        if judged == "confirmed" or is_named_as_speaker(lead.statement, speaker) or (
                judged == "undetermined" and may_say(lead.statement, speaker, self._plain(words), self.names)):
            return
        instead = (lead, (said_by.name[0] - start, said_by.name[1] - start)) if said_by and said_by.name \
            and lead.sentence.start <= said_by.name[0] < lead.sentence.end else None
        is_stranger = not any(word in self.reader.words_read.of(article).known for word in words_of_name(speaker))
        self._note("speaker", cue.name, instead,
                   replaced=judged in ("contradicted", "quoted") and (instead is not None or is_stranger))

    def _plain(self, words: Sequence[StatedWord]) -> list[str]:
        return [word.form for word in words if not self._is_name(word)]

    def _note(self, concern: Concern, claimed: tuple[int, int], instead: tuple[Source, tuple[int, int]] | None, *,
              replaced: bool | None = None) -> None:
        """Note a difference; `claimed` is a place in the claim, and that of `instead` one in its source's sentence."""
        self.concerns.setdefault(concern)
        self.replaced = self.replaced or (instead is not None if replaced is None else replaced)
        start, end = self.claim.start + claimed[0], self.claim.start + claimed[1]
        words = self.claim.text[slice(*claimed)]
        if instead is None:
            self.differences.append(ClaimDifference("added", concern, words, "", start, end))
            return
        source, (low, high) = instead
        first = source.sentence.start
        number = self.evidence.sources.index(source) + 1
        self.differences.append(ClaimDifference(
            "replaced", concern, words, source.article.text[first + low:first + high], start, end, number, first + low,
            first + high))

    def _note_missing(self, concern: Concern, before: int, source: tuple[int, int]) -> None:
        """Note words of the lead, such as قد, that the claim lacks in front of a place."""
        self.concerns.setdefault(concern)
        lead = self.evidence.lead
        start, end = lead.sentence.start + source[0], lead.sentence.start + source[1]
        place = self.claim.start + before
        self.differences.append(ClaimDifference("missing", concern, "", lead.article.text[start:end], place, place, 1,
                                                start, end))

    def _unborne(self, word: StatedWord) -> ClaimDifference:
        start, end = self.claim.start + word.start, self.claim.start + word.end
        return ClaimDifference("added", "words", self.claim.text[word.start:word.end], "", start, end)

    def _citations(self) -> Iterator[Citation]:
        for number, source in enumerate(self.evidence.sources, start=1):
            yield Citation(number, source.article, source.sentence.start, source.sentence.end)
