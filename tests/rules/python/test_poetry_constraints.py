"""Poetry's ways of saying which Python a project takes."""

from __future__ import annotations

import pytest

from bpopt.rules.python.requires_python_mismatch import specifiers


@pytest.mark.parametrize(
    ("constraint", "meant"),
    [
        ("^3.12", ">=3.12,<4"),
        ("~3.12", ">=3.12,<3.13"),
        ("~3.12.4", ">=3.12.4,<3.13"),
        ("~3", ">=3,<4"),
        (">=3.10, <3.13", ">=3.10,<3.13"),
        ("~=3.12", "~=3.12"),
        ("^3.8, !=3.9.7", ">=3.8,<4,!=3.9.7"),
        ("3.12.*", "3.12.*"),
        ("*", None),
        ("^3.10 || ^2.7", None),
    ],
)
def test_as_pip_writes_it(constraint: str, meant: str | None) -> None:
    assert specifiers(constraint) == meant
