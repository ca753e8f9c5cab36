"""How events are kept: one append-only log in PostgreSQL. Knows the base of events and the closed registry."""
