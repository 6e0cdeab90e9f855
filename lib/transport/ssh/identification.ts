/**
 * The first line that either side of an SSH connection sends (RFC 4253 section 4.2), and what peers
 * hear that speak something else.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import { type Clock, waitFor } from "../../clock.ts";
import type { ByteConnection } from "../connection.ts";
import { sayLast } from "../last_words.ts";

/**
 * Ours, without the protocol version in front, which the library adds. OpenSSH's client says that
 * nobody reads its output any more (`ssh HOST tail -f ops | head -1`) only to servers whose name
 * begins with its own, and would otherwise never end.
 */
export const SOFTWARE = "OpenSSH_compatible_Partyline";

/** Longest line of a peer in bytes, including its end. */
const MOST_BYTES = 255;
/** How long we let a peer speak first: HTTP needs an answer without our line before it. */
const HELLO_DELAY_MS = 200;
const LF = 10;
const SSH_LINE = /^SSH-(2\.0|1\.99)-[^ \r\n]+( [^\r\n]*)?\r?\n$/;
/** A request line (RFC 9112 section 3), perhaps cut. */
const HTTP_LINE = /^\S+[ \t]+\S+([ \t]+HTTP\/\S*\s*)?$/i;
/** The first byte of TLS: a handshake record (RFC 8446 section 5.1). */
const HANDSHAKE_RECORD = 22;

const OUR_LINE = `SSH-2.0-${SOFTWARE}\r\n`;
const HINT = "! This port speaks SSH. Connect with ssh, for example: ssh -p PORT NAME@HOST\r\n";
const HTTP_SENTENCE = "This port speaks SSH, not HTTP. Connect with ssh.\n";
const HTTP_ANSWER = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n" +
  `Content-Length: ${HTTP_SENTENCE.length}\r\nConnection: close\r\n\r\n${HTTP_SENTENCE}`;

const encoder = new TextEncoder();
const decoder = new TextDecoder("latin1");

/**
 * Identifies us, and reads the peer's identification.
 *
 * @param bytes Those of `carrier`.
 * @returns What the peer has sent so far, which begins with that line; `undefined` if it speaks
 * something else, and has been told, or is gone.
 * @throws {Error} if the peer is gone.
 */
export async function exchangeIdentifications(
  carrier: ByteConnection,
  bytes: AsyncIterator<Uint8Array>,
  clock: Clock,
): Promise<Uint8Array | undefined> {
  let isSilent = true;
  const first = bytes.next().finally(() => isSilent = false);
  await waitFor(first, clock, HELLO_DELAY_MS);
  const isExpected = isSilent;
  if (isExpected) await carrier.write(encoder.encode(OUR_LINE));
  let heard: Uint8Array = new Uint8Array();
  for (let next = await first; !next.done; next = await bytes.next()) {
    heard = concat([heard, next.value]);
    const length = heard.indexOf(LF) + 1;
    if (length === 0 && heard.length < MOST_BYTES && heard[0] !== HANDSHAKE_RECORD) continue;
    const line = decoder.decode(heard.subarray(0, length || MOST_BYTES));
    if (length <= MOST_BYTES && SSH_LINE.test(line)) {
      if (!isExpected) await carrier.write(encoder.encode(OUR_LINE));
      return heard;
    }
    const hint = HTTP_LINE.test(line) && !isExpected ? HTTP_ANSWER : HINT;
    await sayLast(carrier, bytes, encoder.encode(hint), clock);
    return undefined;
  }
  return undefined;
}
