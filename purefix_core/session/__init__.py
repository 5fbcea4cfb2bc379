"""FIX sessions."""
