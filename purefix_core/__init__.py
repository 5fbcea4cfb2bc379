"""PureFix: FIX dialects, logs, stores and sessions, without a user interface."""
