"""What PostgreSQL knows of the tables, one line a fact, and the files that keep what it should know.

The tables are made by migrations alone, so nothing else says what they are. These files do: whoever writes a migration
reads the difference that it makes and writes them anew with `python tests/eventlog/catalogue.py ADDRESS`, where the
address is that of a server on which a database can be made and dropped.
"""

import sys
from pathlib import Path
from typing import Final

import psycopg

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from api.checks.scratch import scratch_databases
from eventlog.schema import KEYS_PLACE, LOG_PLACE, Place

FACTS: Final = """
    SELECT format('column %s.%s %s%s%s', relname, attname, format_type(atttypid, atttypmod),
        CASE WHEN attnotnull THEN ' not null' ELSE '' END, ' default ' || pg_get_expr(adbin, adrelid))
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    LEFT JOIN pg_attrdef ON (adrelid, adnum) = (attrelid, attnum)
    WHERE relnamespace = %(schema)s::regnamespace AND relkind IN ('r', 'p', 'v') AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT format('constraint on %s: %s', conrelid::regclass, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = %(schema)s::regnamespace AND contype <> 'n'
    UNION ALL
    SELECT format('index%s: %s', CASE WHEN indisvalid THEN '' ELSE ' INVALID' END, pg_get_indexdef(indexrelid))
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = %(schema)s::regnamespace
    UNION ALL
    SELECT format('trigger: %s', pg_get_triggerdef(pg_trigger.oid))
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE relnamespace = %(schema)s::regnamespace AND NOT tgisinternal
    UNION ALL
    SELECT format('function %s, body %s', oid::regprocedure, md5(prosrc))
    FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace
    UNION ALL
    SELECT format('%s may %s %s', CASE grantee WHEN 0 THEN 'everybody' ELSE grantee::regrole::text END,
        lower(privilege_type), what)
    FROM (
        SELECT format('on schema %s', nspname) AS what, nspacl AS acl, nspowner AS owner FROM pg_namespace
        WHERE oid = %(schema)s::regnamespace
        UNION ALL SELECT relname, relacl, relowner FROM pg_class WHERE relnamespace = %(schema)s::regnamespace
        UNION ALL SELECT format('%s.%s', relname, attname), attacl, relowner
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = %(schema)s::regnamespace
        UNION ALL SELECT proname, coalesce(proacl, acldefault('f', proowner)), proowner
        FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace
    ) AS owned, aclexplode(acl) WHERE grantee <> owner
"""


def kept(place: Place) -> Path:
    """The file that keeps what should be known of a place."""
    return Path(__file__).with_name(f"catalogue_{place.schema}.txt")


def catalogue(url: str, place: Place) -> list[str]:
    """Give all facts of a place in a database, sorted."""
    with psycopg.connect(url) as connection:
        return sorted(fact for (fact,) in connection.execute(FACTS.replace("%s", "%%s"), {"schema": place.schema}))


if __name__ == "__main__":
    with scratch_databases(sys.argv[1]) as databases:
        for place in (LOG_PLACE, KEYS_PLACE):
            kept(place).write_text("\n".join(catalogue(databases.address(place), place)) + "\n")
