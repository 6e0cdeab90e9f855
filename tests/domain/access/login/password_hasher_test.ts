import { assertEquals, assertRejects } from "@std/assert";
import { type ConnectionContext, runInConnection } from "../../../../lib/context.ts";
import { deriveKey } from "../../../../lib/domain/access/login/password_hash.ts";
import { PasswordHasher } from "../../../../lib/domain/access/login/password_hasher.ts";
import { DomainError } from "../../../../lib/domain/domain_error.ts";

const CHEAP = { ln: 4, r: 8, p: 1 };

Deno.test("PasswordHasher hashes, and verifies what it hashed", async () => {
  const hasher = new PasswordHasher({ costs: CHEAP });
  const hash = await hasher.hash("correct horse");
  assertEquals(await hasher.verify("correct horse", hash), true);
  assertEquals(await hasher.verify("correct house", hash), false);
  assertEquals(await hasher.verify("", hasher.nothing), false);
});

Deno.test("PasswordHasher does the rest after the first ones, in order, the trusted first", async () => {
  const hasher = new PasswordHasher({ costs: CHEAP, atOnce: 1 });
  const order: string[] = [];
  const note = (name: string, isTrusted = false) =>
    hasher.hash(name, { isTrusted }).then(() => order.push(name));
  await Promise.all([note("first"), note("second"), note("third"), note("trusted", true)]);
  assertEquals(order, ["first", "trusted", "second", "third"]);
});

Deno.test("PasswordHasher keeps one place for the trusted while others are hashed", async () => {
  const others = Promise.withResolvers<void>();
  const begun: string[] = [];
  const hasher = new PasswordHasher({
    costs: CHEAP,
    atOnce: 2,
    othersAtOnce: 1,
    async derive(password, salt, costs, length) {
      begun.push(password);
      if (password !== "trusted") await others.promise;
      return await deriveKey(password, salt, costs, length);
    },
  });
  const waiting = [hasher.hash("first"), hasher.hash("second")];
  await hasher.hash("trusted", { isTrusted: true });
  assertEquals(begun, ["first", "trusted"]);
  others.resolve();
  await Promise.all(waiting);
  assertEquals(begun, ["first", "trusted", "second"]);
});

Deno.test("PasswordHasher hashes patiently while many wait, but not for the trusted", async () => {
  const patient: string[] = [];
  const hasher = new PasswordHasher({
    costs: CHEAP,
    atOnce: 1,
    derivePatiently(password, salt, costs, length) {
      patient.push(password);
      return deriveKey(password, salt, costs, length);
    },
  });
  const crowd = Array.from({ length: 8 }, (_, index) => hasher.hash(`${index}`));
  await Promise.all([...crowd, hasher.hash("trusted", { isTrusted: true })]);
  // The first was alone when it came, and fewer than four are waiting behind the fourth.
  assertEquals(patient, ["1", "2", "3"]);
});

Deno.test("PasswordHasher refuses what does not fit into its queue, and says what to do", async () => {
  const hasher = new PasswordHasher({
    costs: CHEAP,
    atOnce: 2,
    othersAtOnce: 2,
    mostWaiting: 3,
  });
  const accepted = Array.from({ length: 5 }, () => hasher.hash("x"));
  const refusal = await assertRejects(() => hasher.hash("x"), DomainError);
  assertEquals(refusal.code, "slow-down");
  assertEquals(refusal.message, "Too many people are logging in. Try again in 10 seconds.");
  // The queue of the trusted is another one.
  await Promise.all([...accepted, hasher.hash("x", { isTrusted: true })]);
  await hasher.hash("x");
});

Deno.test("PasswordHasher skips what nobody waits for any more", async () => {
  const hasher = new PasswordHasher({ costs: CHEAP, atOnce: 1 });
  const gone = new AbortController();
  const context: ConnectionContext = {
    connection: 1,
    transport: "tcp",
    remote: "192.0.2.1:5000",
    ended: gone.signal,
  };
  const first = hasher.hash("x");
  const skipped = runInConnection(context, () => hasher.hash("x"));
  const last = hasher.hash("x");
  gone.abort();
  await assertRejects(() => skipped, DomainError);
  await Promise.all([first, last]);
});

Deno.test("PasswordHasher goes on after a failure", async () => {
  const hasher = new PasswordHasher({ costs: { ln: 4, r: 8, p: 2 ** 30 }, atOnce: 1 });
  await assertRejects(() => hasher.hash("x"), Error);
  assertEquals(await hasher.verify("x", "not a hash"), false);
});
