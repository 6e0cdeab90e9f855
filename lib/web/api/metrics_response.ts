/**
 * `GET /metrics`, and who gets an answer: on the web port, this machine or anybody with a token; on
 * a port of its own (`--metrics`) everybody who can reach that.
 *
 * @module
 */

import { AddressRange } from "../../domain/access/rules/address_range.ts";
import type { Converse } from "../../server/connections/conversation.ts";
import { HttpConnection } from "../http/http_connection.ts";
import { isLocalHost } from "../http/origin_policy.ts";
import { Problem, problemResponse } from "../http/problem.ts";
import type { Site } from "../http/site.ts";
import { type BearerTokens, CHALLENGE, identify } from "./bearer_token.ts";

/** Reads all metrics, as text. */
export type ReadMetrics = () => Promise<{ readonly contentType: string; readonly text: string }>;

export const METRICS_PATH = "/metrics";

const LOOPBACK = [AddressRange.parse("127.0.0.0/8"), AddressRange.parse("::1")];
/** Headers by which proxies say that they pass on the request of somebody else. */
const PROXY_HEADERS = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];
const encoder = new TextEncoder();

/** All metrics, with their length, so that the answer to HEAD has it too. */
export async function metricsResponse(read: ReadMetrics): Promise<Response> {
  const { contentType, text } = await read();
  const body = encoder.encode(text);
  const headers = { "Content-Type": contentType, "Content-Length": String(body.length) };
  return new Response(body, { headers });
}

/**
 * Checks that a request on the web port may read metrics.
 *
 * @param address The peer's address. A proxy on this machine has that of the machine, so the host
 * that the request names counts, too.
 * @throws {Problem} if not.
 */
export function checkMetricsReader(
  { headers, url }: Pick<Request, "headers" | "url">,
  address: string | undefined,
  tokens: BearerTokens,
): void {
  const isFromHere = address !== undefined && LOOPBACK.some((range) => range.matches(address)) &&
    isLocalHost(new URL(url).hostname) && !PROXY_HEADERS.some((name) => headers.has(name));
  if (isFromHere || identify(headers, tokens, { address }).account !== undefined) return;
  throw new Problem(
    401,
    "no-token",
    "Metrics need the token of an account. Send it as: Authorization: Bearer TOKEN. Without one, " +
      "ask on the server's machine at a loopback address, or start the server with --metrics.",
    CHALLENGE,
  );
}

/** Serves metrics, and nothing else, for `Server.converse`. */
export function createMetricsSite(scheme: string, read: ReadMetrics): Converse {
  const site: Site = {
    async answer({ method, url }) {
      try {
        const { pathname } = new URL(url);
        if (pathname !== METRICS_PATH) throw notHere(pathname);
        if (method === "GET" || method === "HEAD") return await metricsResponse(read);
        const detail = `The method ${method} is not supported for ${METRICS_PATH}.`;
        throw new Problem(405, "wrong-method", detail, { Allow: "GET, HEAD" });
      } catch (error) {
        return problemResponse(error);
      }
    },
    maxBodyBytes: () => 0,
    checkHead: () => {},
    acceptSocket: ({ url: { pathname } }) => {
      throw notHere(pathname);
    },
  };
  return (peer, options) => new HttpConnection(peer, options, scheme, site);
}

function notHere(path: string): Problem {
  return new Problem(404, "no-such-page", `There is no page at ${path}, only ${METRICS_PATH}.`);
}
