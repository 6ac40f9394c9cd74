"""The peers by name."""

from __future__ import annotations

from importlib import import_module

from benchmarks.peers.types import Mode, Peer

CLASSES = {
    "langchain": "with_langchain:LangChain",
    "haystack": "with_haystack:Haystack",
    "txtai": "with_txtai:Txtai",
    "llamaindex": "with_llamaindex:LlamaIndex",
    "chroma": "with_chroma:Chroma",
}
MODES: dict[str, tuple[Mode, ...]] = {name: ("dense",) if name == "chroma" else ("dense", "hybrid") for name in CLASSES}


def peer_class(name: str) -> type[Peer]:
    """The class of a peer; imports its module, and with it the whole stack."""
    module, attribute = CLASSES[name].split(":")
    found: type[Peer] = getattr(import_module(f"benchmarks.peers.{module}"), attribute)
    return found
