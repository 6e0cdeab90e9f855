/**
 * The socket of systemd's journal, which takes an entry as fields (its "native protocol"). What it
 * does not take goes to standard error, so no diagnostics are lost.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import { openUnnamedSocket } from "./unnamed_socket.ts";

/** The fields of an entry by name: letters, digits and `_`, all capital. */
export type JournalFields = Readonly<Record<string, string>>;

const PATH = "/run/systemd/journal/socket";
/** Entries kept while the journal is busy. */
const MOST_WAITING = 1000;
/** How long closing waits for the journal. */
const CLOSE_MS = 500;

interface Waiting {
  readonly bytes: Uint8Array;
  readonly instead: () => void;
}

export class JournalSocket implements AsyncDisposable {
  readonly #socket: Deno.DatagramConn;
  readonly #to: Deno.UnixAddr;
  #waiting: Waiting[] = [];
  #sending: Promise<void> | undefined;
  #isClosed = false;

  private constructor(socket: Deno.DatagramConn, path: string) {
    this.#socket = socket;
    this.#to = { transport: "unixpacket", path };
  }

  /**
   * Opens a socket to the journal; `undefined` if there is none.
   *
   * @param path Where the journal listens. @default {"/run/systemd/journal/socket"}
   */
  static open(path = PATH): JournalSocket | undefined {
    try {
      Deno.statSync(path);
      return new JournalSocket(openUnnamedSocket(), path);
    } catch {
      return undefined;
    }
  }

  /**
   * Sends an entry, after those before it.
   *
   * @param instead Called if the journal does not take it: it is gone, or the entry is too large.
   */
  send(fields: JournalFields, instead: () => void): void {
    if (this.#isClosed || this.#waiting.length >= MOST_WAITING) return instead();
    this.#waiting.push({ bytes: encodeFields(fields), instead });
    this.#sending ??= this.#sendAll();
  }

  /**
   * Closes the socket once everything has been sent. What the journal does not take in time goes
   * elsewhere; the entry that it is just being given may then be in both places.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => timer = setTimeout(resolve, CLOSE_MS));
    await Promise.race([this.#sending, late]);
    clearTimeout(timer);
    this.#isClosed = true;
    this.#socket.close();
    // Closing does not end a send that waits for room.
    for (const { instead } of this.#waiting.splice(0)) instead();
  }

  /** Begins at once: what the journal has room for is there even if the program ends next. */
  async #sendAll(): Promise<void> {
    for (let next; (next = this.#waiting.at(0)) !== undefined; this.#waiting.shift()) {
      try {
        await this.#socket.send(next.bytes, this.#to);
      } catch {
        if (!this.#isClosed) next.instead();
      }
    }
    this.#sending = undefined;
  }
}

/** The bytes of an entry, as the journal's native protocol has them. */
export function encodeFields(fields: JournalFields): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (!value.includes("\n")) {
      parts.push(encoder.encode(`${name}=${value}\n`));
      continue;
    }
    // A line end would begin another field, so its length goes before it.
    const bytes = encoder.encode(value);
    const length = new Uint8Array(8);
    new DataView(length.buffer).setBigUint64(0, BigInt(bytes.length), true);
    parts.push(encoder.encode(`${name}\n`), length, bytes, encoder.encode("\n"));
  }
  return concat(parts);
}
