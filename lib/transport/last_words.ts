/**
 * Tells a peer why it is not served, and makes sure that it can read the reason.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { ByteConnection } from "./connection.ts";

/** Milliseconds that a peer has for reading them. */
const LINGER_MS = 1000;
/** Bytes that a peer may send meanwhile: reading an endless stream would keep all others waiting. */
const MAX_DISCARDED_BYTES = 256 * 1024;

/**
 * Sends `words`, then reads until the peer ends its side, a second has passed or 256 KiB have come:
 * closing with unread bytes would make the system discard the words. The caller closes the
 * connection.
 *
 * @param bytes The bytes of `connection`.
 * @throws {Error} if the peer is gone.
 */
export async function sayLast(
  connection: ByteConnection,
  bytes: AsyncIterator<Uint8Array>,
  words: Uint8Array,
  clock: Clock,
): Promise<void> {
  const cancel = clock.after(LINGER_MS, () => connection.close());
  try {
    for (let sent = 0; sent < words.length;) sent += await connection.write(words.subarray(sent));
    await connection.closeWrite();
    for (let left = MAX_DISCARDED_BYTES; left > 0;) {
      const { value, done } = await bytes.next();
      if (done) return;
      left -= value.length;
    }
  } finally {
    cancel();
  }
}
