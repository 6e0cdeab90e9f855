import { assert, assertEquals, assertRejects } from "@std/assert";
import { DomainError } from "../../../lib/domain/domain_error.ts";
import { nextTurn } from "../../support/fake_clock.ts";
import { FakeMember } from "../../support/fake_member.ts";
import { draftOf, numbersOf } from "../../support/room_events.ts";
import { enter, join, leave, setUpRegistry } from "../../support/rooms.ts";

Deno.test("Membership.join() lets a member in and tells everybody, including the newcomer", async () => {
  const { registry } = setUpRegistry();
  const ann = await enter(registry, "ann");
  const bob = await enter(registry, "bob");
  assertEquals(ann.room, bob.room);
  assertEquals(registry.find("lobby"), ann.room);
  assertEquals(
    ann.member.events.map(({ seq, kind, from }) => [seq, kind, from]),
    [[1, "join", "ann"], [2, "join", "bob"]],
  );
  assertEquals(numbersOf(bob.member.events), [2]);
});

Deno.test("Membership.join() stamps events with the member's origin and door", async () => {
  const { registry } = setUpRegistry();
  const { member } = await enter(registry, "ann");
  const [event] = member.events;
  assertEquals([event.origin, event.via], [member.origin, "test"]);
});

Deno.test("Membership.join() does nothing if the member is in the room", async () => {
  const { registry } = setUpRegistry();
  const { member } = await enter(registry, "ann");
  await registry.membership.join(member, "LOBBY", () => assert(false, "entered twice"));
  await registry.settled();
  assertEquals(numbersOf(member.events), [1]);
});

Deno.test("Membership.join() calls back before anything is delivered", async () => {
  const { registry } = setUpRegistry();
  const { member: ann, room } = await enter(registry, "ann");
  const bob = new FakeMember("bob");
  registry.say(ann, room, "message", "before");
  await registry.membership.join(bob, "lobby", (entered) => {
    assertEquals([entered.lastSeq, bob.runs.length], [1, 0]);
    entered.subscribe(bob);
  });
  await registry.settled();
  assertEquals(numbersOf(bob.events), [2, 3]);
});

Deno.test("Membership.join() lets many into a new room at once", async () => {
  const { registry, log } = setUpRegistry();
  await log.append([draftOf("Lobby", "long ago")]);
  log.reads.length = 0;
  const members = Array.from({ length: 10 }, (_, index) => new FakeMember(`m${index}`));
  const rooms = await Promise.all(members.map((member) => join(registry, member, "lobby")));
  await registry.settled();
  assertEquals(new Set(rooms).size, 1);
  assertEquals(log.reads.length, 1, "the past is read once for all");
  for (const { events } of members) {
    assertEquals(numbersOf(events), [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  }
});

Deno.test("Membership.join() keeps the room's first spelling", async () => {
  const { registry } = setUpRegistry();
  const { member: ann, room } = await enter(registry, "ann", "Tea-Room");
  const { member: bob } = await enter(registry, "bob", "TEA-ROOM");
  assertEquals([room.name, room.members.size], ["Tea-Room", 2]);
  assertEquals(bob.events[0].room, "Tea-Room");
  leave(registry, ann, room);
  leave(registry, bob, room);
  await registry.settled();
  const again = await enter(registry, "cat", "tea-room");
  assertEquals([again.room.name, again.member.events[0].room], ["Tea-Room", "Tea-Room"]);
});

Deno.test("Membership.join() fails if the past cannot be read, and works once it can", async () => {
  const { registry, log } = setUpRegistry();
  await log.append([draftOf("lobby", "long ago")]);
  log.isUnreadable = true;
  const ann = new FakeMember("ann");
  const both = [join(registry, ann), join(registry, new FakeMember("bob"))];
  await Promise.all(
    both.map((joined) => assertRejects(() => joined, DomainError, "The log cannot be read")),
  );
  assertEquals(registry.find("lobby"), undefined);
  log.isUnreadable = false;
  const room = await join(registry, ann);
  await registry.settled();
  assertEquals(room.recent.map(({ body }) => body), ["long ago"]);
});

Deno.test("Membership.join() lets nobody in who leaves while the room is opened", async () => {
  const { registry } = setUpRegistry();
  const ann = new FakeMember("ann");
  const joining = registry.membership.join(ann, "lobby", () => {
    throw new Error("They have left");
  });
  ann.hasLeft = true;
  await joining;
  assertEquals(registry.find("lobby"), undefined);
});

Deno.test("Membership.leave() tells the remaining members the last word, and the leaver nothing more", async () => {
  const { registry } = setUpRegistry();
  const { member: ann, room } = await enter(registry, "ann");
  const { member: bob } = await enter(registry, "bob");
  leave(registry, bob, room, "so long");
  leave(registry, bob, room, "again");
  await registry.settled();
  const last = ann.events.at(-1)!;
  assertEquals([last.seq, last.kind, last.from, last.body], [3, "part", "bob", "so long"]);
  assertEquals(numbersOf(bob.events), [2]);
});

Deno.test("Membership.leave() drops an empty room, and restores it for the next member", async () => {
  const { registry } = setUpRegistry();
  const { member: ann, room } = await enter(registry, "ann");
  registry.say(ann, room, "topic", "tea");
  for (let number = 1; number <= 30; number++) registry.say(ann, room, "message", `${number}`);
  leave(registry, ann, room);
  assertEquals(registry.find("lobby"), room, "kept until the last word is on record");
  await registry.settled();
  assertEquals([registry.find("lobby"), [...registry.open]], [undefined, []]);

  const { room: again, member: bob } = await enter(registry, "bob");
  assert(again !== room, "it is a new room");
  assertEquals([again.topic, again.lastSeq], ["tea", 34]);
  assertEquals(numbersOf(again.recent), Array.from({ length: 20 }, (_, index) => 13 + index));
  assertEquals(numbersOf(bob.events), [34]);
});

Deno.test("Membership.join() keeps a room that somebody joins while the last member leaves", async () => {
  const { registry } = setUpRegistry();
  const { member: ann, room } = await enter(registry, "ann");
  const bob = new FakeMember("bob");
  leave(registry, ann, room);
  const joined = join(registry, bob);
  assertEquals(await joined, room);
  await registry.settled();
  assertEquals([registry.find("lobby"), numbersOf(bob.events)], [room, [2, 3]]);
});

Deno.test("Membership.join() during the delivery of a large batch delivers nothing twice", async () => {
  const { registry, log } = setUpRegistry();
  const { member: ann, room } = await enter(registry, "ann");
  const large = "x".repeat(40_000);
  for (let number = 0; number < 8; number++) registry.say(ann, room, "message", large);
  leave(registry, ann, room);
  // One batch is delivered in several pieces, and the room empties after the first.
  for (let turn = 0; log.batches.length < 2 && turn < 1000; turn++) await nextTurn();
  const bob = new FakeMember("bob");
  const entered = { lastSeq: 0, recent: [0] };
  await registry.membership.join(bob, "lobby", (room) => {
    Object.assign(entered, { lastSeq: room.lastSeq, recent: numbersOf(room.recent) });
    room.subscribe(bob);
  });
  await registry.settled();
  assertEquals(entered, { lastSeq: 10, recent: [2, 3, 4, 5, 6, 7, 8, 9] });
  assertEquals(numbersOf(bob.events), [11]);
});
