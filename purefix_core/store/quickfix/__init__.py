"""The stores of QuickFIX C++ read and written, those of QuickFIX/J, QuickFIX/n and QuickFIX/Go read."""

from purefix_core.store.quickfix.checking import verify
from purefix_core.store.quickfix.editing import gap_fill, reset, set_numbers
from purefix_core.store.quickfix.file_store import QuickFixFileStore
from purefix_core.store.quickfix.files import QuickFixFiles
from purefix_core.store.quickfix.recognising import recognise, recognise_one

__all__ = [
    "QuickFixFileStore",
    "QuickFixFiles",
    "gap_fill",
    "recognise",
    "recognise_one",
    "reset",
    "set_numbers",
    "verify",
]
