import { assertEquals, assertLess } from "@std/assert";
import { alertDraft, alertJson, alertText } from "../../lib/alert/alert_text.ts";
import type { AlertRule } from "../../lib/alert/alert_rule.ts";
import type { RoomEventKind } from "../../lib/domain/room_event.ts";
import { eventOf } from "../support/room_events.ts";

const RULE: AlertRule = {
  name: "disk",
  query: "no space",
  room: "ops",
  allowPrivate: false,
  everyMs: 60_000,
};

const EVENT = eventOf(381, {
  id: 9001,
  room: "log",
  at: Date.UTC(2026, 10, 21, 6, 30, 0, 123),
  kind: "log",
  from: "make",
  body: "write: no space left",
  fields: { level: "err" },
  via: "syslog",
  origin: 17,
});

Deno.test("alertText() shows the event and where it is", () => {
  assertEquals(
    alertText(RULE, { count: 1, event: EVENT }),
    "Alert disk: log#381 make| write: no space left",
  );
});

Deno.test("alertText() shows the count if it is more than 1", () => {
  assertEquals(
    alertText(RULE, { count: 1204, event: EVENT }),
    "Alert disk, 1,204 times, the latest: log#381 make| write: no space left",
  );
});

const KINDS: readonly [kind: RoomEventKind, text: string][] = [
  ["message", "<ann> hi"],
  ["action", "* ann hi"],
  ["log", "ann| hi"],
  ["gap", "* gap: hi"],
  ["topic", "* ann set the topic: hi"],
  ["notice", "* hi"],
  ["part", "* ann left (hi)"],
  ["nick", "* ann is now hi"],
];

Deno.test("alertText() describes an event without text", () => {
  const text = (kind: RoomEventKind) =>
    alertText(RULE, { count: 1, event: eventOf(1, { kind, body: "" }) });
  assertEquals(text("join"), "Alert disk: lobby#1 * ann joined");
  assertEquals(text("part"), "Alert disk: lobby#1 * ann left");
  assertEquals(text("topic"), "Alert disk: lobby#1 * ann cleared the topic");
});

for (const [kind, text] of KINDS) {
  Deno.test(`alertText() shows a ${kind} as ${text}`, () => {
    const event = eventOf(1, { kind, body: "hi" });
    assertEquals(alertText(RULE, { count: 1, event }), `Alert disk: lobby#1 ${text}`);
  });
}

Deno.test("alertText() cuts long texts, but no character in two", () => {
  const text = alertText(RULE, { count: 1, event: { ...EVENT, body: "😀".repeat(1000) } });
  assertEquals(text, `Alert disk: log#381 make| ${"😀".repeat(149)}…`);
});

Deno.test("alertDraft() is a notice with the event in its fields", () => {
  assertEquals(alertDraft(RULE, "ops", { count: 38, event: EVENT }), {
    room: "ops",
    kind: "notice",
    from: "server",
    via: "alert",
    body: "Alert disk, 38 times, the latest: log#381 make| write: no space left",
    fields: { alert: "disk", count: 38, room: "log", seq: 381, id: 9001 },
  });
});

Deno.test("alertJson() has the event in its usual form", () => {
  assertEquals(alertJson(RULE, { count: 38, event: EVENT }), {
    alert: "disk",
    query: "no space",
    count: 38,
    text: "Alert disk, 38 times, the latest: log#381 make| write: no space left",
    event: {
      id: 9001,
      room: "log",
      seq: 381,
      at: "2026-11-21T06:30:00.123Z",
      kind: "log",
      from: "make",
      body: "write: no space left",
      fields: { level: "err" },
      via: "syslog",
    },
  });
});

Deno.test("alertJson() stays small for a huge event", () => {
  const event = { ...EVENT, body: "x".repeat(1e6), fields: { text: "y".repeat(1e6) } };
  const json = alertJson(RULE, { count: 1, event });
  assertLess(JSON.stringify(json).length, 20_000);
  assertEquals([json.event.fields, json.event.body.at(-1)], [undefined, "…"]);
});

Deno.test("alertText() leaves out colours, and what a progress bar overwrote", () => {
  const of = (body: string) => alertText(RULE, { count: 1, event: { ...EVENT, body } });
  assertEquals(of("\x1b[31mERROR\x1b[0m: full"), "Alert disk: log#381 make| ERROR: full");
  assertEquals(of("10 %\r100 %\r"), "Alert disk: log#381 make| 100 %");
  // Data stays as it was received.
  const { event } = alertJson(RULE, { count: 1, event: { ...EVENT, body: "\x1b[1mx" } });
  assertEquals(event.body, "\x1b[1mx");
});
