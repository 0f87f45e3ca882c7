"""Settings of the download stage."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from pipeline.redaction import has_secret
from pipeline.settings.base import Settings, run_only, web_address


class DownloadSettings(Settings):
    """``download:`` in config.yaml."""

    max_height: int = Field(1080, ge=144, le=4320, description="largest picture height, pixels")
    format: str | None = Field(None, description="yt-dlp format selector; replaces max_height")
    caption_language: str | None = Field(
        None, description="language of the captions to prefer, e.g. en; null: the video's own"
    )
    captions_url: str | None = Field(
        None,
        max_length=4000,
        description="address of a caption file (.vtt, .srt, .sbv) to take in place of those that "
        "come with the video; null: none",
    )
    local_file: Literal["link", "copy", "reference"] = Field(
        "link",
        description="a local video is hard-linked into the output folder (else left in place), "
        "copied there, or left in place",
    )
    cookies: str | None = run_only(None, "file of cookies in Netscape format")
    cookies_from_browser: str | None = run_only(None, "browser to take cookies from, e.g. firefox")
    proxy: str | None = run_only(None, "proxy URL")
    rate_limit: int | None = run_only(None, "most bytes per second; null: no limit", ge=1024)
    retries: int = run_only(5, "how often a broken connection is tried again", ge=0, le=100)
    timeout_s: float = run_only(20.0, "silence of a server that counts as broken, s", gt=0, le=3600)
    connections: int = run_only(4, "pieces of a segmented video loaded at once", ge=1, le=16)
    max_gib: float = run_only(
        64.0, "most that is loaded for one video, GiB; a server may send without end", gt=0
    )
    private_addresses: Literal["allow", "refuse"] = run_only(
        "allow",
        "refuse: load nothing from this machine, its own network or another private "
        "address, wherever a page, redirect or playlist leads",
    )
    private_hosts: tuple[str, ...] = run_only(
        (),
        "exceptions from refuse: names (media.lan, .lan) and networks (10.2.0.0/16)",
    )

    @field_validator("captions_url")
    @classmethod
    def _is_an_open_address(cls, url: str | None) -> str | None:
        url = web_address(url)
        if url and has_secret(url):  # the setting is kept with the lecture
            raise ValueError(
                "it contains a password or a token: download the file, put it beside the video"
            )
        return url

    def deciding(self, prefix: str) -> dict[str, str]:
        """As everywhere; an address of captions decides where there is one: lectures that were
        loaded before there was the setting stay as they are."""
        decided = super().deciding(prefix)
        if self.captions_url is None:
            del decided[f"{prefix}.captions_url"]
        return decided
