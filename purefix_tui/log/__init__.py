"""One log on screen: its messages in a table, a filter above it, the fields of one message beside it."""
