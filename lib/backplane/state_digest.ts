/**
 * Tells whether two nodes begin with the same state: what a node had before its first entry is not in
 * the stream.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { StateTable } from "../domain/state_store.ts";
import { CLUSTER_STATE } from "./cluster_state.ts";

/** A hash of all values, but those that nodes keep for the cluster; `undefined` if there are none. */
export async function stateDigest(
  table: Pick<StateTable, "services" | "all">,
): Promise<string | undefined> {
  const hash = createHash("sha256");
  let isEmpty = true;
  for (const service of table.services()) {
    if (service === CLUSTER_STATE || service.startsWith(`${CLUSTER_STATE}.`)) continue;
    for (const [key, value] of await table.all(service)) {
      hash.update(JSON.stringify([service, key, value]));
      isEmpty = false;
    }
  }
  return isEmpty ? undefined : hash.digest("base64url");
}
