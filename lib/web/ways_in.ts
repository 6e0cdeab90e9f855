/**
 * The ports for people who do not use a browser, and the commands that reach them.
 *
 * @module
 */

import { isLocalHost } from "./http/origin_policy.ts";

/** An open port. */
export interface WayIn {
  /** `chat` or `irc`; other services are not for people. */
  readonly service: string;
  readonly scheme: string;
  /** The address that it listens on, without brackets. */
  readonly hostname: string;
  readonly port: number;
}

/** The way in by an open listener. @param endpoint With the real port: `tcp://[::1]:2324`. */
export function wayInOf(service: string, scheme: string, endpoint: string): WayIn {
  const { hostname, port } = new URL(endpoint.replace(/^\w+/, "http"));
  // URLs leave out port 80.
  return { service, scheme, hostname: hostname.replace(/^\[|\]$/g, ""), port: Number(port || 80) };
}

/** The command that connects to a port of `host`; `undefined` if there is no usual one. */
export function connectCommand({ service, scheme, port }: WayIn, host: string): string | undefined {
  switch (`${service} ${scheme}`) {
    case "chat ssh":
      return `ssh -p ${port} ${host}`;
    case "chat telnet":
      return `telnet ${host} ${port}`;
    case "chat tcp":
      return `nc ${host} ${port}`;
    case "irc tcp":
      return `irssi -c ${host} -p ${port}`;
    case "irc tls":
      return `irssi --tls -c ${host} -p ${port}`;
  }
  return undefined;
}

/**
 * The host by which somebody reaches a port who has reached the page as `visited`; `undefined` if
 * they cannot.
 */
export function hostForVisitor({ hostname }: WayIn, visited: string): string | undefined {
  if (isAnyHost(hostname)) return withoutBrackets(visited);
  const isLocal = isLocalHost(hostname) || hostname === "::1";
  return isLocal && !isLocalHost(visited) ? undefined : hostname;
}

/** Whether an address stands for all those of the machine. */
export function isAnyHost(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}
