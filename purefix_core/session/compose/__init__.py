"""Messages that a person writes: drafts with expressions, forms made from a dictionary, checks, templates."""
