"""The report for people: what is wrong, where, what it costs, how to mend it and how we know."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from bpopt.finding import Fix
from bpopt.output.frame import Frame, mark
from bpopt.output.links import rule_url
from bpopt.output.places import under
from bpopt.output.shown import safe, width, wrap
from bpopt.output.style import MARKERS, WORDS, link, paint
from bpopt.output.totals import Totals, duration, size
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bpopt.engine import AppResult
    from bpopt.finding import Evidence, Finding, Impact
    from bpopt.output import Look
    from bpopt.output.frame import Mark
    from bpopt.text import Source


class Note(NamedTuple):
    """A remark under the frame: paragraphs, an address in them and how it is shown, the safety of a fix."""

    title: str
    paragraphs: tuple[str, ...]
    url: str = ""
    shown: str = ""
    marker: str = ""


class Remarks(NamedTuple):
    """All that the notes of a finding are made of.

    `fix` is without its edits. `told` is the message where it is a fact of the evidence, `on` the platforms where
    that matters, `suppressed` why it was.
    """

    impact: Impact | None
    help: str
    fix: Fix | None
    evidence: tuple[Evidence, ...]
    told: str
    on: str
    suppressed: str


def render(results: Iterable[AppResult], look: Look) -> Iterator[str]:
    """Each app with findings, then the totals."""
    totals = Totals()
    for result in results:
        totals.add(result)
        shown = result.findings if look.show_suppressed else result.counted
        if shown and not look.quiet:
            yield "\n".join(_heading(result, look)) + "\n\n"
        for finding in shown:
            yield "\n".join(_finding(finding, result, look)) + "\n\n"
    if not look.quiet:
        yield from _summary(totals, look)


def _heading(result: AppResult, look: Look) -> Iterator[str]:
    """Which app, where it is deployed, and how that is known."""
    name = "this folder" if result.root == "." else safe(result.root, look.ascii)
    lines = wrap(targets(result, look), look.width, width(name) + 2, 2)
    yield f"{paint(look, 'strong', name)}: {lines[0]}"
    yield from (f"  {line}" for line in lines[1:])


def targets(result: AppResult, look: Look) -> str:
    """`heroku (heroku-24), from app.json; digitalocean, from .do/app.yaml`."""
    if not result.knows_target:
        names = ", ".join(target.platform.name for target in result.targets)
        return f"platform not known: assuming {names}; say --platform"
    return safe("; ".join(f"{target.label}, from {target.why}" for target in result.targets), look.ascii)


def _finding(finding: Finding, result: AppResult, look: Look) -> list[str]:
    word = WORDS[finding.severity.value]
    message = (
        f"{finding.message} (suppressed: {finding.suppressed})" if finding.suppressed else finding.message
    )
    lines = [*_header(word, finding.code, finding.name, message, look)]
    frames = list(_frames(finding))
    digits = len(str(max([m.last for _, marks in frames for m in marks])))
    bar = paint(look, "frame", " " * digits + " |")
    for index, (source, marks) in enumerate(frames):
        lines.append(_arrow(finding.root, source, marks[0], digits, index == 0, look))
        if source.text:
            lines.append(bar)
            lines += Frame(source, marks, digits, word, look).rows()
    notes = _below(_remarks(finding, result), digits, look)
    if notes and finding.source.text:
        lines.append(bar)
    return [*lines, *notes]


@lru_cache(1000)  # many apps have the same to mend
def _header(word: str, code: str, name: str, message: str, look: Look) -> tuple[str, ...]:
    plain = f"{word}[{code} {name}]"
    shown = link(look, rule_url(name), f"{code} {name}")
    head = paint(look, word, f"{word}[") + paint(look, word, shown) + paint(look, word, "]")
    first, *others = wrap(safe(message, look.ascii), look.width, len(plain) + 2, 4)
    whole = f"{head}{paint(look, 'strong', ':')} {paint(look, 'strong', first)}"
    return (whole, *(f"    {paint(look, 'strong', line)}" for line in others))


def _frames(finding: Finding) -> Iterator[tuple[Source, list[Mark]]]:
    """The finding's own source with its marks, then each other source that a label lies in."""
    own = [mark(finding.source, finding.span, "", True)]
    others: dict[str, tuple[Source, list[Mark]]] = {}
    for label in finding.labels:
        if label.source.path == finding.source.path:
            own.append(mark(finding.source, label.span, label.text, False))
        else:
            _, marks = others.setdefault(label.source.path, (label.source, []))
            marks.append(mark(label.source, label.span, label.text, False))
    yield finding.source, own
    yield from others.values()


def _arrow(root: str, source: Source, first: Mark, digits: int, primary: bool, look: Look) -> str:
    path = safe(under(root, source.path), look.ascii)
    arrow = paint(look, "frame", " " * digits + ("--> " if primary else "::: "))
    return f"{arrow}{path}:{first.first}:{first.start + 1}"


def _remarks(finding: Finding, result: AppResult) -> Remarks:
    fix = finding.fix and Fix(finding.fix.title, finding.fix.safety, reason=finding.fix.reason)
    told = finding.message if finding.message in [item.text for item in finding.evidence] else ""
    on = _on(finding.platforms, result) if finding.platforms else ""
    suppressed = finding.justification if finding.suppressed else ""
    return Remarks(finding.impact, finding.help, fix, finding.evidence, told, on, suppressed)


@lru_cache(1000)  # many apps have the same to mend
def _below(remarks: Remarks, digits: int, look: Look) -> tuple[str, ...]:
    return tuple(line for note in _notes(remarks, look) for line in _note(note, digits, look))


def _notes(remarks: Remarks, look: Look) -> Iterator[Note]:
    if remarks.impact:
        yield Note("cost", (cost(remarks.impact),))
    if remarks.help:
        yield Note("help", (remarks.help,))
    if remarks.fix:
        yield _fix(remarks.fix)
    for item in remarks.evidence:
        yield _why(item, remarks.told, look)
    if remarks.on:
        yield Note("on", (remarks.on,))
    if remarks.suppressed:
        yield Note("suppressed", (remarks.suppressed,))


def cost(impact: Impact) -> str:
    """The text, with the figures behind it where it has none itself."""
    figures = [size(impact.bytes)] if impact.bytes else []
    figures += [duration(impact.seconds)] if impact.seconds else []
    told = not figures or any(character.isdigit() for character in impact.text)
    return impact.text if told else f"{impact.text} ({', '.join(figures)})"


def _fix(fix: Fix) -> Note:
    safety = fix.safety.value
    reason = (fix.reason,) if fix.reason and safety != "safe" else ()
    return Note("fix", (f"{fix.title} {MARKERS[safety]}", *reason), marker=safety)


def _why(item: Evidence, message: str, look: Look) -> Note:
    """The fact and its source; the source alone where the message is the fact."""
    shown = safe(short(item.url) if look.color and look.links else item.url, look.ascii)
    source = ", ".join(part for part in (shown, f"checked {item.date}" if item.date else "") if part)
    told = item.text == message and source
    text = source if told else f"{item.text} ({source})" if source else item.text
    return Note("why", (text,), item.url, shown)


def short(url: str) -> str:
    """A source as a link shows it: `devcenter.heroku.com/.../procfile`."""
    host, _, path = url.partition("://")[2].partition("/")
    parts = [part for part in path.split("#")[0].split("?")[0].split("/") if part]
    return f"{host}/{'.../' if len(parts) > 1 else ''}{parts[-1]}" if parts else host or url


def _on(platforms: tuple[str, ...], result: AppResult) -> str:
    """`heroku (not scalingo)`; empty if it holds on all platforms of the app."""
    everywhere = dict.fromkeys(target.platform.name for target in result.targets)
    if everywhere.keys() == set(platforms):
        return ""
    rest = ", ".join(name for name in everywhere if name not in platforms)
    return ", ".join(platforms) + (f" (not {rest})" if rest else "")


def _note(note: Note, digits: int, look: Look) -> tuple[str, ...]:
    """`= help: text`, wrapped under its own text."""
    lines: list[str] = []
    indent = digits + 5 + len(note.title)
    lead = (
        " " * (digits + 1) + paint(look, "frame", "=") + " " + paint(look, "strong", f"{note.title}:") + " "
    )
    for paragraph in note.paragraphs:
        for line in wrap(safe(paragraph, look.ascii), look.width, indent, indent):
            lines.append(lead + _painted(line, note, look))
            lead = " " * indent
    return tuple(lines)


def _painted(line: str, note: Note, look: Look) -> str:
    if note.url and note.shown:
        line = line.replace(note.shown, link(look, note.url, note.shown), 1)
    if note.marker and line.endswith(MARKERS[note.marker]):
        size = len(MARKERS[note.marker])
        line = line[:-size] + paint(look, note.marker, line[-size:])
    return line


def _summary(totals: Totals, look: Look) -> Iterator[str]:
    style = next((WORDS[s.value] for s, count in totals.severity.items() if count), "safe")
    first, *more = wrap(totals.sentence(), look.width)
    head, _, rest = first.partition(" ")
    yield "\n".join([f"{paint(look, style, head)} {rest}", *more]) + "\n"
