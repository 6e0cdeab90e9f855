import { assertEquals } from "@std/assert";
import { toEventJson } from "../../../lib/domain/event_json.ts";
import { announcementOf } from "../../../lib/web/page/announcement.ts";
import { RoomState } from "../../../lib/web/page/room_state.ts";
import { eventOf } from "../../support/room_events.ts";

const renamed = (seq: number, from: string, body: string) =>
  toEventJson(eventOf(seq, { kind: "nick", from, body }));

Deno.test("RoomState counts the new names of others as unread, and not the user's own", () => {
  const room = new RoomState("lobby");
  const join = { type: "joined", room: "lobby", topic: "", lastSeq: 0, count: 1 } as const;
  room.entered({ ...join, members: [], resumed: false, events: [] });
  room.receive([renamed(1, "bob", "rob")], "anna");
  assertEquals(room.unread, 1);
  // By the time the event arrives, the user already has the new name.
  room.receive([renamed(2, "ann", "anna"), renamed(3, "ANNA", "ann")], "anna");
  assertEquals([room.unread, room.mentions], [1, 0]);
});

Deno.test("announcementOf() announces a change of name", () => {
  assertEquals(announcementOf([renamed(1, "jack", "jim")]), "jack is now jim.");
});

Deno.test("RoomState forgets a topic when the event that set it is redacted", () => {
  const room = new RoomState("lobby");
  const topic = (seq: number, body: string) => toEventJson(eventOf(seq, { kind: "topic", body }));
  const redaction = (seq: number, of: number) =>
    toEventJson(
      eventOf(seq, { kind: "redaction", from: "mia", body: "", fields: { of: `${of}` } }),
    );
  room.receive([topic(1, "old"), topic(2, "secret"), redaction(3, 1)], "anna");
  assertEquals(room.topic, "secret");
  room.receive([redaction(4, 2)], "anna");
  assertEquals(room.topic, "");
});

Deno.test("announcementOf() announces a redaction, and no text of what was redacted", () => {
  const fields = { redacted: "mia", redactedAt: "2026-11-21T06:30:00.000Z", why: "rude" };
  const redaction = eventOf(3, {
    kind: "redaction",
    from: "mia",
    body: "rude",
    fields: { of: "1" },
  });
  assertEquals(announcementOf([toEventJson(redaction)]), "mia redacted #1 (rude).");
  const tombstone = eventOf(1, { body: "", fields });
  assertEquals(announcementOf([toEventJson(tombstone)]), "ann: (redacted by mia: rude)");
});

Deno.test("RoomState takes over what the account has read, and never less than it knows", () => {
  const room = new RoomState("lobby");
  const join = { type: "joined", room: "lobby", topic: "", lastSeq: 9, count: 1 } as const;
  room.entered({ ...join, members: [], resumed: false, events: [], unread: 3, read: 6 });
  assertEquals([room.read, room.unread], [6, 3]);
  room.readTo(4);
  assertEquals([room.read, room.unread], [6, 3]);
  room.readTo(8);
  assertEquals([room.read, room.unread], [8, 1]);
  room.readTo(9);
  assertEquals([room.read, room.unread], [9, 0]);
});
