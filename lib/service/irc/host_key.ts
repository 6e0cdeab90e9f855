/**
 * The key of masked addresses, one for all nodes of a cluster: a ban of a mask must match everybody
 * from that address, at any node.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import type { StateStore } from "../../domain/state_store.ts";

/** Reads the key from the state, or creates it. */
export async function sharedHostKey(state: StateStore): Promise<Uint8Array> {
  const text = await state.update("irc", "host key", (value) => {
    if (value !== undefined) return { result: value };
    const made = randomBytes(32).toString("hex");
    return { value: made, result: made };
  });
  return Buffer.from(text, "hex");
}
