"""Load a model by its name: what is on this machine first, then from the hub, without waiting where none can be
reached."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies

# The hub's own client tries six times, each a little later, for two minutes.
REACH_S = 4.0

Loaded = TypeVar("Loaded")


def loaded(name: str, load: Callable[[bool], Loaded]) -> Loaded:
    """Return `load(local_files_only)`. Raises what `load` raises, and OSError if the model is not on this machine and
    the hub cannot be reached.
    """
    from huggingface_hub import constants

    libraries = [logging.getLogger(each) for each in ("sentence_transformers", "transformers")]
    levels = [library.level for library in libraries]
    for library in libraries:  # they would guess what a model is that is not there
        library.setLevel(logging.ERROR)
    try:
        return load(True)  # noqa: FBT003  # its parameter has this meaning alone
    except (OSError, ValueError) as error:
        if Path(name).exists() or constants.HF_HUB_OFFLINE:
            raise
        _check_reachable(constants.ENDPOINT, error)
    finally:
        for library, level in zip(libraries, levels, strict=True):
            library.setLevel(level)
    return load(False)  # noqa: FBT003


def _check_reachable(hub: str, missing: Exception) -> None:
    if getproxies():  # then only the proxy can tell
        return
    parts = urlsplit(hub)
    try:
        socket.create_connection((parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443)),
                                 REACH_S).close()
    except OSError as error:
        raise OSError(f"it is neither a folder here nor among the models that were downloaded before, and "
                      f"{parts.hostname} cannot be reached ({error.strerror or error})") from missing
