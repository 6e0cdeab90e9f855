/**
 * Fuzzes the SASL exchanges: whatever a client sends, it is refused with a sentence, and nobody is
 * logged in who has not shown the password.
 */

import { assert } from "@std/assert";
import { AccountCertificates } from "../../lib/domain/access/accounts/account_certificates.ts";
import { Accounts } from "../../lib/domain/access/accounts/accounts.ts";
import { SaslError } from "../../lib/domain/access/sasl/mechanism.ts";
import { beginSasl } from "../../lib/domain/access/sasl/mechanisms.ts";
import { DomainError } from "../../lib/domain/domain_error.ts";
import { MemoryStateStore } from "../../lib/store/memory/state_store.ts";
import { QUICK_HASHER } from "../support/quick_hasher.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds, SEED } from "../support/rounds.ts";
import { ScramClient } from "../support/scram_client.ts";

const PASSWORD = "tea at five";
const encoder = new TextEncoder();

/** Changes a message here and there. */
function damage(random: SeededRandom, text: string): Uint8Array {
  let bytes = [...encoder.encode(text)];
  for (let changes = random.int(4); changes >= 0; changes--) {
    const at = random.int(bytes.length + 1);
    switch (random.int(4)) {
      case 0:
        bytes.splice(at, 1 + random.int(3));
        break;
      case 1:
        bytes.splice(at, 0, random.int(256));
        break;
      case 2:
        bytes.splice(at, 1, random.pick([..."\0,=npyrcasv"]).charCodeAt(0));
        break;
      default:
        bytes = [...bytes, ...bytes.slice(at)];
    }
  }
  return Uint8Array.from(bytes);
}

Deno.test("No message of a SASL exchange logs in without the password (fuzz)", async () => {
  const random = new SeededRandom(SEED);
  const state = new MemoryStateStore();
  const accounts = await Accounts.open({ state, hasher: QUICK_HASHER });
  await accounts.register("ann", PASSWORD);
  const certificates = new AccountCertificates({ accounts });
  const refusals = new Set<string>();
  for (let round = 0; round < rounds(2000, 100_000); round++) {
    const mechanism = random.pick(["PLAIN", "SCRAM-SHA-256", "EXTERNAL"]);
    const address = `198.51.${random.int(256)}.${random.int(256)}`;
    const certificate = "ab".repeat(32);
    const exchange = beginSasl(mechanism, { accounts, certificates, address, certificate })!;
    const client = new ScramClient({ name: "ann", password: "wrong password" });
    const first = mechanism === "PLAIN" ? "\0ann\0wrong password" : client.first();
    let message: Uint8Array = random.int(4) === 0 ? encoder.encode(first) : damage(random, first);
    try {
      for (let step = 0; step < 3; step++) {
        const answer = await exchange.respond(message);
        assert(!("account" in answer), `seed ${SEED}, round ${round}`);
        const challenge = new TextDecoder().decode(answer.challenge);
        const final = /^r=[^,]+,s=[^,]+,i=1$/.test(challenge) ? client.final(challenge) : "";
        message = random.int(4) === 0 ? encoder.encode(final) : damage(random, final);
      }
    } catch (error) {
      const isToldWhy = error instanceof SaslError || error instanceof DomainError;
      assert(isToldWhy, `seed ${SEED}, round ${round}: ${(error as Error).stack}`);
      refusals.add(error.message.slice(0, 20));
    }
  }
  // All the ways to fail were tried.
  assert(refusals.size >= 5, [...refusals].join("; "));
});
