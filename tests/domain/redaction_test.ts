import { assertEquals, assertStrictEquals } from "@std/assert";
import {
  readableBody,
  redactedNumber,
  redactionDraft,
  tombstoneOf,
  withRedactions,
} from "../../lib/domain/redaction.ts";
import type { RoomEvent } from "../../lib/domain/room_event.ts";
import { RecentTalk } from "../../lib/domain/rooms/recent_talk.ts";
import { ReplayBuffer } from "../../lib/domain/rooms/replay_buffer.ts";
import { Room } from "../../lib/domain/rooms/room.ts";
import { sentence, spokenWords } from "../../lib/service/chat/text/sentence.ts";
import { FakeMember } from "../support/fake_member.ts";
import { eventOf, eventsOf } from "../support/room_events.ts";

/** Event `seq`, in which mia redacts number `of`. */
function redaction(seq: number, of: number, why = ""): RoomEvent {
  return eventOf(seq, redactionDraft({ room: "lobby", from: "mia", of, why }));
}

const AT_START = { redacted: "mia", redactedAt: "1970-01-01T00:00:00.000Z" };

function bodies(events: readonly RoomEvent[]): string[] {
  return events.map((event) => sentence(event));
}

Deno.test("withRedactions() returns the same array if nothing changes, and else shares the rest", () => {
  const events = eventsOf(1, 3);
  assertStrictEquals(withRedactions(events, []), events);
  assertStrictEquals(withRedactions(events, events), events);
  assertStrictEquals(withRedactions(events, [redaction(9, 8)]), events);
  const changed = withRedactions(events, [redaction(9, 2, "rude")]);
  assertEquals(changed[1], { ...events[1], body: "", fields: { ...AT_START, why: "rude" } });
  assertStrictEquals(changed[0], events[0]);
  assertEquals(events[1].body, "lobby 2");
  assertStrictEquals(withRedactions(changed, [redaction(10, 2, "again")]), changed);
});

Deno.test("redactedNumber() is only that of an earlier event", () => {
  assertEquals(redactedNumber(redaction(9, 8)), 8);
  assertEquals(redactedNumber(redaction(9, 9)), undefined);
  assertEquals(redactedNumber(redaction(9, 10)), undefined);
  assertEquals(redactedNumber(eventOf(9, { fields: { of: "8" } })), undefined);
});

Deno.test("tombstoneOf() is not deceived by the fields of a log line", () => {
  const fields = { ...AT_START, why: "x" };
  assertEquals(tombstoneOf({ body: "", fields }), fields);
  assertEquals(tombstoneOf({ body: "text", fields }), undefined);
  assertEquals(tombstoneOf({ body: "", fields: { ...fields, level: "err" } }), undefined);
  assertEquals(tombstoneOf({ body: "", fields: { redacted: "mia" } }), undefined);
  assertEquals(tombstoneOf({ body: "", fields: { ...fields, why: 1 } }), undefined);
  assertEquals(readableBody({ body: "", fields: undefined }), "");
});

Deno.test("A redacted event reads as what it was, without its text", () => {
  const read = (kind: RoomEvent["kind"], why = "rude") => {
    const [event] = withRedactions([eventOf(12, { kind, from: "jack" })], [redaction(15, 12, why)]);
    return [sentence(event), spokenWords(event)];
  };
  assertEquals(read("message"), [
    "<jack> (redacted by mia: rude)",
    "jack: (redacted by mia: rude)",
  ]);
  assertEquals(read("message", "")[0], "<jack> (redacted by mia)");
  assertEquals(read("action")[0], "* jack (redacted by mia: rude)");
  assertEquals(read("log")[0], "jack| (redacted by mia: rude)");
  assertEquals(read("topic")[0], "* jack set the topic: (redacted by mia: rude)");
  assertEquals(read("part")[0], "* jack left ((redacted by mia: rude))");
  assertEquals(read("message", "a\x1b[2J\nb")[0], "<jack> (redacted by mia: a^[[2J / b)");
});

Deno.test("A redaction reads as what was done", () => {
  const event = redaction(15, 12, "rude");
  assertEquals(sentence(event), "* mia redacted #12 (rude)");
  assertEquals(sentence(redaction(15, 12)), "* mia redacted #12");
  assertEquals(spokenWords(event, "tea"), "In tea: mia redacted #12 (rude)");
});

Deno.test("RecentTalk shows no redacted text to people who join", () => {
  const talk = new RecentTalk();
  talk.add(eventsOf(1, 3));
  talk.add([redaction(4, 2)]);
  assertEquals(bodies(talk.events), [
    "<ann> lobby 1",
    "<ann> (redacted by mia)",
    "<ann> lobby 3",
    "* mia redacted #2",
  ]);
  // The log was read before the redaction was stored.
  const late = new RecentTalk();
  late.add([redaction(4, 2)]);
  late.restore(eventsOf(1, 3));
  assertEquals(bodies(late.events), bodies(talk.events));
});

Deno.test("ReplayBuffer gives no redacted text to those who are behind, and leaves old runs alone", () => {
  const buffer = new ReplayBuffer();
  buffer.hold();
  const [first, second] = [eventsOf(1, 2), eventsOf(3, 4)];
  buffer.push(first);
  buffer.push(second);
  buffer.redact([redaction(5, 3)]);
  assertStrictEquals(buffer.after(0), first);
  assertEquals(bodies(buffer.after(2)!), ["<ann> (redacted by mia)", "<ann> lobby 4"]);
  assertEquals(bodies(second), ["<ann> lobby 3", "<ann> lobby 4"]);
});

Deno.test("Room.fanOut() tells nobody what a reply quotes of an event that was redacted meanwhile", () => {
  const room = new Room("lobby");
  const member = new FakeMember("ann");
  room.subscribe(member);
  const about = { kind: "message", from: "ann", body: "lobby 1" } as const;
  const reply = (seq: number) => eventOf(seq, { body: "yes", fields: { reply: 1 }, about });
  room.fanOut([eventOf(1), redaction(2, 1)]);
  room.fanOut([reply(3)]);
  const shown = [
    "<ann> (redacted by mia)",
    "* mia redacted #1",
    "<ann> [#1 <ann> (redacted by mia)] yes",
  ];
  assertEquals(bodies(member.events), shown);
  assertEquals(bodies(room.recent), shown);
  // Other events stay the same array.
  const later = eventsOf(4, 5);
  room.fanOut(later);
  assertStrictEquals(member.runs.at(-1), later);
});

Deno.test("Room.fanOut() tells nobody a text that the same batch redacts", () => {
  const room = new Room("lobby");
  const member = new FakeMember("ann");
  room.subscribe(member);
  room.fanOut([eventOf(1), eventOf(2), redaction(3, 1)]);
  assertEquals(bodies(member.events), [
    "<ann> (redacted by mia)",
    "<ann> lobby 2",
    "* mia redacted #1",
  ]);
});
