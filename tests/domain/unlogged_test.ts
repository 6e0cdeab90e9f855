import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { readableBody } from "../../lib/domain/redaction.ts";
import { ROOM_EVENT_KINDS, type RoomEvent } from "../../lib/domain/room_event.ts";
import { RecentTalk } from "../../lib/domain/rooms/recent_talk.ts";
import {
  isUnkept,
  loggedForm,
  loggedForms,
  withoutLog,
  withUnkeptAsGaps,
} from "../../lib/domain/unlogged.ts";
import { sentence, spokenWords } from "../../lib/service/chat/text/sentence.ts";
import { draftOf, eventOf, eventsOf } from "../support/room_events.ts";

/** Event `seq` as the log of a room with no-log has it. */
function unkept(seq: number, rest: Partial<RoomEvent> = {}): RoomEvent {
  return loggedForm(eventOf(seq, { ...rest, isUnlogged: true }));
}

Deno.test("withoutLog() marks what people and senders say, not what the server records", () => {
  const logged = ROOM_EVENT_KINDS.filter((kind) =>
    !withoutLog(draftOf("ops", "x", { kind })).isUnlogged
  );
  assertEquals(logged, ["notice", "gap", "moderation", "redaction"]);
});

Deno.test("loggedForms() leaves only number, time and kind of what is not to be logged", () => {
  const events = eventsOf(1, 3, { via: "tcp", origin: 4, fields: { level: "err" } });
  assertStrictEquals(loggedForms(events), events);
  const marked: RoomEvent[] = [events[0], { ...events[1], isUnlogged: true }, events[2]];
  const [first, second, third] = loggedForms(marked);
  assertStrictEquals(first, events[0]);
  assertStrictEquals(third, events[2]);
  assertEquals(second, {
    id: 2,
    room: "lobby",
    seq: 2,
    at: 0,
    kind: "message",
    from: "(not kept)",
    body: "",
    fields: { reason: "no-log" },
  });
  assert(isUnkept(second) && !isUnkept(first));
});

Deno.test("withUnkeptAsGaps() tells each stretch as one gap, also when told in pieces", () => {
  const events = [eventOf(1), ...[2, 3, 4].map((seq) => unkept(seq)), eventOf(5), unkept(6)];
  assertStrictEquals(withUnkeptAsGaps(eventsOf(1, 3)).length, 3);
  const told = withUnkeptAsGaps(events);
  assertEquals(told.map(sentence), [
    "<ann> lobby 1",
    "* gap: 3 events, #2 to #4, were not kept, because no-log was on",
    "<ann> lobby 5",
    "* gap: 1 event was not kept, because no-log was on",
  ]);
  assertEquals(told.map(({ seq }) => seq), [1, 4, 5, 6]);
  const pieces = [...withUnkeptAsGaps(events.slice(0, 3)), ...withUnkeptAsGaps(events.slice(3))];
  assertEquals(withUnkeptAsGaps(pieces), told);
  assertEquals(withUnkeptAsGaps(events, 3).map(({ seq }) => seq), [1, 2, 3, 4, 5, 6]);
});

Deno.test("An event that was not kept is a gap in words, whatever it was", () => {
  for (const kind of ["message", "action", "log", "join", "part", "topic", "nick"] as const) {
    const event = unkept(7, { kind });
    assertEquals(sentence(event), "* gap: 1 event was not kept, because no-log was on", kind);
    assertEquals(spokenWords(event), "gap: 1 event was not kept, because no-log was on", kind);
    assertEquals(readableBody(event), "1 event was not kept, because no-log was on", kind);
  }
  // Nobody makes somebody else's line look like that.
  const line = eventOf(8, { kind: "log", from: "web1", body: "", fields: { reason: "no-log" } });
  assertEquals(sentence(line), "web1| ");
});

Deno.test("RecentTalk forgets what is not logged, and remembers that something was said", () => {
  const recent = new RecentTalk();
  recent.add(eventsOf(1, 2));
  recent.add(eventsOf(3, 5, { isUnlogged: true }));
  recent.add([eventOf(6)]);
  assert(!JSON.stringify(recent).includes("lobby 4"));
  const digest = new RecentTalk();
  digest.restore(recent.events);
  for (const { events } of [recent, digest]) {
    assertEquals(events.map(sentence), [
      "<ann> lobby 1",
      "<ann> lobby 2",
      "* gap: 3 events, #3 to #5, were not kept, because no-log was on",
      "<ann> lobby 6",
    ]);
  }
});
