"""The owner's configuration as what the checks read.

What this module does not know: any check's own defaults.
"""

from __future__ import annotations

from anchorset.core.config import Config
from anchorset.core.errors import ConfigError
from anchorset.qualify.catalogue import KNOWN, checked_on_hit
from anchorset.qualify.crowd import Settings

WITH_THRESHOLD = ("duplicate.near",)
"""Checks whose threshold the owner can set."""


def settings_of(config: Config, *, min_novelty: float | None = None) -> Settings:
    """Raises ConfigError for a check we do not know, or a threshold that the check does not have."""
    checked_on_hit({code: setting.on_hit or "flag" for code, setting in config.checks.items()})
    for code, setting in config.checks.items():
        if isinstance(setting.threshold, float) and code not in WITH_THRESHOLD:
            raise ConfigError(
                f"`checks.{code}.threshold` is {setting.threshold}, but the threshold of {code} is measured on the "
                f"seeds; take the key out (it can be set for {', '.join(WITH_THRESHOLD)} of {len(KNOWN)} checks)"
            )
    near = config.checks.get("duplicate.near")
    return Settings(
        min_length=config.constraints.min_length,
        max_length=config.constraints.max_length,
        forbidden_topics=config.constraints.forbidden_topics,
        near_duplicate=near.threshold if near is not None and isinstance(near.threshold, float) else None,
        min_novelty=min_novelty,
        on_hit={code: setting.on_hit for code, setting in config.checks.items() if setting.on_hit is not None},
    )
