import { assertEquals } from "@std/assert";
import { SayReceipts } from "../../../../lib/service/chat/speech/receipts.ts";
import { draftOf, eventOf } from "../../../support/room_events.ts";

function setUp() {
  const receipts = new SayReceipts();
  const given: string[] = [];
  const expect = (room: string, name?: string) =>
    receipts.expect(
      room,
      "message",
      name === undefined ? undefined : (room, seq) => given.push(`${name} ${room} ${seq}`),
    );
  return { receipts, given, expect };
}

Deno.test("SayReceipts.settle() gives receipts in order, room by room", () => {
  const { receipts, given, expect } = setUp();
  expect("a", "one");
  expect("b", "two");
  expect("a");
  expect("a", "three");
  assertEquals(receipts.count, 4);
  receipts.settle([eventOf(5, { room: "b", origin: 7 })]);
  receipts.settle([eventOf(1, { room: "a", origin: 7 })]);
  receipts.settle([eventOf(3, { room: "a", origin: 7 }), eventOf(4, { room: "a", origin: 7 })]);
  assertEquals(given, ["two b 5", "one a 1", "three a 4"]);
  assertEquals(receipts.count, 0);
});

Deno.test("SayReceipts.settle() counts only messages and actions", () => {
  const { receipts, given, expect } = setUp();
  receipts.expect("lobby", "topic", () => given.push("topic"));
  expect("lobby", "one");
  receipts.settle([eventOf(1, { kind: "join", origin: 7 })]);
  receipts.settle([eventOf(2, { kind: "action", origin: 7 })]);
  receipts.settle([eventOf(3, { origin: 7 })]); // no receipt is left
  assertEquals(given, ["one lobby 2"]);
});

Deno.test("SayReceipts.refuse() gives receipts with the reason, and returns drafts without a receipt", () => {
  const { receipts, given, expect } = setUp();
  expect("lobby", "one");
  expect("lobby");
  const unasked = [draftOf("lobby", "two"), draftOf("lobby", "", { kind: "join" })];
  assertEquals(receipts.refuse([draftOf("lobby", "one"), ...unasked], new Error("full")), unasked);
  assertEquals(given, ["one lobby Error: full"]);
});
