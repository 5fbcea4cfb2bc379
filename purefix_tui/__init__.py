"""The terminal program: one package a tab, shared widgets beside them."""
