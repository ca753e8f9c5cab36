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
    # Several appends at once, each with a verdict of its own. `appends` says of each event, and `commanded` of each
    # command, which append it belongs to; no two appends of a call may share a stream or a key. An append is
    #   stored   and `first` is the position of its first event, also if it had been stored before: its events are known
    #            by their ids, so that who lost the answer can ask again
    #   known    if there is a command of this key
    #   moved    if a stream is at another version than the append goes on from
    #   ahead    if it is so because the stream is not there yet: alone of these, that may change
    # The lock is let go with the transaction, so positions appear in order: whoever has read up to one has missed none.
    # An advisory lock, because a lock on the table would need the right to change rows.
    op.execute(
        """
        CREATE FUNCTION eventlog.append(
            streams uuid[], versions bigint[], topics text[], states bytea[], event_ids uuid[], appends int[],
            keys text[], requests bytea[], answer_streams uuid[], answer_versions bigint[], commanded int[]
        ) RETURNS TABLE (append int, verdict text, first bigint)
        LANGUAGE plpgsql SET lock_timeout = '5s' SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
        #variable_conflict use_column
        DECLARE
            head bigint;
            recorded timestamptz;
            known int[] := '{}';
            moved int[];
            ahead int[];
            again int[] := '{}';
            again_at bigint[];
            refused int[];
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtext('alongside.append'));
            SELECT notification_id, recorded_at INTO head, recorded
            FROM eventlog.events ORDER BY notification_id DESC LIMIT 1;
            head := coalesce(head, 0);
            recorded := greatest(clock_timestamp(), recorded);

            IF keys IS NOT NULL THEN
                known := ARRAY(
                    SELECT asked.append FROM unnest(keys, commanded) AS asked (key, append)
                    WHERE EXISTS (SELECT FROM eventlog.commands AS done WHERE done.key = asked.key)
                );
            END IF;
            SELECT coalesce(array_agg(append) FILTER (WHERE lowest <> present OR highest <> present), '{}'),
                coalesce(array_agg(append) FILTER (WHERE lowest > present), '{}')
            INTO moved, ahead
            FROM (
                SELECT append, min(version - place) AS lowest, max(version - place) AS highest, coalesce((
                    SELECT max(originator_version) FROM eventlog.events WHERE originator_id = stream
                ), 0) AS present
                FROM (
                    SELECT append, stream, version,
                        row_number() OVER (PARTITION BY append, stream ORDER BY ordinality) AS place
                    FROM unnest(appends, streams, versions) WITH ORDINALITY AS new (append, stream, version)
                ) AS placed
                GROUP BY append, stream
            ) AS runs;
            refused := known || moved;

            IF refused <> '{}' THEN
                SELECT coalesce(array_agg(append), '{}'), array_agg(notification_id) INTO again, again_at
                FROM (
                    SELECT DISTINCT ON (append) * FROM unnest(appends, streams, versions, event_ids)
                    WITH ORDINALITY AS new (append, stream, version, id) ORDER BY append, ordinality
                ) AS firsts
                JOIN eventlog.events ON originator_id = stream AND originator_version = version AND event_id = id;
            END IF;

            IF keys IS NOT NULL THEN
                INSERT INTO eventlog.commands (key, request_sha256, stream, version, recorded_at)
                SELECT key, request, stream, version, recorded
                FROM unnest(keys, requests, answer_streams, answer_versions, commanded)
                    AS new (key, request, stream, version, append)
                WHERE append <> ALL (refused);
            END IF;
            INSERT INTO eventlog.events
                (originator_id, originator_version, topic, state, event_id, notification_id, recorded_at)
            SELECT stream, version, topic, state, id, head + row_number() OVER (), recorded
            FROM unnest(streams, versions, topics, states, event_ids, appends)
                AS new (stream, version, topic, state, id, append)
            WHERE append <> ALL (refused);
            IF FOUND THEN
                NOTIFY eventlog;
            END IF;

            RETURN QUERY
            SELECT append, 'stored', min(position)
            FROM (
                SELECT append, head + row_number() OVER () AS position
                FROM unnest(appends) AS new (append) WHERE append <> ALL (refused)
            ) AS stored
            GROUP BY append
            UNION ALL
            SELECT append, 'stored', position FROM unnest(again, again_at) AS before (append, position)
            UNION ALL
            SELECT DISTINCT append, CASE
                WHEN append = ANY (known) THEN 'known'
                WHEN append = ANY (ahead) THEN 'ahead'
                ELSE 'moved'
            END, NULL::bigint
            FROM unnest(refused) AS no (append) WHERE append <> ALL (again);
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
