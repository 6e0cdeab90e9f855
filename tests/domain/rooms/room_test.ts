import { assertEquals, assertStrictEquals } from "@std/assert";
import { retentionGap } from "../../../lib/domain/retention/retention_gap.ts";
import type { RoomEvent } from "../../../lib/domain/room_event.ts";
import { Room } from "../../../lib/domain/rooms/room.ts";
import type { RoomStream } from "../../../lib/domain/rooms/room_stream.ts";
import { FakeMember } from "../../support/fake_member.ts";
import { eventOf, eventsOf, numbersOf } from "../../support/room_events.ts";

function roomOf(...members: FakeMember[]): Room {
  const room = new Room("lobby");
  for (const member of members) room.subscribe(member);
  return room;
}

Deno.test("Room.fanOut() delivers the same array to all subscribers, in order of subscription", () => {
  const order: string[] = [];
  class Noting extends FakeMember {
    override deliver(room: RoomStream, events: readonly RoomEvent[]): void {
      order.push(this.nickname);
      super.deliver(room, events);
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

Deno.test("Room.fanOut() advances lastSeq before it delivers", () => {
  const room = new Room("lobby");
  const seen: number[] = [];
  const ann = new FakeMember("ann");
  ann.deliver = () => seen.push(room.lastSeq);
  room.subscribe(ann);
  room.fanOut(eventsOf(1, 3));
  room.fanOut(eventsOf(4, 4));
  assertEquals(seen, [3, 4]);
});

Deno.test("Room.fanOut() leaves out events that were restored from the log", () => {
  const ann = new FakeMember("ann");
  const room = roomOf(ann);
  room.restore({ name: "lobby", lastSeq: 5, topic: "" }, eventsOf(1, 5));
  room.fanOut(eventsOf(2, 4));
  assertEquals([room.lastSeq, ann.runs.length], [5, 0]);
  room.fanOut(eventsOf(5, 7));
  assertEquals([room.lastSeq, numbersOf(ann.events)], [7, [6, 7]]);
  assertEquals(numbersOf(room.recent), [1, 2, 3, 4, 5, 6, 7]);
});

Deno.test("Room.fanOut() is not stopped by a subscriber that throws", () => {
  const [ann, bob, cat] = ["ann", "bob", "cat"].map((name) => new FakeMember(name));
  bob.deliver = () => {
    throw new Error("bob is broken");
  };
  const room = roomOf(ann, bob, cat);
  room.fanOut(eventsOf(1, 2));
  room.fanOut(eventsOf(3, 3));
  assertEquals([numbersOf(ann.events), numbersOf(cat.events)], [[1, 2, 3], [1, 2, 3]]);
});

Deno.test("Room.recent holds the last twenty events except joins and parts", () => {
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

Deno.test("Room.topic is the last topic set, even in the middle of a run", () => {
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

Deno.test("Room.restore() takes over the log's record of the room", () => {
  const room = roomOf();
  room.restore({ name: "Lobby", lastSeq: 9, topic: "tea" }, eventsOf(7, 9));
  assertEquals([room.name, room.lastSeq, room.topic], ["Lobby", 9, "tea"]);
  assertEquals(numbersOf(room.recent), [7, 8, 9]);
});

Deno.test("Room.restore() keeps events published meanwhile", () => {
  const room = roomOf();
  room.fanOut([eventOf(9), eventOf(10, { kind: "topic", body: "" }), eventOf(11)]);
  room.restore({ name: "lobby", lastSeq: 10, topic: "old" }, eventsOf(5, 10));
  assertEquals([room.lastSeq, room.topic], [11, ""]);
  assertEquals(numbersOf(room.recent), [5, 6, 7, 8, 9, 10, 11]);
});

Deno.test("Room.recent drops events that the log no longer keeps", () => {
  const room = roomOf();
  room.fanOut(eventsOf(1, 9));
  const gap = retentionGap("lobby", { first: 1, last: 6, reasons: ["age"] }, {});
  room.fanOut([eventOf(10), { ...gap, id: 11, seq: 11, at: 0 }, eventOf(12)]);
  assertEquals(numbersOf(room.recent), [7, 8, 9, 10, 11, 12]);
});

Deno.test("Room.fanOut() delivers every log line and every join", () => {
  const ann = new FakeMember("ann");
  const room = roomOf(ann);
  for (let number = 0; number < 60; number++) room.members.add(new FakeMember(`m${number}`));
  room.fanOut([...eventsOf(1, 500, { kind: "log" }), ...eventsOf(501, 600, { kind: "join" })]);
  assertEquals(numbersOf(ann.events), numbersOf(eventsOf(1, 600)));
});

Deno.test("Room.fanOut() says where a run begins, for a subscriber that cannot take it", () => {
  const ann = new FakeMember("ann");
  const starts: number[] = [];
  ann.deliver = (_room, _events, after) => starts.push(after!);
  const room = roomOf(ann);
  room.fanOut(eventsOf(1, 3));
  room.fanOut(eventsOf(4, 4));
  assertEquals(starts, [0, 3]);
});

Deno.test("Room.isDeserted becomes true once the last subscriber and the last member have left", () => {
  const ann = new FakeMember("ann");
  let unused = 0;
  const room = new Room("lobby", () => unused++);
  assertEquals(room.isDeserted, true);
  room.members.add(ann);
  room.subscribe(ann);
  room.unsubscribe(new FakeMember("bob"));
  assertEquals([room.isDeserted, unused], [false, 0]);
  room.unsubscribe(ann);
  assertEquals([room.isDeserted, unused], [false, 1]);
  room.members.delete(ann);
  assertEquals(room.isDeserted, true);
});

Deno.test("Room.fanOut() keeps nothing for replay while nobody is behind", () => {
  const room = roomOf(new FakeMember("ann"));
  room.fanOut(eventsOf(1, 5));
  assertEquals(room.replay.after(0), undefined);
});

Deno.test("Room.fanOut() keeps the run for replay if a subscriber falls behind in it", () => {
  const ann = new FakeMember("ann");
  const room = roomOf(ann);
  ann.deliver = () => room.replay.hold();
  const events = eventsOf(1, 5);
  room.fanOut(events);
  assertStrictEquals(room.replay.after(0), events);
});

Deno.test("Room knows who set its topic, and when, as long as it has one", () => {
  const room = roomOf();
  const topicOrigin = { by: "ann", at: 1 };
  room.restore({ name: "lobby", lastSeq: 1, topic: "tea", topicOrigin }, []);
  assertEquals(room.topicOrigin, topicOrigin);
  room.fanOut([eventOf(2, { kind: "topic", from: "bob", at: 2, body: "milk" })]);
  assertEquals(room.topicOrigin, { by: "bob", at: 2 });
  room.retopic("", "milk");
  assertEquals(room.topicOrigin, undefined);
});
