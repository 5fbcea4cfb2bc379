"""Typed messages: classes with an attribute for each field of a message, made from a dictionary or generated."""
