/**
 * JSON as an HTTP response.
 *
 * @module
 */

import { terminalJson } from "../codec/terminal_text.ts";

const encoder = new TextEncoder();

/**
 * `value` as a response in JSON whose length is known, so that HEAD can tell it too. Characters
 * that could command a terminal are escaped, for answers are often shown in one.
 *
 * @param init.headers Replace or extend `Content-Type` and `Content-Length`.
 */
export function jsonResponse(
  value: unknown,
  { status = 200, headers = {} }: {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Response {
  const body = encoder.encode(terminalJson(JSON.stringify(value)));
  return new Response(body, {
    status,
    headers: {
      "Content-Type": "application/json",
      "Content-Length": String(body.length),
      ...headers,
    },
  });
}
