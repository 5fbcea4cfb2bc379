"""The acceptor that the acceptance scripts are run against."""
