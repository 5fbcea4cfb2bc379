"""The stores of QuickFIX C++ read and written, those of QuickFIX/J, QuickFIX/n and QuickFIX/Go read."""

from purefix_core.store.quickfix.checking import verify
from purefix_core.store.quickfix.editing import gap_fill, refuse_unless_written, reset, set_numbers
from purefix_core.store.quickfix.file_store import QuickFixFileStore
from purefix_core.store.quickfix.files import SEQNUMS, QuickFixFiles
from purefix_core.store.quickfix.listing_again import list_again, repair
from purefix_core.store.quickfix.numbers import read_numbers
from purefix_core.store.quickfix.recognising import recognise, recognise_one

__all__ = [
    "SEQNUMS",
    "QuickFixFileStore",
    "QuickFixFiles",
    "gap_fill",
    "list_again",
    "read_numbers",
    "recognise",
    "recognise_one",
    "refuse_unless_written",
    "repair",
    "reset",
    "set_numbers",
    "verify",
]
