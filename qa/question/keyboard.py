"""Retype a text that was typed on the wrong keyboard layout: Arabic on the English one, or English on the Arabic one.

The Arabic layout is that of PCs (Microsoft's "Arabic 101"), the English one is that of the United States.
"""

from __future__ import annotations

_ENGLISH_KEYS = "qwertyuiop[]asdfghjkl;'zxcvnm,./`"
_ARABIC_KEYS = "ضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظذ"
_SHIFTED = {"H": "أ", "Y": "إ", "N": "آ", "G": "لأ", "T": "لإ", "B": "لآ", "?": "؟", "P": "؛", "K": "،"}
_LAM_ALEF = "لا"


def _arabic_of_keys() -> dict[str, str]:
    keys = dict(zip(_ENGLISH_KEYS, _ARABIC_KEYS, strict=True)) | {"b": _LAM_ALEF}
    return {key.upper(): letter for key, letter in keys.items() if key.isalpha()} | keys | _SHIFTED


_ARABIC_OF_KEY = _arabic_of_keys()
_KEY_OF_ARABIC = {letter: key for key, letter in _ARABIC_OF_KEY.items() if len(letter) == 1 and not key.isupper()} \
    | {"أ": "H", "إ": "Y", "آ": "N"}


def as_arabic(typed: str) -> str:
    """Return the text that the same keys write on the Arabic layout: "lk ,ru" → "من وقع". Other characters stay."""
    return "".join(_ARABIC_OF_KEY.get(character, character) for character in typed)


def as_english(typed: str, *, lam_alef: str = "b") -> str:
    """Return the text that the same keys write on the English layout: "صاث" → "whe".

    One key writes لا, and two keys do: `lam_alef` is what لا becomes, "b" or "gh".
    """
    retyped = typed.replace(_LAM_ALEF, lam_alef)
    return "".join(_KEY_OF_ARABIC.get(character, character) for character in retyped)
