"""Put the layouts, locales and font settings into a wheel; a checkout has them at its root."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Shipped(BuildHookInterface):  # type: ignore[type-arg]
    """The hook that the build calls."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name what goes where; an editable install reads the checkout itself."""
        if version == "standard":
            build_data["force_include"] |= {name: f"publish/shipped/{name}" for name in ("layouts", "locales", "fonts")}
