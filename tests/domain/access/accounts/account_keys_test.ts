import { assertEquals, assertRejects } from "@std/assert";
import { Buffer } from "node:buffer";
import { AccountKeys } from "../../../../lib/domain/access/accounts/account_keys.ts";
import type { AccountChange } from "../../../../lib/domain/access/accounts/account_change.ts";
import { Accounts } from "../../../../lib/domain/access/accounts/accounts.ts";
import {
  parsePublicKey,
  type PublicKey,
  publicKeyOf,
} from "../../../../lib/domain/access/accounts/public_key.ts";
import type { StateStore } from "../../../../lib/domain/state_store.ts";
import { MemoryStateStore } from "../../../../lib/store/memory/state_store.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { PUBLIC_KEYS } from "../../../support/public_keys.ts";
import { QUICK_HASHER } from "../../../support/quick_hasher.ts";
import { refusal } from "../../../support/trial_accounts.ts";

const LAPTOP = parsePublicKey(PUBLIC_KEYS.ANN.line);
const DESKTOP = parsePublicKey(PUBLIC_KEYS.SECOND.line);
const OFFICE = parsePublicKey(PUBLIC_KEYS.NIST256.line);
const PASSWORD = "tea at five";

async function open(state: StateStore = new MemoryStateStore()) {
  const clock = new FakeClock();
  const accounts = await Accounts.open({ state, clock, hasher: QUICK_HASHER });
  return { accounts, keys: new AccountKeys({ accounts, clock }), state, clock };
}

async function openWithPeople() {
  const scene = await open();
  for (const name of ["Ann", "bob"]) {
    await scene.accounts.register(name, PASSWORD, { isTrusted: true });
  }
  return scene;
}

/** As many keys as wanted, all different. */
function* manyKeys(count: number): Generator<PublicKey> {
  for (let index = 0; index < count; index++) {
    const blob = Buffer.from(LAPTOP.base64, "base64");
    blob.writeUInt32BE(index, blob.length - 4);
    yield publicKeyOf(LAPTOP.type, blob);
  }
}

Deno.test("AccountKeys.add() adds keys that outlive a restart", async () => {
  const { keys, accounts, state, clock } = await openWithPeople();
  const added = await keys.add("ann", [LAPTOP, DESKTOP]);
  assertEquals(added, [LAPTOP, DESKTOP].map((key) => ({ ...key, addedAt: clock.now() })));
  const later = await open(state);
  for (const scene of [{ keys, accounts }, later]) {
    assertEquals(scene.keys.keysOf("ANN"), added);
    assertEquals(scene.keys.ownerOf(LAPTOP.fingerprint)?.name, "Ann");
    assertEquals(scene.keys.ownerOf(OFFICE.fingerprint), undefined);
    assertEquals(scene.keys.keysOf("bob"), []);
  }
  assertEquals((await later.accounts.passwords.logIn("ann", PASSWORD)).keys, added);
});

Deno.test("AccountKeys.add() adds a key once", async () => {
  const { keys } = await openWithPeople();
  await keys.add("ann", [LAPTOP]);
  assertEquals(await keys.add("ann", [LAPTOP]), []);
  const added = await keys.add("ann", [LAPTOP, DESKTOP, DESKTOP]);
  assertEquals(added.map(({ fingerprint }) => fingerprint), [DESKTOP.fingerprint]);
  assertEquals(keys.keysOf("ann").length, 2);
});

Deno.test("AccountKeys.add() says whose a key is, and adds none of the others", async () => {
  const { keys } = await openWithPeople();
  await keys.add("ann", [LAPTOP]);
  assertEquals(
    await refusal(keys.add("bob", [DESKTOP, LAPTOP]), "key-in-use"),
    `The key ${LAPTOP.fingerprint} already belongs to Ann. Remove it there first, or use another ` +
      "key.",
  );
  assertEquals(keys.keysOf("bob"), []);
  await keys.add("bob", [DESKTOP]);
});

Deno.test("AccountKeys gives a key that two accounts want at once to one of them", async () => {
  const { keys } = await openWithPeople();
  const wishes = await Promise.allSettled([
    keys.add("ann", [LAPTOP]),
    keys.add("bob", [LAPTOP]),
    keys.register("carl", LAPTOP),
    keys.add("ann", [LAPTOP]),
  ]);
  assertEquals(wishes.map(({ status }) => status === "fulfilled"), [true, false, false, true]);
  assertEquals(keys.ownerOf(LAPTOP.fingerprint)?.key, "ann");
  const both = await Promise.allSettled([
    keys.register("dora", DESKTOP),
    keys.register("emil", DESKTOP),
  ]);
  assertEquals(both.map(({ status }) => status === "fulfilled"), [true, false]);
});

Deno.test("AccountKeys bounds the keys of an account", async () => {
  const { keys } = await openWithPeople();
  await keys.add("ann", [...manyKeys(50)]);
  assertEquals(
    await refusal(keys.add("ann", [LAPTOP]), "too-many-keys"),
    "An account can have 50 keys. Remove one that is no longer used first.",
  );
  await keys.remove("ann", "7");
  await keys.add("ann", [LAPTOP]);
});

Deno.test("AccountKeys.remove() takes a number or a fingerprint", async () => {
  const { keys, state } = await openWithPeople();
  await keys.add("ann", [LAPTOP, DESKTOP, OFFICE]);
  assertEquals((await keys.remove("ann", "2")).fingerprint, DESKTOP.fingerprint);
  assertEquals((await keys.remove("ann", LAPTOP.fingerprint)).label, "ann@laptop");
  await keys.remove("ann", OFFICE.fingerprint.replace("SHA256:", ""));
  for (const which of ["1", "0", LAPTOP.fingerprint, "", "constructor"]) {
    await refusal(keys.remove("ann", which), "no-such-key");
  }
  assertEquals(keys.ownerOf(LAPTOP.fingerprint), undefined);
  assertEquals((await open(state)).keys.keysOf("ann"), []);
  // It can go to somebody else now.
  await keys.add("bob", [LAPTOP]);
});

Deno.test("AccountKeys.register() creates an account for which only the key logs in", async () => {
  const { keys, accounts, state } = await open();
  const account = await keys.register("Dora", LAPTOP);
  assertEquals([account.name, account.passwordHash], ["Dora", undefined]);
  const later = await open(state);
  assertEquals(later.keys.ownerOf(LAPTOP.fingerprint)?.name, "Dora");
  for (const scene of [{ keys, accounts }, later]) {
    await refusal(scene.accounts.passwords.logIn("dora", ""), "wrong-password");
    await refusal(scene.accounts.passwords.logIn("dora", PASSWORD), "wrong-password");
  }
  await refusal(keys.register("dora", DESKTOP), "name-in-use");
  await refusal(keys.register("emil", LAPTOP), "key-in-use");
  await later.accounts.setPassword("dora", PASSWORD);
  await later.accounts.passwords.logIn("dora", PASSWORD);
  assertEquals(later.keys.keysOf("dora").length, 1);
});

Deno.test("AccountKeys.remove() leaves an account a way in, unless an operator says so", async () => {
  const { keys, accounts } = await open();
  await keys.register("dora", LAPTOP);
  assertEquals(
    await refusal(keys.remove("dora", "1"), "not-permitted"),
    "This key is the only way into your account. Add another one, or set a password with " +
      "/password first.",
  );
  await keys.add("dora", [DESKTOP]);
  await keys.remove("dora", "1");
  await accounts.setPassword("dora", PASSWORD);
  await keys.remove("dora", "1");
  await keys.register("emil", LAPTOP);
  await keys.remove("emil", "1", { isTrusted: true });
  assertEquals(keys.keysOf("emil"), []);
});

Deno.test("AccountKeys forgets the keys of an account that is removed", async () => {
  const { keys, accounts } = await openWithPeople();
  await keys.add("ann", [LAPTOP]);
  await accounts.remove("ann");
  assertEquals(keys.ownerOf(LAPTOP.fingerprint), undefined);
  await refusal(keys.add("ann", [LAPTOP]), "no-such-person");
  await accounts.register("ann", PASSWORD, { isTrusted: true });
  assertEquals(keys.keysOf("ann"), []);
  await keys.add("bob", [LAPTOP]);
});

Deno.test("AccountKeys keeps what it had if a change cannot be stored", async () => {
  const state = new MemoryStateStore();
  const { keys, accounts } = await open(state);
  await accounts.register("ann", PASSWORD, { isTrusted: true });
  await keys.add("ann", [LAPTOP]);
  const update = state.update;
  state.update = () => Promise.reject(new Error("disk full"));
  await assertRejects(() => keys.add("ann", [DESKTOP]), Error, "disk full");
  await assertRejects(() => keys.remove("ann", "1"), Error, "disk full");
  state.update = update;
  assertEquals(keys.keysOf("ann").length, 1);
  assertEquals(keys.ownerOf(DESKTOP.fingerprint), undefined);
  await keys.add("ann", [DESKTOP]);
});

Deno.test("Accounts tells of keys as they are and as they were", async () => {
  const { keys, accounts } = await openWithPeople();
  const changes: AccountChange[] = [];
  accounts.onChange((change) => changes.push(change));
  await keys.add("ann", [LAPTOP]);
  await keys.remove("ann", "1");
  const told = changes.map(({ kind, account, before }) =>
    [kind, before?.keys?.length ?? 0, account.keys?.length] as const
  );
  assertEquals(told, [["keys", 0, 1], ["keys", 1, 0]]);
});
