/**
 * What happened to lines on their way in, as losses to be recorded.
 *
 * @module
 */

import type { LossCounts, LossReason } from "../../domain/loss.ts";
import type { LineDamage } from "../../codec/line_decoder.ts";
import type { LineBatch } from "../../server/framer.ts";

/** How much was lost, and why. */
export interface Damage extends LossCounts {
  readonly reason: LossReason;
}

/** What happened to some lines, by reason. */
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

/** The damage of lines whose indexes have changed by so many. */
export function shiftDamage(damage: LineBatch["damage"], by: number): LineBatch["damage"] {
  return damage && new Map(Array.from(damage, ([index, own]) => [index + by, own]));
}
