"""Check the quotations in a claim, with its speaker, as `qa.verify` checks a quote that is given by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from index.generation.snapshot import Snapshot
from qa.check.draft import CheckedClaim, Claim, ClaimDifference
from qa.check.statement import Statement
from qa.contract import ClaimVerdict, Concern
from qa.types.citation import Citation
from qa.types.filters import Filters
from qa.types.index_state import IndexState
from qa.verify.quote import MAX_SPEAKER_CHARS, Quote, Verification
from qa.verify.spelling import words_of
from qa.verify.verify import verify

# A claim with so few words besides its quotations and its speaker states nothing else.
FEW_OTHER_WORDS = 2
_GRAVE: dict[str, ClaimVerdict] = {"altered": "quote_altered", "stitched": "quote_altered",
                                   "misattributed": "misattributed", "denied": "denied"}
_SEVERITY: tuple[ClaimVerdict, ...] = ("quote_altered", "misattributed", "denied")


@dataclass(frozen=True, slots=True)
class Quoted:
    """What the articles say of a claim's quotations; `is_all` tells that the claim states little else."""

    verifications: tuple[tuple[tuple[int, int], Verification], ...]
    speaker: tuple[int, int] | None
    is_all: bool

    @classmethod
    def of(cls, snapshot: Snapshot, state: IndexState, claim: Claim, statement: Statement, filters: Filters) -> Quoted:
        """Verify each quotation of a claim; `statement` is the claim, read."""
        speaker = "" if claim.speaker is None else _within(claim, claim.speaker)[:MAX_SPEAKER_CHARS]

        def checked(place: tuple[int, int]) -> Verification:
            return verify(snapshot, state, Quote(_within(claim, place).strip(), speaker, filters))

        verified = tuple(_with_its_negation(claim, place, checked) for place in claim.quotations)
        covered = [*claim.quotations, *([claim.speaker] if claim.speaker else [])]
        others = [word for word in statement.words if not any(
            low <= claim.start + word.start < high for low, high in covered)]
        return cls(verified, claim.speaker, len(others) <= FEW_OTHER_WORDS and not statement.dates)

    def checked(self, claim: Claim) -> CheckedClaim | None:
        """Return the claim with the verdict that its quotations settle; None if they leave it open."""
        graves = [_GRAVE[found.verdict] for _, found in self.verifications if found.verdict in _GRAVE]
        if graves:
            verdict = min(graves, key=_SEVERITY.index)
            return self._described(claim, verdict, "speaker" if verdict == "misattributed" else
                                   "polarity" if verdict == "denied" else "quotation")
        if not self.is_all or not self.verifications:
            return None
        if any(found.verdict == "absent" for _, found in self.verifications):
            return CheckedClaim(claim, "not_found")
        concerns = self.concerns
        return self._described(claim, "partly" if concerns else "supported", *concerns)

    @property
    def concerns(self) -> tuple[Concern, ...]:
        """What keeps the claim from being supported, of its quotations."""
        found: dict[Concern, None] = {}
        for _, verification in self.verifications:
            if verification.verdict == "absent":
                found.setdefault("quotation")
            elif verification.verdict in ("asked", "doubted"):
                found.setdefault("modality")
            elif verification.attribution == "undetermined":
                found.setdefault("speaker")
        return tuple(found)

    def _described(self, claim: Claim, verdict: ClaimVerdict, *concerns: Concern) -> CheckedClaim:
        citations: list[Citation] = []
        differences: list[ClaimDifference] = []
        for place, found in self.verifications:
            before = len(citations)
            citations += [replace(part.citation, number=part.citation.number + before) for part in found.parts]
            differences += _differences(place, found, before)
            if found.verdict == "misattributed" and self.speaker is not None:
                differences.append(_other_speaker(claim, self.speaker, found, before))
        return CheckedClaim(claim, verdict, tuple(dict.fromkeys(concerns)), tuple(differences), tuple(citations))


def _with_its_negation(claim: Claim, place: tuple[int, int], checked: Callable[[tuple[int, int]], Verification]
                       ) -> tuple[tuple[int, int], Verification]:
    """Return a quotation and its verification, with the words in front of its marks that it was cut from: لن «نبيع»."""
    found = checked(place)
    lost = [each for each in found.differences if each.kind == "missing" and not each.quote_start]
    if found.verdict != "altered" or len(lost) != 1:
        return place, found
    before, count = words_of(_within(claim, (claim.start, place[0]))), len(words_of(lost[0].source))
    if len(before) < count:
        return place, found
    wider = claim.start + before[-count].start, place[1]
    again = checked(wider)
    return (wider, again) if again.verdict != "altered" else (place, found)


def _within(claim: Claim, place: tuple[int, int]) -> str:
    return claim.text[place[0] - claim.start:place[1] - claim.start]


def _differences(place: tuple[int, int], found: Verification, before: int) -> Iterator[ClaimDifference]:
    for each in found.differences:
        yield ClaimDifference(each.kind, "quotation", each.quote, each.source, place[0] + each.quote_start,
                              place[0] + each.quote_end, each.citation + before, each.start, each.end)


def _other_speaker(claim: Claim, speaker: tuple[int, int], found: Verification, before: int) -> ClaimDifference:
    if not found.speakers:
        return ClaimDifference("added", "speaker", _within(claim, speaker), "", *speaker)
    other = found.speakers[0]
    return ClaimDifference("replaced", "speaker", _within(claim, speaker), other.name, *speaker,
                           other.citation + before, other.start, other.end)
