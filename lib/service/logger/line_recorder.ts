/**
 * Writes the lines of one sender into its room, and beside them what was lost of them.
 *
 * @module
 */

import type { RoomRegistry } from "../../domain/room_registry.ts";
import type { LineDamage } from "../../codec/line_decoder.ts";
import type { LineBatch } from "../../server/framer.ts";
import { type Damage, sumDamage } from "./damage.ts";
import type { LogLineParser } from "./log_line_parser.ts";

export interface LineRecorderOptions {
  readonly registry: RoomRegistry;
  readonly reader: LogLineParser;
  readonly room: string;
  readonly via: string;
  readonly print?: (line: string) => void;
}

export class LineRecorder {
  readonly #options: LineRecorderOptions;

  constructor(options: LineRecorderOptions) {
    this.#options = options;
  }

  /** Records the lines from index `start` up to, not including, `end`. */
  record(lines: readonly string[], damage: LineBatch["damage"], start: number, end: number): void {
    const { registry, reader, print } = this.#options;
    if (damage || print) return this.#recordWithCare(lines, damage, start, end);
    for (let index = start; index < end; index++) {
      registry.record(reader.toDraft(lines[index]));
    }
  }

  recordLoss(damage: Damage): void {
    const { registry, reader, room, via } = this.#options;
    registry.recordLoss({ ...damage, room, source: reader.source, via });
  }

  #recordWithCare(
    lines: readonly string[],
    damage: LineBatch["damage"],
    start: number,
    end: number,
  ): void {
    const { registry, reader, print } = this.#options;
    let damaged: LineDamage[] = [];
    for (let index = start; index < end; index++) {
      const own = damage?.get(index);
      // What happened to lines in a row is told behind the last of them.
      if (!own) damaged = this.#noteDamage(damaged);
      print?.(lines[index]);
      registry.record(reader.toDraft(lines[index]));
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
