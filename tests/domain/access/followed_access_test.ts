import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { AccessControl } from "../../../lib/domain/access/access_control.ts";
import type { AccountChange } from "../../../lib/domain/access/accounts/account_change.ts";
import { AccountKeys } from "../../../lib/domain/access/accounts/account_keys.ts";
import { Accounts } from "../../../lib/domain/access/accounts/accounts.ts";
import type { Moderator } from "../../../lib/domain/access/moderation/moderation_act.ts";
import { Moderation } from "../../../lib/domain/access/moderation/moderation.ts";
import { parsePublicKey } from "../../../lib/domain/access/accounts/public_key.ts";
import { Tokens } from "../../../lib/domain/access/accounts/tokens.ts";
import { DomainError } from "../../../lib/domain/domain_error.ts";
import { RoomRegistry } from "../../../lib/domain/rooms/room_registry.ts";
import { MemoryCluster } from "../../support/memory_cluster.ts";
import { PUBLIC_KEYS } from "../../support/public_keys.ts";
import { QUICK_HASHER } from "../../support/quick_hasher.ts";

const PASSWORD = "tea at five";
const TRUSTED = { isTrusted: true };
const ROOT: Moderator = { nickname: "root", account: "root", isOperator: true };
const KEY = parsePublicKey(PUBLIC_KEYS.ANN.line);

/** A node with all that decides who may do what. */
async function startNode(cluster: MemoryCluster, name: string) {
  const { state, sequencer, disk: { log } } = await cluster.start(name);
  const { clock } = cluster;
  const access = await AccessControl.open(state, { clock });
  const accounts = await Accounts.open({ state, clock, hasher: QUICK_HASHER });
  const keys = new AccountKeys({ accounts, clock });
  const tokens = await Tokens.open({ state, accounts, clock });
  const registry = new RoomRegistry({ log, sequencer, access });
  const firstOrigin = sequencer.run!.number * 2 ** 32;
  const moderation = new Moderation({ access, registry, log, state, accounts, clock, firstOrigin });
  const changes: AccountChange[] = [];
  accounts.onChange((change) => changes.push(change));
  return { access, accounts, keys, tokens, registry, moderation, changes, log };
}

async function pair() {
  const cluster = new MemoryCluster();
  const a = await startNode(cluster, "a");
  const b = await startNode(cluster, "b");
  return { cluster, a, b, [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose]() };
}

/** The outcome of something that is done on both nodes at one moment: who was refused, and how. */
async function atOnce(...works: Promise<unknown>[]): Promise<string[]> {
  const outcomes = await Promise.allSettled(works);
  return outcomes.flatMap((outcome) =>
    outcome.status === "rejected" ? [(outcome.reason as Error).message] : []
  );
}

Deno.test("Accounts registers a name on one of two nodes at once, and the other says why not", async () => {
  await using scene = await pair();
  const { cluster, a, b } = scene;
  const refused = await atOnce(
    a.accounts.register("ann", PASSWORD, TRUSTED),
    b.accounts.register("Ann", "other password", TRUSTED),
  );
  assertEquals(refused.length, 1);
  assert(/^There is already an account ann/i.test(refused[0]));
  await cluster.settle();
  assertEquals(a.accounts.list(), b.accounts.list());
  assertEquals(a.accounts.list().length, 1);
});

Deno.test("Accounts follows each change of another node, and tells of it", async () => {
  await using scene = await pair();
  const { cluster, a, b } = scene;
  await a.accounts.register("ann", PASSWORD, TRUSTED);
  await cluster.settle();
  assertEquals((await b.accounts.passwords.logIn("ann", PASSWORD)).name, "ann");
  await a.accounts.setPassword("ann", "another one");
  await a.accounts.setOperator("ann", true);
  await a.keys.add("ann", [KEY]);
  await cluster.settle();
  await assertRejects(() => b.accounts.passwords.logIn("ann", PASSWORD), DomainError);
  assertEquals(b.keys.ownerOf(KEY.fingerprint)?.name, "ann");
  await b.accounts.remove("ann");
  await cluster.settle();
  assertEquals(a.accounts.list(), []);
  await assertRejects(() => a.accounts.register("ann", PASSWORD), DomainError, "There was an");
  const kinds = ["added", "password", "operator", "keys", "removed"];
  assertEquals(a.changes.map(({ kind }) => kind), kinds);
  assertEquals(b.changes.map(({ kind }) => kind), kinds);
  const elsewhere = b.changes.map(({ isElsewhere = false }) => isElsewhere);
  assertEquals(elsewhere, [true, true, true, true, false]);
});

Deno.test("AccountKeys has one owner of a key that two nodes gave away at once", async () => {
  await using scene = await pair();
  const { cluster, a, b } = scene;
  for (const name of ["ann", "bob"]) await a.accounts.register(name, PASSWORD, TRUSTED);
  await cluster.settle();
  await atOnce(a.keys.add("bob", [KEY]), b.keys.add("ann", [KEY]));
  await cluster.settle();
  const owner = a.keys.ownerOf(KEY.fingerprint)!;
  assertEquals(b.keys.ownerOf(KEY.fingerprint), owner);
  await b.keys.remove(owner.name, "1", TRUSTED);
  await cluster.settle();
  const other = a.keys.ownerOf(KEY.fingerprint);
  assertNotEquals(other?.name, owner.name);
  assertEquals(other, b.keys.ownerOf(KEY.fingerprint));
});

Deno.test("Tokens counts at all nodes, and is revoked at all", async () => {
  await using scene = await pair();
  const { cluster, a, b } = scene;
  await a.accounts.register("ann", PASSWORD, TRUSTED);
  const secret = await a.tokens.create("ann", "ci");
  await cluster.settle();
  const asker = b.tokens.require(secret);
  assertEquals(asker.account, "ann");
  await cluster.settle();
  await a.tokens.revoke("ann", "ci");
  await cluster.settle();
  assertEquals([asker.revoked?.aborted, b.tokens.ask(secret)], [true, undefined]);

  const other = await b.tokens.create("ann", "phone");
  await cluster.settle();
  await a.accounts.remove("ann");
  await cluster.settle();
  assertEquals([b.tokens.ask(other), b.tokens.list("ann")], [undefined, []]);
  assertEquals(await cluster.nodes[1].disk.state.all("tokens"), new Map());
});

Deno.test("Moderation of two nodes at once overwrites nothing", async () => {
  await using scene = await pair();
  const { cluster, a, b } = scene;
  const outcomes = await atOnce(
    a.moderation.sanctions.ban(ROOT, "tea", { target: { name: "mallory" }, reason: "" }),
    b.moderation.sanctions.ban(ROOT, "tea", { target: { name: "trudy" }, reason: "" }),
    a.moderation.settings.switch(ROOT, "tea", "hidden", true),
    b.moderation.settings.setSlowMode(ROOT, "tea", 30),
  );
  assertEquals(outcomes, []);
  await cluster.settle();
  for (const { access } of [a, b]) {
    const { bans, isHidden, slowSeconds } = access.rules("tea")!;
    assertEquals(bans.map(({ target }) => target).toSorted(), ["mallory", "trudy"]);
    assertEquals([isHidden, slowSeconds], [true, 30]);
  }
  assertEquals(a.access.rules("tea"), b.access.rules("tea"));
  const records = await a.log.read("moderation", 0, 100);
  assertEquals(records.length, 4);
  assertEquals(await b.log.read("moderation", 0, 100), records);
});

Deno.test("Moderation decides again, and refuses what makes no sense any more", async () => {
  await using scene = await pair();
  const { cluster, a, b } = scene;
  const target = { name: "mallory" };
  await a.moderation.sanctions.ban(ROOT, "tea", { target, reason: "" });
  await cluster.settle();
  const refused = await atOnce(
    a.moderation.sanctions.unban(ROOT, "tea", target),
    b.moderation.sanctions.unban(ROOT, "tea", target),
  );
  assertEquals(refused, ["mallory is not banned from #tea. /bans lists who is banned or muted."]);
  await cluster.settle();
  assertEquals([a.access.rules("tea"), b.access.rules("tea")], [undefined, undefined]);
  assertEquals((await a.log.read("moderation", 0, 100)).length, 2);
});

Deno.test("Invitations of one node are told at another, once", async () => {
  await using scene = await pair();
  const { cluster, a, b } = scene;
  const ann = await a.accounts.register("ann", PASSWORD, TRUSTED);
  await b.moderation.invitations.take("ann");
  await a.moderation.roles.grant(
    ROOT,
    "tea",
    { key: "root", name: "root", isOperator: true },
    "owner",
  );
  await a.moderation.invitations.invite(ROOT, "tea", ann, false);
  await cluster.settle();
  const told = await Promise.all(
    [a, b].map(({ moderation }) => moderation.invitations.take("ann")),
  );
  assertEquals(told.flat(), [{ room: "tea", by: "root" }]);
  await cluster.settle();
  assertEquals(await a.moderation.invitations.take("ann"), []);
});
