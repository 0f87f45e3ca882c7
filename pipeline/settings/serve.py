"""Settings of the web server."""

from __future__ import annotations

from typing import Literal

from pipeline.settings.base import Settings, run_only


class ServeSettings(Settings):
    """``serve:`` in config.yaml."""

    host: str = run_only("127.0.0.1", "address to listen on; another than loopback needs a token")
    port: int = run_only(8000, "port to listen on; 0: any free one", ge=0, le=65535)
    token: str | None = run_only(
        None, "secret that browsers must give (?token=...) where host is not loopback"
    )
    allowed_hosts: tuple[str, ...] = run_only(
        (),
        "further names under which browsers reach the server, e.g. lectures.lan",
    )
    upload_mb: int = run_only(4096, "largest file the form takes, MiB", ge=1, le=1_048_576)
    jobs: int = run_only(1, "lectures converted at the same time", ge=1, le=16)
    waiting: int = run_only(100, "most lectures that wait for their turn", ge=1, le=10_000)
    private_addresses: Literal["allow", "refuse"] = run_only(
        "refuse",
        "whether an address given in the form may lead to this machine or its own "
        "network (see download.private_addresses)",
    )
    private_hosts: tuple[str, ...] = run_only(
        (),
        "exceptions from refuse: names (media.lan, .lan) and networks (10.2.0.0/16)",
    )
    pyodide: str | None = run_only(
        None,
        "folder of Pyodide (npm's package pyodide), or its address on the web: the cells of a "
        "page can then be run in the browser",
    )
