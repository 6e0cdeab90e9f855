/**
 * Reads the requests of an HTTP connection, and refuses those that no site serves.
 *
 * @module
 */

import { parseHead, type RequestHead } from "../../codec/http_head.ts";
import { TLS_HINT } from "../../server/framing/wrong_protocol.ts";
import type { Outbox } from "../../server/output/outbox.ts";
import type { ByteSource } from "./byte_source.ts";
import { Problem } from "./problem.ts";
import type { Site } from "./site.ts";

/** Largest request head, in bytes. */
const MAX_HEAD_BYTES = 16 * 1024;
/** Methods that `Request` accepts; any other gets 405 from every route anyway. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
/** The first byte of every TLS connection (RFC 8446 section 5.1), and never of a request. */
const TLS_HANDSHAKE = 0x16;
const encoder = new TextEncoder();

export interface RequestReaderOptions {
  /** For what a client waits for before it sends the whole request. */
  readonly outbox: Outbox;
  /** `http` or `https`. */
  readonly scheme: string;
  readonly site: Site;
}

export class RequestReader {
  readonly #source: ByteSource;
  readonly #options: RequestReaderOptions;

  constructor(source: ByteSource, options: RequestReaderOptions) {
    this.#source = source;
    this.#options = options;
  }

  /** Resolves to `undefined` if the peer ends before a request. @throws {HttpSyntaxError | Problem} */
  async readHead(): Promise<RequestHead | undefined> {
    const bytes = await this.#source.readHead(MAX_HEAD_BYTES).catch((error) => {
      if (this.#source.next !== TLS_HANDSHAKE) throw error;
      this.#options.outbox.push(encoder.encode(TLS_HINT));
      return undefined;
    });
    if (!bytes) return undefined;
    if (bytes === "too-large") {
      const detail = `The head of a request may have up to ${MAX_HEAD_BYTES} bytes.`;
      throw new Problem(431, "too-large", detail);
    }
    return parseHead(bytes, this.#options.scheme);
  }

  /**
   * Reads the body, if any; resolves to `undefined` if the peer ends before its end.
   *
   * @throws {HttpSyntaxError | Problem}
   */
  async readRequest(head: RequestHead): Promise<Request | undefined> {
    const { method, url, headers, contentLength, isChunked } = head;
    if (!METHODS.includes(method)) {
      const detail = `The method ${method.slice(0, 20)} is not supported.`;
      throw new Problem(405, "wrong-method", detail, { Allow: "GET, HEAD, POST" });
    }
    const maxBytes = this.#options.site.maxBodyBytes(head);
    if (contentLength > maxBytes) {
      const detail = `The body of a request may have up to ${maxBytes} bytes.`;
      throw new Problem(413, "too-large", detail);
    }
    this.#meetExpectation(head);
    const body = isChunked
      ? await this.#source.readChunked(maxBytes)
      : await this.#source.readExactly(contentLength);
    if (!body) return undefined;
    const hasBody = body.length > 0 && method !== "GET" && method !== "HEAD";
    return new Request(url, { method, headers, body: hasBody ? body : null });
  }

  /**
   * Tells a client that waits for it to send its body (RFC 9110 section 10.1.1). If the request
   * will be refused anyway, the client gets the refusal instead and need not send the body.
   */
  #meetExpectation(head: RequestHead): void {
    const expectation = head.headers.get("expect");
    if (expectation === null || head.isHttp10) return;
    if (expectation.toLowerCase() !== "100-continue") {
      const detail = "The only expectation supported is 100-continue.";
      throw new Problem(417, "wrong-expectation", detail);
    }
    this.#options.site.checkHead(head);
    const hasBody = head.isChunked || head.contentLength > 0;
    // A client that is already sending does not wait.
    if (hasBody && this.#source.next === undefined) {
      this.#options.outbox.push(encoder.encode("HTTP/1.1 100 Continue\r\n\r\n"));
    }
  }
}
