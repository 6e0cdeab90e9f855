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
import type { Binding } from "./listen.ts";

/** A binding whose port is open. */
export type OpenBinding =
  & { readonly binding: Binding }
  & (
    | { readonly kind: "stream"; readonly listener: Listener }
    | { readonly kind: "datagram"; readonly listener: DatagramSocket }
  );

/**
 * Opens all or none, so that nobody enters a server that is about to give up.
 *
 * @throws {Error} whose message is a sentence that says what to do.
 */
export async function openListeners(bindings: readonly Binding[]): Promise<OpenBinding[]> {
  const opened: OpenBinding[] = [];
  try {
    for (const binding of bindings) opened.push(await openListener(binding));
    return opened;
  } catch (error) {
    for (const { listener } of opened) listener.close();
    throw error;
  }
}

async function openListener(binding: Binding): Promise<OpenBinding> {
  const { endpoint } = binding;
  try {
    return carriesDatagrams(endpoint.scheme)
      ? { binding, kind: "datagram", listener: await listenDatagrams(endpoint) }
      : { binding, kind: "stream", listener: await listen(endpoint) };
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable || error instanceof ListenError) throw error;
    throw new Error(
      `Cannot listen on ${formatEndpoint(endpoint)}: ${whyNot(error as Error, endpoint)}`,
    );
  }
}

function whyNot(error: Error, { hostname }: Endpoint): string {
  if (error instanceof Deno.errors.AddrInUse) {
    return "the port is in use. Stop the program that has it, or choose another with --listen.";
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return "the system does not allow this port. Choose one above 1023 with --listen.";
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return "this machine has no such address. Choose one that it has with --listen.";
  }
  if (/lookup|resolve/.test(error.message)) {
    return `there is no host called ${hostname}. Choose an address of this machine with --listen.`;
  }
  return `${error.message}. Choose another address with --listen.`;
}
