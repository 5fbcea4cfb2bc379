"""TypeRegistry: the registered dialects, and everything that the library can make for each (spec: Type Registry)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from purefix_core.registry.dialects import Dialects

if TYPE_CHECKING:
    from purefix_core.dictionary.definitions import Definitions
    from purefix_core.logs.file_parser import FixFileParser
    from purefix_core.logs.message_parser import MessageParser


class TypeRegistry(Dialects):
    """Puts the layers of the library together. Each method imports what it needs when it is called."""

    def create_parser(self, name: str, definitions: Definitions | None = None) -> MessageParser:
        """What parses the messages of the registration of that name, from bytes or whole files, into typed messages.

        `definitions`: another dictionary than the registration's own; its messages are then run-time classes.
        Raises what `load_definitions` and `provider` raise.
        """
        from purefix_core.logs.message_parser import MessageParser
        from purefix_core.types.runtime import RuntimeTypes

        if definitions is None or definitions is self.load_definitions(name):
            messages = self.create_message_factory(name)
        else:
            messages = RuntimeTypes(definitions).create_message_factory()
        return MessageParser(messages, self, name)

    def create_fix_file_parser(self) -> FixFileParser:
        """What reads files of any dialect at the level of tags, each session with the dictionary that matches it."""
        from purefix_core.logs.file_parser import FixFileParser

        return FixFileParser(self)
