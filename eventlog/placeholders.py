"""What stands where a personal value cannot be read: one of the same type that says nothing."""

from collections.abc import Callable
from typing import Any, Final

import msgspec
from msgspec import inspect

SEALED: Final = "[sealed]"
"""The process has no keys."""
ERASED: Final = "[erased]"
"""The person's key was destroyed."""

_PLACEHOLDERS: Final[dict[type[inspect.Type], Callable[[Any, str], Any]]] = {
    inspect.StructType: lambda kind, word: {field.encode_name: _of(field.type, word) for field in kind.fields},
    inspect.StrType: lambda _, word: word,
    inspect.BoolType: lambda *_: False,
    inspect.IntType: lambda *_: 0,
    inspect.DateType: lambda *_: "0001-01-01",
    inspect.VarTupleType: lambda *_: [],
    inspect.DictType: lambda *_: {},
    inspect.EnumType: lambda kind, _: next(iter(kind.cls)).value,
}


def placeholder(kind: Any, word: str) -> Any:
    """Give a value of a type, as JSON would hold it: text is the word, numbers are 0, collections are empty."""
    return _of(inspect.type_info(kind), word)


def _of(kind: inspect.Type, word: str) -> Any:
    if isinstance(kind, inspect.UnionType) and kind.includes_none:
        return None
    if type(kind) not in _PLACEHOLDERS:
        raise msgspec.ValidationError(f"No placeholder is known for a personal field of the type {kind}.")
    return _PLACEHOLDERS[type(kind)](kind, word)
