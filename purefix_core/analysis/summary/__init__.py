"""The one-line "what happened" of a message, as a person would say it."""

from purefix_core.analysis.summary.dispatch import summarise
from purefix_core.analysis.summary.model import Kind, Summary

__all__ = ["Kind", "Summary", "summarise"]
