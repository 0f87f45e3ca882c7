"""Checkpoints of openai-whisper: loaded safely, and converted so that faster-whisper can run them.

The weights keep their values (stored as float16); the tokeniser is rebuilt from the ranks that
openai-whisper brings along. Layout: ``ctranslate2.specs.WhisperSpec``.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from pathlib import Path
from typing import Any

from pipeline.errors import MissingDependencyError, SpeechError

_TIMESTAMPS = 1501  # <|0.00|> to <|30.00|> in steps of 20 ms
_SAFE_TORCH = (2, 6)


def load_weights(whisper: Any, path: str, device: str) -> Any:
    """The model in the ``.pt`` file at ``path``; nothing in the file is run.

    A checkpoint is a pickle, which can name any function to be called. openai-whisper has torch
    read it with ``weights_only``, so that such a file is refused; torch then explains how to load
    it all the same, which is not passed on.

    Args:
        whisper: the package.
        device: of torch, such as ``cpu``.

    Raises:
        SpeechError: the file cannot be read, is damaged, holds no such model, or more than weights;
            or torch is too old to keep that promise.
    """
    import pickle

    _refuse_old_torch(path)
    try:
        return whisper.load_model(path, device=device)
    except pickle.UnpicklingError as error:
        raise SpeechError(
            f"the model {path} is refused: it is damaged, or holds more than weights",
            "use a checkpoint from a publisher you trust, or a model by its name (base, small)",
        ) from error
    except Exception as error:  # of whatever kind a file by anybody can call forth in the unpickler
        said = str(error).strip().splitlines()
        raise SpeechError(
            f"the model {path} cannot be loaded: {(said or [type(error).__name__])[0][:200]}",
            "give a checkpoint of openai-whisper, or a model by its name (base, small)",
        ) from error


def _refuse_old_torch(path: str) -> None:
    """Before 2.6 what a file holds could run even with ``weights_only`` (CVE-2025-32434), and
    openai-whisper of 2024 does not ask for it, which torch does by itself since 2.6."""
    try:
        installed = version("torch")
    except PackageNotFoundError:
        return  # then there is nothing that loads it
    if tuple(map(int, installed.split(".")[:2])) < _SAFE_TORCH:
        raise SpeechError(
            f"the model {path} is not loaded: torch {installed} can run what such a file holds",
            "pip install --upgrade 'torch>=2.6' openai-whisper",
        )


def convert(checkpoint: Path, folder: Path) -> Path:
    """Write the model of ``checkpoint`` (``.pt``) to ``folder``, whole or not at all.

    Raises:
        MissingDependencyError: openai-whisper, ctranslate2 or tokenizers is not installed.
        SpeechError: the checkpoint cannot be loaded.
    """
    try:
        import ctranslate2  # noqa: F401
        import tokenizers  # noqa: F401
        import whisper
    except ImportError as error:
        raise MissingDependencyError(
            f"{checkpoint} cannot be converted for faster-whisper: {error}",
            "pip install 'lecture-chapter[whisper]', or give a CTranslate2 folder",
        ) from error
    model = load_weights(whisper, str(checkpoint), "cpu")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".converting-") as temporary:
        made = Path(temporary) / folder.name
        made.mkdir()
        _write(model, made)
        shutil.rmtree(folder, ignore_errors=True)
        made.replace(folder)
    return folder


def _write(model: Any, folder: Path) -> None:
    from whisper.tokenizer import get_tokenizer

    tokenizer = get_tokenizer(
        model.is_multilingual, num_languages=model.num_languages, language="en", task="transcribe"
    )
    encoding = tokenizer.encoding
    spec = _spec(model)
    spec.register_vocabulary(_vocabulary(encoding, model.dims.n_vocab))
    spec.config.suppress_ids = _never_said(tokenizer)
    spec.config.suppress_ids_begin = [*encoding.encode(" "), tokenizer.eot]
    spec.config.lang_ids = list(tokenizer.all_language_tokens) if model.is_multilingual else []
    spec.config.alignment_heads = model.alignment_heads.indices().T.tolist()
    spec.validate()
    spec.optimize(quantization="float16")
    spec.save(str(folder))
    _tokenizer(encoding).save(str(folder / "tokenizer.json"), pretty=False)
    features = {"feature_size": model.dims.n_mels, "sampling_rate": 16000, "hop_length": 160}
    features |= {"chunk_length": 30, "n_fft": 400}
    (folder / "preprocessor_config.json").write_text(json.dumps(features), encoding="utf-8")


def _never_said(tokenizer: Any) -> list[int]:
    """The tokens that no transcript holds: the same as in the published conversions."""
    special = {tokenizer.sot, tokenizer.sot_prev, tokenizer.sot_lm, tokenizer.no_speech}
    tasks = {tokenizer.transcribe, tokenizer.translate}
    return sorted(special | tasks | set(tokenizer.non_speech_tokens))


def _spec(model: Any) -> Any:
    from ctranslate2.specs import WhisperSpec

    dims = model.dims
    spec = WhisperSpec(dims.n_audio_layer, dims.n_audio_head, dims.n_text_layer, dims.n_text_head)
    encoder, decoder = model.encoder, model.decoder
    for name in ("conv1", "conv2"):
        convolution = getattr(encoder, name)
        target = getattr(spec.encoder, name)
        target.weight, target.bias = _array(convolution.weight), _array(convolution.bias)
    spec.encoder.position_encodings.encodings = _array(encoder.positional_embedding)
    _norm(spec.encoder.layer_norm, encoder.ln_post)
    for target, block in zip(spec.encoder.layer, encoder.blocks, strict=True):
        _block(target, block)
    spec.decoder.embeddings.weight = _array(decoder.token_embedding.weight)
    spec.decoder.projection.weight = _array(decoder.token_embedding.weight)
    spec.decoder.position_encodings.encodings = _array(decoder.positional_embedding)
    _norm(spec.decoder.layer_norm, decoder.ln)
    for target, block in zip(spec.decoder.layer, decoder.blocks, strict=True):
        _block(target, block)
        _attention(target.attention, block.cross_attn, fused=False)
        _norm(target.attention.layer_norm, block.cross_attn_ln)
    return spec


def _block(target: Any, block: Any) -> None:
    _attention(target.self_attention, block.attn, fused=True)
    _norm(target.self_attention.layer_norm, block.attn_ln)
    _linear(target.ffn.linear_0, block.mlp[0])
    _linear(target.ffn.linear_1, block.mlp[2])
    _norm(target.ffn.layer_norm, block.mlp_ln)


def _attention(target: Any, attention: Any, fused: bool) -> None:
    """Query, key and value in one matrix, or (across) the query alone and the others in one."""
    import numpy as np

    query, key, value = attention.query, attention.key, attention.value
    # Whisper's keys have no bias; a fused matrix needs one.
    silent = np.zeros_like(_array(query.bias))
    if fused:
        weights = [_array(part.weight) for part in (query, key, value)]
        target.linear[0].weight = np.concatenate(weights)
        target.linear[0].bias = np.concatenate([_array(query.bias), silent, _array(value.bias)])
    else:
        _linear(target.linear[0], query)
        target.linear[1].weight = np.concatenate([_array(key.weight), _array(value.weight)])
        target.linear[1].bias = np.concatenate([silent, _array(value.bias)])
    _linear(target.linear[-1], attention.out)


def _linear(target: Any, module: Any) -> None:
    target.weight, target.bias = _array(module.weight), _array(module.bias)


def _norm(target: Any, module: Any) -> None:
    target.gamma, target.beta = _array(module.weight), _array(module.bias)


def _array(tensor: Any) -> Any:
    return tensor.detach().float().numpy()


def _letters() -> dict[int, str]:
    """The printable letter that stands for each byte in byte-level vocabularies."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in shown]
    return {byte: chr(byte) for byte in shown} | {
        byte: chr(256 + place) for place, byte in enumerate(hidden)
    }


def _vocabulary(encoding: Any, size: int) -> list[str]:
    """The text of every token by its number."""
    letters = _letters()
    names = {rank: "".join(letters[b] for b in token) for token, rank in _ranks(encoding).items()}
    names |= {number: text for text, number in encoding._special_tokens.items()}
    return [names.get(number, f"<|unused{number}|>") for number in range(size)]


def _ranks(encoding: Any) -> dict[bytes, int]:
    ranks: dict[bytes, int] = encoding._mergeable_ranks
    return ranks


def _tokenizer(encoding: Any) -> Any:
    """The tokeniser in the form that faster-whisper loads."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    letters = _letters()
    ranks = _ranks(encoding)

    def name(token: bytes) -> str:
        return "".join(letters[byte] for byte in token)

    merges = [
        (name(left), name(right))
        for token, rank in sorted(ranks.items(), key=lambda item: item[1])
        if len(token) > 1
        for left, right in [_merged_from(token, rank, ranks)]
    ]
    vocabulary = {name(token): rank for token, rank in ranks.items()}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = sorted(encoding._special_tokens.items(), key=lambda item: item[1])
    tokenizer.add_special_tokens(
        [AddedToken(text, special=True, normalized=False) for text, _ in special[:-_TIMESTAMPS]]
    )
    tokenizer.add_tokens(
        [AddedToken(text, special=False, normalized=False) for text, _ in special[-_TIMESTAMPS:]]
    )
    return tokenizer


def _merged_from(token: bytes, rank: int, ranks: dict[bytes, int]) -> tuple[bytes, bytes]:
    """The two tokens whose merge made ``token``: what it is cut into with earlier merges only."""
    parts = [bytes([byte]) for byte in token]
    while len(parts) > 2:
        pairs = [ranks.get(a + b, rank) for a, b in pairwise(parts)]
        best = min(range(len(pairs)), key=pairs.__getitem__)
        parts[best : best + 2] = [parts[best] + parts[best + 1]]
    return parts[0], parts[1]
