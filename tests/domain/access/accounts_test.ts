import { assert, assertEquals, assertRejects } from "@std/assert";
import type { AccountChange } from "../../../lib/domain/access/account_change.ts";
import { Accounts } from "../../../lib/domain/access/accounts.ts";
import { LoginDelays } from "../../../lib/domain/access/login_delays.ts";
import { PasswordHasher } from "../../../lib/domain/access/password_hasher.ts";
import { DomainError, type DomainErrorCode } from "../../../lib/domain/domain_error.ts";
import type { StateStore } from "../../../lib/domain/state_store.ts";
import { MemoryStateStore } from "../../../lib/store/memory/state_store.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const OWNER = "198.51.100.7";
const STRANGER = "203.0.113.5";

/** Hashes cheaply, and counts how often. */
class CountingHasher extends PasswordHasher {
  hashes = 0;
  verifications = 0;

  constructor() {
    super({ costs: { ln: 4, r: 8, p: 1 }, iterations: 1 });
  }

  override hash(...args: Parameters<PasswordHasher["hash"]>): Promise<string> {
    this.hashes++;
    return super.hash(...args);
  }

  override verify(...args: Parameters<PasswordHasher["verify"]>): Promise<boolean> {
    this.verifications++;
    return super.verify(...args);
  }
}

interface Scene {
  readonly accounts: Accounts;
  readonly state: StateStore;
  readonly hasher: CountingHasher;
  readonly clock: FakeClock;
}

async function open(state: StateStore = new MemoryStateStore()): Promise<Scene> {
  const hasher = new CountingHasher();
  const clock = new FakeClock();
  const delays = new LoginDelays({ clock });
  const reservedNames = ["server", "Help"];
  const accounts = await Accounts.open({ state, hasher, delays, clock, reservedNames });
  return { accounts, state, hasher, clock };
}

async function refusal(work: Promise<unknown>, code: DomainErrorCode): Promise<string> {
  const error = await assertRejects(() => work, DomainError);
  assertEquals(error.code, code);
  return error.message;
}

const PASSWORD = "tea at five";

Deno.test("Accounts.register() creates an account that outlives a restart", async () => {
  const { accounts, state, clock } = await open();
  const ann = await accounts.register(" Ann ", PASSWORD, { isOperator: true });
  assertEquals([ann.name, ann.key, ann.isOperator], ["Ann", "ann", true]);
  assertEquals(ann.createdAt, clock.now());
  await accounts.register("bob", "another one");
  const later = (await open(state)).accounts;
  assertEquals(later.list(), accounts.list());
  assertEquals(later.find("ANN"), ann);
  assertEquals(await later.logIn("ann", PASSWORD), ann);
  assertEquals(later.find("carl"), undefined);
});

Deno.test("Accounts.register() never keeps the password", async () => {
  const { accounts, state } = await open();
  await accounts.register("ann", PASSWORD);
  const stored = JSON.stringify([...await state.all("accounts")]);
  assert(!stored.includes("tea"), stored);
  assert(stored.includes("$scrypt$ln=4,r=8,p=1$"), stored);
});

Deno.test("Accounts.register() refuses names that are invalid, reserved or taken", async () => {
  const { accounts, hasher } = await open();
  await accounts.register("ann", PASSWORD);
  await refusal(accounts.register("a b", PASSWORD), "bad-name");
  assertEquals(
    await refusal(accounts.register("HELP", PASSWORD), "name-reserved"),
    "The name HELP is reserved. Choose another.",
  );
  assertEquals(
    await refusal(accounts.register("ａnn", PASSWORD), "name-in-use"),
    "There already is an account ａnn, or one that looks like it. Choose another name.",
  );
  assertEquals(hasher.hashes, 1);
});

Deno.test("Accounts.register() gives a name to one of those who ask at the same time", async () => {
  const { accounts } = await open();
  const outcomes = await Promise.allSettled(
    Array.from({ length: 5 }, (_, index) => accounts.register("ann", `${PASSWORD} ${index}`)),
  );
  const winners = outcomes.flatMap(({ status }, index) => status === "fulfilled" ? [index] : []);
  assertEquals(winners.length, 1);
  await accounts.logIn("ann", `${PASSWORD} ${winners[0]}`);
});

Deno.test("Accounts accept any character in passwords, in NFC, from 6 characters to 1024 bytes", async () => {
  const { accounts } = await open();
  const good = ["  spaces  ", "\0\x1b[31m\n\r\t", "пароль-東京", "𝄞𝄞𝄞𝄞𝄞𝄞", "é".repeat(512)];
  for (const [index, password] of good.entries()) {
    await accounts.register(`name${index}`, password);
    await accounts.logIn(`name${index}`, password);
  }
  await accounts.register("rené", "cafe\u0301 crème");
  await accounts.logIn("rene\u0301", "café cre\u0300me");
  assertEquals(
    await refusal(accounts.register("ann", "5 let"), "bad-password"),
    "Passwords need at least 6 characters. Choose a longer one.",
  );
  await refusal(accounts.register("ann", "𝄞𝄞𝄞𝄞𝄞"), "bad-password");
  assertEquals(
    await refusal(accounts.register("ann", "é".repeat(513)), "bad-password"),
    "Passwords may have at most 1024 bytes. Choose a shorter one.",
  );
  await refusal(accounts.setPassword("rené", "short"), "bad-password");
});

Deno.test("Accounts.logIn() answers a wrong password as it answers an unknown name", async () => {
  const { accounts, hasher } = await open();
  await accounts.register("ann", PASSWORD);
  const sentences = new Set<string>();
  const attempts = [
    ["ann", "wrong password"],
    ["nobody", PASSWORD],
    ["ann", ""],
    ["nobody", ""],
    ["ann", "x".repeat(1025)],
    ["nobody", "x".repeat(1025)],
    ["ann", `${PASSWORD} `],
  ];
  for (const [index, [name, password]] of attempts.entries()) {
    const address = `192.0.2.${index}`;
    sentences.add(await refusal(accounts.logIn(name, password, address), "wrong-password"));
    // What takes the time is one hash in each case.
    assertEquals(hasher.verifications, index + 1);
  }
  assertEquals(
    [...sentences],
    ["Wrong name or password. Try again, or ask an operator for a new password."],
  );
});

Deno.test("Accounts.logIn() delays guesses at a known and an unknown name alike", async () => {
  const { accounts, hasher, clock } = await open();
  await accounts.register("ann", PASSWORD);
  const told: string[][] = [];
  for (const name of ["ann", "nobody"]) {
    const sentences: string[] = [];
    for (let guess = 0; guess < 50; guess++) {
      const error = await accounts.logIn(name, "wrong password", `192.0.2.${told.length}`)
        .catch((error) => error);
      sentences.push(`${error.code}: ${error.message}`);
      clock.tick(200);
    }
    told.push(sentences);
  }
  assertEquals(told[0], told[1]);
  assert(told[0].includes("slow-down: Too many wrong passwords. Try again in 4 seconds."));
  // What is refused costs no hash.
  assertEquals(hasher.verifications, 2 * told[0].filter((text) => text.startsWith("wrong")).length);
});

Deno.test("Accounts.logIn() lets the owner in while strangers guess", async () => {
  const { accounts, clock } = await open();
  await accounts.register("ann", PASSWORD, { address: OWNER });
  for (let second = 0; second < 60; second++) {
    for (let guess = 0; guess < 50; guess++) {
      const address = guess % 2 ? STRANGER : `2001:db8:${second}:${guess}::1`;
      await accounts.logIn("ann", `guess ${guess}`, address).catch(() => {});
      clock.tick(20);
    }
    await accounts.logIn("ann", PASSWORD, OWNER);
    await accounts.logIn("ann", PASSWORD, `192.0.2.${second}`);
  }
});

Deno.test("Accounts.logIn() does not count attempts that the hasher has no room for", async () => {
  const clock = new FakeClock();
  const hasher = new PasswordHasher({
    costs: { ln: 4, r: 8, p: 1 },
    iterations: 1,
    atOnce: 1,
    mostWaiting: 0,
  });
  const accounts = await Accounts.open({ state: new MemoryStateStore(), clock, hasher });
  for (let count = 0; count < 20; count++) {
    await refusal(accounts.logIn("ann", PASSWORD, STRANGER), "slow-down");
  }
  const { message } = await accounts.logIn("ann", PASSWORD, STRANGER).catch((error) => error);
  assertEquals(message, "Too many people are logging in. Try again in 10 seconds.");
});

Deno.test("Accounts.setPassword() replaces the password at once", async () => {
  const { accounts, state } = await open();
  await accounts.register("ann", PASSWORD);
  // Begun with the old password, which is no longer right when it has been checked.
  const [, late] = await Promise.allSettled([
    accounts.setPassword("ann", "coffee at six"),
    accounts.logIn("ann", PASSWORD, OWNER),
  ]);
  if (late.status === "rejected") assertEquals(late.reason.code, "wrong-password");
  await refusal(accounts.logIn("ann", PASSWORD), "wrong-password");
  await accounts.logIn("ANN", "coffee at six");
  await (await open(state)).accounts.logIn("ann", "coffee at six");
  await refusal(accounts.setPassword("bob", PASSWORD), "no-such-person");
});

Deno.test("Accounts.remove() leaves the name to operators, and setOperator() gives and takes power", async () => {
  const { accounts, state } = await open();
  await accounts.register("ann", PASSWORD);
  assertEquals((await accounts.setOperator("ANN", true)).isOperator, true);
  assertEquals((await open(state)).accounts.find("ann")?.isOperator, true);
  assertEquals((await accounts.setOperator("ann", false)).isOperator, false);
  assertEquals((await accounts.remove("Ann")).name, "ann");
  assertEquals(accounts.list(), []);
  assertEquals(await state.all("accounts"), new Map());
  await refusal(accounts.logIn("ann", PASSWORD), "wrong-password");
  assertEquals(
    await refusal(accounts.remove("ann"), "no-such-person"),
    "There is no account ann. Check the spelling.",
  );
  await refusal(accounts.setOperator("ann", true), "no-such-person");
  for (const again of [accounts, (await open(state)).accounts]) {
    assertEquals(
      await refusal(again.register("ANN", "somebody else"), "name-reserved"),
      "There was an account ANN before. Choose another name, or ask an operator to add it again.",
    );
  }
  await accounts.register("ann", "somebody else", { isTrusted: true });
});

Deno.test("Accounts.setPassword() does not bring back an account removed meanwhile", async () => {
  const { accounts, state } = await open();
  await accounts.register("ann", PASSWORD);
  const changing = accounts.setPassword("ann", "coffee at six");
  await accounts.remove("ann");
  await refusal(changing, "no-such-person");
  assertEquals(await state.all("accounts"), new Map());
});

Deno.test("Accounts.onChange() tells of each change, also if a listener fails", async () => {
  const { accounts } = await open();
  const changes: string[] = [];
  const note = ({ kind, account }: AccountChange) =>
    changes.push(`${kind} ${account.name} ${account.isOperator}`);
  accounts.onChange(() => {
    throw new Error("broken");
  });
  const stop = accounts.onChange(note);
  await accounts.register("ann", PASSWORD);
  await accounts.setOperator("ann", true);
  await accounts.setPassword("ann", "coffee at six");
  await accounts.remove("ann");
  stop();
  await accounts.register("bob", PASSWORD);
  assertEquals(changes, [
    "added ann false",
    "operator ann true",
    "password ann true",
    "removed ann true",
  ]);
});

Deno.test("Accounts change nothing that could not be stored", async () => {
  const state = new MemoryStateStore();
  const { accounts } = await open(state);
  await accounts.register("ann", PASSWORD);
  state.update = () => Promise.reject(new Error("the disk is full"));
  await assertRejects(() => accounts.register("bob", PASSWORD), Error, "full");
  await assertRejects(() => accounts.setPassword("ann", "coffee at six"), Error, "full");
  await assertRejects(() => accounts.setOperator("ann", true), Error, "full");
  await assertRejects(() => accounts.remove("ann"), Error, "full");
  assertEquals(accounts.list().map(({ name, isOperator }) => [name, isOperator]), [["ann", false]]);
  await accounts.logIn("ann", PASSWORD);
});

Deno.test("Accounts.register() delays whoever creates many, and never an operator", async () => {
  const { accounts } = await open();
  for (let index = 0; index < 21; index++) {
    await accounts.register(`name${index}`, PASSWORD, { address: STRANGER });
  }
  await refusal(accounts.register("more", PASSWORD, { address: STRANGER }), "slow-down");
  await accounts.register("more", PASSWORD, { isTrusted: true });
  await accounts.register("others", PASSWORD, { address: OWNER });
});

Deno.test("Accounts.open() keeps the name of a damaged account, without its power", async () => {
  const state = new MemoryStateStore();
  for (const text of ["{", "{}", "null", '{"name":"ann","isOperator":true}']) {
    await state.update("accounts", "ann", () => ({ value: text, result: undefined }));
    const { accounts } = await open(state);
    assertEquals(accounts.find("ann")?.isOperator, false);
    await refusal(accounts.register("ann", PASSWORD), "name-in-use");
    await refusal(accounts.logIn("ann", PASSWORD), "wrong-password");
    await accounts.setPassword("ann", PASSWORD);
    await accounts.logIn("ann", PASSWORD);
  }
});
