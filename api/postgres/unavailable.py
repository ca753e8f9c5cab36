"""What says that PostgreSQL cannot be had here?"""


class PostgresUnavailable(Exception):
    """There is no PostgreSQL to work with.

    The message is safe to show and says what to do.
    """
