import { STRANGER } from "../../lib/domain/access/asker.ts";
import { redactionDraft } from "../../lib/domain/redaction.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { LocalSequencer } from "../../lib/backplane/local.ts";
import type { Author } from "../../lib/domain/author.ts";
import { DomainError } from "../../lib/domain/domain_error.ts";
import type { Room } from "../../lib/domain/room.ts";
import type { Draft, RoomEvent } from "../../lib/domain/room_event.ts";
import { RoomRegistry } from "../../lib/domain/room_registry.ts";
import { configureLog } from "../../lib/cli/log_output.ts";
import { nextTurn } from "../support/fake_clock.ts";
import { FakeMember } from "../support/fake_member.ts";
import { SeededRandom } from "../support/random.ts";
import { draftOf, numbersOf } from "../support/room_events.ts";
import { TrialLog } from "../support/trial_log.ts";

function setUp() {
  const log = new TrialLog();
  const sequencer = new LocalSequencer(log);
  const registry = new RoomRegistry({ log, sequencer });
  return { log, sequencer, registry };
}

/** Joins a room as a new member, and waits until everybody has been told. */
async function enter(registry: RoomRegistry, nickname: string, name = "lobby") {
  const member = new FakeMember(nickname);
  const room = await join(registry, member, name);
  await registry.settled();
  return { member, room };
}

async function join(registry: RoomRegistry, member: FakeMember, name = "lobby"): Promise<Room> {
  let room: Room | undefined;
  registry.attach(member);
  await registry.join(member, name, (entered) => {
    room = entered;
    room.subscribe(member);
  });
  return room!;
}

/** Leaves a room, as a session does. */
function leave(registry: RoomRegistry, member: FakeMember, room: Room, farewell?: string): void {
  room.unsubscribe(member);
  registry.leave(member, room, farewell);
}

Deno.test("RoomRegistry.join() lets a member in and tells everybody, including the newcomer", async () => {
  const { registry } = setUp();
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

Deno.test("RoomRegistry.join() stamps events with the member's origin and door", async () => {
  const { registry } = setUp();
  const { member } = await enter(registry, "ann");
  const [event] = member.events;
  assertEquals([event.origin, event.via], [member.origin, "test"]);
});

Deno.test("RoomRegistry.join() does nothing if the member is in the room", async () => {
  const { registry } = setUp();
  const { member } = await enter(registry, "ann");
  await registry.join(member, "LOBBY", () => assert(false, "entered twice"));
  await registry.settled();
  assertEquals(numbersOf(member.events), [1]);
});

Deno.test("RoomRegistry.join() calls back before anything is delivered", async () => {
  const { registry } = setUp();
  const { member: ann, room } = await enter(registry, "ann");
  const bob = new FakeMember("bob");
  registry.say(ann, room, "message", "before");
  await registry.join(bob, "lobby", (entered) => {
    assertEquals([entered.lastSeq, bob.runs.length], [1, 0]);
    entered.subscribe(bob);
  });
  await registry.settled();
  assertEquals(numbersOf(bob.events), [2, 3]);
});

Deno.test("RoomRegistry.join() lets many into a new room at once", async () => {
  const { registry, log } = setUp();
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

Deno.test("RoomRegistry delivers to large rooms last, and to others in the order of their first event", async () => {
  const { registry } = setUp();
  const crowd = Array.from({ length: 60 }, (_, index) => new FakeMember(`m${index}`));
  const rooms = await Promise.all(crowd.map((member) => join(registry, member, "crowd")));
  const { member: ann, room: pair } = await enter(registry, "ann", "pair");
  const alone = await join(registry, ann, "alone");
  await enter(registry, "bob", "pair");
  await join(registry, ann, "crowd");
  await registry.settled();
  const told = ann.events.length;
  for (const room of [rooms[0], pair, alone]) registry.say(ann, room, "message", "hello");
  await registry.settled();
  assertEquals(ann.events.slice(told).map(({ room }) => room), ["pair", "alone", "crowd"]);
});

Deno.test("RoomRegistry.join() keeps the room's first spelling", async () => {
  const { registry } = setUp();
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

Deno.test("RoomRegistry.join() fails if the past cannot be read, and works once it can", async () => {
  const { registry, log } = setUp();
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

Deno.test("RoomRegistry.join() lets nobody in who leaves while the room is opened", async () => {
  const { registry } = setUp();
  const ann = new FakeMember("ann");
  const joining = registry.join(ann, "lobby", () => {
    throw new Error("They have left");
  });
  ann.hasLeft = true;
  await joining;
  assertEquals(registry.find("lobby"), undefined);
});

Deno.test("RoomRegistry.say() delivers only what has been committed", async () => {
  const { registry, log } = setUp();
  const { member, room } = await enter(registry, "ann");
  const told: number[] = [];
  member.deliver = () => told.push(log.batches.length);
  registry.say(member, room, "message", "hello");
  assertEquals([told, log.batches.length], [[], 1]);
  await registry.settled();
  assertEquals(told, [2]);
});

Deno.test("RoomRegistry.say() keeps the order of each member's messages over all rooms", async () => {
  const { registry } = setUp();
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

Deno.test("RoomRegistry.say() throws if the member is not in the room", async () => {
  const { registry } = setUp();
  const { room } = await enter(registry, "ann");
  const error = assertThrows(
    () => registry.say(new FakeMember("bob"), room, "message", "hello"),
    DomainError,
    "You are not in #lobby. Join it with /join lobby.",
  );
  assertEquals(error.code, "not-in-room");
});

Deno.test("RoomRegistry.leave() tells the remaining members the last word, and the leaver nothing more", async () => {
  const { registry } = setUp();
  const { member: ann, room } = await enter(registry, "ann");
  const { member: bob } = await enter(registry, "bob");
  leave(registry, bob, room, "so long");
  leave(registry, bob, room, "again");
  await registry.settled();
  const last = ann.events.at(-1)!;
  assertEquals([last.seq, last.kind, last.from, last.body], [3, "part", "bob", "so long"]);
  assertEquals(numbersOf(bob.events), [2]);
});

Deno.test("RoomRegistry drops an empty room, and restores it for the next member", async () => {
  const { registry } = setUp();
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

Deno.test("RoomRegistry keeps a room that somebody joins while the last member leaves", async () => {
  const { registry } = setUp();
  const { member: ann, room } = await enter(registry, "ann");
  const bob = new FakeMember("bob");
  leave(registry, ann, room);
  const joined = join(registry, bob);
  assertEquals(await joined, room);
  await registry.settled();
  assertEquals([registry.find("lobby"), numbersOf(bob.events)], [room, [2, 3]]);
});

Deno.test("RoomRegistry tells only the author that a draft could not be stored", async () => {
  const { registry, log } = setUp();
  const { member: ann, room } = await enter(registry, "ann");
  const { member: bob } = await enter(registry, "bob");
  log.isFull = true;
  registry.say(ann, room, "message", "one");
  registry.say(ann, room, "message", "two");
  await registry.settled();
  assertEquals(ann.refusedDrafts.map(({ body }) => body), ["one", "two"]);
  assertEquals(bob.refusedDrafts, []);
  log.isFull = false;
  registry.say(ann, room, "message", "three");
  await registry.settled();
  assertEquals([ann.talk, bob.talk], [["three"], ["three"]]);
  assertEquals(bob.events.at(-1)!.seq, 3, "no number is lost");
  assertEquals(room.recent.map(({ body }) => body), ["three"]);
});

Deno.test("RoomRegistry tells refusals to every author, even if one throws", async () => {
  const { registry, log } = setUp();
  const { member: ann, room } = await enter(registry, "ann");
  const { member: bob } = await enter(registry, "bob");
  ann.refused = () => {
    throw new Error("ann is broken");
  };
  log.isFull = true;
  registry.say(ann, room, "message", "one");
  registry.say(bob, room, "message", "two");
  await registry.settled();
  assertEquals(bob.refusedDrafts.map(({ body }) => body), ["two"]);
});

Deno.test("RoomRegistry.join() during the delivery of a large batch delivers nothing twice", async () => {
  const { registry, log } = setUp();
  const { member: ann, room } = await enter(registry, "ann");
  const large = "x".repeat(40_000);
  for (let number = 0; number < 8; number++) registry.say(ann, room, "message", large);
  leave(registry, ann, room);
  // One batch is delivered in several pieces, and the room empties after the first.
  for (let turn = 0; log.batches.length < 2 && turn < 1000; turn++) await nextTurn();
  const bob = new FakeMember("bob");
  const entered = { lastSeq: 0, recent: [0] };
  await registry.join(bob, "lobby", (room) => {
    Object.assign(entered, { lastSeq: room.lastSeq, recent: numbersOf(room.recent) });
    room.subscribe(bob);
  });
  await registry.settled();
  assertEquals(entered, { lastSeq: 10, recent: [2, 3, 4, 5, 6, 7, 8, 9] });
  assertEquals(numbersOf(bob.events), [11]);
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
    const { registry, log } = setUp();
    if (seed % 2 === 0) log.hesitation = random;
    const visits: Visit[] = [];
    const joining: Promise<void>[] = [];
    const large = "x".repeat(30_000);

    const arrive = (number: number) => {
      const member = new FakeMember(`m${number}`);
      joining.push(registry.join(member, random.pick(["Tea", "tea", "milk"]), (room) => {
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
  const { registry, log } = setUp();
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
  const { registry } = setUp();
  await registry.watch(STRANGER, "lobby", () => {});
  assertEquals(registry.find("lobby"), undefined);
});

Deno.test("RoomRegistry distinguishes a room from an earlier one of the same name", async () => {
  const { registry } = setUp();
  const { member: ann, room } = await enter(registry, "ann");
  leave(registry, ann, room);
  await registry.settled();
  room.subscribe(ann); // late: the room has gone
  const { room: again } = await enter(registry, "bob");
  room.unsubscribe(ann);
  assertEquals(registry.find("lobby"), again);
});

Deno.test("RoomRegistry.post() resolves to the events once they are stored and delivered", async () => {
  const { registry } = setUp();
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
  const { registry } = setUp();
  const drafts = Array.from(
    { length: 50 },
    () => draftOf("lobby", "x".repeat(10_000), { origin: -1 }),
  );
  assertEquals(numbersOf(await registry.post(STRANGER, drafts)).length, 50);
});

Deno.test("RoomRegistry.post() rejects if nothing could be stored, and works again later", async () => {
  const { registry, log } = setUp();
  log.isFull = true;
  const drafts = [draftOf("lobby", "one", { origin: -1 }), draftOf("lobby", "two", { origin: -1 })];
  await assertRejects(() => registry.post(STRANGER, drafts), Error, "disk is full");
  log.isFull = false;
  assertEquals((await registry.post(STRANGER, drafts)).map(({ body }) => body), ["one", "two"]);
});

/** An author that records its outcomes. */
class FakeSource implements Author {
  readonly runs: (readonly RoomEvent[])[] = [];
  readonly lost: Draft[] = [];
  readonly origin: number;

  constructor(origin: number) {
    this.origin = origin;
  }

  committed(events: readonly RoomEvent[]): void {
    this.runs.push(events);
  }

  refused(drafts: readonly Draft[]): void {
    this.lost.push(...drafts);
  }

  draft(body: string, room = "log"): Draft {
    return draftOf(room, body, { kind: "log", from: `s${this.origin}`, origin: this.origin });
  }
}

Deno.test("RoomRegistry.record() tells each author its own events in order, once stored", async () => {
  const { registry } = setUp();
  const [a, b] = [new FakeSource(101), new FakeSource(102)];
  registry.attach(a);
  registry.attach(b);
  for (const body of ["a1", "a2"]) record(registry, a.draft(body));
  record(registry, b.draft("b1"));
  record(registry, a.draft("a3"));
  record(registry, a.draft("a4", "other"));
  assertEquals([a.runs, b.runs], [[], []]);
  await registry.settled();
  const heard = (source: FakeSource) => source.runs.flat().map(({ body, seq }) => `${body} ${seq}`);
  assertEquals(heard(a), ["a1 1", "a2 2", "a3 4", "a4 1"]);
  assertEquals(heard(b), ["b1 3"]);
});

Deno.test("RoomRegistry.detach() detaches only that author, not another with the same origin", async () => {
  const { registry } = setUp();
  const [a, other] = [new FakeSource(101), new FakeSource(101)];
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
  const { registry, log } = setUp();
  const source = new FakeSource(101);
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

Deno.test("RoomRegistry tells every author what became of its drafts, even if one throws", async () => {
  const { registry, log } = setUp();
  const [broken, sound] = [new FakeSource(101), new FakeSource(102)];
  broken.committed = broken.refused = () => {
    throw new Error("broken");
  };
  registry.attach(broken);
  registry.attach(sound);
  const { member } = await enter(registry, "ann", "log");
  for (const source of [broken, sound]) record(registry, source.draft("one"));
  await registry.settled();
  log.isFull = true;
  for (const source of [broken, sound]) record(registry, source.draft("two"));
  await registry.settled();
  assertEquals(sound.runs.flat().map(({ body }) => body), ["one"]);
  assertEquals(sound.lost.map(({ body }) => body), ["two"]);
  assertEquals(numbersOf(member.events), [1, 2, 3]);
});

Deno.test("RoomRegistry delivers to other rooms and authors even if one room throws", async () => {
  const { registry } = setUp();
  const lines: string[] = [];
  configureLog({ format: "text", level: "error", write: (line) => lines.push(line) });
  const { member: ann, room: tea } = await enter(registry, "ann", "tea");
  const { member: bob, room: milk } = await enter(registry, "bob", "milk");
  const source = new FakeSource(101);
  registry.attach(source);
  tea.fanOut = () => {
    throw new Error("broken room");
  };
  registry.say(ann, tea, "message", "unheard");
  registry.say(bob, milk, "message", "heard");
  record(registry, source.draft("stored", "tea"));
  await registry.settled();
  assertEquals(bob.events.at(-1)!.body, "heard");
  assertEquals(source.runs.flat().map(({ body }) => body), ["stored"]);
  assertEquals(lines.filter((line) => line.includes("broken room")).length, 1);
});

function record(registry: RoomRegistry, draft: Draft): void {
  registry.record(STRANGER, draft.room, [draft]);
}
Deno.test("RoomRegistry forgets a topic when the event that set it is redacted", async () => {
  const { registry, log } = setUp();
  const { member, room } = await enter(registry, "ann");
  registry.say(member, room, "topic", "secret");
  await registry.settled();
  assertEquals(room.topic, "secret");
  record(registry, redactionDraft({ room: "lobby", from: "mia", of: 2, why: "" }));
  await registry.settled();
  await nextTurn();
  assertEquals([room.topic, (await log.room("lobby"))!.topic], ["", ""]);
  assertEquals(room.recent.map(({ body }) => body), ["", ""]);
});
