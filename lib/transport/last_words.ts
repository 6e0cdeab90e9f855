/**
 * Tells a peer why it is not served, so that it gets to read that.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { ByteConnection } from "./connection.ts";

/** Milliseconds for a peer to read them. */
const LINGER_MS = 1000;
/**
 * What a peer may send meanwhile: reading what others send without pause keeps everybody else
 * waiting.
 */
const MAX_DISCARDED_BYTES = 256 * 1024;

/**
 * Sends words and reads on, until the peer has ended its side or had its chance: closing with
 * unread bytes would make the system take the words back. The caller closes the connection.
 *
 * @param bytes Those of `connection`.
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
