/**
 * Parses the options of the web page. Nothing is opened here.
 *
 * @module
 */

import { type HttpEndpoint, parseHttpEndpoint } from "../endpoints/http_endpoint.ts";
import type { Resolved } from "../options/option.ts";
import { cannotParse, complain } from "../options/usage_error.ts";

/** The options of the web page. */
export interface WebOptions extends HttpEndpoint {
  /** Further host names of the server. */
  readonly hosts: readonly string[];
  /** Origins of other web pages that may open WebSockets and post. */
  readonly origins: readonly string[];
  readonly postToken?: string;
  /** The path under which a proxy publishes the page, with a slash at both ends. */
  readonly base: string;
}

interface ResolvedWeb {
  readonly web: Resolved<string | false>;
  readonly "web-host": Resolved<readonly string[]>;
  readonly "web-origin": Resolved<readonly string[]>;
  readonly "post-token": Resolved<string | undefined>;
  readonly "web-base": Resolved<string>;
}

/** A bearer token (RFC 6750 section 2.1) that is too long to guess. */
const TOKEN = /^[\w.~+/=-]{8,}$/;

/**
 * Checks the resolved options; returns `undefined` for `--no-web`.
 *
 * @throws {UsageError} for anything invalid.
 */
export function parseWeb(options: ResolvedWeb): WebOptions | undefined {
  const { web, "web-host": hosts, "web-origin": origins, "post-token": token } = options;
  for (const host of hosts.value) {
    // Without a port, because a proxy may use another one.
    if (/^[\w.-]+$|^\[[\da-f:.]+\]$/i.test(host)) continue;
    throw cannotParse(
      hosts.origin,
      JSON.stringify(host),
      "use a host name such as chat.example.org",
    );
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
    // The token is left out, because errors end up in logs.
    throw complain(
      token.origin,
      `Cannot use this ${token.origin.label}: use at least 8 letters, digits and -._~+/=`,
    );
  }
  const base = parseBase(options["web-base"]);
  if (web.value === false) return undefined;
  return {
    ...parseHttpEndpoint({ ...web, value: web.value }, "the web page"),
    hosts: hosts.value.map((host) => host.toLowerCase()),
    origins: origins.value,
    postToken: token.value,
    base,
  };
}

/** Paths of the site itself, which a base must not hide. */
const OWN_PATHS = ["about", "api", "assets", "health", "metrics", "ready", "rooms", "sw.js", "ws"];

function parseBase({ value, origin }: Resolved<string>): string {
  const parts = value.split("/").filter((part) => part !== "");
  if (!parts.every((part) => /^[\w.~-]+$/.test(part) && !/^\.+$/.test(part))) {
    throw cannotParse(origin, JSON.stringify(value), "use a path such as /partyline/");
  }
  if (OWN_PATHS.includes(parts[0])) {
    throw cannotParse(
      origin,
      JSON.stringify(value),
      `/${parts[0]} is a path of the page itself; use another one, such as /partyline/`,
    );
  }
  return parts.length === 0 ? "/" : `/${parts.join("/")}/`;
}

/**
 * The URL to which line ports redirect browsers. If the page listens on all addresses and has no
 * configured name, the host is the wildcard (`0.0.0.0`), which is replaced by the address that each
 * visitor connected to.
 *
 * @param endpoint With the real port: `http://127.0.0.1:8080`.
 */
export function webUrl(endpoint: string, { hosts }: Pick<WebOptions, "hosts">): string {
  const { protocol, port } = new URL(endpoint);
  const [host] = hosts;
  return host ? `${protocol}//${host}${port === "" ? "" : `:${port}`}/` : `${endpoint}/`;
}
