/**
 * The database's schema as a list of migrations. A released migration is never changed. The file
 * records how many have been applied (`PRAGMA user_version`).
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { ROOM_EVENT_KINDS } from "../../domain/room_event.ts";

/** Each entry migrates the schema from the version of its index to the next. */
export const MIGRATIONS: readonly string[] = [
  // 1: rooms and their events.
  // `event_by_room` rules out two events of one number, and reads a room in order.
  // `visited` is the time of the last join or part, for listing rooms without reading events.
  `
  CREATE TABLE room (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    topic TEXT NOT NULL DEFAULT '',
    visited INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX room_by_visit ON room (visited);
  CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    room_id INTEGER NOT NULL REFERENCES room (id),
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    sender TEXT NOT NULL,
    body TEXT NOT NULL,
    fields TEXT,
    via TEXT,
    origin INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX event_by_room ON event (room_id, seq);
  `,
  // 2: state of the services. Ids give the order in which keys were first set.
  `
  CREATE TABLE state (
    id INTEGER PRIMARY KEY,
    service TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (service, key)
  ) STRICT;
  `,
  // 3: a row for each run of events instead of one for each event, see `run_row.ts`.
  // `run_by_room` replaces `event_by_room`. The view `event` is for people with an SQL shell.
  `
  CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    room_id INTEGER NOT NULL REFERENCES room (id),
    seq INTEGER NOT NULL,
    count INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    sender TEXT NOT NULL,
    via TEXT,
    origin INTEGER,
    bodies TEXT NOT NULL,
    fields TEXT
  ) STRICT;
  INSERT INTO run SELECT id, room_id, seq, 1, at, kind, sender, via, origin, json_array(body),
    CASE WHEN fields IS NOT NULL THEN json_array(json(fields)) END FROM event;
  DROP TABLE event;
  CREATE UNIQUE INDEX run_by_room ON run (room_id, seq);
  CREATE VIEW event AS SELECT
    run.id + body.key AS id, room.name AS room, seq + body.key AS seq,
    strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0, 'unixepoch') AS at,
    json_array('message', 'action', 'log', 'join', 'part', 'topic', 'notice', 'gap')
      ->> kind AS kind,
    sender, body.value AS body, fields -> body.key AS fields, via
    FROM run JOIN room ON room.id = room_id JOIN json_each(bodies) AS body;
  `,
  // 4: retention, see `sweep.ts`. `run.total` is the size in bytes of the room's runs up to and
  // including this one, removed ones too, so that a room's size is the difference of two totals and
  // needs no counter. It precedes the texts so that reading it does not read them. `room.swept_*`
  // describe the last run that was removed, `told_seq` is the last number that a `gap` covers, and
  // `swept_for` is a bit set of the reasons for removals after that.
  `
  DROP VIEW event;
  DROP INDEX run_by_room;
  ALTER TABLE run RENAME TO old_run;
  CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    room_id INTEGER NOT NULL REFERENCES room (id),
    seq INTEGER NOT NULL,
    count INTEGER NOT NULL,
    total INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    sender TEXT NOT NULL,
    via TEXT,
    origin INTEGER,
    bodies TEXT NOT NULL,
    fields TEXT
  ) STRICT;
  CREATE TEMP TABLE run_total AS SELECT id, sum(bytes) OVER (PARTITION BY room_id ORDER BY id)
    AS total FROM (SELECT id, room_id,
      64 + octet_length(bodies) + coalesce(octet_length(fields), 0) AS bytes FROM old_run);
  CREATE UNIQUE INDEX temp.run_total_by_id ON run_total (id);
  INSERT INTO run SELECT id, room_id, seq, count, total, at, kind, sender, via, origin, bodies,
    fields FROM old_run CROSS JOIN run_total USING (id) ORDER BY id;
  DROP TABLE temp.run_total;
  DROP TABLE old_run;
  CREATE UNIQUE INDEX run_by_room ON run (room_id, seq);
  CREATE VIEW event AS SELECT
    run.id + body.key AS id, room.name AS room, seq + body.key AS seq,
    strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0, 'unixepoch') AS at,
    json_array('message', 'action', 'log', 'join', 'part', 'topic', 'notice', 'gap')
      ->> kind AS kind,
    sender, body.value AS body, fields -> body.key AS fields, via
    FROM run JOIN room ON room.id = room_id JOIN json_each(bodies) AS body;
  ALTER TABLE room ADD COLUMN swept_seq INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE room ADD COLUMN swept_id INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE room ADD COLUMN swept_total INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE room ADD COLUMN swept_for INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE room ADD COLUMN told_seq INTEGER NOT NULL DEFAULT 0;
  `,
  // 5: the names of kinds for the view `event`, so that a new kind needs no migration: `nameKinds`
  // adds missing ones. The table comes after the view because `PRAGMA integrity_check` (SQLite
  // 3.53) does not check the list of free pages if a view is last.
  `
  DROP VIEW event;
  CREATE VIEW event AS SELECT
    run.id + body.key AS id, room.name AS room, seq + body.key AS seq,
    strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0, 'unixepoch') AS at, kind.name AS kind,
    sender, body.value AS body, fields -> body.key AS fields, via
    FROM run JOIN room ON room.id = room_id JOIN json_each(bodies) AS body
    LEFT JOIN kind ON kind.number = run.kind;
  CREATE TABLE kind (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
  `,
  // 6: when a state value was last used, milliseconds since 1970, so that unused ones can be
  // removed. Existing values count as used now.
  `
  ALTER TABLE state ADD COLUMN used INTEGER NOT NULL DEFAULT 0;
  UPDATE state SET used = unixepoch() * 1000;
  CREATE INDEX state_by_use ON state (service, used);
  `,
  // 7: the rooms of two of an account. Their keys are `@ann+bob`: the index of keys finds those that
  // an account is the first of, and this one the others.
  `
  CREATE INDEX room_by_second ON room (substr(key, instr(key, '+') + 1))
    WHERE key >= '@' AND key < 'A';
  `,
  // 8: who set the topic of a room, and when, milliseconds since 1970; 0 if an earlier version stored
  // it.
  `
  ALTER TABLE room ADD COLUMN topic_by TEXT NOT NULL DEFAULT '';
  ALTER TABLE room ADD COLUMN topic_at INTEGER NOT NULL DEFAULT 0;
  `,
  // 9: the fields of new runs can be an object with the values by name, see `run_fields.ts`. Only
  // the view changes. The table is made again because one must come after the view, see 5.
  `
  DROP VIEW event;
  ALTER TABLE kind RENAME TO old_kind;
  CREATE VIEW event AS SELECT
    run.id + body.key AS id, room.name AS room, seq + body.key AS seq,
    strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0, 'unixepoch') AS at, kind.name AS kind,
    sender, body.value AS body,
    CASE json_type(fields) WHEN 'object' THEN coalesce(
      fields -> ('$.""."' || body.key || '"'),
      (SELECT json_group_object(name.key, name.value -> iif(json_array_length(name.value) = 1, 0,
        body.key)) FROM json_each(fields) AS name WHERE name.key <> '' HAVING count(*) > 0)
    ) ELSE fields -> body.key END AS fields, via
    FROM run JOIN room ON room.id = room_id JOIN json_each(bodies) AS body
    LEFT JOIN kind ON kind.number = run.kind;
  CREATE TABLE kind (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
  INSERT INTO kind SELECT * FROM old_kind;
  DROP TABLE old_kind;
  `,
];

/** Records the names of the kinds that this version knows. */
export function nameKinds(database: DatabaseSync): void {
  const insert = database.prepare(
    "INSERT INTO kind (number, name) VALUES (?, ?) ON CONFLICT DO NOTHING",
  );
  ROOM_EVENT_KINDS.forEach((kind, number) => insert.run(number, kind));
}

/** Says that this version cannot read a log. @param version That of the schema. */
export function newerLog(version: number, known = MIGRATIONS.length): string {
  return `a newer version of Partyline wrote it (schema ${version}, this version knows up to ${known})`;
}

/**
 * Brings the schema up to date, each migration in a transaction of its own.
 *
 * @throws {Error} if a newer version of the program wrote the file.
 */
export function migrate(database: DatabaseSync, steps: readonly string[] = MIGRATIONS): void {
  const { user_version: version } = database.prepare("PRAGMA user_version").get() as {
    user_version: number;
  };
  if (version > steps.length) {
    throw new Error(newerLog(version, steps.length));
  }
  for (let step = version; step < steps.length; step++) {
    try {
      database.exec(`BEGIN; ${steps[step]} PRAGMA user_version = ${step + 1}; COMMIT;`);
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  }
}
