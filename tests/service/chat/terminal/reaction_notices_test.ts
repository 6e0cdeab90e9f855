import { assertEquals } from "@std/assert";
import type { RoomEvent } from "../../../../lib/domain/room_event.ts";
import { ReactionNotices } from "../../../../lib/service/chat/terminal/reaction_notices.ts";

function reaction(from: string, of: string): RoomEvent {
  return { kind: "react", room: "lobby", from, body: "👍", fields: { of } } as unknown as RoomEvent;
}

/** Notices to a person whose printer has room or not, and what was printed. */
function open({ isSpoken = false } = {}) {
  const printed: string[] = [];
  const printer = { isSpoken, hasRoom: true, print };
  function print(text: string): boolean {
    if (printer.hasRoom) printed.push(text);
    return printer.hasRoom;
  }
  return { notices: new ReactionNotices(printer), printer, printed };
}

Deno.test("ReactionNotices.tell() tells of the first reaction to each message", () => {
  const { notices, printed } = open();
  for (const [from, of] of [["ann", "12"], ["bob", "12"], ["bob", "13"]]) {
    assertEquals(notices.tell(reaction(from, of), `#${of}`), true);
  }
  assertEquals(printed, [
    "* ann reacted with 👍 to your #12",
    "* bob reacted with 👍 to your #13",
  ]);
});

Deno.test("ReactionNotices.tell() tells again what there was no room for", () => {
  const { notices, printer, printed } = open({ isSpoken: true });
  printer.hasRoom = false;
  assertEquals(notices.tell(reaction("ann", "12"), "#12"), false);
  printer.hasRoom = true;
  assertEquals(notices.tell(reaction("bob", "12"), "#12"), true);
  assertEquals(printed, ["bob reacted with 👍 to your #12"]);
});
