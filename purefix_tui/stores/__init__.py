"""The Stores tab: see, compare and put right the numbers and messages that engines keep on disk."""
