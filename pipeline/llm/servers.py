"""Which server is asked, and what it turned out not to be able to do."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from pydantic import Field, TypeAdapter

from pipeline.engine.files import write_atomic
from pipeline.errors import LLMError
from pipeline.llm.chat import ModelRequest
from pipeline.redaction import public_url
from pipeline.settings.llm import LLMSettings

# Addresses as the projects and vendors document them for OpenAI's chat interface.
PRESETS = {
    "openai": "https://api.openai.com/v1",
    "ollama": "http://127.0.0.1:11434/v1",
    "llama.cpp": "http://127.0.0.1:8080/v1",
    "vllm": "http://127.0.0.1:8000/v1",
    "lm-studio": "http://127.0.0.1:1234/v1",
    "openrouter": "https://openrouter.ai/api/v1",
    "gemini": "https://generativelanguage.googleapis.com/v1beta/openai/",
    "anthropic": "https://api.anthropic.com/v1/",
}
JsonMode = Literal["schema", "object", "text"]
Stream = Literal["no", "counted", "yes"]

_NO_PICTURES = re.compile(r"\b(images?|image_url|vision|multi-?modal|mmproj|pictures?)\b")
_NO_SYSTEM = re.compile(r"\b(system|roles?|developer)\b|alternat|chat.?template|jinja")
_ONLY_STREAM = re.compile(
    r"\bstream(?:ing|ed)?\b.{0,60}\b(?:only|must|requir\w+|true|support\w*|enabled?|mandatory)\b"
    r"|\b(?:only|must|requir\w+|use|set|enable|non)\b.{0,60}\bstream(?:ing|ed)?\b|流式"
)
_NO_JSON = re.compile(r"response_format|json|schema|grammar")


@dataclass(frozen=True)
class Server:
    """An address and a key; ``key`` never leaves this object but as the header of a call.

    ``address`` may itself hold secrets (``user:password@``, ``?key=``): it is called, not shown.
    """

    address: str
    key: str = field(repr=False)

    @property
    def shown(self) -> str:
        """The address without its secrets."""
        return public_url(self.address)

    @property
    def endpoint(self) -> str:
        """The address without its parameters."""
        return urlunsplit(urlsplit(self.address)._replace(query="", fragment=""))

    @property
    def parameters(self) -> dict[str, str]:
        """The address's parameters, which go with every call; mostly empty."""
        return dict(parse_qsl(urlsplit(self.address).query, keep_blank_values=True))

    @property
    def is_local(self) -> bool:
        """Whether it runs on this machine. Calls may cost all the same: it may be a gateway."""
        return urlsplit(self.address).hostname in ("127.0.0.1", "localhost", "::1", "0.0.0.0")

    @property
    def is_openai(self) -> bool:
        """Whether it is OpenAI's own."""
        return urlsplit(self.address).hostname == "api.openai.com"


def server_of(settings: LLMSettings, environment: Mapping[str, str] = os.environ) -> Server:
    """The server that the settings name.

    Raises:
        LLMError: the address is none, or a server on the network needs a key and there is none.
    """
    named = settings.base_url or environment.get("OPENAI_BASE_URL") or "openai"
    address = PRESETS.get(named.lower(), named)
    if urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).hostname:
        raise LLMError(
            f"llm.base_url {named!r} is no address",
            f"use http://... or one of {', '.join(PRESETS)}",
        )
    # Servers on this machine take any key, but the client library wants one.
    server = Server(address, environment.get("OPENAI_API_KEY") or "none")
    if server.key == "none" and address.startswith("https://"):
        raise LLMError(
            f"{public_url(address)} needs a key", "set OPENAI_API_KEY, or use a local server"
        )
    return server


@dataclass(frozen=True)
class Abilities:
    """What a server takes; learnt from its refusals, and remembered so that none is met twice.

    ``system``: messages with rules of their own. ``stream``: whether the reply has to be asked for
    as an event stream, with the tokens ``counted`` in it or not. ``thinking``: tokens of room that
    the model was found to need for thinking, beyond ``llm.thinking_tokens``.
    """

    pictures: bool = True
    json_mode: JsonMode = "schema"
    length_name: Annotated[str, Field(pattern="^max_(completion_)?tokens$")] = (
        "max_completion_tokens"
    )
    temperature: bool = True
    system: bool = True
    stream: Stream = "no"
    thinking: Annotated[int, Field(ge=0, le=10_000_000)] = 0

    def parameters(self, ask: ModelRequest, settings: LLMSettings) -> dict[str, Any]:
        """The parameters of a call beside model and messages."""
        parameters: dict[str, Any] = {
            self.length_name: ask.max_output_tokens + settings.thinking_tokens
        }
        if settings.temperature is not None and self.temperature:
            parameters["temperature"] = settings.temperature
        if ask.schema and self.json_mode == "schema":
            name, schema = ask.schema
            parameters["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": name, "strict": True, "schema": dict(schema)},
            }
        elif ask.schema and self.json_mode == "object":
            parameters["response_format"] = {"type": "json_object"}
        return parameters

    def as_sent(self, body: dict[str, Any]) -> dict[str, Any]:
        """``body`` with what concerns its way only: the same question with another of these is
        still the same question."""
        sent = dict(body)
        if self.thinking:
            sent[self.length_name] += self.thinking
        if self.stream != "no":
            sent["stream"] = True
        if self.stream == "counted":
            sent["stream_options"] = {"include_usage": True}
        return sent

    def after_refusal(
        self, message: str, ask: ModelRequest, status: int = 400, system_works: bool = False
    ) -> Abilities | None:
        """What is left to try after an error that says ``message``, or None when nothing is.

        Args:
            status: HTTP status; that of a success where the error came in its body.
            system_works: the server has taken rules of their own before.
        """
        said = message.lower()
        if self.stream == "counted" and "stream_options" in said:
            return replace(self, stream="yes")
        if self.stream == "no" and _ONLY_STREAM.search(said):
            return replace(self, stream="counted")
        if self.pictures and ask.pictures() and _NO_PICTURES.search(said):
            return replace(self, pictures=False)
        if "max_tokens" in said and self.length_name == "max_completion_tokens":
            return replace(self, length_name="max_tokens")
        if "max_completion_tokens" in said:
            other = "max_tokens" if self.length_name != "max_tokens" else "max_completion_tokens"
            return replace(self, length_name=other)
        if "temperature" in said and self.temperature:
            return replace(self, temperature=False)
        if ask.schema and _NO_JSON.search(said):
            following: dict[JsonMode, JsonMode] = {"schema": "object", "object": "text"}
            if self.json_mode in following:
                return replace(self, json_mode=following[self.json_mode])
        has_system = self.system and any(one.role == "system" for one in ask.messages)
        # A refusal in words that nobody knows: rules of their own are what most servers stumble at.
        is_riddle = status in (400, 422)
        if has_system and not system_works and (is_riddle or _NO_SYSTEM.search(said)):
            return replace(self, system=False)
        return None


_ABILITIES = TypeAdapter(Abilities)


def first_abilities(server: Server) -> Abilities:
    """What a server is taken to be able to do before it was ever asked."""
    # Only OpenAI's own wants the new name of the length limit; the others know the old one.
    return Abilities(length_name="max_completion_tokens" if server.is_openai else "max_tokens")


def load_abilities(folder: Path, server: Server, model: str) -> Abilities:
    """What was learnt of this server and model in an earlier run, else the first guess; the file
    may be damaged, or another's."""
    try:
        known = json.loads((folder / "server.json").read_text(encoding="utf-8"))
        if (known["address"], known["model"]) == (server.shown, model):
            return _ABILITIES.validate_python(known["abilities"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    return first_abilities(server)


def save_abilities(folder: Path, server: Server, model: str, abilities: Abilities) -> None:
    """Remember what was learnt."""
    known = {"address": server.shown, "model": model, "abilities": asdict(abilities)}
    write_atomic(folder / "server.json", (json.dumps(known, indent=2) + "\n").encode())
