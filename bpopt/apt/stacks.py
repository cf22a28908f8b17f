"""Which archive suite and which package list stand behind a stack name.

Sources (checked 2026-11-23): https://github.com/heroku/base-images (heroku-NN is built on the Ubuntu LTS of
that year, components main and universe), https://github.com/digitalocean/buildpack-apt (its stack ids:
heroku-20, heroku-22, io.buildpacks.stacks.jammy), https://github.com/Scalingo/python-buildpack (scalingo-NN).
"""

from __future__ import annotations

from bpopt.values import NamedTuple


class Stack(NamedTuple):
    """A stack: its archive suite, and the image whose package list describes it.

    `image` is None where no list is published. `image_exact` is False where the list is that of a relative,
    which may differ: enough for a hint, never for an error.
    """

    name: str
    suite: str
    image: str | None = None
    image_exact: bool = True


# Oldest first: a package that is gone in one suite is gone in those after it.
UBUNTU = ("focal", "jammy", "noble", "resolute")
DEBIAN = ("bullseye", "bookworm", "trixie")

_STACKS = {
    stack.name: stack
    for stack in (
        Stack("heroku-20", "focal", "heroku-20"),
        Stack("heroku-22", "jammy", "heroku-22"),
        Stack("heroku-24", "noble", "heroku-24"),
        Stack("heroku-26", "resolute", "heroku-26"),
        # Scalingo publishes no lists either; its stacks follow heroku's, release by release (UNVERIFIED).
        Stack("scalingo-20", "focal", "heroku-20", image_exact=False),
        Stack("scalingo-22", "jammy", "heroku-22", image_exact=False),
        Stack("scalingo-24", "noble", "heroku-24", image_exact=False),
        Stack("scalingo-26", "resolute", "heroku-26", image_exact=False),
        # DigitalOcean publishes no list for its Ubuntu 22 stack: heroku-22 is the nearest (UNVERIFIED).
        Stack("ubuntu-22", "jammy", "heroku-22", image_exact=False),
        Stack("io.buildpacks.stacks.jammy", "jammy", "heroku-22", image_exact=False),
        Stack("debian-11", "bullseye"),
        Stack("debian-12", "bookworm"),
        Stack("debian-13", "trixie"),
        *(Stack(suite, suite) for suite in UBUNTU + DEBIAN),
    )
}


def find(name: str | None) -> Stack | None:
    """Return the stack called `name` (a stack id or a suite name, any case), or None when it is unknown."""
    return _STACKS.get(name.strip().lower()) if name else None


def all_stacks() -> tuple[Stack, ...]:
    """Return every stack known, in the order of the table."""
    return tuple(_STACKS.values())


def family(suite: str) -> tuple[str, ...]:
    """Return the suites of the distribution that `suite` belongs to, oldest first; () when unknown."""
    for suites in (UBUNTU, DEBIAN):
        if suite in suites:
            return suites
    return ()
