/**
 * Errors as clients see them: problem details over HTTP (RFC 9457), and `error` messages over
 * WebSocket. Unexpected errors are logged, and the client only learns that there was one.
 *
 * @module
 */

import { HttpSyntaxError } from "../../codec/http_head.ts";
import { DomainError, type DomainErrorCode, SlowDownError } from "../../domain/domain_error.ts";
import { log } from "../../log.ts";
import { FieldError } from "../fields.ts";
import type { ErrorMessage, Ref } from "../protocol.ts";
import { encodeJson, jsonResponse } from "./json_response.ts";

/** A refused request. The message is a sentence for people that says what to do. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  /** The error, for programs. */
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
  "bad-password": 422,
  "login-needed": 401,
  "wrong-password": 401,
  "wrong-token": 401,
  "not-permitted": 403,
  "key-needed": 403,
  "slow-down": 429,
  "no-such-event": 404,
  "no-such-person": 404,
  "no-such-room": 404,
  "too-long": 413,
  "unavailable": 503,
};

/** The statuses answered here (RFC 9110 section 15). */
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
  [422, "Unprocessable Content"],
  [426, "Upgrade Required"],
  [429, "Too Many Requests"],
  [431, "Request Header Fields Too Large"],
  [500, "Internal Server Error"],
  [501, "Not Implemented"],
  [503, "Service Unavailable"],
  [505, "HTTP Version Not Supported"],
]);

const INTERNAL_ERROR = "Internal error. It was logged; try again later.";

/** The reason phrase of a status. */
export function reasonPhrase(status: number): string {
  return PHRASES.get(status) ?? "";
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof FieldError) return new Problem(400, "bad-request", error.message);
  if (error instanceof HttpSyntaxError) {
    const code = error.status === 413 ? "too-large" : "bad-request";
    return new Problem(error.status, code, error.message);
  }
  if (error instanceof DomainError) {
    // RFC 9110 section 10.2.3, in seconds.
    const headers = error instanceof SlowDownError
      ? { "Retry-After": `${Math.ceil(error.waitMs / 1000)}` }
      : undefined;
    return new Problem(STATUSES[error.code] ?? 400, error.code, error.message, headers);
  }
  log("web").error("Cannot answer a request: {error}", { error });
  return new Problem(500, "internal", INTERNAL_ERROR);
}

/** The response to a request that failed with `error`. */
export function problemResponse(error: unknown): Response {
  const problem = toProblem(error);
  const { status, headers } = problem;
  return jsonResponse(problemDetails(problem), {
    status,
    headers: { ...headers, "Content-Type": "application/problem+json" },
  });
}

/** The body of that response, where the problem is known. */
export function problemJson(problem: Problem): Uint8Array {
  return encodeJson(problemDetails(problem));
}

function problemDetails({ status, code, message: detail }: Problem) {
  return { type: "about:blank", title: reasonPhrase(status), status, code, detail };
}

/** The message over WebSocket for a request with `ref` that failed with `error`. */
export function toErrorMessage(error: unknown, ref: Ref | undefined): ErrorMessage {
  if (error instanceof FieldError) {
    return { type: "error", ref, code: "bad-message", text: error.message };
  }
  if (error instanceof DomainError) {
    return { type: "error", ref, code: error.code, text: error.message };
  }
  log("web").error("Cannot answer a message: {error}", { error });
  return { type: "error", ref, code: "internal", text: INTERNAL_ERROR };
}
