/**
 * Counts the log lines of a flood by source and level. The latest lines are not counted: they are
 * passed on as they are.
 *
 * @module
 */

import type { RoomEvent } from "../../../domain/room_event.ts";
import { groupDigits } from "../../../domain/wording.ts";
import { type Level, levelOf, LEVELS } from "../../../level.ts";

/** Sources counted at a time in a fold of several. */
const MAX_SOURCES = 1000;

export interface LineFoldsOptions {
  /** The number of lines, the latest of all sources, that are passed on as they are. */
  readonly latest: number;
  /** Sources with a fold of their own, unless {@linkcode LineFolds.open} gives them one. */
  readonly mostFolds: number;
}

/** Lines that are shown as one. */
interface Fold {
  lines: number;
  first?: RoomEvent;
  last?: RoomEvent;
  readonly levels: Map<Level, number>;
  /** Set if the lines may have several sources. */
  readonly sources?: Set<string>;
}

export class LineFolds {
  readonly #options: LineFoldsOptions;
  #folds = new Map<string, Fold>();
  /** Lines of sources without a fold of their own. */
  #rest: Fold | undefined;
  /** The latest lines, as a ring: the oldest is at `#oldest` once it is full. */
  #latest: RoomEvent[] = [];
  #oldest = 0;

  constructor(options: LineFoldsOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#folds.size === 0 && this.#rest === undefined;
  }

  /** Whether a source has a fold of its own. */
  has(source: string): boolean {
    return this.#folds.has(source);
  }

  /** Gives a source a fold of its own. */
  open(source: string): void {
    this.#folds.set(source, { lines: 0, levels: new Map() });
  }

  /** Adds a line. Those of one source have to be in order. */
  add(event: RoomEvent): void {
    const { latest, mostFolds } = this.#options;
    if (!this.has(event.from)) {
      if (this.#folds.size < mostFolds) this.open(event.from);
      else this.#rest ??= { lines: 0, levels: new Map(), sources: new Set() };
    }
    if (this.#latest.length < latest) {
      this.#latest.push(event);
      return;
    }
    if (latest === 0) return this.#count(event);
    this.#count(this.#latest[this.#oldest]);
    this.#latest[this.#oldest] = event;
    this.#oldest = (this.#oldest + 1) % latest;
  }

  /** Removes everything; returns the folds and the latest lines, in no order. */
  take(): RoomEvent[] {
    if (this.isEmpty) return [];
    const told = this.#latest;
    for (const fold of this.#folds.values()) if (fold.lines > 0) told.push(toEvent(fold));
    if (this.#rest && this.#rest.lines > 0) told.push(toEvent(this.#rest));
    this.#folds = new Map();
    this.#rest = undefined;
    this.#latest = [];
    this.#oldest = 0;
    return told;
  }

  #count(event: RoomEvent): void {
    const fold = this.#folds.get(event.from) ?? this.#rest!;
    fold.lines++;
    fold.first ??= event;
    fold.last = event;
    if (fold.sources && fold.sources.size < MAX_SOURCES) fold.sources.add(event.from);
    const level = levelOf(event.fields?.level);
    if (level !== undefined) fold.levels.set(level, (fold.levels.get(level) ?? 0) + 1);
  }
}

/** A fold as an event: the last line with another text. */
function toEvent({ lines, first, last, levels, sources }: Fold): RoomEvent {
  if (lines === 1) return last!;
  const count = groupDigits(lines);
  const isOfSeveral = sources !== undefined && sources.size > 1;
  return {
    ...last!,
    from: isOfSeveral ? `${sources.size} sources` : last!.from,
    body: `... ${count} lines, #${first!.seq}-#${last!.seq}`,
    fields: {
      folded: lines,
      first: first!.seq,
      last: last!.seq,
      ...(levels.size > 0 ? { levels: inOrder(levels) } : {}),
      ...(isOfSeveral ? { sources: sources.size } : {}),
    },
    origin: undefined,
  };
}

/** The counts, those of the most severe level first. */
function inOrder(levels: ReadonlyMap<Level, number>): Record<string, number> {
  return Object.fromEntries(
    LEVELS.flatMap((level) => levels.has(level) ? [[level, levels.get(level)!]] : []),
  );
}
