"""Which dictionary a session speaks: TypeRegistry.json, its registrations, and the matching of CompIDs."""
