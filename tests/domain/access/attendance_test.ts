/** Rooms that nobody owns: who came first keeps order, and what they set passes with the people. */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { AccessControl } from "../../../lib/domain/access/access_control.ts";
import { Attendees } from "../../../lib/domain/access/attendance.ts";
import type { Act } from "../../../lib/domain/access/room_act.ts";
import type { Asker } from "../../../lib/domain/asker.ts";
import { DomainError } from "../../../lib/domain/domain_error.ts";
import type { Member } from "../../../lib/domain/rooms/room_stream.ts";
import { ModerationScene } from "../../support/moderation_scene.ts";

/** People in rooms of a scene. */
class Scene extends ModerationScene {
  #lastOrigin = 0;

  guest(nickname: string, more: Partial<Asker> = {}): Member {
    return { nickname, via: "test", origin: ++this.#lastOrigin, ...more };
  }

  async enter(member: Member, room: string): Promise<Member> {
    await this.registry.membership.join(member, room, () => {});
    return member;
  }

  leave(member: Member, room: string): void {
    this.registry.membership.leave(member, this.registry.find(room)!);
  }

  may(asker: Asker, room: string, act: Act): boolean {
    const members = this.registry.find(room)?.members;
    const isMember = members?.has(asker as Member) ?? false;
    return !this.access.refusal(asker, room, act, { isMember, members: members?.size });
  }
}

async function refusalOf(act: Promise<unknown>): Promise<string> {
  return (await assertRejects(() => act, DomainError)).message;
}

Deno.test("The first to enter a room that nobody owns keeps order in it until leaving", async () => {
  const scene = new Scene();
  const ann = await scene.enter(scene.guest("ann"), "tea");
  const bob = await scene.enter(scene.guest("bob"), "tea");
  assert(scene.may(ann, "TEA", "own"));
  assert(!scene.may(bob, "tea", "moderate"));
  assertEquals(
    await refusalOf(scene.moderation.sanctions.kick(bob, "tea", { name: "eve" }, "")),
    "Only moderators of #tea can do that. Ask ann.",
  );
  scene.leave(ann, "tea");
  await scene.enter(ann, "tea");
  // Nobody has the power now, as on IRC, until nobody is there.
  assert(!scene.may(ann, "tea", "moderate") && !scene.may(bob, "tea", "moderate"));
  scene.leave(ann, "tea");
  scene.leave(bob, "tea");
  await scene.enter(bob, "tea");
  assert(scene.may(bob, "tea", "moderate"));
});

Deno.test("Nobody keeps order by coming first in common, owned, private and settled rooms", async () => {
  const scene = new Scene();
  await scene.owner("olga", "ops");
  const root = scene.person("root", true);
  await scene.moderation.settings.switch(root, "settled", "moderated", true);
  await scene.moderation.sanctions.ban(root, "banned", { target: { name: "eve" }, reason: "" });
  for (const room of ["lobby", "log", "ops", "settled", "banned"]) {
    const ann = await scene.enter(scene.guest("ann"), room);
    assertEquals(scene.may(ann, room, "moderate"), room === "banned", room);
  }
});

Deno.test("What is set in a room that nobody owns passes when everybody has left", async () => {
  const scene = new Scene();
  const { moderation, access } = scene;
  const ann = await scene.enter(scene.guest("ann"), "tea");
  const bob = await scene.enter(scene.guest("bob"), "tea");
  await moderation.settings.switch(ann, "tea", "private", true);
  await moderation.sanctions.ban(ann, "tea", { target: { name: "eve*!*@*" }, reason: "" });
  await moderation.settings.setKey(ann, "tea", "sesame");
  assertEquals(access.rules("tea")?.isTemporary, true);
  // Those who are there stay and read, others do not.
  assert(scene.may(bob, "tea", "read") && scene.may(bob, "tea", "speak"));
  assert(!scene.may(scene.guest("zoe"), "tea", "read"));
  assert(!scene.may(scene.guest("zoe"), "tea", "see"));
  // Logs and alerts are the operators' own.
  assert(scene.may({ nickname: "web1", capacity: "log" }, "tea", "log"));
  assert(scene.may({ nickname: "", capacity: "alert" }, "tea", "read"));
  const told: string[] = [];
  access.onChange((room) => told.push(room));
  scene.leave(ann, "tea");
  assert(!scene.may(scene.guest("zoe"), "tea", "join"));
  scene.leave(bob, "tea");
  assertEquals(access.rules("tea"), undefined);
  assertEquals(told, ["tea"]);
  assert(scene.may(scene.guest("eve"), "tea", "join"));
  // Nothing of it was stored but the record.
  assertEquals((await scene.state.all("access")).size, 0);
  const acts = (await scene.record()).map(({ body }) => body);
  assertEquals(acts[1], "ann banned eve*!*@* from #tea.");
});

Deno.test("Registering a room makes its settings permanent", async () => {
  const scene = new Scene();
  const ann = await scene.enter(scene.guest("ann", { account: "ann" }), "tea");
  await scene.moderation.settings.setLimit(ann, "tea", 5);
  await scene.moderation.ownership.register(ann, "tea");
  assertEquals(scene.access.attendance.in("tea")?.has(ann, "moderator"), false);
  scene.leave(ann, "tea");
  const { limit, roles, isTemporary } = scene.access.rules("tea")!;
  assertEquals([limit, [...roles], isTemporary], [5, [["ann", "owner"]], undefined]);
  assertEquals((await scene.state.all("access")).size, 1);
});

Deno.test("What an operator of the server settles stays, and only operators change it", async () => {
  const scene = new Scene();
  const { moderation, access } = scene;
  const root = scene.person("root", true);
  const ann = await scene.enter(scene.guest("ann"), "tea");
  await moderation.settings.switch(ann, "tea", "hidden", true);
  await moderation.sanctions.ban(root, "tea", { target: { name: "eve" }, reason: "" });
  await moderation.settings.switch(root, "tea", "topic-lock", true);
  await moderation.settings.setKey(root, "tea", "sesame");
  const settled =
    "An operator of the server has set that for #tea, and only operators can change it.";
  assertEquals(await refusalOf(moderation.sanctions.unban(ann, "tea", { name: "eve" })), settled);
  assertEquals(
    await refusalOf(moderation.settings.switch(ann, "tea", "topic-lock", false)),
    settled,
  );
  assertEquals(await refusalOf(moderation.settings.setKey(ann, "tea", undefined)), settled);
  // Those that the operator did not touch are hers.
  await moderation.settings.switch(ann, "tea", "moderated", true);
  await moderation.settings.switch(root, "tea", "moderated", false);
  scene.leave(ann, "tea");
  const { isHidden, isModerated, hasTopicLock, key, bans } = access.rules("tea")!;
  assertEquals([isHidden, isModerated, hasTopicLock, key], [false, false, true, "sesame"]);
  assertEquals(bans.map(({ target }) => target), ["eve"]);
});

Deno.test("Nobody but an owner stops logs, alerts, or gives accounts a role", async () => {
  const scene = new Scene();
  const ann = await scene.enter(scene.guest("ann"), "tea");
  scene.person("olga");
  const refusal =
    "#tea has no owner, and only an owner can do that. /room register makes the room yours.";
  for (const name of ["no-log", "alerts"] as const) {
    assertEquals(
      await refusalOf(scene.moderation.settings.switch(ann, "tea", name, true)),
      refusal,
    );
  }
  const granted = scene.moderation.roles.grant(ann, "tea", scene.accounts.get("olga")!, "voice");
  assertEquals(await refusalOf(granted), refusal);
});

Deno.test("Roles that last while people are there are given and taken, and told", async () => {
  const scene = new Scene();
  const { moderation } = scene;
  const ann = await scene.enter(scene.guest("ann"), "tea");
  const bob = await scene.enter(scene.guest("bob"), "tea");
  const grants: unknown[] = [];
  moderation.onAct((act) => grants.push(act.grants));
  await moderation.settings.switch(ann, "tea", "moderated", true);
  assert(!scene.may(bob, "tea", "speak"));
  await moderation.roles.give(ann, "tea", bob, "voice");
  assert(scene.may(bob, "tea", "speak") && !scene.may(bob, "tea", "moderate"));
  const done = await moderation.roles.give(ann, "tea", bob, "moderator");
  assertEquals(done.deed, "made bob a moderator of #tea while bob is here");
  // Whoever keeps order is nobody's superior.
  await moderation.roles.take(bob, "tea", ann, ["moderator"]);
  assert(scene.may(bob, "tea", "own") && !scene.may(ann, "tea", "invite"));
  assertEquals(grants.slice(1), [
    [{ member: bob, role: "voice", isGiven: true }],
    [{ member: bob, role: "moderator", isGiven: true }],
    [{ member: ann, role: "moderator", isGiven: false }],
  ]);
  assertEquals(
    await refusalOf(moderation.roles.give(bob, "tea", scene.guest("zoe"), "voice")),
    "zoe is not in #tea. A role that ends when they leave is only for people who are there.",
  );
});

Deno.test("Somebody who is expected comes in once, whatever the rules", async () => {
  const scene = new Scene();
  const { moderation, registry } = scene;
  const ann = await scene.enter(scene.guest("ann"), "tea");
  const bob = scene.guest("bob");
  await moderation.sanctions.ban(ann, "tea", { target: { name: "bob" }, reason: "" });
  await moderation.settings.setKey(ann, "tea", "sesame");
  await moderation.settings.setLimit(ann, "tea", 1);
  await moderation.settings.switch(ann, "tea", "private", true);
  await assertRejects(() => scene.enter(bob, "tea"), DomainError);
  await moderation.invitations.expect(ann, "tea", bob);
  await scene.enter(bob, "tea");
  assert(scene.may(bob, "tea", "speak"));
  scene.leave(bob, "tea");
  await assertRejects(() => scene.enter(bob, "tea"), DomainError);
  // A later ban ends it.
  await moderation.invitations.expect(ann, "tea", bob);
  await moderation.sanctions.ban(ann, "tea", { target: { name: "bo?!*@*" }, reason: "" });
  await assertRejects(() => scene.enter(bob, "tea"), DomainError);
  assertEquals(registry.find("tea")?.members.size, 1);
});

Deno.test("An act that is stored when everybody has left leaves no rules behind", async () => {
  const scene = new Scene();
  const ann = await scene.enter(scene.guest("ann"), "tea");
  const act = scene.moderation.settings.switch(ann, "tea", "private", true);
  scene.leave(ann, "tea");
  // It is refused, or done for nobody, but the room is free.
  await act.catch(() => {});
  assertEquals(scene.access.rules("tea"), undefined);
  await scene.enter(scene.guest("bob"), "tea");
});

Deno.test("Attendees forget the oldest of those who are expected, beyond 500", () => {
  const attendees = new Attendees();
  const guests = Array.from({ length: 501 }, (_, index): Asker => ({ nickname: `g${index}` }));
  for (const guest of guests) attendees.expect(guest);
  assertEquals(guests.filter((guest) => !attendees.isWelcome(guest)), [guests[0]]);
});

Deno.test("A room takes words from outside, and CTCP requests, as its rules say", async () => {
  const scene = new Scene();
  const { moderation, registry } = scene;
  const ann = await scene.enter(scene.guest("ann"), "tea");
  const bob = scene.guest("bob");
  const room = registry.find("tea")!;
  const say = () => registry.sayFromOutside(bob, room, "message", "hello");
  assertThrows(say, DomainError, "You are not in #tea. Join it with /join tea.");
  await moderation.settings.switch(ann, "tea", "outside", true);
  say();
  registry.say(ann, room, "message", "\x01VERSION\x01");
  await moderation.settings.switch(ann, "tea", "no-ctcp", true);
  assertThrows(
    () => registry.say(ann, room, "message", "\x01VERSION\x01"),
    DomainError,
    "#tea takes no CTCP requests, only text and actions.",
  );
  await registry.settled();
  const said = (await scene.log.read("tea", 0, 100)).filter(({ kind }) => kind === "message");
  assertEquals(said.map(({ from, body }) => `${from} ${body}`), [
    "bob hello",
    "ann \x01VERSION\x01",
  ]);
});

Deno.test("Masks let people into a private room, until they are taken back", async () => {
  const scene = new Scene();
  const { moderation } = scene;
  const ann = await scene.enter(scene.guest("ann"), "tea");
  await moderation.settings.switch(ann, "tea", "private", true);
  const refusal = await assertRejects(() => scene.enter(scene.guest("bob"), "tea"), DomainError);
  assertEquals(refusal.obstacle, "not-invited");
  const { seq } = await moderation.invitations.welcome(ann, "tea", { name: "b*!*@*" });
  await scene.enter(scene.guest("bob"), "tea");
  assertEquals(
    await refusalOf(moderation.invitations.welcome(ann, "tea", { name: "B*!*@*" })),
    "B*!*@* may already enter #tea.",
  );
  await moderation.undo(ann, seq);
  await assertRejects(() => scene.enter(scene.guest("bo"), "tea"), DomainError);
  assertEquals(
    await refusalOf(moderation.invitations.unwelcome(ann, "tea", { name: "b*!*@*" })),
    "b*!*@* has no invitation to #tea. /room lists them.",
  );
});

Deno.test("Whoever came first redacts only what was said since, and no log lines", async () => {
  const scene = new Scene();
  const { moderation, registry, clock } = scene;
  const old = await scene.enter(scene.guest("old"), "tea");
  registry.say(old, registry.find("tea")!, "message", "precious");
  registry.record({ nickname: "web1", capacity: "log" }, "tea", [
    { room: "tea", kind: "log", from: "web1", body: "a line" },
  ]);
  await registry.settled();
  scene.leave(old, "tea");
  clock.tick(1000);
  const ann = await scene.enter(scene.guest("ann"), "tea");
  registry.say(ann, registry.find("tea")!, "message", "oops");
  registry.record({ nickname: "web1", capacity: "log" }, "tea", [
    { room: "tea", kind: "log", from: "web1", body: "another" },
  ]);
  await registry.settled();
  const events = await scene.log.read("tea", 0, 100);
  const seqOf = (text: string) => events.find(({ body }) => body === text)!.seq;
  for (const text of ["precious", "a line", "another"]) {
    const refusal = await refusalOf(moderation.redact(ann, "tea", seqOf(text), ""));
    assertEquals(
      refusal,
      `#tea has no owner, so only operators of the server can redact #${
        seqOf(text)
      }: it is a log ` +
        "line, or was said before anyone who is here now arrived.",
    );
  }
  await moderation.redact(ann, "tea", seqOf("oops"), "");
  const root = scene.person("root", true);
  await moderation.redact(root, "tea", seqOf("precious"), "");
});

Deno.test("Nobody keeps order by coming first where the configuration writes", () => {
  const access = new AccessControl({ commonRooms: ["Web1"] });
  access.enter("web1", { nickname: "ann" }, true);
  access.enter("tea", { nickname: "ann" }, true);
  assertEquals(access.attendance.in("web1"), undefined);
  assert(access.attendance.in("tea") !== undefined);
});
