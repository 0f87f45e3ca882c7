"""A real browser (Chromium) and a real server for the tests of the pages."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.engine.workspace import Workspace
from pipeline.render.files import render_chapter
from pipeline.render.library_index import write_list
from pipeline.render.load import sources_of
from pipeline.settings.llm import LLMSettings
from pipeline.settings.render import RenderSettings
from pipeline.settings.serve import ServeSettings
from tests.render.sample import sample_workspace

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --autoplay-policy=no-user-gesture-required"
)


def until(page: Page, expression: str) -> None:
    """Wait until ``expression`` is true in the page (which forbids evaluation from within)."""
    for _ in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"it never became true: {expression}")


def lay_out_all(page: Page) -> None:
    """Lay out the sections far from the window, too, so that text and places can be measured."""
    page.evaluate(
        "document.querySelectorAll('article > section')"
        ".forEach((section) => { section.style.contentVisibility = 'visible' })"
    )


def write_rendered(workspace: Workspace, settings: RenderSettings | None = None) -> Path:
    """Write the chapter's ``render/`` folder and return its page."""
    files = render_chapter(sources_of(workspace), settings or RenderSettings()).files
    for name, data in files.items():
        path = workspace.root / "render" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    write_list(workspace.root.parent)
    return workspace.root / "render" / "index.html"


@dataclass
class Watched:
    """A page whose requests and complaints are written down."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def foreign(self) -> list[str]:
        """The requests that left this machine (or would have)."""
        local = ("file:", "data:", "blob:", "about:", "http://127.0.0.1:", "http://localhost:")
        return [url for url in self.requests if not url.startswith(local)]


# For this package only: Playwright holds an event loop, and others want one of their own.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, else Playwright's own; the tests skip where there is neither."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    # Looked for before Playwright starts: its driver needs libraries that a bare system lacks.
    own = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "~/.cache/ms-playwright")).expanduser()
    if program is None and not any(own.glob("chromium*")):
        pytest.skip("chromium is not installed")
    api = pytest.importorskip("playwright.sync_api", reason="playwright (chromium) is missing")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=_ARGUMENTS.split(), headless=True
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Watched]]:
    """Opens an address in a fresh profile; foreign hosts are unreachable, and noted."""
    contexts = []

    def open_(address: str | Path, **options: Any) -> Watched:
        options.setdefault("viewport", {"width": 1440, "height": 900})
        context = chromium.new_context(**options)
        contexts.append(context)
        watched = Watched(context.new_page())
        context.on("request", lambda request: watched.requests.append(request.url))
        watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        watched.page.on(
            "console",
            lambda message: (
                watched.complaints.append(message.text) if message.type == "error" else None
            ),
        )
        for host in ("https://**", "http://*.example/**"):
            context.route(host, lambda route: route.abort())
        watched.page.goto(address.as_uri() if isinstance(address, Path) else address)
        return watched

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder with the sample, and the sample as if it came from YouTube."""
    folder = tmp_path_factory.mktemp("browsed") / "output"
    write_rendered(sample_workspace(folder / "sample"))
    address = "https://www.youtube.com/watch?v=zduSFxRajkE"
    write_rendered(sample_workspace(folder / "tube", url=address, video=False))
    return folder


@pytest.fixture(scope="session")
def sample_page(output: Path) -> Path:
    """The sample's page as a file."""
    return output / "sample" / "render" / "index.html"


@dataclass
class Served:
    """A running server: its address and its output folder."""

    address: str
    output: Path


def serve_in_thread(
    output: Path, settings: ServeSettings | None = None, llm: LLMSettings | None = None
) -> Generator[Served, None, None]:
    """Run the real server on a free port until the generator is closed."""
    import uvicorn

    from pipeline.server.app import create_app

    app = create_app(output, settings or ServeSettings(), llm=llm)
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_level="critical", timeout_graceful_shutdown=0
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(500):
        if server.started:
            break
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Served(f"http://127.0.0.1:{port}", output)
    server.should_exit = True
    thread.join(timeout=20)


@pytest.fixture(scope="session")
def served(output: Path) -> Iterator[Served]:
    """The output folder on a real port."""
    yield from serve_in_thread(output)
