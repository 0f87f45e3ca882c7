"""Settings of the render stage."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from pipeline.settings.base import Settings, web_address


class RenderSettings(Settings):
    """``render:`` in config.yaml."""

    player: Literal["auto", "local", "embed", "none"] = Field(
        "auto",
        description="the video beside the text: the local file, else the site's embedded player; "
        "only the one or the other; or none",
    )
    thumbnail_width: int = Field(
        760, ge=160, le=3840, description="width of the pictures in the text, pixels"
    )
    picture_quality: int = Field(82, ge=30, le=100, description="quality of the pictures (WebP)")
    speaker_words: bool = Field(
        True, description="keep the speaker's own words one click away from each passage"
    )
    public_url: str | None = Field(
        None,
        description="address where the output folder is public, such as "
        "https://github.com/USER/REPO/tree/BRANCH/FOLDER: the page links to Colab (GitHub) and "
        "JupyterLite; null: no such links",
    )
    jupyterlite_url: str | None = Field(
        None,
        description="address of a JupyterLite with the extension jupyterlab-open-url-parameter, "
        "such as https://USER.github.io/lite/lab/index.html; null: no link",
    )

    _addresses = field_validator("public_url", "jupyterlite_url")(web_address)
