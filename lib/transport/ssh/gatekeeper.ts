/**
 * The contract with whoever decides who gets in.
 *
 * @module
 */

import type { PeerIdentity, ProvenKey } from "../../context.ts";
import type { ByteConnection } from "../connection.ts";

/** What becomes of an attempt: the peer is in, has to prove something more, or has failed. */
export type LoginVerdict = "in" | "more" | "refused";

/** What a person is asked, and what they should know before. */
export interface Question {
  readonly explanation: string;
  /** e.g. `Password of ann: `; what is typed stays hidden. `undefined` if no answer can be right. */
  readonly prompt: string | undefined;
}

/** Decides about one connection. The name never changes between two calls. */
export interface Gatekeeper {
  /** Whether the peer should prove that it has `key`; it only claims to. */
  considersKey(name: string, key: ProvenKey): boolean;
  /** The peer has proven to have `key`. */
  takeKey(name: string, key: ProvenKey): LoginVerdict;
  /** What to ask next; `undefined` if the peer gets in without a question. */
  question(name: string): Question | undefined;
  /** Takes the answer to the question. Never rejects. */
  takeAnswer(name: string, answer: string): Promise<LoginVerdict>;
  /** What is known about a peer that is in. */
  identity(name: string): PeerIdentity;
}

/** Provides a gatekeeper for each connection. */
export interface Gate {
  meet(peer: Pick<ByteConnection, "remote" | "address" | "localAddress">): Gatekeeper;
}
