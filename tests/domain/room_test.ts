import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { retentionGap } from "../../lib/domain/retention_gap.ts";
import { Room } from "../../lib/domain/room.ts";
import type { RoomEvent } from "../../lib/domain/room_event.ts";
import { FakeMember } from "../support/fake_member.ts";
import { eventOf, eventsOf, numbersOf } from "../support/room_events.ts";

function roomOf(...members: FakeMember[]): Room {
  const room = new Room("lobby");
  for (const member of members) room.members.add(member);
  return room;
}

function crowd(count: number): FakeMember[] {
  return Array.from({ length: count }, (_, index) => new FakeMember(`m${index}`));
}

Deno.test("Room.fanOut() delivers one and the same array to all members, in the order of entry", () => {
  const order: string[] = [];
  class Noting extends FakeMember {
    override deliver(events: readonly RoomEvent[]): void {
      order.push(this.nickname);
      super.deliver(events);
    }
  }
  const members = ["ann", "bob", "cat"].map((name) => new Noting(name));
  const events = eventsOf(1, 3);
  roomOf(...members).fanOut(events);
  assertEquals(order, ["ann", "bob", "cat"]);
  for (const { runs } of members) {
    assertEquals(runs.length, 1);
    assertStrictEquals(runs[0], events);
  }
});

Deno.test("Room.fanOut() moves lastSeq on before anybody is told", () => {
  const room = new Room("lobby");
  const seen: number[] = [];
  const ann = new FakeMember("ann");
  ann.deliver = () => seen.push(room.lastSeq);
  room.members.add(ann);
  room.fanOut(eventsOf(1, 3));
  room.fanOut(eventsOf(4, 4));
  assertEquals(seen, [3, 4]);
});

Deno.test("Room.fanOut() tells nothing twice: what was restored from the log is left out", () => {
  const ann = new FakeMember("ann");
  const room = roomOf(ann);
  room.restore({ name: "lobby", lastSeq: 5, topic: "" }, eventsOf(1, 5));
  room.fanOut(eventsOf(2, 4));
  assertEquals([room.lastSeq, ann.runs.length], [5, 0]);
  room.fanOut(eventsOf(5, 7));
  assertEquals([room.lastSeq, numbersOf(ann.events)], [7, [6, 7]]);
  assertEquals(numbersOf(room.recent), [1, 2, 3, 4, 5, 6, 7]);
});

Deno.test("Room.fanOut() is not stopped by a member that throws", () => {
  const [ann, bob, cat] = ["ann", "bob", "cat"].map((name) => new FakeMember(name));
  bob.deliver = () => {
    throw new Error("bob is broken");
  };
  const room = roomOf(ann, bob, cat);
  room.fanOut(eventsOf(1, 2));
  room.fanOut(eventsOf(3, 3));
  assertEquals([numbersOf(ann.events), numbersOf(cat.events)], [[1, 2, 3], [1, 2, 3]]);
});

Deno.test("Room.tellCrowd() is not stopped by a member that throws", () => {
  const [ann, bob] = ["ann", "bob"].map((name) => new FakeMember(name));
  ann.deliverCrowd = () => {
    throw new Error("ann is broken");
  };
  roomOf(ann, bob).tellCrowd(3, 1);
  assertEquals(bob.crowds, ["lobby +3 -1"]);
});

Deno.test("Room.recent holds the last twenty events but joins and parts", () => {
  const room = roomOf();
  room.fanOut([eventOf(1, { kind: "join" }), eventOf(2), eventOf(3, { kind: "part" })]);
  assertEquals(numbersOf(room.recent), [2]);
  for (let seq = 4; seq <= 40; seq++) {
    room.fanOut([eventOf(seq, { kind: seq % 2 ? "join" : "action" })]);
  }
  assertEquals(numbersOf(room.recent), [2, ...Array.from({ length: 19 }, (_, i) => 4 + 2 * i)]);
  room.fanOut(eventsOf(41, 90));
  assertEquals(numbersOf(room.recent), numbersOf(eventsOf(71, 90)));
});

Deno.test("Room.topic is what was set last, also in the middle of a run", () => {
  const room = roomOf();
  assertEquals(room.topic, "");
  room.fanOut([
    eventOf(1, { kind: "topic", body: "tea" }),
    eventOf(2),
    eventOf(3, { kind: "topic", body: "coffee" }),
    eventOf(4),
  ]);
  assertEquals(room.topic, "coffee");
  room.fanOut([eventOf(5, { kind: "topic", body: "" })]);
  assertEquals(room.topic, "");
});

Deno.test("Room.restore() takes over what the log knows", () => {
  const room = roomOf();
  room.restore({ name: "Lobby", lastSeq: 9, topic: "tea" }, eventsOf(7, 9));
  assertEquals([room.name, room.lastSeq, room.topic], ["Lobby", 9, "tea"]);
  assertEquals(numbersOf(room.recent), [7, 8, 9]);
});

Deno.test("Room.restore() lets what was told meanwhile win", () => {
  const room = roomOf();
  room.fanOut([eventOf(9), eventOf(10, { kind: "topic", body: "" }), eventOf(11)]);
  room.restore({ name: "lobby", lastSeq: 10, topic: "old" }, eventsOf(5, 10));
  assertEquals([room.lastSeq, room.topic], [11, ""]);
  assertEquals(numbersOf(room.recent), [5, 6, 7, 8, 9, 10, 11]);
});

Deno.test("Room.recent has nothing that the log does not keep any more", () => {
  const room = roomOf();
  room.fanOut(eventsOf(1, 9));
  const gap = retentionGap("lobby", { first: 1, last: 6, reasons: ["age"] }, {});
  room.fanOut([eventOf(10), { ...gap, id: 11, seq: 11, at: 0 }, eventOf(12)]);
  assertEquals(numbersOf(room.recent), [7, 8, 9, 10, 11, 12]);
});

Deno.test("Room.fanOut() names arrivals in a room of fifty", () => {
  const members = crowd(50);
  const events = [eventOf(1, { kind: "join" }), eventOf(2, { kind: "part" }), eventOf(3)];
  const telling = roomOf(...members).fanOut(events);
  assertEquals([telling.joined, telling.left], [0, 0]);
  assertEquals(numbersOf(members[49].events), [1, 2, 3]);
});

Deno.test("Room.fanOut() counts arrivals in a crowd", () => {
  const members = crowd(51);
  const room = roomOf(...members);
  const { joined, left } = room.fanOut([
    eventOf(1, { kind: "join" }),
    eventOf(2),
    eventOf(3, { kind: "join" }),
    eventOf(4, { kind: "part" }),
  ]);
  assertEquals([joined, left], [2, 1]);
  for (const member of members) assertEquals(numbersOf(member.events), [2]);
  assertEquals(room.lastSeq, 4);
});

Deno.test("Room.fanOut() delivers nothing where a crowd's run has arrivals only", () => {
  const members = crowd(51);
  const room = roomOf(...members);
  assertEquals(room.fanOut(eventsOf(1, 5, { kind: "join" })).joined, 5);
  assert(members.every(({ runs }) => runs.length === 0));
  assertEquals(room.lastSeq, 5);
});

Deno.test("Room.fanOut() leaves nothing in the tail where nobody is behind", () => {
  const room = roomOf(new FakeMember("ann"));
  room.fanOut(eventsOf(1, 5));
  assertEquals(room.tail.after(0), undefined);
});

Deno.test("Room.fanOut() keeps the run in the tail for a member that falls behind in it", () => {
  const ann = new FakeMember("ann");
  const room = roomOf(ann);
  ann.deliver = () => room.tail.hold();
  const events = eventsOf(1, 5);
  room.fanOut(events);
  assertStrictEquals(room.tail.after(0), events);
});
