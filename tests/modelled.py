"""Raw objects as the types of the Bot API describe them, drawn from aiogram's models."""

from __future__ import annotations

import types
import typing
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Literal

from hypothesis import strategies as st
from pydantic import BaseModel

# Fields beyond those that must be there, and how deep objects stand in each other.
MOST_MORE = 4
DEEPEST = 3

TEXTS = st.sampled_from(["", "x", "/menu", "李家沱 充电", "\u202e", "🧑‍🚀", "a" * 300]) | st.text(max_size=12)
NUMBERS = st.sampled_from([0, 1, 5, -5, 1001, -2001, 2**31, 2**53, -(2**63), 2**63 - 1])
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    int: NUMBERS,
    bool: st.booleans(),
    float: st.floats(-200, 200),
    datetime: st.integers(0, 2**31),
    timedelta: st.integers(0, 2**20),
}


@st.composite
def objects(draw: st.DrawFn, model: type[BaseModel], deep: int = DEEPEST) -> dict[str, Any]:
    """An object of this type: what must be there, and some of the rest."""
    fields = model.model_fields
    needed = [name for name, field in fields.items() if field.is_required()]
    others = sorted(fields.keys() - set(needed))
    more = draw(st.lists(st.sampled_from(others), max_size=MOST_MORE, unique=True)) if others and deep else []
    made = {}
    for name in [*needed, *more]:
        field = fields[name]
        made[field.alias or name] = draw(of_type(field.annotation, deep - 1))
    return made


def of_type(annotation: Any, deep: int) -> st.SearchStrategy[Any]:
    """A value of a field's type."""
    if annotation in PLAIN:
        return PLAIN[annotation]
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return st.one_of(*(of_type(one, deep) for one in inner if one is not type(None)))
    if origin is Literal:
        return st.sampled_from(inner)
    if origin is list:
        return st.lists(of_type(inner[0], deep), max_size=2)
    if origin is typing.Annotated:
        return of_type(inner[0], deep)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return st.sampled_from([one.value for one in annotation])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return st.deferred(lambda: objects(annotation, max(deep, 0)))
    return TEXTS
