import { STRANGER } from "../../../lib/domain/asker.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DomainError } from "../../../lib/domain/domain_error.ts";
import type { Room } from "../../../lib/domain/rooms/room.ts";
import { FakeAuthor, record } from "../../support/fake_author.ts";
import { nextTurn } from "../../support/fake_clock.ts";
import { FakeMember } from "../../support/fake_member.ts";
import { SeededRandom } from "../../support/random.ts";
import { draftOf, numbersOf } from "../../support/room_events.ts";
import { enter, join, leave, setUpRegistry } from "../../support/rooms.ts";

Deno.test("RoomRegistry.say() delivers only what has been committed", async () => {
  const { registry, log } = setUpRegistry();
  const { member, room } = await enter(registry, "ann");
  const told: number[] = [];
  member.deliver = () => told.push(log.batches.length);
  registry.say(member, room, "message", "hello");
  assertEquals([told, log.batches.length], [[], 1]);
  await registry.settled();
  assertEquals(told, [2]);
});

Deno.test("RoomRegistry.say() keeps the order of each member's messages over all rooms", async () => {
  const { registry } = setUpRegistry();
  const { member: ann, room: lobby } = await enter(registry, "ann");
  const bob = new FakeMember("bob");
  await join(registry, bob);
  const tea = await join(registry, bob, "tea");
  for (let number = 0; number < 5; number++) {
    registry.say(ann, lobby, "message", `a${number}`);
    registry.say(bob, tea, "message", `t${number}`);
    registry.say(bob, lobby, "message", `b${number}`);
  }
  await registry.settled();
  assertEquals(ann.talk, ["a0", "b0", "a1", "b1", "a2", "b2", "a3", "b3", "a4", "b4"]);
  assertEquals(bob.talk.filter((body) => body[0] === "t"), ["t0", "t1", "t2", "t3", "t4"]);
});

Deno.test("RoomRegistry.join() creates no room that URLs cannot name", async () => {
  const { registry } = setUpRegistry();
  const ann = new FakeMember("ann");
  for (const name of [".", ".."]) {
    const error = await assertRejects(() => join(registry, ann, name), DomainError);
    assertEquals(error.code, "bad-name");
    assertEquals(registry.find(name), undefined);
  }
});

Deno.test("RoomRegistry.join() enters a room called . that has a past", async () => {
  const { registry } = setUpRegistry();
  record(registry, draftOf("."));
  await registry.settled();
  const room = await join(registry, new FakeMember("ann"), ".");
  assertEquals(room.name, ".");
});

Deno.test("RoomRegistry.say() throws if the member is not in the room", async () => {
  const { registry } = setUpRegistry();
  const { room } = await enter(registry, "ann");
  const error = assertThrows(
    () => registry.say(new FakeMember("bob"), room, "message", "hello"),
    DomainError,
    "You are not in #lobby. Join it with /join lobby.",
  );
  assertEquals(error.code, "not-in-room");
});

/** One member's stay in a room. */
interface Visit {
  readonly member: FakeMember;
  readonly room: Room;
  readonly enteredAt: number;
  readonly recent: readonly number[];
  leftAt?: number;
}

for (const seed of [1, 2, 3, 4, 5, 6]) {
  Deno.test(`RoomRegistry loses and repeats nothing while members join, talk and leave (seed ${seed})`, async () => {
    const random = new SeededRandom(seed);
    const { registry, log } = setUpRegistry();
    if (seed % 2 === 0) log.hesitation = random;
    const visits: Visit[] = [];
    const joining: Promise<void>[] = [];
    const large = "x".repeat(30_000);

    const arrive = (number: number) => {
      const member = new FakeMember(`m${number}`);
      joining.push(registry.membership.join(member, random.pick(["Tea", "tea", "milk"]), (room) => {
        room.subscribe(member);
        visits.push({
          member,
          room,
          enteredAt: room.lastSeq,
          recent: numbersOf(room.recent),
        });
      }));
    };
    const act = (step: number) => {
      const here = visits.filter(({ leftAt }) => leftAt === undefined);
      const what = random.int(10);
      if (here.length === 0 || (what < 2 && here.length < 12)) return arrive(step);
      const visit = random.pick(here);
      const { member, room } = visit;
      if (what < 4) {
        leave(registry, member, room);
        visit.leftAt = room.lastSeq;
      } else {
        registry.say(member, room, "message", random.int(4) === 0 ? large : `${step}`);
      }
    };
    for (let step = 0; step < 600; step++) {
      act(step);
      const pause = random.int(6);
      if (pause === 0) await nextTurn();
      else if (pause === 1) await Promise.resolve();
    }
    await Promise.all(joining);
    await registry.settled();

    assert(visits.length > 50, `only ${visits.length} visits`);
    for (const { member, room, enteredAt, recent, leftAt } of visits) {
      const record = (await log.room(room.name))!;
      const told = numbersOf(member.events);
      const last = leftAt ?? record.lastSeq;
      const expected = Array.from({ length: last - enteredAt }, (_, i) => enteredAt + 1 + i);
      assertEquals(told, expected, `${member.nickname} in ${room.name}`);
      const past = (await log.read(room.name, 0, enteredAt))
        .filter(({ kind }) => kind === "message");
      assertEquals(recent, numbersOf(past.slice(-20)), `${member.nickname} in ${room.name}`);
    }
  });
}

Deno.test("RoomRegistry.watch() delivers every event to a subscriber that is not in the room", async () => {
  const { registry, log } = setUpRegistry();
  await log.append([draftOf("Lobby", "before")]);
  const watcher = new FakeMember("watcher");
  let room: Room | undefined;
  await registry.watch(STRANGER, "lobby", (opened) => {
    room = opened;
    room.subscribe(watcher);
  });
  assertEquals([room!.name, room!.lastSeq], ["Lobby", 1]);
  const { member } = await enter(registry, "ann");
  registry.say(member, room!, "message", "hello");
  await registry.settled();
  assertEquals(watcher.events.map(({ seq, body }) => [seq, body]), [[2, ""], [3, "hello"]]);
  assertEquals(room!.members.size, 1);
  leave(registry, member, room!);
  await registry.settled();
  assertEquals(numbersOf(watcher.events), [2, 3, 4]);
  assertEquals(registry.find("lobby"), room); // kept for the watcher
  room!.unsubscribe(watcher);
  assertEquals(registry.find("lobby"), undefined);
});

Deno.test("RoomRegistry.watch() keeps no room open without a subscriber", async () => {
  const { registry } = setUpRegistry();
  await registry.watch(STRANGER, "lobby", () => {});
  assertEquals(registry.find("lobby"), undefined);
});

Deno.test("RoomRegistry distinguishes a room from an earlier one of the same name", async () => {
  const { registry } = setUpRegistry();
  const { member: ann, room } = await enter(registry, "ann");
  leave(registry, ann, room);
  await registry.settled();
  room.subscribe(ann); // late: the room has gone
  const { room: again } = await enter(registry, "bob");
  room.unsubscribe(ann);
  assertEquals(registry.find("lobby"), again);
});

Deno.test("RoomRegistry.post() resolves to the events once they are stored and delivered", async () => {
  const { registry } = setUpRegistry();
  const { member } = await enter(registry, "ann");
  const posted = registry.post(STRANGER, [
    draftOf("lobby", "one", { origin: -1 }),
    draftOf("elsewhere", "two", { origin: -1 }),
  ]);
  const other = registry.post(STRANGER, [draftOf("lobby", "three", { origin: -2 })]);
  assertEquals((await posted).map(({ room, seq, body }) => [room, seq, body]), [
    ["lobby", 2, "one"],
    ["elsewhere", 1, "two"],
  ]);
  assertEquals((await other).map(({ seq }) => seq), [3]);
  assertEquals(member.talk, ["one", "three"]);
});

Deno.test("RoomRegistry.post() resolves for a batch that is delivered in pieces", async () => {
  const { registry } = setUpRegistry();
  const drafts = Array.from(
    { length: 50 },
    () => draftOf("lobby", "x".repeat(10_000), { origin: -1 }),
  );
  assertEquals(numbersOf(await registry.post(STRANGER, drafts)).length, 50);
});

Deno.test("RoomRegistry.post() rejects if nothing could be stored, and works again later", async () => {
  const { registry, log } = setUpRegistry();
  log.isFull = true;
  const drafts = [draftOf("lobby", "one", { origin: -1 }), draftOf("lobby", "two", { origin: -1 })];
  await assertRejects(() => registry.post(STRANGER, drafts), Error, "disk is full");
  log.isFull = false;
  assertEquals((await registry.post(STRANGER, drafts)).map(({ body }) => body), ["one", "two"]);
});

Deno.test("RoomRegistry.record() tells each author its own events in order, once stored", async () => {
  const { registry } = setUpRegistry();
  const [a, b] = [new FakeAuthor(101), new FakeAuthor(102)];
  registry.attach(a);
  registry.attach(b);
  for (const body of ["a1", "a2"]) record(registry, a.draft(body));
  record(registry, b.draft("b1"));
  record(registry, a.draft("a3"));
  record(registry, a.draft("a4", "other"));
  assertEquals([a.runs, b.runs], [[], []]);
  await registry.settled();
  const heard = (source: FakeAuthor) => source.runs.flat().map(({ body, seq }) => `${body} ${seq}`);
  assertEquals(heard(a), ["a1 1", "a2 2", "a3 4", "a4 1"]);
  assertEquals(heard(b), ["b1 3"]);
});

Deno.test("RoomRegistry.detach() detaches only that author, not another with the same origin", async () => {
  const { registry } = setUpRegistry();
  const [a, other] = [new FakeAuthor(101), new FakeAuthor(101)];
  registry.attach(a);
  registry.detach(other);
  record(registry, a.draft("a1"));
  await registry.settled();
  registry.detach(a);
  record(registry, a.draft("a2"));
  await registry.settled();
  assertEquals(a.runs.flat().map(({ body }) => body), ["a1"]);
});

Deno.test("RoomRegistry.recordLoss() records losses as soon as anything can be stored", async () => {
  const { registry, log } = setUpRegistry();
  const source = new FakeAuthor(101);
  registry.attach(source);
  const loss = { room: "log", source: "s101", reason: "cut", lines: 1, bytes: 7 } as const;
  log.isFull = true;
  record(registry, source.draft("one"));
  registry.recordLoss(loss);
  await registry.settled();
  record(registry, source.draft("two"));
  registry.recordLoss(loss);
  await registry.settled();
  assertEquals(source.lost.map(({ body }) => body), ["one", "two"]);
  log.isFull = false;
  record(registry, source.draft("three", "other"));
  await registry.settled();
  await registry.settled();
  assertEquals((await log.read("log", 0, 10)).map(({ kind, body }) => `${kind}: ${body}`), [
    "gap: 2 lines from s101 could not be stored, and were lost",
    "gap: 2 lines from s101 were too long: 14 bytes were cut off",
  ]);
});
