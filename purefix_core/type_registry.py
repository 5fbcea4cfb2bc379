"""TypeRegistry: the registered dialects, and everything that the library can make for each (spec: Type Registry)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from purefix_core.registry.dialects import Dialects
from purefix_core.registry.registration import TypeRegistryError

if TYPE_CHECKING:
    from purefix_core.dictionary.definitions import Definitions
    from purefix_core.logs.file_parser import FixFileParser
    from purefix_core.logs.message_parser import MessageParser
    from purefix_core.store.durability import Durability
    from purefix_core.store.file_store import FixMsgFileStore
    from purefix_core.store.folder_names import SessionParts


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

    def create_message_store(
        self,
        name: str,
        sender_comp_id: str,
        target_comp_id: str,
        *,
        begin_string: str = "",
        durability: Durability | None = None,
        **parts: Unpack[SessionParts],
    ) -> FixMsgFileStore:
        """Open the store of a session, for writing, below the `messageStorePath` of the registration of that name.

        `sender_comp_id` is our own CompID: 56 of the peer's Logon. With `begin_string` a store that has messages of
        another version is refused. `durability` is Durability.PROCESS unless it is given. The store is locked until it
        is closed. Raises TypeRegistryError for a name that is not registered or has no messageStorePath, StoreError
        for a store that cannot be used.
        """
        from purefix_core.store.durability import Durability
        from purefix_core.store.file_store import FixMsgFileStore

        registration = self.get_by_name(name)
        if registration is None:
            known = ", ".join(each.name for each in self.get_all()) or "none"
            raise TypeRegistryError(f"{name}: no such registration; there are {known}")
        if registration.message_store_path is None:
            raise TypeRegistryError(f"{registration.name}: messageStorePath: expected a folder, found nothing")
        return FixMsgFileStore(
            registration.message_store_path,
            sender_comp_id,
            target_comp_id,
            begin_string=begin_string,
            durability=durability or Durability.PROCESS,
            **parts,
        )
