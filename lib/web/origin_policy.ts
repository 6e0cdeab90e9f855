/**
 * Who is let in: requests that name this server, from its own pages or from programs.
 *
 * @module
 */

import { Problem } from "./problem.ts";

export interface DoorkeeperOptions {
  /** What the server listens on: a name, or an address without brackets. */
  readonly hostname: string;
  /** More names of the server. */
  readonly hosts: readonly string[];
  /** Origins of other pages that may open WebSockets and post, e.g. `https://example.org`. */
  readonly origins: readonly string[];
}

const LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"];
const ANY_ADDRESS = new Set(["0.0.0.0", "[::]"]);

export class OriginPolicy {
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;
  readonly #isOnAllAddresses: boolean;

  constructor({ hostname, hosts, origins }: DoorkeeperOptions) {
    const bound = bracketed(hostname);
    this.#hosts = new Set([...LOCAL_HOSTS, bound, ...hosts.map(bracketed)]);
    this.#isOnAllAddresses = ANY_ADDRESS.has(bound);
    this.#origins = new Set(origins);
  }

  /**
   * Refuses a request that was meant for another host. A page whose own name was made to resolve
   * to this machine (DNS rebinding) is of the server's origin to its browser, but its requests
   * still carry that name.
   *
   * @throws {Problem}
   */
  checkHost(url: URL): void {
    const { hostname } = url;
    if (this.#hosts.has(hostname)) return;
    // Nobody can have an address resolve to another.
    if (this.#isOnAllAddresses && isAddress(hostname)) return;
    throw new Problem(
      421,
      "wrong-host",
      `This server is not ${hostname}. If it should be, start it with --web-host ${hostname}.`,
    );
  }

  /**
   * Refuses what a page of another origin has its visitor's browser do here.
   *
   * @param origin The header; programs send none.
   * @throws {Problem}
   */
  checkOrigin(url: URL, origin: string | null): void {
    if (origin === null || this.#origins.has(origin)) return;
    // By host and port only: a proxy may speak TLS in front of a server that does not.
    if (URL.canParse(origin) && new URL(origin).host === url.host) return;
    throw new Problem(
      403,
      "wrong-origin",
      `Pages of ${origin} may not do that. If they should, start the server with ` +
        `--web-origin ${origin}.`,
    );
  }
}

/** As it stands in a URL. */
function bracketed(hostname: string): string {
  const text = hostname.includes(":") && !hostname.startsWith("[") ? `[${hostname}]` : hostname;
  return URL.canParse(`http://${text}`) ? new URL(`http://${text}`).hostname : text;
}

function isAddress(hostname: string): boolean {
  return hostname.startsWith("[") || /^\d+\.\d+\.\d+\.\d+$/.test(hostname);
}
