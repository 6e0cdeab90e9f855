/**
 * What this node wants done: drafts and changes that wait, and entries that are on their way into
 * the stream and have not come back.
 *
 * @module
 */

import type { Draft } from "../domain/room_event.ts";
import type { ConditionalSetting } from "../domain/state_store.ts";
import { changeJson, draftJson, encodeEntry } from "./entry.ts";
import type { Entry } from "./entry.ts";
import { withoutText } from "./unlogged_texts.ts";
import { WaitingDrafts, weightOf } from "./waiting_drafts.ts";

/** Characters taken from those waiting at a time, unless one origin has more. */
const BATCH_CHARACTERS = 128 * 1024;
/** The most bytes of an entry, unless a single draft or change is larger. */
const ENTRY_BYTES = 512 * 1024;
/** The most bytes of an entry besides its drafts and changes. */
const ENVELOPE_BYTES = 4096;
/** A character takes at most as many bytes. */
const CHARACTER_BYTES = 3;
/** The most entries on their way. */
const IN_FLIGHT = 8;

/** A change that waits for its outcome. */
export interface WaitingChange {
  readonly change: ConditionalSetting;
  /** Takes whether it was made, or why it cannot be sent. */
  readonly settle: (outcome: boolean | Error) => void;
}

/** What goes into one entry. */
export interface Parcel {
  readonly drafts: readonly Draft[];
  readonly changes: readonly WaitingChange[];
  /** How many drafts that ever arrived are done with when this one and all before are. */
  readonly through: number;
  readonly weight: number;
  readonly draftTexts: readonly string[];
  readonly changeTexts: readonly string[];
  /** Only of the first entry of a run. */
  readonly hello?: Entry["hello"];
  readonly gone?: Entry["gone"];
}

export class Outgoing {
  readonly #isTooLarge: (text: string) => boolean;
  readonly #refuse: (draft: Draft) => void;
  readonly #waiting = new WaitingDrafts();
  #changes: WaitingChange[] = [];
  #gone: Entry["gone"][] = [];
  /** Cut, and not on their way. */
  #ready: Parcel[] = [];
  /** On their way, in order. */
  #sent: Parcel[] = [];
  /** Of all that are cut. */
  #cutWeight = 0;
  #through = 0;

  /**
   * @param maxBytes The most bytes of an entry.
   * @param refuse Takes drafts that do not fit into one.
   */
  constructor(maxBytes: number, refuse: (draft: Draft) => void) {
    const most = maxBytes - ENVELOPE_BYTES;
    this.#isTooLarge = (text) =>
      text.length * CHARACTER_BYTES > most && new TextEncoder().encode(text).length > most;
    this.#refuse = refuse;
  }

  /** What has not come back, in characters. */
  get weight(): number {
    return this.#waiting.weight + this.#cutWeight;
  }

  /** How many drafts have ever arrived. */
  get arrived(): number {
    return this.#waiting.arrived;
  }

  get inFlight(): readonly Parcel[] {
    return this.#sent;
  }

  /** Whether anything waits to be sent. */
  get isWaiting(): boolean {
    return this.#waiting.weight + this.#ready.length + this.#changes.length + this.#gone.length > 0;
  }

  /** Whether more may be sent. */
  get isOpen(): boolean {
    return this.#sent.length < IN_FLIGHT;
  }

  push(draft: Draft): void {
    this.#waiting.push(draft);
  }

  pushChange(change: WaitingChange): void {
    this.#changes.push(change);
  }

  pushGone(gone: NonNullable<Entry["gone"]>): void {
    this.#gone.push(gone);
  }

  /** Begins a run: its hello goes first, and all that has not come back goes again after it. */
  hello(hello: NonNullable<Entry["hello"]>): void {
    const isHello = this.#sent[0]?.hello !== undefined;
    const again = isHello ? this.#sent.slice(1) : this.#sent;
    const through = this.#through;
    this.#sent = [{ ...EMPTY, through, hello }, ...again];
  }

  /** Takes the next one to send, if any; it then counts as on its way. */
  next(): Parcel | undefined {
    if (this.#ready.length === 0) this.#cut();
    const parcel = this.#ready.shift();
    if (parcel) this.#sent.push(parcel);
    return parcel;
  }

  /** The first one on its way has come back. */
  arrivedBack(): Parcel {
    const parcel = this.#sent.shift()!;
    this.#cutWeight -= parcel.weight;
    this.#through = parcel.through;
    return parcel;
  }

  #cut(): void {
    const gone = this.#gone.shift();
    if (gone) {
      this.#ready.push({ ...EMPTY, gone, through: this.#cutThrough() });
      return;
    }
    const parcel = new GrowingParcel();
    const before = this.#cutThrough();
    const finish = () => this.#ready.push(parcel.take(before));
    for (const change of this.#changes.splice(0)) {
      const text = changeJson(change.change);
      if (this.#isTooLarge(text)) {
        change.settle(new Error("it is too large for the cluster"));
        continue;
      }
      if (!parcel.hasSpace(text)) finish();
      parcel.addChange(change, text);
    }
    const drafts = this.#waiting.take(BATCH_CHARACTERS);
    if (drafts.length === 0 && !parcel.isEmpty) finish();
    let act: number | undefined;
    for (const draft of drafts) {
      let text = draftJson(withoutText(draft, parcel.count));
      if (this.#isTooLarge(text)) {
        this.#refuse(draft);
        continue;
      }
      // All drafts of an act are stored, or none, so they go together.
      if ((act === undefined || draft.origin !== act) && !parcel.hasSpace(text)) {
        finish();
        text = draftJson(withoutText(draft, parcel.count));
      }
      act = isAct(draft) ? draft.origin : undefined;
      parcel.addDraft(draft, text);
      this.#cutWeight += weightOf(draft);
    }
    // One of nothing, if all were refused: callers may wait for the refused ones.
    if (!parcel.isEmpty || drafts.length > 0) this.#ready.push(parcel.take(this.#waiting.taken));
  }

  /** How many drafts are done with when all that are cut are. */
  #cutThrough(): number {
    return (this.#ready.at(-1) ?? this.#sent.at(-1))?.through ?? this.#through;
  }
}

/** Whether it belongs to an act of moderation; see `act_sequence.ts`. */
function isAct({ origin }: Draft): boolean {
  return origin !== undefined && origin < 0;
}

const EMPTY = { drafts: [], changes: [], weight: 0, draftTexts: [], changeTexts: [] };

class GrowingParcel {
  #drafts: Draft[] = [];
  #changes: WaitingChange[] = [];
  #draftTexts: string[] = [];
  #changeTexts: string[] = [];
  #weight = 0;
  #characters = 0;

  get isEmpty(): boolean {
    return this.#characters === 0;
  }

  hasSpace({ length }: string): boolean {
    return this.isEmpty || (this.#characters + length) * CHARACTER_BYTES <= ENTRY_BYTES;
  }

  /** How many drafts there are. */
  get count(): number {
    return this.#drafts.length;
  }

  addDraft(draft: Draft, text: string): void {
    this.#drafts.push(draft);
    this.#draftTexts.push(text);
    this.#weight += weightOf(draft);
    this.#characters += text.length;
  }

  addChange(change: WaitingChange, text: string): void {
    this.#changes.push(change);
    this.#changeTexts.push(text);
    this.#characters += text.length;
  }

  take(through: number): Parcel {
    const parcel = {
      drafts: this.#drafts,
      changes: this.#changes,
      draftTexts: this.#draftTexts,
      changeTexts: this.#changeTexts,
      weight: this.#weight,
      through,
    };
    [this.#drafts, this.#changes, this.#draftTexts, this.#changeTexts] = [[], [], [], []];
    this.#weight = this.#characters = 0;
    return parcel;
  }
}

/** The entry of a parcel. */
export function encodeParcel(
  { draftTexts, changeTexts, hello, gone }: Parcel,
  run: Pick<Entry, "node" | "incarnation" | "batch">,
): Uint8Array<ArrayBuffer> {
  return encodeEntry({ ...run, hello, gone }, draftTexts, changeTexts);
}
