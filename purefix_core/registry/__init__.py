"""Which dictionary a session speaks: TypeRegistry.json, its registrations, and the matching of CompIDs."""

from purefix_core.registry.registration import TypeRegistration, TypeRegistryError

__all__ = ["TypeRegistration", "TypeRegistryError"]
