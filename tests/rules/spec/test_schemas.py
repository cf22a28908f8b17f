"""The tables of keys hold together."""

from __future__ import annotations

import pytest

from bpopt.rules.spec import schemas

TABLES = {
    "spec": schemas.APP_SPEC,
    "root": schemas.APP_JSON,
    "io": schemas.PROJECT_TOML,
    "deb": schemas.DEB_PACKAGES,
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_type_that_is_named_is_there(table: dict[str, str]) -> None:
    named = {kind.lstrip("*") for line in table.values() for kind in schemas.keys(line).values() if kind}
    outside = {"com"}
    assert named - outside <= set(table)


def test_no_key_is_listed_twice() -> None:
    for table in TABLES.values():
        for kind, line in table.items():
            names = [word.partition("=")[0] for word in line.split()]
            assert len(names) == len(set(names)), kind
