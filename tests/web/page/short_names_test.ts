import { assert, assertEquals } from "@std/assert";
import { ClientState } from "../../../lib/web/page/client_state.ts";
import { parsePreferences } from "../../../lib/web/page/preferences.ts";
import { PrivateConversation } from "../../../lib/web/page/private_conversation.ts";
import { copyRooms } from "../../../lib/web/page/room_copy.ts";
import { RoomState } from "../../../lib/web/page/room_state.ts";
import { shortNames } from "../../../lib/web/page/short_names.ts";

function* keysOf(value: unknown): Iterable<string> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) yield key;
    yield* keysOf(inner);
  }
}

Deno.test("shortNames() leaves out the names in what the page stores and sends", async () => {
  const event = { id: 1, room: "ops", seq: 1, at: "", kind: "message", from: "ann", body: "hi" };
  const unsent = { room: "ops", body: "hi", kind: "message", from: "ann", after: 1 } as const;
  const state = new ClientState({
    name: "ann",
    session: "s",
    rooms: [{ room: "ops", read: 1 }],
    unsent: [unsent, { ...unsent, seq: 2, reply: 1 }],
    isGuarded: true,
  });
  const room = new RoomState("ops");
  room.restore({ room: "ops", topic: "", lastSeq: 1, events: [event as never] });
  const person = new PrivateConversation("bob", {
    history: () => Promise.reject(new Error("There is none")),
    onChange: () => {},
  });
  person.receive({ from: "bob", at: "", body: "psst" });
  const copies = copyRooms([room]);
  assertEquals([copies.length, person.saved.lines.length], [1, 1]);
  const stored = [state.remembered, state.hello(), parsePreferences(null), person.saved, copies];
  const names = new Set(await shortNames());
  assert(names.has("goToNewest"));
  assertEquals([...keysOf(stored)].filter((key) => names.has(key)), []);
});
