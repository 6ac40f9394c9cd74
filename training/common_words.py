"""Lists common words that are no names: python -m training.common_words INDEX > qa/data/common_words.txt

INDEX is an index of much news. A word is listed, normalised and without attached letters, if its articles have it often
and in several forms, which names do not have (`qa.check.names`). A small index, which has most words once, can then
tell an unknown word from an unknown name.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from index.generation.snapshot import open_snapshot
from qa.check.names import NameSense
from qa.retrieve.vocabulary import Vocabulary

LEAST_COUNT = 8
MOST_BYTES = 64_000_000


def main() -> None:
    """Print the words, one a line, in order."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("index", type=Path)
    vocabulary = Vocabulary(open_snapshot(parser.parse_args().index), most_bytes=MOST_BYTES)
    names = NameSense(vocabulary, common=frozenset())
    print("\n".join(sorted({names.core(word) for word in vocabulary.words() if vocabulary.count(word) >= LEAST_COUNT
                            and word.isalpha() and not word.isascii() and not names.is_name(word)})))


if __name__ == "__main__":
    main()
