/**
 * Reads the options of the web page. Nothing is opened here.
 *
 * @module
 */

import { type Endpoint, EndpointError, parseEndpoint, WEB_SCHEMES } from "../transport/endpoint.ts";
import type { Resolved } from "./option.ts";
import { cannotParse, complain } from "./usage_error.ts";

/** Where the web page is, and for whom. */
export interface WebOptions {
  readonly endpoint: Endpoint;
  /** More names of the server. */
  readonly hosts: readonly string[];
  /** Origins of other pages that may open WebSockets and post. */
  readonly origins: readonly string[];
  readonly postToken?: string;
}

interface ResolvedWeb {
  readonly web: Resolved<string | false>;
  readonly "web-host": Resolved<readonly string[]>;
  readonly "web-origin": Resolved<readonly string[]>;
  readonly "post-token": Resolved<string | undefined>;
}

/** A token that a header can carry (RFC 6750 section 2.1), and nobody guesses. */
const TOKEN = /^[\w.~+/=-]{8,}$/;

/**
 * Checks what the options resolved to; `undefined` for `--no-web`.
 *
 * @throws {UsageError} for anything that does not fit.
 */
export function parseWeb(options: ResolvedWeb): WebOptions | undefined {
  const { web, "web-host": hosts, "web-origin": origins, "post-token": token } = options;
  for (const host of hosts.value) {
    // Without a port: a proxy may have another one.
    if (/^[\w.-]+$|^\[[\da-f:.]+\]$/i.test(host)) continue;
    throw cannotParse(hosts.origin, JSON.stringify(host), "write a name such as chat.example.org");
  }
  for (const origin of origins.value) {
    if (/^https?:/.test(origin) && URL.canParse(origin) && new URL(origin).origin === origin) {
      continue;
    }
    throw cannotParse(
      origins.origin,
      JSON.stringify(origin),
      "write it as https://HOST or http://HOST:PORT, with nothing after it",
    );
  }
  if (token.value !== undefined && !TOKEN.test(token.value)) {
    // Not with the token in it: complaints end up in logs.
    throw complain(
      token.origin,
      `Cannot use this ${token.origin.label}: write 8 or more letters, digits and -._~+/=`,
    );
  }
  if (web.value === false) return undefined;
  return {
    endpoint: readEndpoint({ ...web, value: web.value }),
    hosts: hosts.value.map((host) => host.toLowerCase()),
    origins: origins.value,
    postToken: token.value,
  };
}

function readEndpoint({ value, origin }: Resolved<string>): Endpoint {
  const refuse = (advice: string): never => {
    throw cannotParse(origin, JSON.stringify(value), advice);
  };
  try {
    const endpoint = parseEndpoint(value, WEB_SCHEMES);
    const [option] = [
      ...endpoint.options.keys(),
      ...(endpoint.idleMs === undefined ? [] : ["idle"]),
      ...(endpoint.maxLineBytes === undefined ? [] : ["max-line"]),
    ];
    return option === undefined ? endpoint : refuse(`the web page has no option ${option}`);
  } catch (error) {
    if (error instanceof EndpointError) return refuse(error.reason);
    throw error;
  }
}

/**
 * The page's address for visitors of other ports. Where it listens on all addresses and nobody
 * said what it is called, the host is that placeholder (`0.0.0.0`), which each visitor's own way
 * here replaces.
 *
 * @param endpoint With the real port, e.g. `http://127.0.0.1:8080`.
 */
export function webUrl(endpoint: string, { hosts }: Pick<WebOptions, "hosts">): string {
  const { protocol, port } = new URL(endpoint);
  const [host] = hosts;
  return host ? `${protocol}//${host}${port === "" ? "" : `:${port}`}/` : `${endpoint}/`;
}
