/**
 * The contract of framers: the bytes of a connection in, its lines out.
 *
 * @module
 */

import type { Erasure } from "../../codec/erasure.ts";
import type { LineDamage } from "../../codec/line_decoder.ts";

/** Lines that arrived together. */
export interface LineBatch {
  /** At least one, without their ends. */
  readonly lines: readonly string[];
  /** The damage to some of them, by index; `undefined` for none. */
  readonly damage: ReadonlyMap<number, LineDamage> | undefined;
  /** Whether the input ended before the end of the last one. */
  readonly isUnfinished?: boolean;
}

/** Takes what is pulled from a framer. */
export interface LineTaker {
  /** Takes the next lines, or `undefined` at the end. Must not throw. */
  takeLines(batch: LineBatch | undefined): void;
  /** Learns that there are no more lines, because of an error. Must not throw. */
  fail(error: unknown): void;
}

/** Splits the bytes of one connection into lines. */
export interface Framer {
  /** Whether it is the peer's turn: lines were asked for, and none has arrived. */
  readonly isWaiting: boolean;
  /** Whether the peer counts octets; `false` until that is known. */
  readonly isOctetCounted: boolean;
  /** The next lines, as many as have arrived; `undefined` at the end. */
  read(): Promise<LineBatch | undefined>;
  /** As {@linkcode Framer.read}, without the promises that it would cost. */
  pull?(taker: LineTaker): void;
  /** Erases the last character of the unfinished line, or all of it, if it is known here. */
  erase?(what: Erasure): void;
  /** Reads and drops everything up to the end. */
  discard(): Promise<void>;
}
