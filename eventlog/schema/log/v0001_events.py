"""The events in their one order, and the commands that led to them."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables; who writes can add to them and read them, and nothing else."""
    op.execute(
        """
        CREATE TABLE eventlog.events (
            originator_id uuid NOT NULL,
            originator_version bigint NOT NULL,
            topic text NOT NULL,
            state bytea NOT NULL,
            notification_id bigint NOT NULL,
            event_id uuid NOT NULL,
            recorded_at timestamptz NOT NULL,
            PRIMARY KEY (originator_id, originator_version),
            UNIQUE (notification_id)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE eventlog.commands (
            key text PRIMARY KEY,
            request_sha256 bytea NOT NULL,
            stream uuid NOT NULL,
            version bigint NOT NULL,
            recorded_at timestamptz NOT NULL
        )
        """
    )
    # The lock is let go with the transaction, so positions appear in order: whoever has read up to one has missed none.
    # An advisory lock, because a lock on the table would need the right to change rows.
    op.execute(
        """
        CREATE FUNCTION eventlog.append(
            streams uuid[], versions bigint[], topics text[], states bytea[], event_ids uuid[],
            command_key text, request_sha256 bytea, answer_stream uuid, answer_version bigint
        ) RETURNS bigint LANGUAGE plpgsql AS $$
        DECLARE
            head bigint;
            recorded timestamptz;
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtext('alongside.append'));
            SELECT coalesce(max(notification_id), 0) INTO head FROM eventlog.events;
            recorded := greatest(
                clock_timestamp(), (SELECT recorded_at FROM eventlog.events WHERE notification_id = head)
            );
            IF command_key IS NOT NULL THEN
                INSERT INTO eventlog.commands
                VALUES (command_key, request_sha256, answer_stream, answer_version, recorded);
            END IF;
            INSERT INTO eventlog.events
                (originator_id, originator_version, topic, state, event_id, notification_id, recorded_at)
            SELECT new.*, head + row_number() OVER (), recorded
            FROM unnest(streams, versions, topics, states, event_ids) AS new;
            NOTIFY eventlog;
            RETURN head;
        END $$
        """
    )
    op.execute(
        "GRANT USAGE ON SCHEMA eventlog TO alongside_writer, alongside_projector, alongside_auditor, alongside_backup"
    )
    op.execute(
        "GRANT SELECT ON eventlog.alembic_version TO alongside_writer, alongside_projector, alongside_auditor,"
        " alongside_backup"
    )
    op.execute("GRANT SELECT, INSERT ON eventlog.events, eventlog.commands TO alongside_writer")
    op.execute("GRANT SELECT ON eventlog.events TO alongside_projector, alongside_auditor, alongside_backup")
    op.execute("GRANT SELECT ON eventlog.commands TO alongside_backup")


def downgrade() -> None:
    """Remove the tables."""
    op.execute("DROP FUNCTION eventlog.append")
    op.execute("DROP TABLE eventlog.commands, eventlog.events")
