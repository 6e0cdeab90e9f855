import { assertEquals } from "@std/assert";
import { RecentTalk } from "../../../lib/domain/rooms/recent_talk.ts";
import { eventOf, numbersOf } from "../../support/room_events.ts";

const message = (seq: number) => eventOf(seq);

Deno.test("RecentTalk.restore() keeps what the log holds of a batch half of which is published", () => {
  const recent = new RecentTalk();
  recent.add([message(17), message(18)]);
  recent.restore([15, 16, 17, 18, 19, 20].map(message));
  assertEquals(numbersOf(recent.events), [15, 16, 17, 18, 19, 20]);
});

Deno.test("RecentTalk.restore() takes everything if nothing was published meanwhile", () => {
  const recent = new RecentTalk();
  recent.restore([1, 2].map(message));
  recent.add([message(3)]);
  assertEquals(numbersOf(recent.events), [1, 2, 3]);
});
