/**
 * Whether a stream goes on where a node stopped. A node that goes on after another past would have
 * other events under the same numbers, so it refuses.
 *
 * @module
 */

import { countText } from "../domain/wording.ts";
import type { NodeRun } from "./entry.ts";
import { decodeEntry } from "./entry.ts";
import type { EntryStream, StreamDescription } from "./entry_stream.ts";
import type { Replica } from "./replica.ts";

/** Why a node does not join its cluster: a sentence that says what to do. */
export class PastError extends Error {
  override readonly name = "PastError";
}

/**
 * A past that seems to differ, by what the servers say at this moment; a fault only if it lasts. The
 * message is a sentence like that of {@linkcode PastError}.
 */
export class PastDoubt extends Error {
  override readonly name = "PastDoubt";
}

/** What to do with a node that has another past. */
export const FILL =
  "Fill this node from another one: run partyline backup FILE there, then partyline restore FILE " +
  "here with a new data directory, and start it on that";

/**
 * @param node The name of this node.
 * @throws {PastError} if the stream does not go on where the node stopped.
 * @throws {PastDoubt} if it does not at this moment, which may pass.
 * @throws {Error} if the stream cannot be reached.
 */
export async function checkPast(
  replica: Pick<Replica, "position" | "beginning">,
  stream: Pick<EntryStream, "entryAt">,
  description: StreamDescription,
  node: string,
): Promise<void> {
  const { position } = replica;
  if (position.seq === 0) return await checkBeginning(replica, stream, description, node);
  const { created, firstSeq, lastSeq } = description;
  if (created !== position.created) {
    throw new PastError(
      `The stream of the cluster was created at ${created}, and this node has applied one that ` +
        `was created at ${position.created}. If the other nodes are right, do this. ${FILL}`,
    );
  }
  if (lastSeq < position.seq) {
    throw new PastDoubt(
      `The stream of the cluster ends at ${lastSeq}, and this node has applied it up to ` +
        `${position.seq}: the stream was restored to an older state. ` +
        `If the other nodes are right, do this. ${FILL}`,
    );
  }
  if (firstSeq > position.seq + 1) throw tooShort(position.seq, firstSeq);
  if (firstSeq > position.seq) return;
  const found = await stream.entryAt(position.seq);
  // It may have been removed by now.
  if (found && !isSame(senderOf(found.bytes), position.by)) {
    throw new PastError(
      `The stream of the cluster has another entry at ${position.seq} than the one that this ` +
        `node has applied. If the other nodes are right, do this. ${FILL}`,
    );
  }
}

async function checkBeginning(
  replica: Pick<Replica, "beginning">,
  stream: Pick<EntryStream, "entryAt">,
  { firstSeq, lastSeq }: StreamDescription,
  node: string,
): Promise<void> {
  if (lastSeq === 0) return;
  if (firstSeq > 1) throw tooShort(0, firstSeq);
  const own = await replica.beginning();
  const first = await stream.entryAt(1);
  if (!first) throw new PastDoubt(tooShort(0, 2).message);
  const { hello, node: founder } = decodeEntry(first.bytes);
  const { base = 0, state } = hello ?? {};
  const hasNothing = own.base === 0 && own.state === undefined;
  // Its own log and state, if it stopped before it applied its first entry.
  const isSame = own.base === base && own.state === state;
  if (isSame && (hasNothing || founder === node)) return;
  throw new PastError(
    hasNothing
      ? `The cluster began with ${
        base > 0 ? `the ${countText(base, "event")}` : "the accounts and settings"
      } ` +
        `that node ${founder} had, and this node has none. ${FILL}`
      : own.base > 0
      ? `The cluster has a history of its own, and this node has another one of ${own.base} ` +
        `events. Keep that apart if you need it. ${FILL}`
      : "This node has accounts or settings of its own, which the cluster does not know. Start it " +
        "with a new data directory, and add them then",
  );
}

function tooShort(applied: number, firstSeq: number): PastError {
  return new PastError(
    `The stream of the cluster begins at ${firstSeq}, and this node has applied it up to ` +
      `${applied}: what lies between is no longer in the stream. ${FILL}`,
  );
}

function senderOf(bytes: Uint8Array): NodeRun & { batch: number } {
  const { node, incarnation, batch } = decodeEntry(bytes);
  return { node, incarnation, batch };
}

function isSame(
  a: NodeRun & { batch: number },
  b: (NodeRun & { batch: number }) | undefined,
): boolean {
  return a.node === b?.node && a.incarnation === b.incarnation && a.batch === b.batch;
}
