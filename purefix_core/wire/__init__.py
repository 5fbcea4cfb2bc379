"""Bytes to messages: tags, separators, CheckSum, timestamps and the flat in-memory FixMessage."""
