"""Settings of the web server."""

from __future__ import annotations

from pipeline.settings.base import Settings, run_only


class ServeSettings(Settings):
    """``serve:`` in config.yaml."""

    host: str = run_only("127.0.0.1", "address to listen on")
    port: int = run_only(8000, "port to listen on; 0: any free one", ge=0, le=65535)
