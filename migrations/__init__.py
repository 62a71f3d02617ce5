"""The steps by which the tables that cannot be rebuilt come into being."""
