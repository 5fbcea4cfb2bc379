"""FIX dictionaries: QuickFIX XML to Definitions; a flat message to a named, validated tree."""
