"""Where an app is deployed: platform, stack and plan, as told or as its own files show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt import platforms
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.documents.app_json import AppJson
    from bpopt.platforms import Platform

# What is assumed when no file says where the app goes: the platforms that read a Procfile.
ASSUMED = ("heroku", "digitalocean", "dokku", "scalingo")


# Keys of app.json that only one platform knows (formation, env, buildpacks and scripts are common to several).
_HEROKU_KEYS = frozenset({"addons", "environments", "success_url"})
_DOKKU_KEYS = frozenset({"cron", "healthchecks"})


class Target(NamedTuple):
    """One place an app is deployed to; `why` says which file or option told."""

    platform: Platform
    stack: str | None
    plan: str | None
    why: str

    @property
    def label(self) -> str:
        """`heroku (heroku-24)`, or the platform alone."""
        return f"{self.platform.name} ({self.stack})" if self.stack else self.platform.name


def told(names: tuple[str, ...], stack: str | None, plan: str | None, why: str) -> tuple[Target, ...]:
    """The targets that the user named; a stack name stands for its platform. KeyError for an unknown name."""
    targets = []
    for name in names:
        known = platforms.canonical(name)
        if known is None:
            raise KeyError(name)
        platform = platforms.load(known[0])
        own = known[1] or (stack if stack in {s.name for s in platform.stacks} else None)
        targets.append(Target(platform, own or platform.default_stack, plan, why))
    return tuple(targets)


def detect(app: App) -> tuple[tuple[Target, ...], bool]:
    """The targets that the app's files show, and whether any did; else the assumed ones."""
    found: dict[str, Target] = {}
    for name, stack, why in _signs(app):
        if name not in found:
            platform = platforms.load(name)
            found[name] = Target(platform, stack or platform.default_stack, None, why)
    if found:
        return tuple(found.values()), True
    return tuple(
        Target(platforms.load(n), platforms.load(n).default_stack, None, "assumed") for n in ASSUMED
    ), False


def _signs(app: App) -> list[tuple[str, str | None, str]]:
    """(platform, stack, file that shows it), in a fixed order."""
    signs: list[tuple[str, str | None, str]] = []
    if (manifest := app.app_json) is not None:
        signs += _app_json_signs(manifest)
    if app.has("heroku.yml"):
        signs.append(("heroku", None, "heroku.yml"))
    if (spec := app.app_spec) is not None:
        signs.append(("digitalocean", None, spec.tree.source.path))
    signs += [("dokku", None, name) for name in ("DOKKU_SCALE", "CHECKS") if app.has(name)]
    if app.has("scalingo.json"):
        signs.append(("scalingo", None, "scalingo.json"))
    project = app.project_toml
    if project is not None and project.tree.root is not None and _is_heroku_cnb(project.tree.source.text):
        signs.append(("heroku-fir", None, "project.toml"))
    return signs


def _app_json_signs(manifest: AppJson) -> list[tuple[str, str | None, str]]:
    root = manifest.tree.root
    if root is None or root.get("expo") is not None:
        return []
    keys = set(root.keys())
    if root.get("scripts", "dokku") is not None or keys & _DOKKU_KEYS:
        return [("dokku", None, "app.json")]
    stack = root.text("stack")
    known = platforms.canonical(stack) if stack else None
    if known is not None and known[1]:
        return [(known[0], known[1], "app.json")]
    if any("heroku" in buildpack.url.value for buildpack in manifest.buildpacks) or keys & _HEROKU_KEYS:
        return [("heroku", None, "app.json")]
    return []


def _is_heroku_cnb(text: str) -> bool:
    return "heroku/" in text or "com.heroku" in text
