/**
 * Which requests are served: those that name this server, from its own pages or from programs.
 *
 * @module
 */

import { Problem } from "./problem.ts";

export interface OriginPolicyOptions {
  /** The name or address that the server listens on, without brackets. */
  readonly hostname: string;
  /** More names of the server. */
  readonly hosts: readonly string[];
  /** Origins other than our own that may open WebSockets and post, e.g. `https://example.org`. */
  readonly origins: readonly string[];
}

const LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"];
const ANY_ADDRESS = new Set(["0.0.0.0", "[::]"]);

export class OriginPolicy {
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;
  readonly #isOnAllAddresses: boolean;

  constructor({ hostname, hosts, origins }: OriginPolicyOptions) {
    const bound = bracketed(hostname);
    this.#hosts = new Set([...LOCAL_HOSTS, bound, ...hosts.map(bracketed)]);
    this.#isOnAllAddresses = ANY_ADDRESS.has(bound);
    this.#origins = new Set(origins);
  }

  /**
   * Refuses a request for another host. By DNS rebinding, a page elsewhere can make its own name
   * resolve to this machine; to the browser it then has our origin, but its requests still carry
   * that name.
   *
   * @throws {Problem}
   */
  checkHost(url: URL): void {
    const { hostname } = url;
    if (this.#hosts.has(hostname)) return;
    // An address cannot be rebound.
    if (this.#isOnAllAddresses && isAddress(hostname)) return;
    throw new Problem(
      421,
      "wrong-host",
      `This server does not answer to ${hostname}. To allow it, use --web-host ${hostname}.`,
    );
  }

  /**
   * Refuses a request that a page of another origin makes its visitor's browser send.
   *
   * @param origin The Origin header; programs send none.
   * @throws {Problem}
   */
  checkOrigin(url: URL, origin: string | null): void {
    if (origin === null || this.#origins.has(origin)) return;
    // Compare only host and port: a proxy may add TLS in front of us.
    if (URL.canParse(origin) && new URL(origin).host === url.host) return;
    throw new Problem(
      403,
      "wrong-origin",
      `Pages from ${origin} may not do that. To allow them, use --web-origin ${origin}.`,
    );
  }
}

/** Whether a host, as written in a URL, is a name of this machine that only itself can use. */
export function isLocalHost(hostname: string): boolean {
  return LOCAL_HOSTS.includes(hostname);
}

/** `hostname` as written in a URL. */
function bracketed(hostname: string): string {
  const text = hostname.includes(":") && !hostname.startsWith("[") ? `[${hostname}]` : hostname;
  return URL.canParse(`http://${text}`) ? new URL(`http://${text}`).hostname : text;
}

function isAddress(hostname: string): boolean {
  return hostname.startsWith("[") || /^\d+\.\d+\.\d+\.\d+$/.test(hostname);
}
