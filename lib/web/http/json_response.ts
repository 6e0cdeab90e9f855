/**
 * JSON as an HTTP response.
 *
 * @module
 */

import { terminalJson } from "../../codec/terminal_text.ts";

const encoder = new TextEncoder();

/**
 * JSON in UTF-8. Characters that could control a terminal are escaped, because people run `curl` in
 * one.
 */
export function encodeJson(value: unknown): Uint8Array<ArrayBuffer> {
  return encoder.encode(terminalJson(JSON.stringify(value)));
}

/**
 * A response with `value` as JSON, and with `Content-Length`, so that the answer to HEAD has it
 * too.
 *
 * @param init.headers Added to, or replacing, `Content-Type` and `Content-Length`.
 */
export function jsonResponse(
  value: unknown,
  { status = 200, headers = {} }: {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Response {
  const body = encodeJson(value);
  return new Response(body, {
    status,
    headers: {
      "Content-Type": "application/json",
      "Content-Length": String(body.length),
      ...headers,
    },
  });
}
