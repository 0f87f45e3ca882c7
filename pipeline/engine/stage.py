"""What a stage is: a function from artifacts and settings to artifacts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pipeline.engine.progress import Progress
from pipeline.engine.stage_names import StageName
from pipeline.engine.workspace import StageFolder, Workspace
from pipeline.settings.config import Config


@dataclass(frozen=True)
class Request:
    """What the user asked for in this call, beside the configuration.

    ``source`` is a URL or a path; ``start_ms`` and ``end_ms`` the part to convert (``end_ms`` None:
    to the end). ``stage_alone`` says that one stage was asked for by its name; ``only_section``
    (from 1) and ``instructions`` write one section again; ``trust_code`` lets cells run without a
    sandbox; ``replay`` is a folder of recorded replies.
    """

    source: str
    start_ms: int = 0
    end_ms: int | None = None
    stage_alone: bool = False
    only_section: int | None = None
    instructions: str = ""
    trust_code: bool = False
    replay: str | None = None


@dataclass(frozen=True)
class Context:
    """What a stage is given to work with.

    ``edited`` holds the files of this stage that a user changed by hand, name to text: the stage
    keeps them as they are (and builds its other artifacts on them). ``overwrite`` is true where the
    user wants the stage's present result replaced whatever it is (``--force``).
    """

    workspace: Workspace
    folder: StageFolder
    progress: Progress
    request: Request
    edited: Mapping[str, str] = field(default_factory=dict)
    overwrite: bool = False


def _every_file(request: Request, name: str) -> bool:
    return True


def _nothing(request: Request) -> Mapping[str, str]:
    return {}


def _finds_nothing(workspace: Workspace, config: Config) -> Mapping[str, str]:
    return {}


def _no_remark(workspace: Workspace, config: Config) -> str:
    return ""


@dataclass(frozen=True)
class Stage:
    """One stage of the pipeline.

    Args:
        name: its name and the name of its folder.
        version: raised when the same inputs come to give another result.
        reads: the artifacts it reads, as ``stage/file`` paths in the workspace (``Artifact.name``).
        depends: all else the result depends on, as ``{readable name: value or hash}``: settings
            (see ``pick``), prompts, templates, names and versions of tools and models.
        editable: glob patterns of the artifacts a user may edit.
        run: does the work; writes through ``context.folder`` or raises.
        observes: like ``depends``, for what the request names (files beside a local video, say).
        finds: like ``depends``, for what may lie in the workspace or not; what is not there is left
            out, so that its absence makes nothing stale.
        overwrites: whether a forced run with this request may replace a hand-edited file, by name.
        remark: what a user should know of a finished stage although it is fresh; mostly nothing.
    """

    name: StageName
    version: int
    reads: tuple[str, ...]
    depends: Callable[[Config], Mapping[str, str]]
    run: Callable[[Context, Config], None]
    editable: tuple[str, ...] = ()
    observes: Callable[[Request], Mapping[str, str]] = _nothing
    finds: Callable[[Workspace, Config], Mapping[str, str]] = _finds_nothing
    overwrites: Callable[[Request, str], bool] = _every_file
    remark: Callable[[Workspace, Config], str] = _no_remark


def pick(config: Config, *prefixes: str) -> dict[str, str]:
    """The deciding settings whose dotted names start with one of ``prefixes``.

    >>> pick(Config(), "screens.ocr")
    {'setting screens.ocr': 'True'}
    """
    decided: dict[str, str] = {}
    for section in type(config).model_fields:
        decided |= getattr(config, section).deciding(section)
    return {
        f"setting {name}": value
        for name, value in decided.items()
        if any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)
    }
