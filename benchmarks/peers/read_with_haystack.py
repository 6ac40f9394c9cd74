"""Haystack's reader over retrieved passages, for `benchmarks.reading`. Nothing of Musnad is imported.

`TransformersExtractiveReader` was called `ExtractiveReader` before Haystack 3.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

os.environ.setdefault("HAYSTACK_TELEMETRY_ENABLED", "False")   # read on import; a benchmark reports to nobody

from haystack import Document
from haystack.utils import ComponentDevice
from haystack_integrations.components.readers.transformers import TransformersExtractiveReader

WARM_UP = 5


def main() -> None:
    """Write the best answer of each line of `--asked`, the number of its passage, and how long reading took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("--model", "--asked", "--out"):
        parser.add_argument(name, type=Path, required=True)
    options = parser.parse_args()
    reader = TransformersExtractiveReader(model=str(options.model), device=ComponentDevice.from_str("cpu"), top_k=1,
                              no_answer=False)
    reader.warm_up()
    asked = [json.loads(line) for line in options.asked.read_text(encoding="utf-8").splitlines()]
    answered = []
    for each in (*asked[:WARM_UP], *asked):
        documents = [Document(content=f"{passage['title']}: {passage['text']}" if passage["title"] else passage["text"],
                              meta={"number": number}) for number, passage in enumerate(each["passages"])]
        began = time.perf_counter()
        found = reader.run(query=each["question"], documents=documents)["answers"]
        spent = 1000 * (time.perf_counter() - began)
        best = found[0] if found else None
        answered.append({"answer": best.data if best else "", "ms": spent,
                         "passage": best.document.meta["number"] if best else -1})
    options.out.write_text(json.dumps(answered[WARM_UP:], ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
