/**
 * What whoever started the server types next.
 *
 * @module
 */

import type { Listener } from "../transport/connection.ts";
import type { OpenBinding } from "./listeners.ts";

const PROGRAMS: ReadonlyMap<string, string> = new Map([["telnet", "telnet"], ["tcp", "nc"]]);

/** How to enter by way of the web page and the listeners for chat, and how to leave. */
export function howToEnter(
  listeners: readonly OpenBinding[],
  data: string,
  web?: Listener,
): string {
  const ways = listeners.flatMap(({ binding, listener }) => {
    const program = PROGRAMS.get(binding.endpoint.scheme);
    if (binding.service !== "chat" || program === undefined) return [];
    const { hostname, port } = new URL(listener.endpoint.replace(/^\w+/, "http"));
    const host = hostname.replace(/^\[|\]$/g, "");
    // The first port of HTTP is left out of its URLs.
    return [`${program} ${isAnyHost(host) ? "THIS-HOST" : host} ${port || 80}`];
  });
  const sentences = [
    ...(web ? [`Open ${web.endpoint.replace(ANY_HOST, "//THIS-HOST:")}/ in a browser.`] : []),
    ...(ways.length > 0 ? [`Enter with: ${ways.join("   or: ")}`] : []),
    `Ctrl-C stops the server. What is said is kept in ${data}.`,
  ];
  return sentences.join("\n");
}

const ANY_HOST = /\/\/(0\.0\.0\.0|\[::\]):/;

function isAnyHost(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}
