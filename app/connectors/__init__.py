"""How switches are thrown: over signed HTTP, or by a command that the host allows."""
