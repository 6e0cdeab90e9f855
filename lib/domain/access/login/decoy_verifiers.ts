/**
 * SCRAM verifiers for names without an account. The client gets one like any other, the same each
 * time and after a restart, so that it cannot tell which names have accounts.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHmac, randomBytes } from "node:crypto";
import type { StateStore } from "../../state_store.ts";
import { DEFAULT_ITERATIONS, KEY_BYTES, SALT_BYTES, type ScramVerifier } from "./scram_verifier.ts";

/** Where the secret is in the state store. */
const SERVICE = "secrets";
const KEY = "scram-decoys";
const SECRET_BYTES = 32;

export class DecoyVerifiers {
  readonly #secret: Uint8Array;

  /** @param secret Known only to the server. @default {a new one} */
  constructor(secret: Uint8Array = randomBytes(SECRET_BYTES)) {
    this.#secret = secret;
  }

  /** With the secret of the server, which is made once. */
  static async open(state: StateStore): Promise<DecoyVerifiers> {
    // Nothing is written if it is known: a server must start while its disk is full.
    const known = (await state.all(SERVICE)).get(KEY);
    const text = known ?? await state.update(SERVICE, KEY, (other) => {
      const value = other ?? randomBytes(SECRET_BYTES).toString("base64");
      return { value, result: value };
    });
    return new DecoyVerifiers(Buffer.from(text, "base64"));
  }

  /** The verifier of a name, which no proof fits. */
  of(key: string): ScramVerifier {
    const salt = createHmac("sha256", this.#secret).update(key).digest().subarray(0, SALT_BYTES);
    return {
      salt,
      iterations: DEFAULT_ITERATIONS,
      storedKey: randomBytes(KEY_BYTES),
      serverKey: randomBytes(KEY_BYTES),
    };
  }
}
