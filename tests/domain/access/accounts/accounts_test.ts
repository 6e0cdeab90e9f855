import { assert, assertEquals, assertRejects } from "@std/assert";
import type { AccountChange } from "../../../../lib/domain/access/accounts/account_change.ts";
import { MemoryStateStore } from "../../../../lib/store/memory/state_store.ts";
import { openAccounts, PASSWORD, refusal } from "../../../support/trial_accounts.ts";

const OWNER = "198.51.100.7";
const STRANGER = "203.0.113.5";

Deno.test("Accounts.register() creates an account that outlives a restart", async () => {
  const { accounts, state, clock } = await openAccounts();
  const ann = await accounts.register(" Ann ", PASSWORD, { isOperator: true });
  assertEquals([ann.name, ann.key, ann.isOperator], ["Ann", "ann", true]);
  assertEquals(ann.createdAt, clock.now());
  await accounts.register("bob", "another one");
  const later = (await openAccounts(state)).accounts;
  assertEquals(later.list(), accounts.list());
  assertEquals(later.find("ANN"), ann);
  assertEquals(await later.passwords.logIn("ann", PASSWORD), ann);
  assertEquals(later.find("carl"), undefined);
});

Deno.test("Accounts.register() never keeps the password", async () => {
  const { accounts, state } = await openAccounts();
  await accounts.register("ann", PASSWORD);
  const stored = JSON.stringify([...await state.all("accounts")]);
  assert(!stored.includes("tea"), stored);
  assert(stored.includes("$scrypt$ln=4,r=8,p=1$"), stored);
});

Deno.test("Accounts.register() refuses names that are invalid, reserved or taken", async () => {
  const { accounts, hasher } = await openAccounts();
  await accounts.register("ann", PASSWORD);
  await refusal(accounts.register("a b", PASSWORD), "bad-name");
  assertEquals(
    await refusal(accounts.register("HELP", PASSWORD), "name-reserved"),
    "The name HELP is reserved. Choose another.",
  );
  assertEquals(
    await refusal(accounts.register("ａnn", PASSWORD), "name-in-use"),
    "There is already an account ａnn, or one that looks like it. Choose another name.",
  );
  assertEquals(hasher.hashes, 1);
});

Deno.test("Accounts.register() gives a name to one of those who ask at the same time", async () => {
  const { accounts } = await openAccounts();
  const outcomes = await Promise.allSettled(
    Array.from({ length: 5 }, (_, index) => accounts.register("ann", `${PASSWORD} ${index}`)),
  );
  const winners = outcomes.flatMap(({ status }, index) => status === "fulfilled" ? [index] : []);
  assertEquals(winners.length, 1);
  await accounts.passwords.logIn("ann", `${PASSWORD} ${winners[0]}`);
});

Deno.test("Accounts accept any character in passwords, in NFC, from 6 characters to 1024 bytes", async () => {
  const { accounts } = await openAccounts();
  const good = ["  spaces  ", "\0\x1b[31m\n\r\t", "пароль-東京", "𝄞𝄞𝄞𝄞𝄞𝄞", "é".repeat(512)];
  for (const [index, password] of good.entries()) {
    await accounts.register(`name${index}`, password);
    await accounts.passwords.logIn(`name${index}`, password);
  }
  await accounts.register("rené", "cafe\u0301 crème");
  await accounts.passwords.logIn("rene\u0301", "café cre\u0300me");
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

Deno.test("Accounts.setPassword() replaces the password at once", async () => {
  const { accounts, state } = await openAccounts();
  await accounts.register("ann", PASSWORD);
  // Begun with the old password, which is no longer right when it has been checked.
  const [, late] = await Promise.allSettled([
    accounts.setPassword("ann", "coffee at six"),
    accounts.passwords.logIn("ann", PASSWORD, OWNER),
  ]);
  if (late.status === "rejected") assertEquals(late.reason.code, "wrong-password");
  await refusal(accounts.passwords.logIn("ann", PASSWORD), "wrong-password");
  await accounts.passwords.logIn("ANN", "coffee at six");
  await (await openAccounts(state)).accounts.passwords.logIn("ann", "coffee at six");
  await refusal(accounts.setPassword("bob", PASSWORD), "no-such-person");
});

Deno.test("Accounts.remove() leaves the name to operators, and setOperator() gives and takes power", async () => {
  const { accounts, state } = await openAccounts();
  await accounts.register("ann", PASSWORD);
  assertEquals((await accounts.setOperator("ANN", true)).isOperator, true);
  assertEquals((await openAccounts(state)).accounts.find("ann")?.isOperator, true);
  assertEquals((await accounts.setOperator("ann", false)).isOperator, false);
  assertEquals((await accounts.remove("Ann")).name, "ann");
  assertEquals(accounts.list(), []);
  assertEquals(await state.all("accounts"), new Map());
  await refusal(accounts.passwords.logIn("ann", PASSWORD), "wrong-password");
  assertEquals(
    await refusal(accounts.remove("ann"), "no-such-person"),
    "There is no account ann. Check the spelling.",
  );
  await refusal(accounts.setOperator("ann", true), "no-such-person");
  for (const again of [accounts, (await openAccounts(state)).accounts]) {
    assertEquals(
      await refusal(again.register("ANN", "somebody else"), "name-reserved"),
      "There was an account ANN before. Choose another name, or ask an operator to add it again.",
    );
  }
  await accounts.register("ann", "somebody else", { isTrusted: true });
});

Deno.test("Accounts.setPassword() does not bring back an account removed meanwhile", async () => {
  const { accounts, state } = await openAccounts();
  await accounts.register("ann", PASSWORD);
  const changing = accounts.setPassword("ann", "coffee at six");
  await accounts.remove("ann");
  await refusal(changing, "no-such-person");
  assertEquals(await state.all("accounts"), new Map());
});

Deno.test("Accounts.onChange() tells of each change, also if a listener fails", async () => {
  const { accounts } = await openAccounts();
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
  const { accounts } = await openAccounts(state);
  await accounts.register("ann", PASSWORD);
  state.update = () => Promise.reject(new Error("the disk is full"));
  await assertRejects(() => accounts.register("bob", PASSWORD), Error, "full");
  await assertRejects(() => accounts.setPassword("ann", "coffee at six"), Error, "full");
  await assertRejects(() => accounts.setOperator("ann", true), Error, "full");
  await assertRejects(() => accounts.remove("ann"), Error, "full");
  assertEquals(accounts.list().map(({ name, isOperator }) => [name, isOperator]), [["ann", false]]);
  await accounts.passwords.logIn("ann", PASSWORD);
});

Deno.test("Accounts.register() delays whoever creates many, and never an operator", async () => {
  const { accounts } = await openAccounts();
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
    const { accounts } = await openAccounts(state);
    assertEquals(accounts.find("ann")?.isOperator, false);
    await refusal(accounts.register("ann", PASSWORD), "name-in-use");
    await refusal(accounts.passwords.logIn("ann", PASSWORD), "wrong-password");
    await accounts.setPassword("ann", PASSWORD);
    await accounts.passwords.logIn("ann", PASSWORD);
  }
});
