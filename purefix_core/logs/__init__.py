"""Log files: where the messages lie, an index of them, filters, following, export."""
