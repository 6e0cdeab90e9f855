/** A day in #ops: an outage, its log lines, and the people who fix it. */

import type { PastDraft } from "../../support/filled_data.ts";
import { SeededRandom } from "../../support/random.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** `[minutes before the end, sender, text]` */
type Line = readonly [minutes: number, from: string, body: string];

const EARLIER: readonly Line[] = [
  [1450, "eva", "4.1.7 is on all web hosts, nothing unusual in the first hour"],
  [1449, "jack", "thanks. I'll watch the queue until six"],
  [1390, "ann", "reminder: db-2 gets its new disks tomorrow, no deploys between 7 and 8"],
  [1388, "jun", "noted. Do we drain it first, or does it just go read-only?"],
  [1387, "ann", "drain first, runbook is at https://wiki.example.net/db/maintenance#drain"],
];

const OUTAGE: readonly Line[] = [
  [41, "jack", "replication on db-3 stopped at 06:12, lag is 9 minutes and growing"],
  [40, "jack", "web is fine so far, reads go to db-1"],
  [39, "ann", "looking. Same disk alert as last week?"],
  [38, "jack", "/var is at 100 %. It is the WAL archive again"],
];

const AFTER_LOG: readonly Line[] = [
  [29, "ann", "FIRST is the first one, everything after it is a consequence"],
  [
    28,
    "jun",
    "archive_command has been failing since midnight, and nobody noticed: the alert went to the old room",
  ],
  [
    27,
    "eva",
    "jack: can you free some space without touching pg_wal? I would move the old base backup to /srv",
  ],
  [26, "jack", "moving `base.2026-11-14`, 38 GB"],
  [22, "jack", "done. `/var` is at 61 %"],
  [21, "ann", "archiver is catching up, 212 segments to go"],
];

const END: readonly Line[] = [
  [9, "ann", "replication is back, lag 40 s and shrinking"],
  [8, "eva", "nice. I'll write it up: https://wiki.example.net/incidents/2026-11-21"],
  [7, "jun", "alert now comes in here as well, tested it with a full tmpfs"],
  [
    3,
    "eva",
    "max: when you are in, please have a look at the backup retention, 14 days do not fit on that disk",
  ],
  [2, "jack", "lag is 0. Coffee?"],
];

/** All events up to `now`, oldest first. */
export function incident(now: number): PastDraft[] {
  const random = new SeededRandom(5);
  const drafts: PastDraft[] = [
    ...chatter(now, random),
    ...EARLIER.map((line) => said(now, line)),
    topic(
      now - 24 * HOUR,
      "eva",
      "production · on call: jack until Sunday · runbooks: wiki.example.net",
    ),
    ...OUTAGE.map((line) => said(now, line)),
    ...archiver(now - 37 * MINUTE, random),
    ...AFTER_LOG.map((line) => said(now, line)),
    { ...event(now - 20 * MINUTE, "jack", "gets coffee for everybody"), kind: "action" },
    ...END.map((line) => said(now, line)),
    ...elsewhere(now),
  ];
  drafts.sort((one, other) => one.at - other.at);
  const first = drafts.filter(({ room }) => room === "ops")
    .findIndex(({ body }) => body.startsWith("could not write file"));
  return drafts.map((draft) => ({ ...draft, body: draft.body.replace("FIRST", `#${first + 1}`) }));
}

/** The number in #ops of a log line in the middle of the burst. */
export function loggedSeq(past: readonly PastDraft[]): number {
  const ops = past.filter(({ room }) => room === "ops");
  const lines = ops.filter(({ kind }) => kind === "log");
  return ops.indexOf(lines[lines.length >> 1]) + 1;
}

function event(at: number, from: string, body: string): PastDraft {
  return { room: "ops", kind: "message", from, body, via: "web", at };
}

function said(now: number, [minutes, from, body]: Line): PastDraft {
  return event(now - minutes * MINUTE, from, body);
}

function topic(at: number, from: string, body: string): PastDraft {
  return { ...event(at, from, body), kind: "topic" };
}

/** A week of deploys and questions, to fill the chart. */
function chatter(now: number, random: SeededRandom): PastDraft[] {
  const lines = [
    "deploying web",
    "done",
    "who has the key for the console?",
    "rolling restart of the workers",
    "queue is empty again",
    "certificate renewed",
    "looks good",
    "p99 is back under 80 ms",
  ];
  const drafts: PastDraft[] = [];
  for (let day = 6; day >= 1; day--) {
    const count = 10 + random.int(60);
    for (let at = 0; at < count; at++) {
      const time = now - day * 24 * HOUR - random.int(9 * HOUR);
      drafts.push(event(time, random.pick(["ann", "jack", "eva", "jun"]), random.pick(lines)));
    }
  }
  return drafts;
}

/** A burst of similar errors from the database. */
function archiver(at: number, random: SeededRandom): PastDraft[] {
  const drafts: PastDraft[] = [];
  const log = (ms: number, level: string, body: string) =>
    drafts.push({
      room: "ops",
      kind: "log",
      from: "db-3/postgres",
      body,
      via: "syslog",
      at: at + ms,
      fields: { level },
    });
  log(0, "err", "archive command failed with exit code 1: No space left on device");
  for (let segment = 0; segment < 180; segment++) {
    const name = `0000000100000A4${(segment % 16).toString(16).toUpperCase()}000000${
      (segment + 64).toString(16).toUpperCase()
    }`;
    log(
      segment * 1500 + random.int(900),
      segment % 60 === 0 ? "err" : "info",
      segment % 60 === 0
        ? `could not write file "pg_wal/${name}": No space left on device`
        : `archiving write-ahead log file "${name}" failed too many times, will try again later`,
    );
  }
  log(
    290_000,
    "crit",
    'PANIC: could not write to file "pg_wal/xlogtemp.2187": No space left on device',
  );
  log(
    291_000,
    "info",
    "database system was shut down; startup process (PID 2291) exited with code 1",
  );
  return drafts;
}

function elsewhere(now: number): PastDraft[] {
  const said = (room: string, minutes: number, from: string, body: string): PastDraft => ({
    room,
    kind: "message",
    from,
    body,
    via: "web",
    at: now - minutes * MINUTE,
  });
  return [
    said("lobby", 600, "eva", "good morning"),
    said("lobby", 90, "bob", "is the coffee machine on the third floor working again?"),
    said("deploys", 1500, "eva", "web 4.1.7: 12 of 12 hosts"),
    { ...topic(now - 1600 * MINUTE, "eva", "what goes out, and when"), room: "deploys" },
    said("reading", 3000, "jun", "https://example.org/papers/log-structured.pdf, page 7"),
  ];
}
