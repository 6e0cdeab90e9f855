/**
 * The transports by scheme. A new one is a file of its own, a line here, and its scheme in
 * `endpoint.ts`.
 *
 * @module
 */

import type { Listener } from "./connection.ts";
import type { DatagramSocket } from "./datagram.ts";
import type { Endpoint } from "./endpoint.ts";
import { type Guard, GuardedListener } from "./guarded_listener.ts";
import type { SshOptions } from "./ssh/ssh_listener.ts";
import { listenTcp } from "./tcp.ts";
import type { TlsOptions } from "./tls.ts";
import { PLAIN_HTTP_HINT } from "./tls_hello.ts";
import type { Work } from "./turns.ts";
import { listenUdp } from "./udp.ts";
import { listenUnix } from "./unix.ts";
import { listenUnixgram } from "./unixgram.ts";

/** What the transports need besides an endpoint. */
export interface ListenOptions {
  /** Decides who may connect. @default {everybody} */
  readonly guard?: Guard;
  /** A listener that is open already, for endpoints of TCP. @default {one that is opened} */
  readonly inherited?: Listener;
  /** For TLS: see `TlsOptions`. @default {false} */
  readonly asksForCertificate?: boolean;
  /** For TLS: see `TlsOptions`. @default {nothing has to wait} */
  readonly work?: Work;
  /** For `ssh`, which is not opened without. */
  readonly ssh?: Omit<SshOptions, "guard" | "inherited">;
}

type Open<Opened> = (endpoint: Endpoint, options: ListenOptions) => Opened | Promise<Opened>;

const openLines: Open<Listener> = (endpoint, { guard, inherited }) => {
  const listener = inherited ?? listenTcp(endpoint);
  return guard ? new GuardedListener(listener, guard) : listener;
};
const openHttp: Open<Listener> = (endpoint, { guard, inherited }) => {
  const listener = inherited ?? listenTcp(endpoint);
  return guard ? new GuardedListener(listener, guard, { speaksFirst: true }) : listener;
};
// Only who opens such a door waits for the libraries to be loaded.
const openSecurely = async (endpoint: Endpoint, options: TlsOptions) => {
  const { listenTls } = await import("./tls.ts");
  return await listenTls(endpoint, options);
};
const openTls: Open<Listener> = (endpoint, { guard, inherited, asksForCertificate, work }) =>
  openSecurely(endpoint, { guard, inherited, asksForCertificate, work });
const openSsh: Open<Listener> = async (endpoint, { guard, inherited, ssh }) => {
  if (!ssh) throw new RangeError("Cannot listen: no options for ssh");
  const { listenSsh } = await import("./ssh/ssh_listener.ts");
  return await listenSsh(endpoint, { ...ssh, guard, inherited });
};

const STREAMS = new Map<string, Open<Listener>>([
  ["telnet", openLines],
  ["tcp", openLines],
  ["tls", openTls],
  ["telnets", openTls],
  ["ssh", openSsh],
  ["unix", (endpoint) => listenUnix(endpoint)],
  ["http", openHttp],
  [
    "https",
    (endpoint, { guard, inherited, work }) =>
      openSecurely(endpoint, { guard, inherited, work, plainTextHint: PLAIN_HTTP_HINT }),
  ],
]);

const DATAGRAMS = new Map<string, Open<DatagramSocket>>([
  ["udp", (endpoint) => listenUdp(endpoint)],
  ["unixgram", (endpoint) => listenUnixgram(endpoint)],
]);

/** Whether {@linkcode listenDatagrams} opens endpoints of this scheme. */
export function carriesDatagrams(scheme: string): boolean {
  return DATAGRAMS.has(scheme);
}

/**
 * Opens a listener for connections.
 *
 * @throws {ListenError} with a sentence that says what to do, or anything that Deno throws, such as
 * `Deno.errors.AddrInUse`.
 */
export function listen(
  endpoint: Endpoint,
  options: ListenOptions = {},
): Listener | Promise<Listener> {
  return find(STREAMS, endpoint)(endpoint, options);
}

/** Opens a socket for datagrams; throws as {@linkcode listen} does. */
export function listenDatagrams(endpoint: Endpoint): DatagramSocket | Promise<DatagramSocket> {
  return find(DATAGRAMS, endpoint)(endpoint, {});
}

function find<Opened>(
  transports: ReadonlyMap<string, Open<Opened>>,
  { scheme }: Endpoint,
): Open<Opened> {
  const open = transports.get(scheme);
  if (!open) throw new RangeError(`Cannot listen: no transport for ${scheme}`);
  return open;
}
