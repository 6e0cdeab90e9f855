import { assertEquals, assertStrictEquals } from "@std/assert";
import { Room } from "../../../../lib/domain/rooms/room.ts";
import { RoomDigests } from "../../../../lib/service/chat/digest/room_digest.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { FakeMember } from "../../../support/fake_member.ts";
import { HELD } from "../../../support/floods.ts";
import { eventOf, eventsOf, numbersOf } from "../../../support/room_events.ts";

/** A room with `people` members, its digest, and a reader of the digest. */
function setUp(people = 1) {
  const clock = new FakeClock();
  const digests = new RoomDigests(clock, HELD);
  const room = new Room("lobby");
  for (let number = 0; number < people; number++) room.members.add(new FakeMember(`m${number}`));
  const read = (nickname: string) => {
    const reader = new FakeMember(nickname);
    const digest = digests.open(room);
    digest.subscribe(reader);
    digest.crowdListeners.add(reader);
    return reader;
  };
  const ann = read("ann");
  return { clock, digests, room, ann, read, digest: digests.find(room)! };
}

const linesOf = (first: number, last: number, at = 0) => eventsOf(first, last, { kind: "log", at });

Deno.test("RoomDigest publishes the room's own array if there is nothing to digest", () => {
  const { room, ann, read, digest } = setUp();
  const bob = read("bob");
  const events = eventsOf(1, 3);
  room.fanOut(events);
  assertStrictEquals(ann.runs[0], events);
  assertStrictEquals(bob.runs[0], events);
  assertEquals([digest.lastSeq, digest.name, digest.topic], [3, "lobby", ""]);
});

Deno.test("RoomDigest publishes log lines a little later, a flood of them as one", async () => {
  const { clock, room, ann, read, digest } = setUp();
  const bob = read("bob");
  room.fanOut(linesOf(1, 1));
  assertEquals([ann.events, digest.lastSeq, room.lastSeq], [[], 0, 1]);
  await clock.advance(250);
  assertEquals(numbersOf(ann.events), [1]);
  room.fanOut(linesOf(2, 1205, 300));
  await clock.advance(750);
  assertEquals([numbersOf(ann.events), digest.lastSeq], [[1], 1]);
  await clock.advance(250);
  assertEquals(ann.events[1].body, "... 1,204 lines, #2-#1205");
  assertStrictEquals(ann.runs[1], bob.runs[1]);
  assertEquals([digest.lastSeq, digest.recent.map(({ seq }) => seq)], [1205, [1, 1205]]);
});

Deno.test("RoomDigest publishes messages at once, after the log lines before them", () => {
  const { room, ann } = setUp();
  room.fanOut(linesOf(1, 1));
  room.fanOut([eventOf(2)]);
  assertEquals(numbersOf(ann.events), [1, 2]);
});

Deno.test("RoomDigests.open() publishes held log lines first, so that new readers begin after them", () => {
  const { digests, room, ann, digest } = setUp();
  room.fanOut(linesOf(1, 3));
  assertEquals(ann.events, []);
  assertEquals(digests.open(room), digest);
  assertEquals([numbersOf(ann.events), digest.lastSeq], [[1, 2, 3], 3]);
  assertEquals(numbersOf(digest.recent), [1, 2, 3]);
});

Deno.test("RoomDigest begins at the room's last event, with the room's recent past", () => {
  const room = new Room("lobby");
  room.fanOut(eventsOf(1, 4));
  const digest = new RoomDigests(new FakeClock(), HELD).open(room);
  assertEquals([digest.lastSeq, numbersOf(digest.recent)], [4, [1, 2, 3, 4]]);
});

Deno.test("RoomDigest unsubscribes from the room and cancels its timers with its last reader", async () => {
  let unused = 0;
  const clock = new FakeClock();
  const digests = new RoomDigests(clock, HELD);
  const room = new Room("lobby", () => unused++);
  const digest = digests.open(room);
  const [ann, bob] = [new FakeMember("ann"), new FakeMember("bob")];
  for (const reader of [ann, bob]) digest.subscribe(reader);
  room.fanOut(linesOf(1, 3));
  digest.unsubscribe(ann);
  assertEquals([digests.find(room), unused], [digest, 0]);
  digest.unsubscribe(bob);
  assertEquals([digests.find(room), room.hasSubscribers, unused], [undefined, false, 1]);
  await clock.advance(5000);
  assertEquals([ann.runs, bob.runs, digest.lastSeq], [[], [], 0]);
});

Deno.test("RoomDigest names joins in a room of fifty", () => {
  const { room, ann } = setUp(50);
  room.fanOut([eventOf(1, { kind: "join" }), eventOf(2, { kind: "part" }), eventOf(3)]);
  assertEquals(numbersOf(ann.events), [1, 2, 3]);
});

Deno.test("RoomDigest counts joins and parts in a crowd, and announces the counts once a second", async () => {
  const { clock, room, ann, read, digest } = setUp(51);
  const bob = read("bob");
  room.fanOut([
    eventOf(1, { kind: "join" }),
    eventOf(2),
    eventOf(3, { kind: "join" }),
    eventOf(4, { kind: "part" }),
  ]);
  assertEquals([numbersOf(ann.events), digest.lastSeq], [[2], 4]);
  assertStrictEquals(ann.runs[0], bob.runs[0]);
  await clock.advance(500);
  room.fanOut([...eventsOf(5, 9, { kind: "join" })]);
  assertEquals([ann.runs.length, ann.crowds, digest.lastSeq], [1, [], 9]);
  await clock.advance(500);
  assertEquals([ann.crowds, bob.crowds], [["lobby +7 -1"], ["lobby +7 -1"]]);
  await clock.advance(5000);
  assertEquals(ann.crowds.length, 1);
});

Deno.test("RoomDigest.tell() returns the same array of a run to all later readers", () => {
  const { room, ann, digest } = setUp(51);
  const events = [eventOf(1, { kind: "join" }), eventOf(2)];
  digest.replay.hold();
  room.fanOut(events);
  const run = digest.replay.after(0)!;
  assertEquals(numbersOf(run), [1, 2]);
  assertStrictEquals(digest.tell(run).events, ann.runs[0]);
  assertEquals(digest.tell(run), { events: ann.runs[0], joined: 1, left: 0 });
});

Deno.test("RoomDigest announces the counts to everybody, even if one throws", async () => {
  const { clock, room, ann, read } = setUp(51);
  const bob = read("bob");
  ann.takeCrowd = () => {
    throw new Error("ann is broken");
  };
  room.fanOut(eventsOf(1, 3, { kind: "join" }));
  await clock.advance(1000);
  assertEquals(bob.crowds, ["lobby +3 -0"]);
});

Deno.test("RoomDigest leaves raw readers of the room every event", () => {
  const { room, ann } = setUp(60);
  const raw = new FakeMember("raw");
  room.subscribe(raw);
  room.fanOut([...linesOf(1, 500), ...eventsOf(501, 560, { kind: "join" })]);
  assertEquals(numbersOf(raw.events), numbersOf(eventsOf(1, 560)));
  assertEquals(ann.events.map(({ body }) => body), ["... 500 lines, #1-#500"]);
});
