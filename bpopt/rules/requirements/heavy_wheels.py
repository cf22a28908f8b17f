"""CUDA builds of torch or the full tensorflow on a machine without a GPU.

## What it does

Finds `torch` without an index of CPU wheels, or from one of CUDA wheels (`/whl/cu121`, `torch==2.4.0+cu121`),
packages that require torch where it is not listed itself, and `tensorflow` instead of `tensorflow-cpu`, in what a
build installs.

## Why is this bad

None of these platforms' ordinary plans has a GPU. The wheel of torch 2.15.0 has 539.2 MB and requires a
CUDA tool kit of which cuDNN alone has 516.8 MB, all of it packed: more than the 500 MB that a Heroku slug
may have, so the build ends with "Compiled slug size is too large". The wheel of tensorflow 2.21.0 has
572.6 MB, that of tensorflow-cpu 274.0 MB.

## Fix safety

Unsafe: pip is pointed to PyTorch's index of CPU wheels, or tensorflow is exchanged for tensorflow-cpu.
Code that moves tensors to a GPU by name fails then.

## References

- [heroku-buildpack-python #1202: slug too large](https://github.com/heroku/heroku-buildpack-python/issues/1202)
- [heroku-buildpack-python #1343](https://github.com/heroku/heroku-buildpack-python/issues/1343)
- [PyTorch: install with CPU only](https://pytorch.org/get-started/locally/)
- [tensorflow 2.1.0: GPU support by default](https://github.com/tensorflow/tensorflow/releases/tag/v2.1.0)
- [tensorflow-cpu on PyPI](https://pypi.org/project/tensorflow-cpu/)
- [Heroku: slug size limits](https://devcenter.heroku.com/articles/slug-compiler#slug-size)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bpopt.documents.releases import not_older
from bpopt.finding import Edit, Evidence, Finding, Fix, Impact, Safety, Severity
from bpopt.patterns import Pattern
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.requirements import applies, installed
from bpopt.rules.versions import leads_to
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.requirements import Requirement, Requirements

META = Rule("BP705", "heavy-wheels", "requirements", Severity.ERROR)

_CPU = "https://download.pytorch.org/whl/cpu"

EXAMPLES = (
    bad(
        "flask\n«torch»==2.4.0\n",
        fixed=f"flask\n--extra-index-url {_CPU}\ntorch==2.4.0\n",
        safety="unsafe",
        severity="error",
    ),
    bad(
        "«torch»\ntorchvision\n",
        fixed=f"--extra-index-url {_CPU}\ntorch\ntorchvision\n",
        safety="unsafe",
        on="dokku",
        severity="warning",
    ),
    bad("«tensorflow»==2.15.0\n", fixed="tensorflow-cpu==2.15.0\n", safety="unsafe", severity="warning"),
    bad(
        "--extra-index-url https://download.pytorch.org/whl/cu118\n«torch»==2.4.0\n",
        fixed=f"--extra-index-url {_CPU}\ntorch==2.4.0\n",
        safety="unsafe",
        severity="error",
        title="an index of CUDA wheels",
    ),
    bad("«torch»==2.4.0+cu121\n", severity="error", title="a CUDA build by its version"),
    bad(
        "flask\n«sentence-transformers»==3.0.0\n",
        fixed=f"flask\n--extra-index-url {_CPU}\nsentence-transformers==3.0.0\n",
        safety="unsafe",
        severity="error",
        message="requires torch",
    ),
    bad(
        "«torchvision»\n",
        fixed=f"--extra-index-url {_CPU}\ntorchvision\n",
        safety="unsafe",
        severity="warning",
    ),
    ok(f"--extra-index-url {_CPU}\nultralytics\n", title="torch from an index of CPU wheels"),
    ok(f"--extra-index-url {_CPU}\ntorch==2.4.0\n"),
    ok("torch==2.4.0+cpu\n", title="a CPU build by its version"),
    ok("-f https://download.pytorch.org/whl/torch_stable.html\ntorch==1.9.0+cpu\n"),
    ok("torch @ https://download.pytorch.org/whl/cpu/torch-2.4.0%2Bcpu-cp312-cp312-linux_x86_64.whl\n"),
    ok("tensorflow-cpu==2.15.0\n"),
    ok("tensorflow==1.14.0\n", title="that release had no GPU support"),
    ok("tensorflow==2.0.4\n", title="nor had that one"),
    ok("tensorflow-hub==0.16.1\ntorchmetrics\n", title="other names"),
    ok(
        {"requirements-train.txt": "torch\n", "requirements.txt": "flask\n"},
        title="not installed by the build",
    ),
)

_TORCH = 539_200_000 + 516_800_000  # bytes: wheels of torch 2.15.0 and nvidia-cudnn-cu13
_TENSORFLOW = 572_600_000 - 274_000_000  # bytes: tensorflow 2.21.0 against tensorflow-cpu 2.21.0
_INDEXES = ("--extra-index-url", "--index-url", "--find-links")
_CUDA = Pattern(r"(?:/whl/(?:nightly/|test/)?|\+|%2B)cu[0-9]", re.IGNORECASE)
# Distributions that require torch (their metadata on PyPI, 2026-11-25) -> whether it is certain that this is torch 2.
_PULLS = {
    "sentence-transformers": True,
    "ultralytics": True,
    "easyocr": True,
    "openai-whisper": True,
    "timm": True,
    "accelerate": True,
    "torchvision": False,  # each release requires one release of torch, old ones an old one
    "facenet-pytorch": False,
}
_NEW_TORCH = ("2.15.0", "2.9.0", "2.4.0", "2.0.1", "2.0.0")


def check(document: Requirements, app: App) -> Iterator[Finding]:
    """Report GPU builds, each once."""
    if not installed(document, app):
        return
    torch = document.find("torch")
    if torch is None and app.requirement("torch") is None:
        torch = next((e for e in document.requirements if e.name in _PULLS and applies(e)), None)
    if torch is not None and applies(torch) and _has_cuda(app, torch):
        yield _torch(document, torch, app)
    tensorflow = document.find("tensorflow")
    if tensorflow is None or not applies(tensorflow) or tensorflow.url or tensorflow.extras:
        return
    if not _for_cpus(tensorflow):
        yield _tensorflow(document, tensorflow)


def _has_cuda(app: App, torch: Requirement) -> bool:
    """Whether the wheel is one for a GPU: PyPI's own, or one that says so by its address, index or version."""
    if torch.name == "torch" and (torch.url or "+" in torch.specifier):
        return _CUDA.search(torch.url or torch.specifier) is not None
    indexes = [o for d in app.requirement_files for o in d.options if o.name in _INDEXES]
    return not indexes or any(_CUDA.search(o.value or "") for o in indexes)


def _torch(document: Requirements, torch: Requirement, app: App) -> Finding:
    bounded = tuple(t for t in app.targets if _too_large(t))
    own = torch.name == "torch"
    known = leads_to(torch, "2", _NEW_TORCH) is True if own else _PULLS[torch.name]
    certain = bool(bounded) and known
    size = "more than 1 GB of wheels, packed" if known else "hundreds of megabytes"
    subject = "torch comes" if own else f"{torch.written} requires torch, which comes"
    return META.found(
        document.source,
        torch.name_span,
        f"{subject} with CUDA: {size}, of no use without a GPU",
        help=f"put --extra-index-url {_CPU} above it",
        fix=_cpu(document, torch, app),
        severity=Severity.ERROR if certain else Severity.WARNING,
        impact=Impact("539.2 MB for torch 2.15.0 and 516.8 MB for cuDNN", bytes=_TORCH) if known else None,
        evidence=[
            Evidence(
                "catalog",
                "sizes of the wheels on PyPI" if own else f"{torch.name} requires torch",
                f"https://pypi.org/project/{torch.name}/",
                "2026-11-24" if own else "2026-11-25",
            )
        ],
        on=bounded if certain else (),
    )


def _cpu(document: Requirements, torch: Requirement, app: App) -> Fix | None:
    """Point pip to PyTorch's CPU wheels: in the place of an index of CUDA wheels, or above the line."""
    reason = "a GPU cannot be used any more"
    if torch.name == "torch" and (torch.url or "+" in torch.specifier):
        return None
    wrong = [
        Edit(d.source.path, o.value_span, _CPU)
        for d in app.requirement_files
        for o in d.options
        if o.name in _INDEXES and _CUDA.search(o.value or "")
    ]
    start = document.source.whole_line(torch.span).start
    above = Edit(
        document.source.path, Span(start, start), f"--extra-index-url {_CPU}{document.source.newline}"
    )
    return Fix("Take CPU wheels from PyTorch's index", Safety.UNSAFE, tuple(wrong) or (above,), reason=reason)


def _too_large(target: Target) -> bool:
    """Whether two such wheels are more than a slug may have."""
    limit = target.platform.number("limits.slug_bytes")
    return limit is not None and limit < _TORCH


def _for_cpus(entry: Requirement) -> bool:
    """Whether a pinned release of tensorflow is one without GPU support: those before 1.15, and 2.0."""
    from bpopt.documents.requirements import pinned

    version = pinned(entry)
    return version is not None and (not_older(version, "1.15") is False or version.startswith("2.0."))


def _tensorflow(document: Requirements, entry: Requirement) -> Finding:
    edit = Edit(document.source.path, entry.name_span, "tensorflow-cpu")
    return META.found(
        document.source,
        entry.name_span,
        f"{entry.name} is built for a GPU: its wheel is twice as large as that of tensorflow-cpu",
        help="list tensorflow-cpu",
        fix=Fix(
            "Install tensorflow-cpu instead", Safety.UNSAFE, (edit,), reason="a GPU cannot be used any more"
        ),
        severity=Severity.WARNING,
        impact=Impact("298.6 MB of the wheel of 2.21.0", bytes=_TENSORFLOW),
        evidence=[
            Evidence(
                "catalog",
                "sizes of the wheels on PyPI",
                "https://pypi.org/project/tensorflow-cpu/#files",
                "2026-11-24",
            )
        ],
    )
