import { assert, assertEquals } from "@std/assert";
import { Accounts } from "../../../../lib/domain/access/accounts/accounts.ts";
import { PasswordHasher } from "../../../../lib/domain/access/login/password_hasher.ts";
import { MemoryStateStore } from "../../../../lib/store/memory/state_store.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { openAccounts, PASSWORD, refusal } from "../../../support/trial_accounts.ts";

const OWNER = "198.51.100.7";
const STRANGER = "203.0.113.5";

Deno.test("AccountPasswords.logIn() answers a wrong password as it answers an unknown name", async () => {
  const { accounts, hasher } = await openAccounts();
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
    sentences.add(
      await refusal(accounts.passwords.logIn(name, password, address), "wrong-password"),
    );
    // What takes the time is one hash in each case.
    assertEquals(hasher.verifications, index + 1);
  }
  assertEquals(
    [...sentences],
    ["Wrong name or password. Try again, or ask an operator for a new password."],
  );
});

Deno.test("AccountPasswords.logIn() delays guesses at a known and an unknown name alike", async () => {
  const { accounts, hasher, clock } = await openAccounts();
  await accounts.register("ann", PASSWORD);
  const told: string[][] = [];
  for (const name of ["ann", "nobody"]) {
    const sentences: string[] = [];
    for (let guess = 0; guess < 50; guess++) {
      const error = await accounts.passwords.logIn(name, "wrong password", `192.0.2.${told.length}`)
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

Deno.test("AccountPasswords.logIn() lets the owner in while strangers guess", async () => {
  const { accounts, clock } = await openAccounts();
  await accounts.register("ann", PASSWORD, { address: OWNER });
  for (let second = 0; second < 60; second++) {
    for (let guess = 0; guess < 50; guess++) {
      const address = guess % 2 ? STRANGER : `2001:db8:${second}:${guess}::1`;
      await accounts.passwords.logIn("ann", `guess ${guess}`, address).catch(() => {});
      clock.tick(20);
    }
    await accounts.passwords.logIn("ann", PASSWORD, OWNER);
    await accounts.passwords.logIn("ann", PASSWORD, `192.0.2.${second}`);
  }
});

Deno.test("AccountPasswords.logIn() does not count attempts that the hasher has no room for", async () => {
  const clock = new FakeClock();
  const hasher = new PasswordHasher({
    costs: { ln: 4, r: 8, p: 1 },
    iterations: 1,
    atOnce: 1,
    mostWaiting: 0,
  });
  const accounts = await Accounts.open({ state: new MemoryStateStore(), clock, hasher });
  for (let count = 0; count < 20; count++) {
    await refusal(accounts.passwords.logIn("ann", PASSWORD, STRANGER), "slow-down");
  }
  const { message } = await accounts.passwords.logIn("ann", PASSWORD, STRANGER).catch((error) =>
    error
  );
  assertEquals(message, "Too many people are logging in. Try again in 10 seconds.");
});
