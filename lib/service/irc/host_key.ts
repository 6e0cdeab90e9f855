/**
 * The key of masked addresses that all nodes of a cluster have: a ban of a mask has to fit whoever
 * comes from that address, at whichever node.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import type { StateStore } from "../../domain/state_store.ts";

/** Reads the key from the state, and makes one if there is none. */
export async function sharedHostKey(state: StateStore): Promise<Uint8Array> {
  const text = await state.update("irc", "host key", (value) => {
    if (value !== undefined) return { result: value };
    const made = randomBytes(32).toString("hex");
    return { value: made, result: made };
  });
  return Buffer.from(text, "hex");
}
