"""Compose patterns of signs: small functions that build a regular expression from names.

A text alternates gaps and signs, so a pattern must too: `sequence(Sign.UP_TO_31, Gap.DASH, Sign.UP_TO_31)` matches
"3-5". `phrase` puts the spaces in. No function repeats a part without a limit, so matching stays linear in the text.
"""

from __future__ import annotations

from index.language.dates.signs import Gap


def sequence(*parts: str) -> str:
    """Match the parts one after the other. The gaps are parts as well."""
    return "".join(parts)


def phrase(*parts: str) -> str:
    """Match the parts one after the other, with a space between each two."""
    return Gap.SPACE.join(parts)


def one_of(*parts: str) -> str:
    """Match one of the parts, the first that fits."""
    if all(len(part) == 1 for part in parts):
        return f"[{''.join(parts)}]"
    return f"(?:{'|'.join(parts)})"


def optional(*parts: str) -> str:
    """Match the parts in sequence, or nothing."""
    return f"(?:{''.join(parts)})?"


def repeated(part: str, *, least: int = 1, most: int) -> str:
    """Match the part `least` to `most` times, with a space between each two."""
    return f"{part}(?:{Gap.SPACE}{part}){{{least - 1},{most - 1}}}"


def named(name: str, *parts: str) -> str:
    """Match the parts in sequence, and let the match find them by this name."""
    return f"(?P<{name}>{''.join(parts)})"


def same_as(name: str) -> str:
    """Match again what the group of this name matched."""
    return f"(?P={name})"


def after(*parts: str) -> str:
    """Match here only if the parts stand before."""
    return f"(?<={''.join(parts)})"


def not_after(*parts: str) -> str:
    """Match here only if the parts do not stand before."""
    return f"(?<!{''.join(parts)})"


def not_before(*parts: str) -> str:
    """Match here only if the parts do not follow."""
    return f"(?!{''.join(parts)})"
