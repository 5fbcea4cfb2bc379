"""The Session tab: log on to a counterparty by hand, and see what passes."""
