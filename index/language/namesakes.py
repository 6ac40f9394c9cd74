"""Names that begin or end as another thing's name does: GPT-4o and GPT-4o mini, غينيا and غينيا بيساو."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from index.language.clitics import BEFORE_SPELLING, DEFINITE, is_definite, strip_and_for_sameness, without_and
from index.language.function_words import FUNCTION_WORDS, LOCATIVE
from index.language.given_names import first_name
from index.language.numbers import ordinal
from index.language.tokens import compared, compared_words, tokens

# Behind a model's name or number, the same in both scripts; and behind a person's or a team's name.
_VARIANTS = {form: variant for variant, forms in {
    "mini": "ميني", "pro": "برو", "max": "ماكس", "ultra": "ألترا", "plus": "بلس", "lite": "لايت", "nano": "نانو",
    "turbo": "توربو"}.items() for form in (variant, *compared_words(forms))}
_KIN = {form: form for form in compared_words("الحفيد كاستيا castilla")} | dict.fromkeys(
    compared_words("الابن جونيور jr junior"), "junior")
# Behind a name alone, since they say something else behind other words: قتل الأب, التأمين للسيارات.
_BEHIND_NAMES = compared_words("""
    الأب للصناعات للتأمين للاتصالات للطيران للشحن للإلكترونيات للسيارات للمحركات للعقارات للبتروكيماويات للأدوية
    للإنشاءات للشباب للشابات
""")
# Behind a club's name, or another word with the article: كأس العالم للسيدات.
_PLAYED_BY = compared_words("للسيدات للناشئين للناشئات")
# In front of a club's name: شباب الأهلي.
_YOUTH = compared_words("شباب سيدات ناشئو ناشئي ناشئات رديف")
# Behind a name with a capital, another company's or a team's: Sony Music, Chelsea Women.
_BEHIND_CAPITALS = frozenset("""
    music pictures motors steel insurance airlines cargo studios records women ladies youth academy reserves
""".split())
_SECOND_TEAM, _AGED_UNDER = "b", "u"
# Channels, and what another one of the same house has behind the name.
_EDITIONS = {name: compared_words(marks) for names, marks in (
    ("الجزيرة", "مباشر الوثائقية"), ("العربية", "الحدث"), ("سي", "مصر العراق")) for name in compared_words(names)}
# Universities that are called by their names alone; others are called by those of their towns.
_KNOWN_BY_NAME = compared_words("""
    هارفارد هارفرد أكسفورد أوكسفورد كامبريدج كمبريدج ييل ستانفورد برينستون كولومبيا السوربون الأزهر
    harvard oxford cambridge yale stanford princeton columbia
""")
_UNIVERSITY = compared_words("جامعة وجامعة university")
# A new place of an old one's name: New Mexico.
_NEW = "new"
# Behind a name and a space; other words with capitals may stand there by chance: The US. BBC Two, Kim Jong Un.
_BEHIND_SPACE = frozenset("one two un il".split())
# The first part of the key of a family's name.
FAMILY = "family"
_SHORTEST_FAMILY_NAME, _MOST_GIVEN, _MOST_BEHIND_HYPHEN = 3, 3, 3
# Behind an ordinal, which is then another one: الثانية عشرة.
_TEN = compared_words("عشر عشرة")
# What a letter is called, behind another: إكس إس.
_LETTER, _LETTERS = "اكس", compared_words("إس آر")
# Groups of names, and the words in front and behind that tell which of them is meant. Each may lack its article.
_NAMES_OF_STATES = (
    ("korea", "كوريا korea", "الشمالية الجنوبية north south"),
    ("guinea", "غينيا guinea", "بيساو الاستوائية الجديدة بابوا bissau equatorial new papua"),
    ("sudan", "سودان sudan", "جنوب south"),
    ("congo", "كونغو congo", "الديمقراطية الديموقراطية برازافيل كينشاسا democratic dr brazzaville kinshasa"),
    ("georgia", "جورجيا georgia", "ولاية الأمريكية الأميركية state"),
    ("ireland", "أيرلندا إيرلندا ireland", "الشمالية northern"),
    ("cyprus", "قبرص cyprus", "الشمالية شمال التركية northern"),
    ("germany", "ألمانيا germany", "الشرقية الغربية east west"),
    ("vietnam", "فيتنام فييتنام vietnam", "الشمالية الجنوبية north south"),
    ("virginia", "فرجينيا فيرجينيا virginia", "الغربية west"),
    ("carolina", "كارولاينا كارولينا carolina", "الشمالية الجنوبية north south"),
    ("dakota", "داكوتا dakota", "الشمالية الجنوبية north south"),
    ("samoa", "ساموا samoa", "الأمريكية الأميركية american"),
    ("security", "أمن", "القومي الوطني"),
    ("jerusalem", "القدس jerusalem", "الشرقية الغربية east west"),
    *((name, name, "الجديدة") for name in "القاهرة المنيا أسيوط سوهاج دمياط أسوان الفيوم العلمين".split()),
    ("european", "أوروبي", "لكرة"),
)
_STATES = tuple((name, re.compile(rf"{BEFORE_SPELLING}(?:{'|'.join(sorted(compared_words(names)))})"),
                 compared_words(marks)) for name, names, marks in _NAMES_OF_STATES)
# Of these there is one other, whatever it is called by: ولاية جورجيا, جورجيا الأمريكية.
_ONLY_OTHER = dict.fromkeys(("georgia", "cyprus", "samoa", "security"), ("other",))
# Words between a state's name and what tells it apart: جمهورية الكونغو الديمقراطية, Democratic Republic of the Congo.
_OF_STATES = compared_words("جمهورية دولة republic of the")
# A national team, and who plays in it: منتخب مصر تحت 23 عاما.
_TEAM = compared_words("منتخب المنتخب والمنتخب ومنتخب لمنتخب للمنتخب بمنتخب")
_PLAYERS, _UNDER = compared_words("للسيدات للناشئين للناشئات للشباب للشابات الأولمبي الرديف للمحليين"), "تحت"
_MOST_BEHIND_TEAM = 3
_PARTY = compared_words("حزب الحزب والحزب وحزب لحزب بحزب للحزب")
_ENGLISH_PARTY, _ARTICLE = "party", "the"
_MOST_IN_PARTY = 4
# In front of an English party's name, which is the same without: the British Labour Party.
_NATIONAL = frozenset("""
    us american british scottish welsh irish french german italian spanish dutch belgian austrian swiss swedish
    norwegian danish finnish polish czech hungarian romanian greek russian ukrainian turkish israeli egyptian
    iranian iraqi syrian lebanese jordanian tunisian moroccan algerian sudanese indian pakistani chinese
    japanese korean vietnamese cuban canadian australian mexican brazilian nigerian kenyan
""".split())
# Armies besides that of a state. That of Algeria is a national and popular one.
_ARMY = compared_words("جيش الجيش والجيش وجيش لجيش بجيش للجيش army")
_ARMIES = compared_words("الحر الوطني الأحمر الجمهوري free national red republican")
_OF_A_STATE = compared_words("الشعبي")
_MOST_BESIDE_ARMY = 3
_ADJECTIVE = re.compile(rf"\w{{3,}}يه?|{'|'.join(sorted(compared_words('الموحد الجديد الحر المستقل')))}")
_LATIN = re.compile(r"[A-Za-z]+")
_CODE_JOINT = frozenset(("", "-", "\u2010", "\u2011", "\u2013"))
_JOINT = _CODE_JOINT | {" ", "\u00a0"}
_MOST_IN_TAIL, _MOST_IN_MODEL = 2, 3


@dataclass(frozen=True, slots=True)
class Marked:
    """A name at `text[start:end]`: `key` is what it shares with its namesakes, `mark` what tells it from them.

    A name with no mark is listed too, with an empty one. If `may_lack` is true, a name without the mark is only less
    exact: "the iPhone" for an iPhone X. If `of_name` is true, the mark is one only if what it stands beside is a name.
    If `may_be_apart` is true, it tells the same where it stands elsewhere in the sentence.
    """

    key: tuple[str, ...]
    mark: tuple[str, ...]
    start: int
    end: int
    may_lack: bool = False
    of_name: bool = False
    may_be_apart: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    form: str
    written: str
    start: int
    end: int
    joint: str


def marked_names(text: str) -> list[Marked]:
    """Find the names in a text that may have namesakes, in no order. Any word counts as one of a model or person."""
    found = list(_tokens(text))
    return [*_words(found), *_codes(found), *_states(found), *_parties(found), *_teams(found), *_armies(found),
            *_people(found), *_universities(found), *_capitals(found)]


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    for match in tokens(text):
        form = compared(match[0])
        if form:
            yield _Token(form, match[0], *match.span(), text[at:match.start()])
            at = match.end()


def _words(found: Sequence[_Token]) -> Iterator[Marked]:
    """Yield each word, with the variant, the kin or the ten behind it, or the youth in front."""
    for place, token in enumerate(found):
        behind = found[place + 1] if place + 1 < len(found) else None
        mark = _mark_behind(token, behind) if behind and behind.joint in _JOINT else ""
        of_name = mark in _BEHIND_NAMES or mark in _PLAYED_BY and not is_definite(token.form)
        if not mark and place and token.joint in _JOINT and token.form not in FUNCTION_WORDS:
            before = strip_and_for_sameness(found[place - 1].form)
            mark = before if before in _YOUTH else ""
            of_name = bool(mark) and not is_definite(token.form)
        yield Marked(("word", strip_and_for_sameness(token.form)), (mark,) if mark else (), token.start, token.end,
                     of_name=of_name, may_be_apart=of_name or mark in _YOUTH or mark in _PLAYED_BY)


def _mark_behind(token: _Token, behind: _Token) -> str:
    form = behind.form
    is_model = not _LATIN.fullmatch(form) or behind.written[0].isupper() \
        or not token.written.islower() or not token.joint
    if form in _VARIANTS and is_model:
        return _VARIANTS[form]
    if form in _KIN:
        return _KIN[form]
    is_letter = form in _LETTERS and token.form == _LETTER
    is_ten = form in _TEN and ordinal((token.form.removesuffix("ه"),))[0] > 0
    is_edition = form in _EDITIONS.get(strip_and_for_sameness(token.form), ())
    is_listed = form in _BEHIND_NAMES or form in _PLAYED_BY
    return form if is_listed or is_letter or is_ten or is_edition else ""


def _codes(found: Sequence[_Token]) -> Iterator[Marked]:
    """Yield letters joined to a number, with the letters behind it (F-16V), and a name with its letters (iPhone XS)."""
    for place, token in enumerate(found[1:], start=1):
        before = found[place - 1]
        if not _LATIN.fullmatch(before.written):
            continue
        behind = found[place + 1] if place + 1 < len(found) else None
        if token.form.isdecimal() and token.joint in _CODE_JOINT:
            has_tail = behind is not None and not behind.joint and bool(_LATIN.fullmatch(behind.written)) \
                and len(behind.form) <= _MOST_IN_TAIL
            yield Marked(("code", before.form), (token.form, behind.form) if behind and has_tail else (token.form,),
                         before.start, token.end)
        is_model = token.joint in _JOINT and _LATIN.fullmatch(token.written) and token.written.isupper() \
            and len(token.written) <= _MOST_IN_MODEL
        if not before.written.islower() and before.form not in FUNCTION_WORDS:
            yield Marked(("model", before.form), (token.form,) if is_model else (), before.start, token.end,
                         may_lack=True)
    if found and _LATIN.fullmatch(found[-1].written):
        yield Marked(("model", found[-1].form), (), found[-1].start, found[-1].end, may_lack=True)


def _states(found: Sequence[_Token]) -> Iterator[Marked]:
    named = [token for token in found if token.form not in _OF_STATES]
    for place, token in enumerate(named):
        for name, pattern, marks in _STATES:
            if not pattern.fullmatch(token.form):
                continue
            beside = [named[place - 1]] if place else []
            beside += named[place + 1:place + 2]
            mark = {_bare(each.form) for each in beside if _bare(each.form) in map(_bare, marks)}
            yield Marked(("state", name), tuple(mark and _ONLY_OTHER.get(name) or sorted(mark)), token.start, token.end)


def _bare(form: str) -> str:
    """Return a mark without what changes with gender and dialect: الأميركية is الأمريكي."""
    return strip_and_for_sameness(form).removesuffix("ه").replace("ميرك", "مريك").replace("ديمو", "ديم")


def _parties(found: Sequence[_Token]) -> Iterator[Marked]:
    """Yield each party by the first word of its name, with the adjectives behind: الحزب الديمقراطي الكردستاني."""
    for place, token in enumerate(found):
        if token.form not in _PARTY:
            continue
        name: list[_Token] = []
        for each in found[place + 1:place + 1 + _MOST_IN_PARTY]:
            if each.joint not in _JOINT or not is_definite(each.form) or name and not _ADJECTIVE.fullmatch(each.form):
                break
            name.append(each)
        if name:
            yield Marked(("party", name[0].form.removeprefix(DEFINITE)), tuple(_bare(each.form) for each in name[1:]),
                         token.start, name[-1].end)


    for place, token in enumerate(found):
        if token.form == _ENGLISH_PARTY and token.written[0].isupper():
            before = _capitals_before(found, place)
            if before:
                mark = tuple(each for each in before[1:] if each not in _NATIONAL)
                yield Marked(("party", before[0]), mark, token.start, token.end)


def _capitals_before(found: Sequence[_Token], place: int) -> list[str]:
    """Return the words with capitals that end right before a place, the nearest first, without an article."""
    words: list[str] = []
    for at in range(place - 1, max(-1, place - 1 - _MOST_IN_PARTY), -1):
        if found[at + 1].joint not in _JOINT or not found[at].written[0].isupper() or found[at].form == _ARTICLE:
            break
        words.append(found[at].form)
    return words


def _teams(found: Sequence[_Token]) -> Iterator[Marked]:
    """Yield each national team with who plays in it."""
    for place, token in enumerate(found):
        if token.form in _TEAM:
            behind = found[place + 1:place + 2 + _MOST_BEHIND_TEAM]
            mark = [each.form for each in behind if each.form in _PLAYERS]
            mark += [f"{_UNDER}{age.form}" for each, age in pairwise(behind) if each.form == _UNDER]
            yield Marked(("team",), tuple(mark), token.start, behind[-1].end if mark else token.end)


def _armies(found: Sequence[_Token]) -> Iterator[Marked]:
    """Yield each army with what tells it from a state's: الجيش الوطني الليبي, the Libyan National Army."""
    for place, token in enumerate(found):
        if token.form in _ARMY:
            beside = _beside_army(found, place)
            mark = {each.form for each in beside if each.form in _ARMIES}
            if mark and any(each.form in _OF_A_STATE for each in beside):
                mark = set()
            yield Marked(("army",), tuple(sorted(mark)), token.start, token.end)


def _beside_army(found: Sequence[_Token], place: int) -> list[_Token]:
    """Return the words of an army's name besides "army": up to a small word, or one with و."""
    if _LATIN.fullmatch(found[place].form):
        near = [(each, found[at + 1]) for at, each in enumerate(found[:place])][::-1]
    else:
        near = [(each, each) for each in found[place + 1:]]
    words = takewhile(lambda pair: pair[1].joint in _JOINT and pair[0].form not in FUNCTION_WORDS
                      and without_and(pair[0].form) == pair[0].form, near[:_MOST_BESIDE_ARMY])
    return [each for each, _ in words]


def _people(found: Sequence[_Token]) -> Iterator[Marked]:
    """Yield each family's name that has given names in front, if those are not a father's: محمد بن سلمان ترامب."""
    for place, token in enumerate(found):
        given = first_name([each.form for each in found[max(0, place - _MOST_GIVEN - 1):place]])
        if given and token.joint in _JOINT and len(token.form) >= _SHORTEST_FAMILY_NAME \
                and token.form not in FUNCTION_WORDS and not first_name([token.form]):
            yield Marked((FAMILY, token.form), (given,), token.start, token.end)


def _universities(found: Sequence[_Token]) -> Iterator[Marked]:
    """Yield each word that a university may be called by, and other words unless something happens there."""
    named = [token for token in found if token.form not in _OF_STATES]
    for place, token in enumerate(named):
        if token.form in _UNIVERSITY or token.form in _KNOWN_BY_NAME:
            continue
        before, behind = named[place - 1] if place else None, named[place + 1] if place + 1 < len(named) else None
        may_be_name = token.written[0].isupper() or not _LATIN.fullmatch(token.written)
        is_university = may_be_name and (before is not None and before.form in _UNIVERSITY or bool(
            behind and behind.form in _UNIVERSITY and _LATIN.fullmatch(behind.form)))
        if is_university or before is None or before.form not in LOCATIVE:
            yield Marked(("university", token.form), ("university",) if is_university else (), token.start, token.end,
                         of_name=is_university and not _LATIN.fullmatch(token.form))


def _capitals(found: Sequence[_Token]) -> Iterator[Marked]:
    """Yield each word with a capital: with a company's line or a team behind, with New in front, with its hyphen."""
    for place, token in enumerate(found):
        if not _LATIN.fullmatch(token.written) or not token.written[0].isupper():
            continue
        before, behind = found[place - 1] if place else None, found[place + 1] if place + 1 < len(found) else None
        age = found[place + 2] if place + 2 < len(found) else None
        mark: tuple[str, ...] = ()
        if behind and behind.joint in _JOINT and behind.written[0].isupper():
            if behind.form in _BEHIND_CAPITALS or behind.form == _SECOND_TEAM:
                mark = (behind.form,)
            elif behind.form == _AGED_UNDER and age and age.form.isdecimal() and age.joint in _CODE_JOINT:
                mark = (behind.form, age.form)
        yield Marked(("capital", token.form), mark, token.start, token.end)
        if not (place == 1 and before and before.form == _NEW):  # where any first word has a capital
            is_new = before is not None and before.written == _NEW.capitalize() and token.joint == " "
            yield Marked(("new", token.form), (_NEW,) if is_new else (), token.start, token.end)
        if behind and len(behind.form) <= _MOST_BEHIND_HYPHEN and _LATIN.fullmatch(behind.form) and (
                behind.joint == "-"
                or behind.joint == " " and behind.written[0].isupper() and behind.form in _BEHIND_SPACE):
            yield Marked(("hyphened", token.form), (behind.form,), token.start, behind.end)
        if behind and behind.joint in _JOINT - _CODE_JOINT and behind.form.isdecimal():
            letter = age is not None and not age.joint and bool(_LATIN.fullmatch(age.written)) \
                and len(age.form) <= _MOST_IN_TAIL
            yield Marked(("numbered", token.form, behind.form), (age.form,) if age and letter else (), token.start,
                         behind.end)
