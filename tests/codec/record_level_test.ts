import { assertEquals } from "@std/assert";
import { levelOfRecord, timeOfRecord } from "../../lib/codec/record_level.ts";

Deno.test("levelOfRecord() reads the level field of every logger", () => {
  const cases: [Record<string, unknown>, string | undefined][] = [
    [{ level: "ERROR" }, "err"],
    [{ level: 30, msg: "pino" }, "info"],
    [{ level: 3 }, "err"],
    [{ "@t": "2016-06-07T03:44:57Z", "@l": "Warning" }, "warning"],
    [{ Level: "Warning" }, "warning"],
    [{ LogLevel: "Error" }, "err"],
    [{ log: { level: "error" } }, "err"],
    [{ "log.level": "error" }, "err"],
    [{ levelname: "ERROR" }, "err"],
    [{ level: 400, level_name: "ERROR" }, "err"],
    [{ level: 550 }, "alert"],
    [{ severityText: "ERROR", severityNumber: 17 }, "err"],
    [{ severityNumber: 9 }, "info"],
    [{ s: "E", c: "NETWORK", msg: "mongodb" }, "err"],
    [{ s: "D2", c: "NETWORK", msg: "mongodb" }, "debug"],
    [{ s: "E" }, undefined],
    [{ level: "INFO+2" }, "info"],
    [{ level: "\x1b[31merror\x1b[39m" }, "err"],
    [{ PRIORITY: "3" }, "err"],
    [{ level: "loud", severity: "warn" }, "warning"],
    [{ level: "loud" }, undefined],
    [{ log: "error" }, undefined],
  ];
  for (const [record, level] of cases) {
    assertEquals(levelOfRecord(record), level, JSON.stringify(record));
  }
});

Deno.test("levelOfRecord() reads 0 as debug, except in GELF, and Nextcloud's numbers as its own", () => {
  assertEquals(levelOfRecord({ level: 0, message: "x" }), "debug");
  assertEquals(levelOfRecord({ level: 0, short_message: "x", version: "1.1" }), "emerg");
  const nextcloud = (level: number) => levelOfRecord({ reqId: "a", remoteAddr: "::1", level });
  assertEquals([0, 1, 2, 3, 4].map(nextcloud), ["debug", "info", "warning", "err", "crit"]);
});

Deno.test("timeOfRecord() reads a time with its zone, or since 1970, as RFC 3339", () => {
  const cases: [Record<string, unknown>, string | undefined][] = [
    [{ time: "2026-11-21T06:59:27.5Z" }, "2026-11-21T06:59:27.5Z"],
    [{ "@timestamp": "2026-11-21 06:59:27,5+0200" }, "2026-11-21T06:59:27.5+02:00"],
    [{ "@t": "2016-06-07T03:44:57.8532799Z" }, "2016-06-07T03:44:57.8532799Z"],
    [{ Timestamp: "2016-06-07T13:44:57+10:00" }, "2016-06-07T13:44:57+10:00"],
    [{ t: { $date: "2026-11-21T06:59:27.123+00:00" } }, "2026-11-21T06:59:27.123+00:00"],
    [{ ts: 1795244367.5 }, "2026-11-21T06:59:27.500Z"],
    [{ time: 1795244367500 }, "2026-11-21T06:59:27.500Z"],
    [{ time: "yesterday", ts: 1795244367 }, "2026-11-21T06:59:27.000Z"],
    [{ time: "2026-11-21T06:59:27" }, undefined],
    [{ time: 12 }, undefined],
    [{}, undefined],
  ];
  for (const [record, time] of cases) {
    assertEquals(timeOfRecord(record), time, JSON.stringify(record));
  }
});
