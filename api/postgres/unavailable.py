"""What says that PostgreSQL cannot be had here?"""


class PostgresUnavailable(Exception):  # noqa: N818 -- named for what is the case, like every refusal
    """PostgreSQL cannot be started here; the message is safe to show and says what to do."""
