/**
 * What goes wrong over HTTP, as a client is told it: problem details by RFC 9457.
 *
 * @module
 */

import { HttpSyntaxError } from "../codec/http_head.ts";
import { DomainError, type DomainErrorCode } from "../domain/domain_error.ts";
import { log } from "../log.ts";
import { jsonResponse } from "./json_response.ts";

/** A request that cannot be met. The message is a sentence for the person, saying what to do. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  /** What went wrong, for programs. */
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    detail: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

const STATUSES: Partial<Record<DomainErrorCode, number>> = {
  "name-in-use": 409,
  "name-reserved": 409,
  "no-such-event": 404,
  "no-such-person": 404,
  "no-such-room": 404,
  "too-long": 413,
  "unavailable": 503,
};

/** The phrases of RFC 9110 section 15, of what is answered here. */
const PHRASES = new Map([
  [200, "OK"],
  [201, "Created"],
  [304, "Not Modified"],
  [400, "Bad Request"],
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "Not Found"],
  [405, "Method Not Allowed"],
  [408, "Request Timeout"],
  [409, "Conflict"],
  [413, "Content Too Large"],
  [415, "Unsupported Media Type"],
  [417, "Expectation Failed"],
  [421, "Misdirected Request"],
  [426, "Upgrade Required"],
  [431, "Request Header Fields Too Large"],
  [500, "Internal Server Error"],
  [501, "Not Implemented"],
  [503, "Service Unavailable"],
  [505, "HTTP Version Not Supported"],
]);

/** What a status is called. */
export function phraseOf(status: number): string {
  return PHRASES.get(status) ?? "";
}

/** What to tell of an error; what is not for the client to know is logged. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HttpSyntaxError) {
    const code = error.status === 413 ? "too-large" : "bad-request";
    return new Problem(error.status, code, error.message);
  }
  if (error instanceof DomainError) {
    return new Problem(STATUSES[error.code] ?? 400, error.code, error.message);
  }
  log("web").error("Cannot answer a request: {error}", { error });
  return new Problem(500, "internal", "Internal error. It was logged; try again later.");
}

/** The whole answer. */
export function problemResponse(error: unknown): Response {
  const { status, code, message: detail, headers } = toProblem(error);
  const title = phraseOf(status);
  return jsonResponse({ type: "about:blank", title, status, code, detail }, {
    status,
    headers: { ...headers, "Content-Type": "application/problem+json" },
  });
}
