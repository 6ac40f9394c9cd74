"""Print what updates and polls did: for people, or as JSON."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from index.intake.file_arrivals import Seen
from index.intake.update import UpdateReport
from index.output import print_line, printable, printable_json
from index.sources import Rejection

if TYPE_CHECKING:  # loaded only to fetch
    from index.intake.poll_report import PollReport

MAX_KINDS_NAMED = 8


class Teller:
    """Print the events of updates.

    During a watch, no rejection is printed twice, no error twice in a row, and no summary for a later update that
    changed nothing.
    """

    def __init__(self, name: str, *, is_watch: bool, in_json: bool) -> None:
        self._name = name
        self._in_json = in_json
        self._is_watch = is_watch
        self._told: set[str] = set()
        self._is_first = True
        self._last_error = ""

    def rejection(self, rejection: Rejection) -> None:
        """Print a rejection."""
        if str(rejection) not in self._told:
            print_rejection(rejection)
        if self._is_watch:
            self._told.add(str(rejection))

    def error(self, error: object) -> None:
        """Print an error; during a watch, not the same one again and again."""
        if not self._is_watch or str(error) != self._last_error:
            print_line(f"{self._name}: {error}")
        self._last_error = str(error)

    def dates(self, seen: Seen) -> None:
        """Print each date that was not read, article by article."""
        for unread in map(str, seen.unread_dates):
            if unread not in self._told:
                print_line(f"date not read: {unread}")
            if self._is_watch:
                self._told.add(unread)
        if seen.dates_not_read > len(seen.unread_dates):
            print_line(f"date not read: that of {seen.dates_not_read - len(seen.unread_dates):,} more articles")

    def summary(self, report: UpdateReport, seconds: float, index_dir: Path) -> None:
        """Print the summary of an update."""
        self.dates(report.seen)
        if report.is_new or self._is_first or not self._is_watch:
            print(printable_json(_update_json(report, seconds), indent=None) if self._in_json
                  else printable(_summary(report, seconds, index_dir)), flush=True)
        self._is_first, self._last_error = False, ""

    def polled(self, report: PollReport) -> None:
        """Print what a poll did, if reports are JSON."""
        if self._in_json:
            print(printable_json({"poll": {
                "read": report.read, "new": report.new, "changed": report.changed, "unchanged": report.unchanged,
                "withdrawn": report.withdrawn, "waiting": report.waiting, "next_due_s": round(report.next_due_s, 1),
                "rejected": [{"address": each.address, "reason": each.reason} for each in report.rejected],
                "failing": [{"address": each.address, "reason": each.reason} for each in report.failing]}},
                indent=None), flush=True)


def print_rejection(rejection: Rejection) -> None:
    """Print what was not taken in, and why."""
    print_line(f"rejected: {rejection}")


def _summary(report: UpdateReport, seconds: float, index_dir: Path) -> str:
    seen, changes = report.seen, report.changes
    counts = [f"{changes.new} new", f"{changes.changed} changed", f"{changes.removed} removed",
              f"{changes.unchanged} unchanged"]
    counts += [f"{count} {what}" for count, what in (
        (seen.repeated, "repeated"), (seen.withheld, "withheld as withdrawn"), (changes.linked, "linked as the same"),
        (report.arrived, "from the inbox"), (report.set_aside, "set aside"), (report.undated, "undated"),
        (seen.dates_not_read, "date not read" if seen.dates_not_read == 1 else "dates not read")) if count]
    return (f"generation {report.generation} in {index_dir}{'' if report.is_new else ' still'}: "
            f"{seen.accepted + seen.rejected} seen = {seen.accepted} accepted + {seen.rejected} rejected; "
            f"{', '.join(counts)}; {report.passages} passages, {report.embedded} embedded; {seconds:.1f} s, "
            f"{report.embedded / seconds:.1f} passages/s, {report.bytes / 1e6:.1f} MB{_not_read(seen.other_kinds)}")


def _update_json(report: UpdateReport, seconds: float) -> dict[str, object]:
    seen, changes = report.seen, report.changes
    return {"update": {
        "generation": report.generation, "is_new": report.is_new, "accepted": seen.accepted, "rejected": seen.rejected,
        "repeated": seen.repeated, "withheld": seen.withheld, "other_kinds": dict(seen.other_kinds),
        "new": changes.new, "changed": changes.changed, "removed": changes.removed, "unchanged": changes.unchanged,
        "linked": changes.linked, "arrived": report.arrived, "set_aside": report.set_aside, "undated": report.undated,
        "articles": report.articles, "passages": report.passages, "embedded": report.embedded, "bytes": report.bytes,
        "seconds": round(seconds, 1)}}


def _not_read(kinds: Counter[str]) -> str:
    """Return how many files of which kinds were left, the most frequent first, for the end of a summary."""
    if not kinds:
        return ""
    named = [f"{count} {suffix or 'without a suffix'}" for suffix, count in kinds.most_common(MAX_KINDS_NAMED)]
    rest = kinds.total() - sum(count for _, count in kinds.most_common(MAX_KINDS_NAMED))
    return (f"; {kinds.total()} files of kinds that are not read: {', '.join(named)}"
            + (f", {rest} of other kinds" if rest else ""))
