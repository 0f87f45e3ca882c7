"""Loading an openai-whisper checkpoint that may come from anybody."""

from __future__ import annotations

from typing import Any

from pipeline.errors import SpeechError


def load_checkpoint(whisper: Any, path: str, device: str) -> Any:
    """The model in the ``.pt`` file at ``path``; nothing in the file is run.

    A checkpoint is a pickle, which can name any function to be called. openai-whisper has torch
    read it with ``weights_only``, so that such a file is refused; torch then explains how to load
    it all the same, which is not passed on.

    Args:
        whisper: the package.
        device: of torch, such as ``cpu``.

    Raises:
        SpeechError: the file cannot be read, is damaged, holds no such model, or more than weights.
    """
    import pickle

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
