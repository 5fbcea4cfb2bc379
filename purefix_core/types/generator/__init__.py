"""Writes the messages of a dictionary as a Python package (`purefix types generate`).

plan.py decides what the package holds and what everything is called, render.py writes the text of each module, and
package.py puts them into a folder.
"""
