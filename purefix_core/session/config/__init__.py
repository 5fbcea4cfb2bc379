"""The configuration of sessions, and the files it is read from (docs/sessions.md)."""

from purefix_core.session.config.error import FixConfigError
from purefix_core.session.config.fix_config import FixConfig, load_configs

__all__ = ["FixConfig", "FixConfigError", "load_configs"]
