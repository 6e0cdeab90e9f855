/**
 * Opens the listeners, and explains failures.
 *
 * @module
 */

import { type Clock, sleep } from "../../clock.ts";
import { encodeLine } from "../../codec/line_encoder.ts";
import { lacksDescriptors } from "../../server/accepting/descriptor_reserve.ts";
import { errorLine } from "../../service/irc/error_line.ts";
import type { Listener } from "../../transport/connection.ts";
import type { DatagramSocket } from "../../transport/datagram.ts";
import { type Endpoint, formatEndpoint, ListenError } from "../../transport/endpoint.ts";
import type { Guard } from "../../transport/guarded_listener.ts";
import {
  carriesDatagrams,
  listen,
  listenDatagrams,
  type ListenOptions,
} from "../../transport/mod.ts";
import { refusalResponse } from "../../web/http/refusal_response.ts";
import type { PassedSockets } from "../systemd/passed_sockets.ts";
import { Doorkeepers } from "./doorkeepers.ts";
import type { HttpEndpoint } from "./http_endpoint.ts";
import type { ListenOption } from "./listen.ts";
import { type PortUse, portUse } from "./port_use.ts";

/** A binding that is open. */
export type OpenBinding =
  & { readonly binding: ListenOption; readonly guard?: Guard }
  & (
    | { readonly kind: "stream"; readonly listener: Listener }
    | { readonly kind: "datagram"; readonly listener: DatagramSocket }
  );

/** Waiting for a port. */
export interface Patience {
  readonly clock: Clock;
  readonly ms: number;
}

/** Milliseconds between two attempts to open a port. */
const RETRY_MS = 1;

/** All open listeners. */
export interface OpenListeners {
  readonly lines: readonly OpenBinding[];
  /** The listener of the web page, unless that is off. */
  readonly web?: Listener;
  /** The listener of the metrics, if they have one. */
  readonly metrics?: Listener;
  /** Sentences about listeners of `--tutorials` that could not be opened. */
  readonly skipped: readonly string[];
}

export interface OpenListenersOptions {
  /** How to wait for ports that another server is about to close. @default {not at all} */
  readonly patience?: Patience;
  /** What SSH endpoints need. */
  readonly ssh?: ListenOptions["ssh"];
  /** Main-thread time for TLS. @default {nothing has to wait} */
  readonly work?: ListenOptions["work"];
  /** The services whose peers are asked for a TLS client certificate. @default {none} */
  readonly certified?: ReadonlySet<string>;
  /** Takes a socket that is open already for an endpoint, if there is one. @default {none is} */
  readonly passed?: Pick<PassedSockets, "take">;
  /** Where the guards of all endpoints come from. @default {new ones} */
  readonly keepers?: Doorkeepers;
  /** The web page, unless that is off. */
  readonly web?: HttpEndpoint;
  /** The port for metrics alone, if there is one. */
  readonly metrics?: HttpEndpoint;
}

/**
 * Opens all listeners or none, so that nobody connects to a server that is about to exit. Those of
 * `--tutorials` may fail: their fixed ports are often in use.
 *
 * @throws {Error} if one cannot be opened; the message is a sentence that says what to do.
 */
export async function openListeners(
  bindings: readonly ListenOption[],
  options: OpenListenersOptions = {},
): Promise<OpenListeners> {
  const { ssh, work, certified, web, metrics, passed, patience, keepers = new Doorkeepers() } =
    options;
  const lines: OpenBinding[] = [];
  const http: Listener[] = [];
  const skipped: string[] = [];
  try {
    for (const binding of bindings) {
      try {
        lines.push(
          await openBinding(binding, {
            ssh,
            work,
            asksForCertificate: certified?.has(binding.service),
            guard: keepers.guard(
              [binding.service, binding],
              binding.service === "irc" ? sayIrc : undefined,
            ),
            inherited: passed?.take(binding.endpoint),
          }, patience),
        );
      } catch (error) {
        if (!binding.isTutorial || error instanceof Deno.errors.NotCapable) throw error;
        skipped.push(`The service ${binding.service} is off. ${(error as Error).message}`);
      }
    }
    const open = async (name: string, served: HttpEndpoint | undefined, flag: string) => {
      if (!served) return undefined;
      const guard = keepers.guard([name, served], refusalResponse);
      const inherited = passed?.take(served.endpoint);
      const listener = await openHttp(served, flag, { guard, inherited, work }, patience);
      http.push(listener);
      return listener;
    };
    return {
      lines,
      web: await open("web", web, "--web (or --no-web)"),
      metrics: await open("metrics", metrics, "--metrics"),
      skipped,
    };
  } catch (error) {
    for (const listener of [...lines.map(({ listener }) => listener), ...http]) listener.close();
    throw error;
  }
}

async function openHttp(
  served: HttpEndpoint,
  flag: string,
  options: ListenOptions,
  patience: Patience | undefined,
): Promise<Listener> {
  const { endpoint } = served;
  return await orExplain(endpoint, flag, () => listen(endpoint, options), patience);
}

async function openBinding(
  binding: ListenOption,
  options: ListenOptions,
  patience: Patience | undefined,
): Promise<OpenBinding> {
  const { endpoint, isTutorial } = binding;
  const { scheme, hostname } = endpoint;
  const flag = isTutorial ? `--listen ${binding.service}=${scheme}://${hostname}:PORT` : "--listen";
  const { guard } = options;
  return carriesDatagrams(endpoint.scheme)
    ? {
      binding,
      guard,
      kind: "datagram",
      listener: await orExplain(endpoint, flag, () => listenDatagrams(endpoint), patience),
    }
    : {
      binding,
      guard,
      kind: "stream",
      listener: await orExplain(
        endpoint,
        flag,
        () => listen(endpoint, options),
        patience,
      ),
    };
}

const PORT_USES: Record<PortUse, string> = {
  "listener": "the port is in use. Stop the program that uses it",
  "connection": "an outgoing connection of this machine uses the port. Try again when it has ended",
  "ended connection":
    "a connection that has just ended still holds the port. Try again in a minute",
};

/** @param flag The option to change. */
async function orExplain<Opened>(
  endpoint: Endpoint,
  flag: string,
  open: () => Opened | Promise<Opened>,
  patience: Patience | undefined,
): Promise<Opened> {
  try {
    return await (patience ? openOnceFree(open, patience) : open());
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable || error instanceof ListenError) throw error;
    throw await explainFailure(error as Error, endpoint, flag);
  }
}

/** Opens a port as soon as its server has closed it. */
async function openOnceFree<Opened>(
  open: () => Opened | Promise<Opened>,
  { clock, ms }: Patience,
): Promise<Opened> {
  const deadline = clock.monotonic() + ms;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      // That a socket file is in use is a sentence.
      const isTaken = error instanceof Deno.errors.AddrInUse || error instanceof ListenError;
      if (!isTaken || clock.monotonic() >= deadline) throw error;
    }
    await sleep(clock, RETRY_MS);
  }
}

/**
 * Why an endpoint could not be opened, as a sentence that says what to do.
 *
 * @param flag The option to change.
 */
export async function explainFailure(
  error: Error,
  endpoint: Endpoint,
  flag: string,
): Promise<Error> {
  const reason = await whyNot(error, endpoint, flag);
  return new Error(`Cannot listen on ${formatEndpoint(endpoint)}: ${reason}`);
}

async function whyNot(error: Error, endpoint: Endpoint, flag: string): Promise<string> {
  const { scheme, hostname, port } = endpoint;
  if (error instanceof Deno.errors.AddrInUse) {
    const use = carriesDatagrams(scheme) ? undefined : await portUse(port);
    return `${PORT_USES[use ?? "listener"]}, or choose another port with ${flag}.`;
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return `ports below 1024 need special rights. Choose a higher one with ${flag}.`;
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return `this machine does not have that address. Choose one of its own with ${flag}.`;
  }
  if (lacksDescriptors(error)) {
    return "the system lets this process open no more files. Raise the limit with ulimit -n 20000.";
  }
  if (/lookup|resolve/.test(error.message)) {
    return `there is no host called ${hostname}. Choose an address of this machine with ${flag}.`;
  }
  return `${error.message}. Choose another address with ${flag}.`;
}

/** A refusal as IRC clients understand it. */
function sayIrc(sentence: string): Uint8Array {
  return encodeLine(errorLine(sentence));
}
