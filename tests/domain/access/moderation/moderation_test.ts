import { assert, assertEquals, assertRejects } from "@std/assert";
import { AccessControl } from "../../../../lib/domain/access/access_control.ts";
import type {
  DoneAct,
  Moderator,
} from "../../../../lib/domain/access/moderation/moderation_act.ts";
import { openRules, type RoomRules } from "../../../../lib/domain/access/rules/room_rules.ts";
import { DomainError } from "../../../../lib/domain/domain_error.ts";
import { dayAndTime } from "../../../../lib/domain/wording.ts";
import { ModerationScene } from "../../../support/moderation_scene.ts";
import { SeededRandom } from "../../../support/random.ts";
import { draftOf } from "../../../support/room_events.ts";
import { rounds, SEED } from "../../../support/rounds.ts";

/** Rules in a form in which only differences that matter differ. */
function comparable(rules: RoomRules | undefined, name: string): unknown {
  const { roles, invited, bans, mutes, exceptions, ...rest } = rules ?? openRules(name);
  const sorted = (values: Iterable<unknown>) =>
    Array.from(values, (value) => JSON.stringify(value)).sort();
  return JSON.parse(JSON.stringify({
    ...rest,
    roles: sorted(roles),
    invited: sorted(invited),
    bans: sorted(bans),
    mutes: sorted(mutes),
    exceptions: sorted(exceptions),
  }));
}

Deno.test("Sanctions.ban() is recorded as one event with who, whom, where, why and until when", async () => {
  const scene = new ModerationScene();
  const ann = await scene.owner("ann", "ops");
  const until = scene.clock.now() + 3_600_000;
  const target = { name: "Bob", also: ["192.0.2.7"] };
  const done = await scene.moderation.sanctions.ban(ann, "ops", { target, until, reason: "spam" });
  const [, event] = await scene.record();
  assertEquals(done.seq, 2);
  assertEquals(event.seq, 2);
  assertEquals(event.kind, "moderation");
  assertEquals(event.body, `ann banned Bob from #ops until ${dayAndTime(until)} (spam).`);
  const at = scene.clock.now();
  const ban = { target: "Bob", also: ["192.0.2.7"], until, by: "ann", reason: "spam", at };
  assertEquals(JSON.parse(JSON.stringify(event.fields)), {
    act: "ban",
    room: "ops",
    by: "ann",
    target: "Bob",
    also: ["192.0.2.7"],
    reason: "spam",
    until: "2026-11-21T07:30:00.000Z",
    changes: [{ slot: "ban", of: "bob", before: null, after: ban }],
  });
  const refusal = (asker: { nickname: string; address?: string }) =>
    scene.access.refusal(asker, "ops", "join")?.code;
  assertEquals(refusal({ nickname: "bOB" }), "not-permitted");
  assertEquals(refusal({ nickname: "eve", address: "192.0.2.7" }), "not-permitted");
  assertEquals(refusal({ nickname: "eve", address: "192.0.2.8" }), undefined);
  scene.clock.tick(3_600_000);
  assertEquals(refusal({ nickname: "bob" }), undefined);
});

Deno.test("Moderation: of two bans at once both stay", async () => {
  const scene = new ModerationScene();
  const ann = await scene.owner("ann", "ops");
  const ban = (name: string) =>
    scene.moderation.sanctions.ban(ann, "ops", { target: { name }, reason: "" });
  await Promise.all(["bob", "eve", "mallory"].map(ban));
  const bans = scene.access.rules("ops")!.bans.map(({ target }) => target);
  assertEquals(bans, ["bob", "eve", "mallory"]);
  const restarted = await AccessControl.open(scene.state);
  assertEquals(restarted.rules("ops"), scene.access.rules("ops"));
});

Deno.test("Moderation asks again in its turn", async () => {
  const scene = new ModerationScene();
  const ann = await scene.owner("ann", "ops");
  const bob = scene.person("bob");
  await scene.moderation.roles.grant(ann, "ops", scene.accounts.get("bob")!, "moderator");
  const [, ban] = await Promise.allSettled([
    scene.moderation.roles.grant(ann, "ops", scene.accounts.get("bob")!, undefined),
    scene.moderation.sanctions.ban(bob, "ops", { target: { name: "eve" }, reason: "" }),
  ]);
  assertEquals(ban.status, "rejected");
  assertEquals(scene.access.rules("ops")!.bans, []);
});

Deno.test("Moderation changes nothing that cannot be stored", async () => {
  const scene = new ModerationScene();
  const ann = await scene.owner("ann", "ops");
  const before = scene.access.rules("ops");
  scene.log.isFull = true;
  const order = { target: { name: "bob" }, reason: "" };
  const error = await assertRejects(
    () => scene.moderation.sanctions.ban(ann, "ops", order),
    DomainError,
    "Nothing was changed",
  );
  assertEquals((error as DomainError).code, "unavailable");
  assertEquals(scene.access.rules("ops"), before);
  scene.log.isFull = false;
  await scene.moderation.sanctions.ban(ann, "ops", order);
  assertEquals(scene.access.rules("ops")!.bans.length, 1);
  assertEquals((await scene.record()).length, 2);
});

Deno.test("Moderation bounds what one room can have", async () => {
  const scene = new ModerationScene();
  const ann = await scene.owner("ann", "ops");
  const until = scene.clock.now() + 1000;
  for (let number = 0; number < 500; number++) {
    const target = { name: `10.0.${number >> 8}.${number & 255}` };
    await scene.moderation.sanctions.ban(ann, "ops", { target, until, reason: "" });
  }
  const one = { target: { name: "eve" }, reason: "" };
  await assertRejects(
    () => scene.moderation.sanctions.ban(ann, "ops", one),
    DomainError,
    "#ops has 500 bans, which is the limit. End one with /unban first",
  );
  scene.clock.tick(1000);
  await scene.moderation.sanctions.ban(ann, "ops", one);
  assertEquals(scene.access.rules("ops")!.bans.map(({ target }) => target), ["eve"]);
});

Deno.test("Moderation: nobody acts against somebody who may do as much", async () => {
  const scene = new ModerationScene();
  const ann = await scene.owner("ann", "ops");
  const root = scene.person("root", true);
  const bob = scene.person("bob");
  scene.person("cid");
  for (const name of ["bob", "cid"]) {
    await scene.moderation.roles.grant(ann, "ops", scene.accounts.get(name)!, "moderator");
  }
  const kick = (asker: Moderator, name: string) =>
    scene.moderation.sanctions.kick(asker, "ops", { name }, "").then(
      () => "done",
      ({ message }) => message,
    );
  const ban = (asker: Moderator, name: string) =>
    scene.moderation.sanctions.ban(asker, "ops", { target: { name }, reason: "" })
      .then(() => "done", ({ message }) => message);
  assertEquals(await kick(bob, "ann"), "ann is an owner of #ops. Ask an operator of the server.");
  assertEquals(
    await kick(bob, "cid"),
    "cid is a moderator of #ops. Ask ann, who can take that away.",
  );
  assertEquals(await kick(ann, "root"), "root is an operator of the server. Talk to them.");
  assertEquals(await ban(bob, "bob"), "That is you. /leave leaves a room.");
  assertEquals(await kick(ann, "bob"), "done");
  assertEquals(await kick(root, "ann"), "done");
  assertEquals(
    await ban(ann, "bob"),
    "bob is a moderator of #ops, and cannot be banned or muted. /grant bob none takes that away.",
  );
  const revoke = (asker: Moderator, name: string) =>
    scene.moderation.roles.grant(asker, "ops", scene.accounts.get(name)!, undefined)
      .then(() => "done", ({ message }) => message);
  await scene.moderation.roles.grant(ann, "ops", scene.accounts.get("cid")!, "owner");
  assertEquals(await revoke(ann, "cid"), "cid is an owner of #ops. Ask an operator of the server.");
  assertEquals(await revoke(ann, "ann"), "done");
});

Deno.test("Moderation.register() is for somebody alone in a room, and for operators", async () => {
  const scene = new ModerationScene();
  const ann = scene.person("ann");
  const root = scene.person("root", true);
  const member = (asker: Moderator, origin: number) => ({ ...asker, via: "tcp", origin });
  const register = (asker: Moderator, room: string) =>
    scene.moderation.ownership.register(asker, room).then(() => "done", ({ code, message }) => [
      code,
      message.split(/[.:,] /)[0],
    ]);
  const guest = member({ nickname: "eve" }, 1);
  const own = member(ann, 2);
  await scene.registry.membership.join(guest, "ops", () => {});
  assertEquals(await register(guest, "ops"), ["login-needed", "To make #ops yours"]);
  await scene.registry.membership.join(own, "ops", () => {});
  const alone = "Only somebody who is alone in #ops can register it";
  assertEquals(await register(own, "ops"), ["not-permitted", alone]);
  scene.registry.membership.leave(guest, scene.registry.find("ops")!);
  assertEquals(await register(ann, "ops"), ["not-permitted", alone]);
  assertEquals(await register(own, "ops"), "done");
  assertEquals(await register(own, "ops"), ["not-permitted", "#ops has an owner"]);
  await scene.registry.membership.join(own, "lobby", () => {});
  assertEquals(await register(own, "lobby"), ["not-permitted", "#lobby is for everybody"]);
  assertEquals(await register(root, "lobby"), "done");
  assertEquals(await register(root, "moderation"), [
    "not-permitted",
    "#moderation belongs to the server",
  ]);
  // A private room does not give itself away.
  await scene.moderation.settings.switch(own, "ops", "private", true);
  assertEquals(await register(scene.person("bob"), "ops"), ["not-permitted", alone]);
  const secret = scene.access.refusal({ nickname: "x" }, "ops", "moderate")!.message;
  const nothing = scene.access.refusal({ nickname: "x" }, "nix", "moderate")!.message;
  assertEquals(secret.replace("#ops", "#nix"), nothing);
});

Deno.test("Moderation: invitations of people who are away wait for them, and outlive a restart", async () => {
  const scene = new ModerationScene();
  const ann = await scene.owner("ann", "ops");
  scene.person("bob");
  const bob = scene.accounts.get("bob")!;
  await scene.moderation.invitations.invite(ann, "ops", bob, false);
  assertEquals(await scene.restart().invitations.take("ann"), []);
  const restarted = scene.restart();
  assertEquals(await restarted.invitations.take("bob"), [{ room: "ops", by: "ann" }]);
  assertEquals(await restarted.invitations.take("bob"), []);
  assertEquals(await scene.restart().invitations.take("bob"), []);
  assert((await AccessControl.open(scene.state)).rules("ops")!.invited.has("bob"));

  await scene.moderation.invitations.uninvite(ann, "ops", bob);
  await scene.moderation.invitations.invite(ann, "ops", bob, false);
  await scene.moderation.invitations.uninvite(ann, "ops", bob);
  assertEquals(await scene.restart().invitations.take("bob"), []);
});

Deno.test("Moderation.undo() says why it cannot take something back", async () => {
  const scene = new ModerationScene();
  const ann = await scene.owner("ann", "ops");
  const eve = await scene.owner("eve", "tea");
  const undo = (asker: Moderator, { seq }: Pick<DoneAct, "seq">) =>
    scene.moderation.undo(asker, seq).then(() => "done", ({ message }) => message);
  const unknown = (seq: number) =>
    `#${seq} of #moderation is not an act of moderation that you can undo. ` +
    "The answer to each act names its number.";
  const kick = await scene.moderation.sanctions.kick(ann, "ops", { name: "bob" }, "");
  assertEquals(
    await undo(ann, kick),
    "A kick needs no undoing: bob can simply come back.",
  );
  assertEquals(await undo(eve, kick), unknown(kick.seq));
  assertEquals(await undo(ann, { seq: 99 }), unknown(99));
  const order = { target: { name: "bob" }, reason: "" };
  const ban = await scene.moderation.sanctions.ban(ann, "ops", order);
  await scene.moderation.sanctions.ban(ann, "ops", { ...order, reason: "again" });
  assertEquals(
    await undo(ann, ban),
    "That has been changed again since. /room ops shows what is in force.",
  );
  await scene.moderation.settings.setKey(ann, "ops", "sesame");
  const second = await scene.moderation.settings.setKey(ann, "ops", "other");
  assertEquals(
    await undo(ann, second),
    "The key that was there before is not on record. Set one again with /room key WORD.",
  );
  assert(!JSON.stringify(await scene.record()).includes("sesame"));
  const short = scene.clock.now() + 1000;
  await scene.moderation.sanctions.mute(ann, "ops", {
    target: { name: "zoe" },
    reason: "",
    until: short,
  });
  const unmute = await scene.moderation.sanctions.unmute(ann, "ops", { name: "zoe" });
  scene.clock.tick(2000);
  assertEquals(
    await undo(ann, unmute),
    "That cannot be undone: what it lifted would have expired by now.",
  );
});

Deno.test(`Moderation.undo() restores the rules, whatever was done (seed ${SEED})`, async () => {
  const random = new SeededRandom(SEED);
  const scene = new ModerationScene();
  const root = scene.person("root", true);
  const names = ["ann", "bob", "cid", "dot", "eve", "10.0.0.0/8", "192.0.2.7", "2001:db8::/32"];
  for (const name of names.slice(0, 5)) scene.person(name);
  const account = () => scene.accounts.get(random.pick(names.slice(0, 5)))!;
  const target = () => ({
    name: random.pick(names),
    also: random.int(3) === 0 ? [random.pick(names)] : undefined,
  });
  const decision = () => ({
    target: target(),
    until: random.int(2) === 0 ? undefined : scene.clock.now() + 60_000 + random.int(1e6),
    reason: random.pick(["", "spam", "a (strange) reason"]),
  });
  const { moderation } = scene;
  const acts: ((room: string) => Promise<DoneAct>)[] = [
    (room) => moderation.sanctions.ban(root, room, decision()),
    (room) => moderation.sanctions.unban(root, room, target()),
    (room) => moderation.sanctions.mute(root, room, decision()),
    (room) => moderation.sanctions.unmute(root, room, target()),
    (room) => moderation.exceptions.add(root, room, target()),
    (room) => moderation.exceptions.remove(root, room, target()),
    (room) => moderation.invitations.invite(root, room, account(), random.int(2) === 0),
    (room) => moderation.invitations.uninvite(root, room, account()),
    (room) =>
      moderation.roles.grant(
        root,
        room,
        account(),
        random.pick(["owner", "moderator", "voice", undefined]),
      ),
    (room) =>
      moderation.settings.switch(
        root,
        room,
        random.pick(["private", "hidden", "moderated", "topic-lock", "no-log", "alerts"]),
        random.int(2) === 0,
      ),
    (room) => moderation.settings.setLimit(root, room, random.pick([undefined, 1, 50])),
    (room) => moderation.settings.setSlowMode(root, room, random.pick([0, 5, 30])),
    (room) => moderation.settings.setKey(root, room, random.pick([undefined, "a", "b"])),
    (room) => moderation.ownership.register(root, room),
    (room) => moderation.ownership.release(root, room),
  ];
  let undone = 0;
  for (let round = 0; round < rounds(600, 10_000, "PARTYLINE_UNDO_ROUNDS"); round++) {
    const room = random.pick(["ops", "tea", "den"]);
    const hadKey = scene.access.rules(room)?.key !== undefined;
    const before = comparable(scene.access.rules(room), room);
    let done: DoneAct;
    try {
      done = await random.pick(acts)(room);
    } catch (error) {
      assert(error instanceof DomainError, `round ${round}: ${error}`);
      assertEquals(comparable(scene.access.rules(room), room), before);
      continue;
    }
    if (random.int(3) === 0) continue;
    const after = comparable(scene.access.rules(room), room);
    const { act } = done.facts;
    if (hadKey && (act === "key" || act === "release")) continue;
    const undo = await moderation.undo(root, done.seq).catch((error) => error);
    // The last owner of a room with settings stays.
    if (undo instanceof DomainError) {
      assert(/would have no owner/.test(undo.message), `round ${round}: ${undo.message}`);
      continue;
    }
    assertEquals(comparable(scene.access.rules(room), room), before, `round ${round}: ${act}`);
    undone++;
    // The key is on no record.
    if (act === "key" || act === "release") continue;
    await moderation.undo(root, undo.seq);
    assertEquals(comparable(scene.access.rules(room), room), after, `round ${round}: redo ${act}`);
  }
  assert(undone > 50);
  const restarted = await AccessControl.open(scene.state);
  for (const room of ["ops", "tea", "den"]) {
    assertEquals(
      comparable(restarted.rules(room), room),
      comparable(scene.access.rules(room), room),
    );
  }
});

Deno.test("Of two redactions of a line at once, one is done and the other told so", async () => {
  const scene = new ModerationScene();
  const ann = await scene.owner("ann", "ops");
  const root = scene.person("root", true);
  const draft = draftOf("ops", "secret", { from: "bob", origin: 1 });
  const [{ seq }] = await scene.registry.postUnasked([draft]);
  const results = await Promise.allSettled([
    scene.moderation.redact(ann, "ops", seq, "once"),
    scene.moderation.redact(root, "ops", seq, "twice"),
  ]);
  assertEquals(results.map(({ status }) => status), ["fulfilled", "rejected"]);
  const { reason } = results[1] as PromiseRejectedResult;
  assertEquals(reason.message, `#${seq} of #ops has already been redacted.`);
  const redactions = (await scene.record()).filter(({ fields }) => fields?.act === "redact");
  assertEquals(redactions.map(({ fields }) => fields?.reason), ["once"]);
});

Deno.test("Reasons and keys are counted in characters, and a key fits into a line of IRC", async () => {
  const scene = new ModerationScene();
  const { sanctions, settings } = scene.moderation;
  const ann = await scene.owner("ann", "ops");
  const word = (characters: number) => "😀".repeat(characters);
  const refusal = async (act: Promise<unknown>) =>
    (await assertRejects(() => act, DomainError)).message;
  const ban = (target: string, reason: string) =>
    sanctions.ban(ann, "ops", { target: { name: target }, reason });
  await ban("bob", word(300));
  assertEquals(
    await refusal(ban("bob", word(301))),
    "A reason may have up to 300 characters; this one has 301.",
  );
  await settings.setKey(ann, "ops", word(64));
  for (const key of [word(65), ":key", "a,b", "a b", ""]) {
    assertEquals(
      await refusal(settings.setKey(ann, "ops", key)),
      "A key is one word of up to 64 characters, with no commas and no colon at the start.",
    );
  }
});
