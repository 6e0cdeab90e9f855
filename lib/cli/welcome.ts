/**
 * The hints that the server prints when it is ready.
 *
 * @module
 */

import type { Listener } from "../transport/connection.ts";
import { defaultsOff } from "./listen.ts";
import type { OpenBinding } from "./listeners.ts";

const PROGRAMS: ReadonlyMap<string, string> = new Map([["telnet", "telnet"], ["tcp", "nc"]]);

/** A running server, as the hints describe it. */
export interface Running {
  readonly listeners: readonly OpenBinding[];
  /** The listener of the web page, unless that is off. */
  readonly web?: Listener;
  /** The data directory. */
  readonly data: string;
}

/** How to reach the web page and the chat, how to log, what is off, and how to stop. */
export function startHints({ listeners, web, data }: Running): string {
  const off = defaultsOff(listeners.map(({ binding }) => binding));
  const ways = listeners.flatMap(({ binding, listener }) => {
    const { service, endpoint: { scheme } } = binding;
    const address = hostAndPort(listener.endpoint);
    if (service === "chat" && scheme === "ssh") {
      return [address.replace(/(.*) (.*)/, "ssh -p $2 $1")];
    }
    if (service === "irc" && scheme === "tcp") return [`irssi -c ${address.replace(" ", " -p ")}`];
    const program = PROGRAMS.get(scheme);
    return service === "chat" && program !== undefined ? [`${program} ${address}`] : [];
  });
  const logger = listeners.find(({ binding }) => {
    return binding.service === "logger" && binding.endpoint.scheme === "tcp";
  });
  const lines = [
    ...(web ? [`Open ${web.endpoint.replace(ANY_HOST, "//THIS-HOST:")}/ in a browser.`] : []),
    ...(ways.length > 0 ? [`Join with: ${ways.join("   or: ")}`] : []),
    ...(logger ? [`Log with: make 2>&1 | nc -N ${hostAndPort(logger.listener.endpoint)}`] : []),
    ...(off.length > 0
      ? [`Off: ${off.join(", ")}. Add --listen default to keep the defaults.`]
      : []),
    `Press Ctrl-C to stop the server. Everything is kept in ${data}.`,
  ];
  return lines.join("\n");
}

/** Host and port as arguments of a program. */
function hostAndPort(endpoint: string): string {
  const { hostname, port } = new URL(endpoint.replace(/^\w+/, "http"));
  const host = hostname.replace(/^\[|\]$/g, "");
  // URLs leave out port 80.
  return `${isAnyHost(host) ? "THIS-HOST" : host} ${port || 80}`;
}

const ANY_HOST = /\/\/(0\.0\.0\.0|\[::\]):/;

function isAnyHost(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}
