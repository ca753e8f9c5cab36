"""How anybody can tell that the log was not changed: a Merkle tree over what is stored, and signed checkpoints."""
