import { assert, assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import { AccessControl } from "../../../../lib/domain/access/access_control.ts";
import type { Asker } from "../../../../lib/domain/asker.ts";
import { DomainError } from "../../../../lib/domain/domain_error.ts";
import { MemoryStateStore } from "../../../../lib/store/memory/state_store.ts";
import { TrialStateStore } from "../../../service/trial_state_store.ts";
import { FakeClock, settle } from "../../../support/fake_clock.ts";
import { openOwners, PASSWORD } from "../../../support/token_owners.ts";
import { refusal } from "../../../support/trial_accounts.ts";

const ADDRESS = "198.51.100.7";

function refusalNow(work: () => unknown): DomainError | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

Deno.test("Tokens.create() gives a secret with which the account is found, across a restart", async () => {
  const first = await openOwners(["Ann", "bob"]);
  const secret = await first.tokens.create("ann", "deploy", ["Ops", "builds"]);
  assertMatch(secret, /^pl_[\w-]{43}$/);
  const other = await first.tokens.create("bob", "deploy");
  assertNotEquals(other, secret);
  const asked = (asker: Asker | undefined) => ({ ...asker, revoked: undefined });
  const expected = {
    nickname: "Ann",
    account: "ann",
    isOperator: false,
    capacity: "token" as const,
    onlyRooms: new Set(["ops", "builds"]),
    revoked: undefined,
  };
  assertEquals(asked(first.tokens.ask(secret)), expected);
  const { tokens } = await openOwners([], first);
  assertEquals(asked(tokens.ask(secret)), expected);
  assertEquals(tokens.ask(other)?.onlyRooms, undefined);
  assertEquals(tokens.list("ANN").map(({ label, rooms }) => ({ label, rooms })), [
    { label: "deploy", rooms: ["Ops", "builds"] },
  ]);
});

Deno.test("Tokens.ask() knows nothing but whole secrets", async () => {
  const { tokens, state } = await openOwners(["ann"]);
  const secret = await tokens.create("ann", "x");
  const [stored] = (await state.all("tokens")).values();
  const { hash } = JSON.parse(stored).tokens[0];
  const wrong = ["", "pl_", secret.slice(0, -1), `${secret}x`, ` ${secret}`, "ann", "x", hash];
  assertEquals(wrong.map((text) => tokens.ask(text)), wrong.map(() => undefined));
});

Deno.test("Tokens stores no secret", async () => {
  const { tokens, state } = await openOwners(["ann"]);
  const secret = await tokens.create("ann", "x");
  const [stored] = (await state.all("tokens")).values();
  assert(!stored.includes(secret) && !stored.includes(secret.slice(3)));
});

Deno.test("Tokens.revoke() stops whoever acts with the token at once", async () => {
  const { tokens, state, accounts } = await openOwners(["ann"]);
  const secret = await tokens.create("ann", "Deploy");
  const kept = await tokens.create("ann", "kept");
  const asker = tokens.ask(secret)!;
  const access = new AccessControl();
  assertEquals(access.refusal(asker, "ops", "read"), undefined);
  assertEquals((await tokens.revoke("ann", "deploy")).label, "Deploy");
  assertEquals(tokens.ask(secret), undefined);
  assertEquals([asker.revoked!.aborted, tokens.ask(kept)!.revoked!.aborted], [true, false]);
  const sentence = access.refusal(asker, "ops", "read");
  assertEquals(sentence?.code, "wrong-token");
  assertMatch(sentence!.message, /revoked.*\/token new/);
  const again = await openOwners([], { state });
  assertEquals(again.tokens.ask(secret), undefined);
  assert(again.tokens.ask(kept));
  assert(accounts.find("ann"));
});

Deno.test("Tokens ends those of a removed account, and a new one of that name does not get them", async () => {
  const { tokens, accounts, state, clock } = await openOwners(["ann"]);
  const secret = await tokens.create("ann", "x");
  const asker = tokens.ask(secret)!;
  await accounts.remove("ann");
  assert(asker.revoked!.aborted);
  assertEquals(tokens.ask(secret), undefined);
  await settle();
  assertEquals((await state.all("tokens")).size, 0);
  await clock.advance(1);
  await accounts.register("ann", PASSWORD, { isTrusted: true });
  assertEquals(tokens.list("ann"), []);
  assertEquals(tokens.ask(secret), undefined);
});

Deno.test("Tokens of an account that was removed are not revived by what is left on the disk", async () => {
  const state = new TrialStateStore();
  const { tokens, accounts, clock } = await openOwners(["ann"], { state });
  const secret = await tokens.create("ann", "x");
  const [text] = (await state.all("tokens")).values();
  await accounts.remove("ann");
  await settle();
  // As after a crash between the two.
  state.set({ service: "tokens", key: "ann", value: text });
  await clock.advance(1);
  const { tokens: restarted, accounts: others } = await openOwners(["ann"], { state, clock });
  assertEquals([restarted.ask(secret), restarted.list("ann")], [undefined, []]);
  await restarted.create("ann", "x");
  assertEquals(restarted.list("ann").length, 1);
  await others.remove("ann");
});

Deno.test("Tokens removes what is left of an account that is gone when it opens", async () => {
  const state = new MemoryStateStore();
  state.set({ service: "tokens", key: "zoe", value: '{"account":1,"tokens":[]}' });
  await openOwners(["ann"], { state });
  await settle();
  assertEquals((await state.all("tokens")).size, 0);
});

Deno.test("Tokens replaces a damaged list", async () => {
  const state = new MemoryStateStore();
  state.set({ service: "tokens", key: "ann", value: "{" });
  const { tokens } = await openOwners(["ann"], { state });
  assertEquals(tokens.list("ann"), []);
  assert(tokens.ask(await tokens.create("ann", "x")));
});

Deno.test("Tokens refuses labels in use, bad ones, unknown accounts and tokens, and too many", async () => {
  const { tokens } = await openOwners(["ann"]);
  await tokens.create("ann", "deploy");
  await refusal(tokens.create("ann", "DEPLOY"), "name-in-use");
  await refusal(tokens.create("ann", "a b"), "bad-name");
  await refusal(tokens.create("ann", ""), "bad-name");
  await refusal(tokens.create("zoe", "x"), "no-such-person");
  await refusal(tokens.revoke("zoe", "x"), "no-such-person");
  await refusal(tokens.revoke("ann", "x"), "no-such-token");
  const rooms = Array.from({ length: 51 }, (_, index) => `r${index}`);
  await refusal(tokens.create("ann", "x", rooms), "too-many-rooms");
  // All at once, as from several connections.
  const outcomes = await Promise.allSettled(
    Array.from({ length: 60 }, (_, index) => tokens.create("ann", `t${index}`)),
  );
  assertEquals(outcomes.filter(({ status }) => status === "fulfilled").length, 49);
  await refusal(tokens.create("ann", "more"), "too-many-tokens");
  await tokens.revoke("ann", "deploy");
  await tokens.create("ann", "more");
});

Deno.test("Tokens notes the day of a token's use, not every use", async () => {
  const state = new TrialStateStore();
  const { tokens, clock } = await openOwners(["ann"], { state });
  const secret = await tokens.create("ann", "x");
  const used = () => tokens.list("ann")[0].usedAt;
  assertEquals(used(), undefined);
  let writes = 0;
  state.beforeStoring = () => void writes++;
  const day = Date.parse("2026-11-21");
  assertEquals(Math.floor(clock.now() / 86_400_000) * 86_400_000, day);
  for (let time = 0; time < 10; time++) tokens.ask(secret);
  await settle();
  assertEquals([writes, used()], [1, day]);
  await clock.advance(86_400_000);
  tokens.ask(secret);
  await settle();
  assertEquals([writes, used()], [2, day + 86_400_000]);
  const again = await openOwners([], { state, clock });
  assertEquals(again.tokens.list("ann")[0].usedAt, day + 86_400_000);
});

Deno.test("Tokens changes nothing that cannot be stored", async () => {
  const state = new TrialStateStore();
  const { tokens } = await openOwners(["ann"], { state });
  const secret = await tokens.create("ann", "kept");
  state.isFull = true;
  await assertRejects(() => tokens.create("ann", "lost"), Error, "full");
  await assertRejects(() => tokens.revoke("ann", "kept"), Error, "full");
  assertEquals(tokens.list("ann").map(({ label }) => label), ["kept"]);
  assert(tokens.ask(secret));
  await settle();
});

Deno.test("Tokens.require() counts guesses, but not a wrong token that is sent again and again", async () => {
  const clock = new FakeClock();
  const { tokens, accounts, delays } = await openOwners(["ann"], { clock });
  const secret = await tokens.create("ann", "x");
  for (let time = 0; time < 100; time++) {
    const { code } = refusalNow(() => tokens.require("pl_revoked", ADDRESS))!;
    assertEquals(code, "wrong-token");
  }
  assertEquals(refusalNow(() => delays.begin("bob", ADDRESS)[Symbol.dispose]()), undefined);
  // An address that guesses without end is delayed when it logs in, but its tokens are not.
  for (let guess = 0; guess < 60; guess++) {
    const { code } = refusalNow(() => tokens.require(`pl_guess${guess}`, ADDRESS))!;
    assertEquals(code, "wrong-token");
    await clock.advance(61_000);
  }
  refusalNow(() => tokens.require("pl_last", ADDRESS));
  assertEquals(refusalNow(() => delays.begin("bob", ADDRESS))?.code, "slow-down");
  assertEquals(tokens.require(secret, ADDRESS).account, "ann");
  assert(accounts.find("ann"));
});

Deno.test("Tokens finds a wrong secret's absence as fast as a token, whatever they have in common", async () => {
  const { tokens } = await openOwners(["ann"]);
  const secret = await tokens.create("ann", "x");
  const wrongs = [secret.slice(0, -1) + (secret.endsWith("A") ? "B" : "A"), "pl_" + "A".repeat(43)];
  const times = [secret, ...wrongs].map(() => [] as number[]);
  for (let round = 0; round < 400; round++) {
    for (const [index, text] of [secret, ...wrongs].entries()) {
      const start = performance.now();
      for (let time = 0; time < 50; time++) tokens.ask(text);
      times[index].push(performance.now() - start);
    }
  }
  const [right, near, far] = times.map((all) => all.toSorted((a, b) => a - b)[200]);
  // They differ by far less; the machine may be busy.
  for (const time of [near, far]) {
    assert(time < right * 2 && right < time * 2, `${[right, near, far]}`);
  }
});
