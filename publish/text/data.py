"""A resolution as plain data, for programs: the same model under the same names."""

from __future__ import annotations

import datetime
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from publish.text.symbol import Symbol

if TYPE_CHECKING:
    from publish.text.resolution import Resolution

FORM = 1


def data(resolution: Resolution, code: str) -> dict[str, Any]:
    """Give the facts of a resolution and its text in one language, as mappings, lists, texts and numbers."""
    return {"form": FORM, "facts": _plain(resolution.facts), "wording": _plain(resolution.wordings[code])}


def _plain(value: Any) -> Any:
    if isinstance(value, Symbol):
        return str(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value) if one.compare}
    return value
