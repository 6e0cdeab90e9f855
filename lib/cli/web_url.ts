/**
 * Where people find the web page.
 *
 * @module
 */

import type { WebOptions } from "./web_options.ts";

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
