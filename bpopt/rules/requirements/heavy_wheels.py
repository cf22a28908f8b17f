"""CUDA builds of torch or the full tensorflow on a machine without a GPU.

## What it does

Finds `torch` without an index of CPU wheels, and `tensorflow` instead of `tensorflow-cpu`, in what a build
installs.

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
- [tensorflow-cpu on PyPI](https://pypi.org/project/tensorflow-cpu/)
- [Heroku: slug size limits](https://devcenter.heroku.com/articles/slug-compiler#slug-size)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Impact, Safety, Severity
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
    ok(f"--extra-index-url {_CPU}\ntorch==2.4.0\n"),
    ok("torch==2.4.0+cpu\n", title="a CPU build by its version"),
    ok("-f https://download.pytorch.org/whl/torch_stable.html\ntorch==1.9.0+cpu\n"),
    ok("torch @ https://download.pytorch.org/whl/cpu/torch-2.4.0%2Bcpu-cp312-cp312-linux_x86_64.whl\n"),
    ok("tensorflow-cpu==2.15.0\n"),
    ok("tensorflow-hub==0.16.1\ntorchmetrics\n", title="other names"),
    ok(
        {"requirements-train.txt": "torch\n", "requirements.txt": "flask\n"},
        title="not installed by the build",
    ),
)

_TORCH = 539_200_000 + 516_800_000  # bytes: wheels of torch 2.15.0 and nvidia-cudnn-cu13
_TENSORFLOW = 572_600_000 - 274_000_000  # bytes: tensorflow 2.21.0 against tensorflow-cpu 2.21.0
_NEW_TORCH = ("2.15.0", "2.9.0", "2.4.0", "2.0.1", "2.0.0")


def check(document: Requirements, app: App) -> Iterator[Finding]:
    """Report GPU builds, each once."""
    if not installed(document, app):
        return
    torch = document.find("torch")
    if torch is not None and applies(torch) and not _has_cpu_build(app, torch):
        yield _torch(document, torch, app)
    tensorflow = document.find("tensorflow")
    if tensorflow is not None and applies(tensorflow) and not tensorflow.url and not tensorflow.extras:
        yield _tensorflow(document, tensorflow)


def _has_cpu_build(app: App, torch: Requirement) -> bool:
    if torch.url or "+" in torch.specifier:
        return True
    indexes = ("--extra-index-url", "--index-url", "--find-links")
    return any(o.name in indexes for d in app.requirement_files for o in d.options)


def _torch(document: Requirements, torch: Requirement, app: App) -> Finding:
    bounded = tuple(t for t in app.targets if _too_large(t))
    known = leads_to(torch, "2", _NEW_TORCH) is True
    certain = bool(bounded) and known
    start = document.source.whole_line(torch.span).start
    edit = Edit(document.source.path, Span(start, start), f"--extra-index-url {_CPU}\n")
    size = "more than 1 GB of wheels, packed" if known else "hundreds of megabytes"
    return META.found(
        document.source,
        torch.name_span,
        f"torch comes with CUDA: {size}, of no use without a GPU",
        help=f"put --extra-index-url {_CPU} above it",
        fix=Fix(
            "Take CPU wheels from PyTorch's index",
            Safety.UNSAFE,
            (edit,),
            reason="a GPU cannot be used any more",
        ),
        severity=Severity.ERROR if certain else Severity.WARNING,
        impact=Impact("539.2 MB for torch 2.15.0 and 516.8 MB for cuDNN", bytes=_TORCH) if known else None,
        evidence=[
            Evidence(
                "catalog",
                "sizes of the wheels on PyPI",
                "https://pypi.org/project/torch/#files",
                "2026-11-24",
            )
        ],
        on=bounded if certain else (),
    )


def _too_large(target: Target) -> bool:
    """Whether two such wheels are more than a slug may have."""
    limit = target.platform.number("limits.slug_bytes")
    return limit is not None and limit < _TORCH


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
