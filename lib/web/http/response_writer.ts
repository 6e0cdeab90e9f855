/**
 * Writes HTTP responses, with the headers that every response has, as fast as the peer reads.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import type { RequestHead } from "../../codec/http_head.ts";
import type { WorkAccount } from "../../server/fairness/work_account.ts";
import type { Outbox } from "../../server/output/outbox.ts";
import { reasonPhrase } from "./problem.ts";

/** Sent with every response. The page needs nothing that these forbid. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
    "require-trusted-types-for 'script'; trusted-types partyline",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** The parts of a request on which the form of its response depends. */
export type RequestForm = Pick<RequestHead, "method" | "isHttp10">;

export class ResponseWriter {
  readonly #outbox: Outbox;
  readonly #work: WorkAccount;
  #isStopping = false;
  /** The event stream being written, if any: how to end it, and a comment in its framing. */
  #stream: { readonly end: () => void; readonly comment: Uint8Array } | undefined;

  /** @param work Charged for the parts of a body. */
  constructor(outbox: Outbox, work: WorkAccount) {
    this.#outbox = outbox;
    this.#work = work;
  }

  /** Ends event streams, which would never end; any other response is written completely. */
  stop(): void {
    this.#isStopping = true;
    this.#stream?.end();
  }

  /**
   * Sends a comment in the event stream being written, which clients skip; returns whether there is
   * a stream.
   */
  sendComment(): boolean {
    if (this.#stream) this.#outbox.push(this.#stream.comment);
    return this.#stream !== undefined;
  }

  /**
   * Writes a response; resolves to `false` if it could not be written completely.
   *
   * @param isLast Whether the connection is closed after it.
   */
  async write(response: Response, request: RequestForm, isLast: boolean): Promise<boolean> {
    const body = response.body;
    const isSized = response.headers.has("content-length") || body === null;
    const isChunked = !isSized && !request.isHttp10;
    const isHead = request.method === "HEAD";
    const head = encodeHead(response, {
      isHead,
      isChunked,
      isLast: isLast || (!isSized && !isChunked),
    });
    if (isHead || body === null) {
      await body?.cancel();
      return await this.#send(head);
    }
    return await this.#send(head) && await this.#writeBody(response, body, isChunked);
  }

  async #writeBody(
    response: Response,
    body: ReadableStream<Uint8Array>,
    isChunked: boolean,
  ): Promise<boolean> {
    const reader = body.getReader();
    if (response.headers.get("content-type")?.startsWith("text/event-stream")) {
      const end = () => void reader.cancel();
      this.#stream = { end, comment: isChunked ? asChunk(COMMENT) : COMMENT };
      if (this.#isStopping) end();
    }
    try {
      for (;;) {
        const turn = this.#work.admit();
        if (turn) await turn;
        const { value, done } = await reader.read();
        if (done) break;
        if (value.length === 0) continue;
        if (!await this.#send(isChunked ? asChunk(value) : value)) return false;
      }
      return !isChunked || await this.#send(LAST_CHUNK);
    } catch {
      // The error has been logged. Without its last chunk the body does not look complete.
      return false;
    } finally {
      this.#stream = undefined;
      await reader.cancel().catch(() => {});
    }
  }

  /** Waits until the outbox has room; resolves to whether the peer is still there. */
  async #send(bytes: Uint8Array): Promise<boolean> {
    return await this.#outbox.send(bytes) ?? !this.#outbox.isBroken;
  }
}

const encoder = new TextEncoder();
/** Of an event stream (HTML standard, section 9.2.5). */
const COMMENT = encoder.encode(":\n\n");
const LINE_END = encoder.encode("\r\n");
const LAST_CHUNK = encoder.encode("0\r\n\r\n");

function asChunk(bytes: Uint8Array): Uint8Array {
  return concat([encoder.encode(`${bytes.length.toString(16)}\r\n`), bytes, LINE_END]);
}

/** The status line and the header fields of a response. */
export function encodeHead(
  { status, headers, body }: Response,
  { isHead, isChunked, isLast }: {
    readonly isHead: boolean;
    readonly isChunked: boolean;
    readonly isLast: boolean;
  },
): Uint8Array {
  const lines = [`HTTP/1.1 ${status} ${reasonPhrase(status)}`, `Date: ${new Date().toUTCString()}`];
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) lines.push(`${name}: ${value}`);
  if (!headers.has("cache-control")) lines.push("Cache-Control: no-store");
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  // HEAD may omit fields that depend on generating the body (RFC 9110 section 9.3.2).
  if (isChunked && !isHead) lines.push("Transfer-Encoding: chunked");
  else if (body === null && status !== 304 && !isHead) lines.push("Content-Length: 0");
  if (isLast) lines.push("Connection: close");
  return encoder.encode(lines.join("\r\n") + "\r\n\r\n");
}
