"""NamedTuple at a quarter of its price: what every value in bpopt is; and properties worked out when first asked for.

A run makes more than a hundred classes before it reads a file. `collections.namedtuple` compiles a constructor for
each, which is half of its cost, and `typing.NamedTuple` checks each annotation besides. Here one constructor is
compiled for each number of fields, and a class gets it with its own names. Instructions a class of six fields
(CPython 3.11, callgrind, 2026-11-25): typing 720,000, collections 430,000, here 130,000. Type checkers see typing's
own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from functools import cached_property as lazy
    from typing import NamedTuple as NamedTuple
else:
    from _collections import _tuplegetter as field_reader  # what collections.namedtuple uses too
    from functools import cache
    from types import FunctionType

    _new = tuple.__new__

    @cache
    def _constructor(count: int) -> Any:
        """The code of a constructor of `count` fields, whatever their names."""
        names = "".join(f"_{i}, " for i in range(count))
        return eval(f"lambda _cls, {names}: _new(_cls, ({names}))").__code__

    def _replace(self, /, **changes):
        made = _new(type(self), map(changes.pop, self._fields, self))
        if changes:
            raise ValueError(f"Got unexpected field names: {list(changes)!r}")
        return made

    def _asdict(self):
        return dict(zip(self._fields, self, strict=True))

    def _repr(self):
        fields = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
        return f"{type(self).__name__}({fields})"

    def _pickled(self):
        return tuple(self)

    _SHARED = {
        "__slots__": (),
        "_make": classmethod(_new),
        "_replace": _replace,
        "_asdict": _asdict,
        "__repr__": _repr,
        "__getnewargs__": _pickled,
    }

    class _Maker(type):
        def __new__(cls, name: str, bases: tuple[type, ...], space: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, space)
            fields = tuple(space.get("__annotations__", ()))
            defaults = tuple([space.pop(field) for field in fields if field in space])
            code = _constructor(len(fields)).replace(co_varnames=("_cls", *fields))
            new = FunctionType(code, {"_new": _new}, "__new__", defaults)
            space |= {field: field_reader(i, "") for i, field in enumerate(fields)}
            return type(
                name,
                (tuple,),
                {**_SHARED, "_fields": fields, "__match_args__": fields, "__new__": new, **space},
            )

    class NamedTuple(metaclass=_Maker):
        """Fields by annotation, defaults by assignment, methods as usual."""

    class lazy:
        """functools.cached_property without the lock that it takes until Python 3.12: bpopt has one thread."""

        def __init__(self, reckon):
            self.reckon = reckon
            self.name = reckon.__name__
            self.__doc__ = reckon.__doc__

        def __get__(self, instance, owner=None):
            if instance is None:
                return self
            value = instance.__dict__[self.name] = self.reckon(instance)
            return value


__all__ = ["NamedTuple", "lazy"]
