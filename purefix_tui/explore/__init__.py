"""The Explore tab: open, filter, follow and read FIX logs."""
