"""Load a SentencePiece model once, however many models of the process tokenise with it."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

_loaded: WeakValueDictionary[bytes, Any] = WeakValueDictionary()
_loading = threading.Lock()


def sentencepiece_processor(path: Path) -> Any:
    """Return the processor of a SentencePiece model, which threads may share.

    Files with the same content have one, as long as it is in use: the 250,000 pieces that the default embedder and the
    reader have in common take half a second of a processor to load, and 45 MiB.
    """
    # Imported here so that importing this module does not load it.
    from sentencepiece import SentencePieceProcessor

    model = path.read_bytes()
    digest = hashlib.sha256(model).digest()
    with _loading:
        processor = _loaded.get(digest)
        if processor is None:
            processor = _loaded[digest] = SentencePieceProcessor(model_proto=model)
    return processor
