/**
 * The hints that the server prints when it is ready.
 *
 * @module
 */

import type { Listener } from "../../transport/connection.ts";
import { defaultsOff } from "./listen.ts";
import { connectCommand, isAnyHost, type WayIn, wayInOf } from "../../web/ways_in.ts";
import type { OpenBinding } from "./listeners.ts";

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
  const ways = waysInOf(listeners);
  const commands = ways.flatMap((way) => connectCommand(way, shownHost(way)) ?? []);
  const logger = ways.find(({ service, scheme }) => service === "logger" && scheme === "tcp");
  const lines = [
    ...(web ? [`Open ${web.endpoint.replace(ANY_HOST, "//THIS-HOST:")}/ in a browser.`] : []),
    ...(commands.length > 0 ? [`Join with: ${commands.join("   or: ")}`] : []),
    ...(logger ? [`Log with: make 2>&1 | nc -N ${shownHost(logger)} ${logger.port}`] : []),
    ...(off.length > 0
      ? [`Off: ${off.join(", ")}. Add --listen default to keep the defaults.`]
      : []),
    `Press Ctrl-C to stop the server. Everything is kept in ${data}.`,
  ];
  return lines.join("\n");
}

/** The ways in by open listeners. */
export function waysInOf(listeners: readonly OpenBinding[]): WayIn[] {
  return listeners.map(({ binding: { service, endpoint }, listener }) =>
    wayInOf(service, endpoint.scheme, listener.endpoint)
  );
}

function shownHost({ hostname }: WayIn): string {
  return isAnyHost(hostname) ? "THIS-HOST" : hostname;
}

const ANY_HOST = /\/\/(0\.0\.0\.0|\[::\]):/;
