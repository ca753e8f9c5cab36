"""What says that PostgreSQL cannot be had here?"""


class PostgresUnavailable(Exception):
    """PostgreSQL cannot be started here; the message is safe to show and says what to do."""
