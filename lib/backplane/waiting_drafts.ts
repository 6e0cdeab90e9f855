/**
 * Drafts that wait to be numbered and stored, and which of them go next.
 *
 * @module
 */

import { type Draft, isArrivalOrDeparture } from "../domain/room_event.ts";

/** Characters that a draft counts for besides its text, so that empty ones do not pile up. */
const DRAFT_CHARACTERS = 32;
/** Characters that each value of a log line's fields counts for. */
const FIELD_CHARACTERS = 24;
/**
 * How many characters a join, part or new name counts for. When a whole crowd does that at once, each
 * member's own event is in the run, and each gets a rendering of its own, without that event. One
 * line can cause as many as its author has rooms.
 */
const MOVE_CHARACTERS = 512;

/** What a draft costs to store and deliver, in characters. */
export function weightOf(draft: Draft): number {
  const { body, fields } = draft;
  const weight = body.length + DRAFT_CHARACTERS + (isMove(draft) ? MOVE_CHARACTERS : 0);
  if (fields === undefined) return weight;
  let count = 0;
  for (const name in fields) count += sizeOf(fields[name]);
  return weight + count * FIELD_CHARACTERS;
}

function isMove(draft: Draft): boolean {
  return draft.kind === "nick" || isArrivalOrDeparture(draft);
}

/** How many values a field holds, as far as its second level. */
function sizeOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  let count = 1;
  for (const _ in value) count++;
  return count;
}

/**
 * A queue that hands out batches in the order of arrival, unless more waits than fits in a batch:
 * then the origin that has waited longest goes first and those with little to say go next, so a
 * person need not wait for everything that a hundred others said before. The drafts of one origin
 * keep their order and are never divided among batches.
 */
export class WaitingDrafts {
  #drafts: Draft[] = [];
  /** Their numbers in the order of arrival. */
  #numbers: number[] = [];
  #weight = 0;
  /** How many have ever arrived. */
  arrived = 0;

  /** What all of them cost together, in characters. */
  get weight(): number {
    return this.#weight;
  }

  /** How many arrived before the one that has waited longest. */
  get taken(): number {
    return this.#numbers[0] ?? this.arrived;
  }

  push(draft: Draft): void {
    this.#drafts.push(draft);
    this.#numbers.push(this.arrived++);
    this.#weight += weightOf(draft);
  }

  /** Takes out a batch of about `maxWeight`, or of all drafts of one origin if they are more. */
  take(maxWeight: number): readonly Draft[] {
    const drafts = this.#drafts;
    const numbers = this.#numbers;
    const isAll = this.#weight <= maxWeight;
    this.#drafts = [];
    this.#numbers = [];
    this.#weight = 0;
    if (isAll) return drafts;
    const origins = chooseOrigins(drafts, maxWeight);
    const batch: Draft[] = [];
    for (const [index, draft] of drafts.entries()) {
      if (origins.has(draft.origin)) batch.push(draft);
      else {
        this.#drafts.push(draft);
        this.#numbers.push(numbers[index]);
        this.#weight += weightOf(draft);
      }
    }
    return batch;
  }
}

/** The origins whose drafts make a batch. */
function chooseOrigins(
  drafts: readonly Draft[],
  maxWeight: number,
): ReadonlySet<number | undefined> {
  const weights = new Map<number | undefined, number>();
  for (const draft of drafts) {
    weights.set(draft.origin, (weights.get(draft.origin) ?? 0) + weightOf(draft));
  }
  const [oldest, ...others] = weights;
  const chosen = new Set([oldest[0]]);
  let sum = oldest[1];
  for (const [origin, weight] of others.sort(([, a], [, b]) => a - b)) {
    sum += weight;
    if (sum > maxWeight) break;
    chosen.add(origin);
  }
  return chosen;
}
