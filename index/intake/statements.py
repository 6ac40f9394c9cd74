"""The state of one article while the next generation is computed: what each origin said last, and what is shown."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from index.generation.history import History
from index.generation.trust import FILE


class BasePlace(NamedTuple):
    """Where a shown record is in the base: its row, and its index in the row's `others`, or -1 for the row's owner."""

    row: int
    other: int = -1


class SaidPlace(NamedTuple):
    """Where a record that is not shown is in the base: the place of the one that is, and the revision in its `said`."""

    shown: BasePlace
    revision: str


class SpoolPlace(NamedTuple):
    """Where a record is in the spool: its byte offset."""

    offset: int


Place = BasePlace | SaidPlace | SpoolPlace
NOWHERE = SpoolPlace(-1)


@dataclass(slots=True)
class Record:
    """The present state of one article.

    `where` says where the shown text is stored, and `said` where each other revision is that an origin delivered last.
    `arrivals` has the latest arrival last. `base` is the article's place, id and history in the base, or None for a new
    article. The other fields are as in `History`.
    """

    id: str
    revision: str
    content: str
    read: str
    where: Place
    earlier: str = ""
    seen: str = ""
    arrivals: dict[str, str] = field(default_factory=dict)
    said: dict[str, Place] = field(default_factory=dict)
    address_id: str = ""
    aliases: set[str] = field(default_factory=set)
    base: tuple[BasePlace, str, History] | None = None

    @classmethod
    def from_base(cls, place: BasePlace, article_id: str, history: History) -> Record:
        """Return the record at this place of the base, as it was."""
        history = _ordered(history)
        said: dict[str, Place] = {revision: SaidPlace(place, revision) for revision in history.said}
        return cls(article_id, history.revision, history.content, history.read, place, history.earlier, history.seen,
                   dict(history.arrivals), said, history.address_id, set(history.aliases), (place, article_id, history))

    @property
    def ids(self) -> set[str]:
        """Return the article's id and its aliases."""
        return {self.id, *self.aliases}

    @property
    def is_as_before(self) -> bool:
        """Tell whether the article, its id and its origins are the same as in the base."""
        if self.base is None:
            return False
        place, base_id, history = self.base
        return ((self.where, self.id, self.revision) == (place, base_id, history.revision)
                and list(self.arrivals.items()) == list(history.arrivals.items())
                and self.said.keys() == history.said.keys() and self.aliases == set(history.aliases))

    def knows(self, revision: str) -> bool:
        """Tell whether the text of a revision is here. That of one which an earlier version replaced may be lost."""
        return revision == self.revision or revision in self.said

    def keep_shown(self) -> None:
        """Before another revision is shown, keep the one shown now, if an origin still says it."""
        if self.revision in self.arrivals.values():
            self.said.setdefault(self.revision, self.where)

    def forget_unsaid(self) -> None:
        """Forget the revisions that no origin says any more, and the shown one, which `where` has."""
        if self.said:
            still = set(self.arrivals.values()) - {self.revision}
            self.said = {revision: place for revision, place in self.said.items() if revision in still}


def _ordered(history: History) -> History:
    """Return the history with its arrivals as this version keeps them.

    An earlier version sorted them by name: move those that say what is shown to the end. An article without an origin
    counts as one of a file that nobody names.
    """
    if history.seen and history.arrivals:
        return history
    arrivals = dict(sorted(history.arrivals.items(), key=lambda one: one[1] == history.revision))
    return replace(history, arrivals=arrivals or {FILE: history.revision})
