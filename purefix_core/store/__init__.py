"""Message stores: the sequence numbers of a session and the messages it sent, in memory or in files."""
