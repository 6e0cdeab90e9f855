import { assert, assertEquals, assertLess, assertNotEquals } from "@std/assert";
import {
  DEFAULT_COSTS,
  hashOfNothing,
  hashPassword,
  verifyPassword,
} from "../../../../lib/domain/access/login/password_hash.ts";

const CHEAP = { ln: 4, r: 8, p: 1 };

Deno.test("hashPassword() says its costs in the PHC string format, with a new salt each time", async () => {
  const form = /^\$scrypt\$ln=15,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/;
  const one = await hashPassword("correct horse");
  assert(form.test(one), one);
  assertNotEquals(await hashPassword("x", CHEAP), await hashPassword("x", CHEAP));
});

Deno.test("verifyPassword() accepts the password alone", async () => {
  const hash = await hashPassword("correct horse", CHEAP);
  assertEquals(await verifyPassword("correct horse", hash), true);
  for (const wrong of ["", "correct hors", "correct horse ", "Correct horse"]) {
    assertEquals(await verifyPassword(wrong, hash), false, wrong);
  }
});

Deno.test("verifyPassword() takes the costs from the hash, so that they can grow", async () => {
  for (const costs of [CHEAP, { ln: 5, r: 1, p: 3 }, DEFAULT_COSTS]) {
    assertEquals(
      await verifyPassword("tea at five", await hashPassword("tea at five", costs)),
      true,
    );
  }
});

Deno.test("verifyPassword() knows the key of RFC 7914 section 12", async () => {
  const key = Uint8Array.fromHex(
    "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2" +
      "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887",
  );
  const base64 = (bytes: Uint8Array) => bytes.toBase64({ omitPadding: true });
  const salt = base64(new TextEncoder().encode("SodiumChloride"));
  const hash = `$scrypt$ln=14,r=8,p=1$${salt}$${base64(key)}`;
  assertEquals(await verifyPassword("pleaseletmein", hash), true);
  assertEquals(await verifyPassword("pleaseletmeiN", hash), false);
});

Deno.test("verifyPassword() takes no password for a text that is not a hash", async () => {
  const [, , , salt, key] = (await hashPassword("", CHEAP)).split("$");
  const broken = [
    "",
    "secret",
    `$scrypt$ln=0,r=8,p=1$${salt}$${key}`,
    `$scrypt$ln=4,r=0,p=1$${salt}$${key}`,
    `$scrypt$ln=4,r=8,p=0$${salt}$${key}`,
    `$scrypt$ln=30,r=8,p=1$${salt}$${key}`,
    `$scrypt$ln=4,r=8,p=1$${salt}$AAAA`,
    `$scrypt$ln=4,r=8,p=1$${salt}$`,
    `$argon2id$ln=4,r=8,p=1$${salt}$${key}`,
    `$scrypt$ln=4,r=8,p=1$${salt}$${key}\n`,
  ];
  for (const hash of broken) assertEquals(await verifyPassword("", hash), false, hash);
});

Deno.test("hashOfNothing() has the same form and costs, and fits no password", async () => {
  const hash = hashOfNothing(CHEAP);
  assertEquals(hash.length, (await hashPassword("", CHEAP)).length);
  assertEquals(await verifyPassword("", hash), false);
});

Deno.test("hashPassword() leaves the main thread to others", async () => {
  // Calls that computed it here would let no timer run in between. That does not depend on how fast
  // the machine is: with a thread of its own, the timer runs many times during one hash.
  const costs = { ...DEFAULT_COSTS, p: 4 };
  const start = performance.now();
  const hashing = hashPassword("correct horse", costs);
  const called = performance.now() - start;
  let turns = 0;
  let isDone = false;
  hashing.then(() => isDone = true);
  while (!isDone) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    turns++;
  }
  const took = performance.now() - start;
  assertLess(called, took / 2);
  assert(turns > 3, `${turns} turns in ${took} ms`);
});
