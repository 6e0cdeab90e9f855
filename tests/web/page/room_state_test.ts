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
