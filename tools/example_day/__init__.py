"""The parts of the invented trading day that `make_example_log.py` writes."""
