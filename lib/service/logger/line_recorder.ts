/**
 * Writes the lines of one sender into its room, and a gap for everything that was lost.
 *
 * @module
 */

import type { LineDamage } from "../../codec/line_decoder.ts";
import type { Asker } from "../../domain/asker.ts";
import type { LossCounts, LossReason } from "../../domain/loss.ts";
import type { Draft } from "../../domain/room_event.ts";
import type { RoomRegistry } from "../../domain/rooms/room_registry.ts";
import type { LineBatch } from "../../server/framing/framer.ts";
import { withoutSecret } from "./controls.ts";
import type { LogLineParser } from "./log_line_parser.ts";

/** How much was lost, and why. */
export interface Damage extends LossCounts {
  readonly reason: LossReason;
}

export interface LineRecorderOptions {
  readonly registry: Pick<RoomRegistry, "record" | "recordLoss">;
  readonly parser: LogLineParser;
  readonly room: string;
  /** The address of the sender's machine; absent for Unix sockets. */
  readonly address?: string;
  readonly via: string;
  readonly print?: (line: string) => void;
}

export class LineRecorder {
  /** The account whose token the sender has. */
  account: Asker | undefined;
  /** How many lines were damaged or lost, by reason. */
  readonly losses = new Map<LossReason, number>();
  readonly #options: LineRecorderOptions;

  constructor(options: LineRecorderOptions) {
    this.#options = options;
  }

  /**
   * Records the lines from index `start` up to, but not including, `end`.
   *
   * @throws {DomainError} if the sender may not write into the room.
   */
  record(lines: readonly string[], damage: LineBatch["damage"], start: number, end: number): void {
    const { registry, parser, room, print } = this.#options;
    if (damage || print) return this.#recordWithCare(lines, damage, start, end);
    const drafts: Draft[] = [];
    const now = parser.now();
    for (let index = start; index < end; index++) drafts.push(parser.toDraft(lines[index], now));
    registry.record(this.#asker, room, drafts);
  }

  get #asker(): Asker {
    const { parser, address } = this.#options;
    return { capacity: "log", ...this.account, nickname: parser.source, address };
  }

  recordLoss(damage: Damage): void {
    const { registry, parser, room, via } = this.#options;
    const { reason, lines = 0 } = damage;
    this.losses.set(reason, (this.losses.get(reason) ?? 0) + lines);
    registry.recordLoss({ ...damage, room, source: parser.source, via });
  }

  #recordWithCare(
    lines: readonly string[],
    damage: LineBatch["damage"],
    start: number,
    end: number,
  ): void {
    const { registry, parser, room, print } = this.#options;
    const asker = this.#asker;
    let damaged: LineDamage[] = [];
    for (let index = start; index < end; index++) {
      const own = damage?.get(index);
      // The damage of consecutive lines is recorded after the last of them.
      if (!own) damaged = this.#noteDamage(damaged);
      print?.(withoutSecret(lines[index]));
      registry.record(asker, room, [parser.toDraft(lines[index])]);
      if (own) damaged.push(own);
    }
    this.#noteDamage(damaged);
  }

  #noteDamage(damaged: readonly LineDamage[]): LineDamage[] {
    if (damaged.length === 0) return [];
    for (const damage of sumDamage(damaged)) this.recordLoss(damage);
    return [];
  }
}

/** The damage of some lines, summed by reason. */
export function sumDamage(damaged: readonly LineDamage[]): Damage[] {
  const sum = (amountOf: (damage: LineDamage) => number | undefined) => {
    const amounts = damaged.map((damage) => amountOf(damage) ?? 0).filter((amount) => amount > 0);
    return { lines: amounts.length, total: amounts.reduce((total, amount) => total + amount, 0) };
  };
  const cut = sum(({ cutBytes }) => cutBytes);
  const repaired = sum(({ repairs }) => repairs);
  const missing = sum(({ missingBytes }) => missingBytes);
  const sums: Damage[] = [
    { reason: "cut", lines: cut.lines, bytes: cut.total },
    { reason: "repaired", lines: repaired.lines, places: repaired.total },
    { reason: "missing", lines: missing.lines, bytes: missing.total },
  ];
  return sums.filter(({ lines = 0 }) => lines > 0);
}

/** Shifts the indexes of damaged lines by `by`. */
export function shiftDamage(damage: LineBatch["damage"], by: number): LineBatch["damage"] {
  return damage && new Map(Array.from(damage, ([index, own]) => [index + by, own]));
}
