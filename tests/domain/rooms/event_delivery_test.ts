import { redactionDraft } from "../../../lib/domain/redaction.ts";
import { assertEquals } from "@std/assert";
import { FakeAuthor, record } from "../../support/fake_author.ts";
import { nextTurn } from "../../support/fake_clock.ts";
import { FakeMember } from "../../support/fake_member.ts";
import { RecordedLog } from "../../support/recorded_log.ts";
import { numbersOf } from "../../support/room_events.ts";
import { enter, join, setUpRegistry } from "../../support/rooms.ts";

Deno.test("EventDelivery delivers to large rooms last, and to others in the order of their first event", async () => {
  const { registry } = setUpRegistry();
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

Deno.test("EventDelivery tells only the author that a draft could not be stored", async () => {
  const { registry, log } = setUpRegistry();
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

Deno.test("EventDelivery tells refusals to every author, even if one throws", async () => {
  const { registry, log } = setUpRegistry();
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

Deno.test("EventDelivery tells every author what became of its drafts, even if one throws", async () => {
  const { registry, log } = setUpRegistry();
  const [broken, sound] = [new FakeAuthor(101), new FakeAuthor(102)];
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

Deno.test("EventDelivery delivers to other rooms and authors even if one room throws", async () => {
  const { registry } = setUpRegistry();
  using recorded = new RecordedLog("error");
  const { lines } = recorded;
  const { member: ann, room: tea } = await enter(registry, "ann", "tea");
  const { member: bob, room: milk } = await enter(registry, "bob", "milk");
  const source = new FakeAuthor(101);
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

Deno.test("EventDelivery forgets a topic when the event that set it is redacted", async () => {
  const { registry, log } = setUpRegistry();
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
