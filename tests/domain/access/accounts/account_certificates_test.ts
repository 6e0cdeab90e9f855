import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createHash } from "node:crypto";
import {
  AccountCertificates,
  formatFingerprint,
  parseFingerprint,
} from "../../../../lib/domain/access/accounts/account_certificates.ts";
import { Accounts } from "../../../../lib/domain/access/accounts/accounts.ts";
import { DomainError } from "../../../../lib/domain/domain_error.ts";
import { MemoryStateStore } from "../../../../lib/store/memory/state_store.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { QUICK_HASHER } from "../../../support/quick_hasher.ts";

async function open(state = new MemoryStateStore()) {
  const clock = new FakeClock();
  const accounts = await Accounts.open({ state, clock, hasher: QUICK_HASHER });
  return { accounts, certificates: new AccountCertificates({ accounts, clock }), state };
}

function fingerprint(number: number): string {
  return createHash("sha256").update(Uint8Array.of(number)).digest("hex");
}

Deno.test("AccountCertificates.add() adds each once, and they outlive a restart", async () => {
  const { accounts, certificates, state } = await open();
  await accounts.register("Ann", "tea at five");
  await certificates.add("ann", fingerprint(1));
  await certificates.add("ann", fingerprint(2));
  await certificates.add("ann", fingerprint(1));
  assertEquals(accounts.find("ann")!.certificates!.length, 2);
  const later = await open(state);
  assertEquals(later.accounts.list(), accounts.list());
  assertEquals(later.certificates.logIn(fingerprint(2)).name, "Ann");
  await later.accounts.setPassword("ann", "coffee at six");
  assertEquals(later.certificates.logIn(fingerprint(2)).name, "Ann");
});

Deno.test("AccountCertificates.add() refuses an eleventh certificate", async () => {
  const { accounts, certificates } = await open();
  await accounts.register("ann", "tea at five");
  for (let number = 0; number < 10; number++) await certificates.add("ann", fingerprint(number));
  const error = await assertRejects(() => certificates.add("ann", fingerprint(10)), DomainError);
  assertEquals(error.code, "too-many-keys");
  assertThrows(() => certificates.logIn(fingerprint(10)), DomainError, "does not belong");
});

Deno.test("AccountCertificates.remove() takes the beginning of a fingerprint", async () => {
  const { accounts, certificates } = await open();
  await accounts.register("ann", "tea at five");
  await certificates.add("ann", fingerprint(1));
  await certificates.add("ann", fingerprint(2));
  for (const text of ["", "4b", "xyzw", "4bf5 122x"]) {
    await assertRejects(() => certificates.remove("ann", text), DomainError, "not a SHA-256");
  }
  await assertRejects(() => certificates.remove("ann", "0000"), DomainError, "No certificate");
  const shown = formatFingerprint(fingerprint(1)).slice(0, 11);
  assertEquals((await certificates.remove("ann", shown)).fingerprint, fingerprint(1));
  assertThrows(() => certificates.logIn(fingerprint(1)), DomainError, "CERT ADD");
  assertEquals(certificates.logIn(fingerprint(2)).name, "ann");
});

Deno.test("parseFingerprint() reads what tools print", () => {
  const digits = fingerprint(1);
  for (
    const text of [
      digits,
      digits.toUpperCase(),
      formatFingerprint(digits),
      `sha256 Fingerprint=${formatFingerprint(digits)}`,
      `SHA256:${digits}`,
    ]
  ) assertEquals(parseFingerprint(text), digits, text);
  for (const text of ["", digits.slice(1), `${digits}0`, digits.replace(/.$/, "g")]) {
    const { message } = assertThrows(() => parseFingerprint(text), DomainError);
    assert(message.includes("openssl x509"), message);
  }
});
