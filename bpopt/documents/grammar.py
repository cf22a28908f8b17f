"""The grammars of tree-sitter, loaded from their extension modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language


def load_language(package: str) -> Language:
    """The grammar in the extension module of a tree-sitter language package.

    The packages' own `__init__` imports importlib.resources (10 ms) to offer query files that bpopt does
    not use; the extension beside it is all that is needed.
    """
    import importlib.util
    from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, PathFinder
    from os import listdir
    from warnings import catch_warnings, simplefilter

    from tree_sitter import Language

    spec = PathFinder.find_spec(package)
    folder = next(iter(spec.submodule_search_locations or ())) if spec else ""
    name = next(
        n for n in listdir(folder) if n.startswith("_binding") and n.endswith(tuple(EXTENSION_SUFFIXES))
    )
    loader = ExtensionFileLoader(f"{package}._binding", f"{folder}/{name}")
    binding_spec = importlib.util.spec_from_file_location(loader.name, loader.path, loader=loader)
    assert binding_spec is not None
    binding = importlib.util.module_from_spec(binding_spec)
    loader.exec_module(binding)
    with catch_warnings():
        simplefilter("ignore", DeprecationWarning)
        return Language(binding.language())
