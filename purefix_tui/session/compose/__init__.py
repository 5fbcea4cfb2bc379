"""Writing a message: by a form made from the dictionary, or as text."""
