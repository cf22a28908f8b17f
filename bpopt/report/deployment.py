"""DEPLOYMENT.md: the steps on each platform, and what to check afterwards; from `data/deploy.toml`."""

from __future__ import annotations

import os
import re
from functools import cache
from shlex import quote
from typing import TYPE_CHECKING, Any

from bpopt.report.deploy_words import words_of
from bpopt.report.env_reads import reads
from bpopt.report.markdown import cited, code, commands, errors, escape, head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app.targets import Target
    from bpopt.report.gather import Gathered

DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "deploy.toml")
_LEAD = "How this app is deployed, step by step, and what to look at afterwards."


@cache
def _data() -> dict[str, Any]:
    import tomllib

    with open(DATA, "rb") as file:
        return tomllib.load(file)


def text(gathered: Gathered) -> str:
    """The document."""
    parts = [head("Deployment", gathered, _LEAD), *_before(gathered)]
    app = gathered.app
    stopped = any(
        f.name == "unsupported-python" and f.severity.rank == 0 for f in gathered.stages.result.counted
    )
    needed = [read for read in reads(app).values() if read.required]
    for target in app.targets:
        parts.append(f"## {escape(target.platform.title)}\n")
        words, holds = words_of(app, target)
        holds -= {"python"} if stopped else set()
        parts += _steps(target, words, holds)
        parts.append("### Afterwards\n")
        parts.append("".join(f"- [ ] {line}\n" for line in checks(target, words, holds)))
    if needed:
        names = ", ".join(code(read.name) for read in needed)
        parts.append(
            f"The app does not start without these variables, or fails where it reads them: {names}.\n"
        )
    parts.append("Before each deploy: `bpopt check`. After a failed one: `bpopt doctor LOGFILE`.\n")
    return "\n".join(parts)


def _before(gathered: Gathered) -> Iterator[str]:
    """What is better done before the first deploy: mending errors, and committing what is mended by itself."""
    if told := errors(gathered):
        yield "## First\n"
        yield f"{told}\nOPTIMIZATION_ANALYSIS.md says what to do about them.\n"
    if gathered.stages.fix.changes:
        names = " ".join(quote(path) for path in sorted(gathered.stages.fix.changes))
        yield "Let bpopt mend what it can, look at it, and commit it:\n"
        yield commands(
            ["bpopt fix --diff", "bpopt fix", f"git add {names}", "git commit -m 'Mend the deployment'"]
        )


def _steps(target: Target, words: dict[str, str], holds: set[str]) -> Iterator[str]:
    number = 0
    for step in _data()[target.platform.name]:
        texts = [step.get("text", ""), *step.get("commands", ())]
        if not _fits(step, holds) or any(word not in words for text in texts for word in _words(text)):
            continue
        number += 1
        yield f"{number}. **{step['title']}.** {step.get('text', '').format(**words)}".rstrip() + (
            f" ({cited(_data()['sources'][step['source']], _data()['date'])})\n"
        )
        if step.get("commands"):
            block = commands(command.format(**words) for command in step["commands"])
            yield "".join(f"   {line}\n" for line in block.splitlines())


def _words(text: str) -> list[str]:
    return re.findall(r"\{(\w+)\}", text)


def _fits(entry: dict[str, Any], holds: set[str]) -> bool:
    wanted = entry.get("when", ())
    return all((name[1:] not in holds) if name.startswith("-") else name in holds for name in wanted)


def checks(target: Target, words: dict[str, str], holds: set[str]) -> Iterator[str]:
    """What to check after a deploy to a target, as markdown."""
    data = _data()
    for check in data["checks"]:
        platforms = check.get("platforms", (target.platform.name,))
        if (
            target.platform.name in platforms
            and _fits(check, holds)
            and all(w in words for w in _words(check["text"]))
        ):
            source, day = data["sources"].get(check["source"], ""), data["date"]
            if check["source"] in ("limit", "plan"):
                source, day = words[f"{check['source']}_source"], words[f"{check['source']}_date"]
            yield f"{check['text'].format(**words)} ({cited(source, day)})"
