"""Links that open the chapter's notebook where it can be run, where it has a public address."""

from __future__ import annotations

import re
from urllib.parse import quote

from pipeline.render.page import FileLink
from pipeline.settings.render import RenderSettings

# A folder of a repository as GitHub shows it: https://github.com/USER/REPO/tree/BRANCH/FOLDER
_ON_GITHUB = re.compile(r"https://github\.com/([^/]+/[^/]+)/(?:tree|blob)/(.+)")


def notebook_links(name: str, settings: RenderSettings) -> tuple[FileLink, ...]:
    """Those for the chapter in the folder ``name``; empty without ``render.public_url``.

    Colab opens what is on GitHub; a JupyterLite opens any address whose server lets other pages
    read it, by its extension jupyterlab-open-url-parameter.
    """
    if settings.public_url is None:
        return ()
    path = f"{settings.public_url.rstrip('/')}/{quote(name)}/render/chapter.ipynb"
    on_github = _ON_GITHUB.fullmatch(path)
    links = []
    if on_github:
        repository, file = on_github.groups()
        colab = f"https://colab.research.google.com/github/{repository}/blob/{file}"
        links.append(FileLink(colab, "Colab", download=False))
        path = f"https://raw.githubusercontent.com/{repository}/{file}"
    if settings.jupyterlite_url is not None:
        lite = f"{settings.jupyterlite_url}?fromURL={quote(path, safe='')}"
        links.append(FileLink(lite, "JupyterLite", download=False))
    return tuple(links)
