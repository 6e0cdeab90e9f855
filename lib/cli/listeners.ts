/**
 * Opening the listeners that were asked for, all or none, and saying why not.
 *
 * @module
 */

import type { Listener } from "../transport/connection.ts";
import type { DatagramSocket } from "../transport/datagram.ts";
import { type Endpoint, formatEndpoint } from "../transport/endpoint.ts";
import { ListenError } from "../transport/listen_error.ts";
import { carriesDatagrams, listen, listenDatagrams } from "../transport/mod.ts";
import type { ListenOption } from "./listen.ts";

/** A binding whose port is open. */
export type OpenBinding =
  & { readonly binding: ListenOption }
  & (
    | { readonly kind: "stream"; readonly listener: Listener }
    | { readonly kind: "datagram"; readonly listener: DatagramSocket }
  );

/** All that was opened. */
export interface OpenListeners {
  readonly lines: readonly OpenBinding[];
  /** The web page's, where there is one. */
  readonly web?: Listener;
}

/**
 * Opens all or none, so that nobody enters a server that is about to give up.
 *
 * @param web Where the web page listens, if it does.
 * @throws {Error} whose message is a sentence that says what to do.
 */
export async function openListeners(
  bindings: readonly ListenOption[],
  web?: Endpoint,
): Promise<OpenListeners> {
  const lines: OpenBinding[] = [];
  try {
    for (const binding of bindings) lines.push(await openBinding(binding));
    if (!web) return { lines };
    const listener = await orExplain(web, "--web (or --no-web)", () => listen(web));
    return { lines, web: listener };
  } catch (error) {
    for (const { listener } of lines) listener.close();
    throw error;
  }
}

async function openBinding(binding: ListenOption): Promise<OpenBinding> {
  const { endpoint, isTutorial } = binding;
  const flag = isTutorial ? "--listen in place of --tutorials" : "--listen";
  return carriesDatagrams(endpoint.scheme)
    ? {
      binding,
      kind: "datagram",
      listener: await orExplain(endpoint, flag, () => listenDatagrams(endpoint)),
    }
    : {
      binding,
      kind: "stream",
      listener: await orExplain(endpoint, flag, () => listen(endpoint)),
    };
}

/** @param flag What to change. */
async function orExplain<Opened>(
  endpoint: Endpoint,
  flag: string,
  open: () => Opened | Promise<Opened>,
): Promise<Opened> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable || error instanceof ListenError) throw error;
    throw new Error(
      `Cannot listen on ${formatEndpoint(endpoint)}: ${whyNot(error as Error, endpoint, flag)}`,
    );
  }
}

function whyNot(error: Error, { hostname }: Endpoint, flag: string): string {
  if (error instanceof Deno.errors.AddrInUse) {
    return `the port is in use. Stop the program that has it, or choose another with ${flag}.`;
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return `the system does not allow this port. Choose one above 1023 with ${flag}.`;
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return `this machine has no such address. Choose one that it has with ${flag}.`;
  }
  if (/lookup|resolve/.test(error.message)) {
    return `there is no host called ${hostname}. Choose an address of this machine with ${flag}.`;
  }
  return `${error.message}. Choose another address with ${flag}.`;
}
