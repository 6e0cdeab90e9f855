/**
 * Sends entries to systemd's journal as fields (its "native protocol"). Entries that the journal
 * does not take are handed back, so that the caller can write them elsewhere.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import { openUnnamedSocket } from "./unnamed_socket.ts";

/** The fields of an entry by name: capital letters, digits and `_`. */
export type JournalFields = Readonly<Record<string, string>>;

const PATH = "/run/systemd/journal/socket";
/** Most entries queued while the journal is busy. */
const MOST_WAITING = 1000;
/** How long closing waits for the journal to take what is queued. */
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
   * Opens a socket to the journal; returns `undefined` if there is no journal.
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
   * Queues an entry; entries are sent in order.
   *
   * @param instead Called if the journal does not take the entry, because it is gone or busy, or
   * because the entry is too large.
   */
  send(fields: JournalFields, instead: () => void): void {
    if (this.#isClosed || this.#waiting.length >= MOST_WAITING) return instead();
    this.#waiting.push({ bytes: encodeFields(fields), instead });
    this.#sending ??= this.#sendAll();
  }

  /**
   * Closes the socket once everything has been sent. Entries that the journal does not take in time
   * are handed back; the one being sent at that moment may end up in both places.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => timer = setTimeout(resolve, CLOSE_MS));
    await Promise.race([this.#sending, late]);
    clearTimeout(timer);
    this.#isClosed = true;
    this.#socket.close();
    // Closing the socket does not end a send that waits for room.
    for (const { instead } of this.#waiting.splice(0)) instead();
  }

  /** Starts at once, so that what the journal has room for arrives even if the program ends next. */
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

/** Encodes an entry in the journal's native protocol. */
export function encodeFields(fields: JournalFields): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (!value.includes("\n")) {
      parts.push(encoder.encode(`${name}=${value}\n`));
      continue;
    }
    // A line end would start another field, so the value is preceded by its length.
    const bytes = encoder.encode(value);
    const length = new Uint8Array(8);
    new DataView(length.buffer).setBigUint64(0, BigInt(bytes.length), true);
    parts.push(encoder.encode(`${name}\n`), length, bytes, encoder.encode("\n"));
  }
  return concat(parts);
}
