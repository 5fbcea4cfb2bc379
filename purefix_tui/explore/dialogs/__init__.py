"""The dialogs of the Explore tab."""
