/**
 * The SASL mechanisms by name. A new one is a file and a line here.
 *
 * @module
 */

import { ExternalExchange } from "./external.ts";
import type { SaslExchange, SaslPeer } from "./mechanism.ts";
import { PlainExchange } from "./plain.ts";
import { ScramExchange } from "./scram.ts";

const MECHANISMS = new Map<string, (peer: SaslPeer) => SaslExchange>([
  ["PLAIN", (peer) => new PlainExchange(peer)],
  ["SCRAM-SHA-256", (peer) => new ScramExchange(peer)],
  ["EXTERNAL", (peer) => new ExternalExchange(peer)],
]);

/** The names of the mechanisms that a peer can use. */
export function saslMechanisms({ certificate }: Pick<SaslPeer, "certificate">): string[] {
  return [...MECHANISMS.keys()].filter((name) => name !== "EXTERNAL" || certificate !== undefined);
}

/** Begins an exchange; `undefined` if the peer cannot use the mechanism. */
export function beginSasl(mechanism: string, peer: SaslPeer): SaslExchange | undefined {
  const name = mechanism.toUpperCase();
  return saslMechanisms(peer).includes(name) ? MECHANISMS.get(name)!(peer) : undefined;
}
