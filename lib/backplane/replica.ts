/**
 * Applies the entries of the stream to the log and the state of this node. All nodes apply the same
 * entries in the same order, and nothing else decides what comes of them: no clock, no chance, and
 * nothing that only this node has.
 *
 * @module
 */

import { type NextTurn, Strides } from "../clock.ts";
import type { MessageLog } from "../domain/message_log.ts";
import type { Draft, RoomEvent } from "../domain/room_event.ts";
import type { StateSetting, StateTable } from "../domain/state_store.ts";
import { loggedForms } from "../domain/unlogged.ts";
import { ClusterState, type StreamPosition } from "./cluster_state.ts";
import { decodeEntry, type Entry, type NodeRun } from "./entry.ts";
import type { StreamEntry } from "./entry_stream.ts";
import { EventNumbering } from "./event_numbering.ts";
import { Leftovers } from "./leftovers.ts";
import { nextMark, PastMarks } from "./past_marks.ts";
import { type LedgerPage, type PersonLedger, withSharedCauses } from "./person_ledger.ts";
import { stateDigest } from "./state_digest.ts";
import { StagedValues } from "./staged_values.ts";

/** What came of an entry. All of it is stored. */
export interface AppliedEntry {
  readonly seq: number;
  readonly entry: Entry;
  /** Whether it counted. One sent again, or of a run that is over, does not. */
  readonly isAdmitted: boolean;
  readonly events: readonly RoomEvent[];
  /** Drafts that became no events, because another node has changed what they depend on. */
  readonly refused: readonly Draft[];
  /** The changes of state that were asked for and made, with those that drafts carry. */
  readonly settings: readonly StateSetting[];
  /** The changes of state that follow from what happens in it. */
  readonly consequences: readonly StateSetting[];
  /** Of each change, whether it was made. */
  readonly made: readonly boolean[];
  /** The number of the run that it began, from 1 in the whole cluster. */
  readonly began?: number;
  /** The run that it ended. */
  readonly ended?: NodeRun;
}

/** People, settings and events of the end of a run before others have a turn. */
const STEPS_AT_ONCE = 1000;
const NOTHING = { events: [], refused: [], settings: [], consequences: [], made: [] };

/** What entries change, until it is stored. */
interface Staged {
  readonly next: ClusterState;
  readonly values: StagedValues;
  readonly page: LedgerPage | undefined;
}

export interface ReplicaOptions {
  readonly log: Pick<MessageLog, "store" | "lastId" | "roomEnd">;
  readonly state: Pick<StateTable, "all" | "page" | "read" | "services">;
  /** Keeps who is in which room. @default {nobody does} */
  readonly ledger?: PersonLedger;
  /** Lets others have turns while the end of a run with thousands of people is applied. @default {none} */
  readonly nextTurn?: NextTurn;
}

/** A message of the stream is not there, though those around it are. */
export class EntryMissingError extends Error {
  override readonly name = "EntryMissingError";
}

export class Replica {
  /** To compare its past with that of other nodes. */
  readonly marks = new PastMarks();
  readonly #log: ReplicaOptions["log"];
  readonly #store: ReplicaOptions["state"];
  readonly #ledger: PersonLedger | undefined;
  readonly #numbering: EventNumbering;
  readonly #nextTurn: NextTurn | undefined;
  readonly #leftovers: Leftovers;
  #state: ClusterState;

  private constructor({ log, state, ledger, nextTurn }: ReplicaOptions, read: ClusterState) {
    this.#nextTurn = nextTurn;
    this.#log = log;
    this.#store = state;
    this.#ledger = ledger;
    this.#numbering = new EventNumbering(log);
    this.#leftovers = new Leftovers(log, state, nextTurn);
    this.#state = read;
    this.marks.add(read.position);
  }

  static async open(options: ReplicaOptions): Promise<Replica> {
    return new Replica(options, await ClusterState.read(options.state));
  }

  get position(): StreamPosition {
    return this.#state.position;
  }

  /** The runs of all nodes. */
  get runs(): ClusterState["runs"] {
    return this.#state.runs;
  }

  /** What this node has, as its hello says it: before its first entry, that is in no stream. */
  async beginning(): Promise<NonNullable<Entry["hello"]>> {
    const base = await this.#log.lastId();
    const state = this.position.seq === 0 ? await stateDigest(this.#store) : undefined;
    return state === undefined ? { base } : { base, state };
  }

  /**
   * Applies entries, and stores what comes of them in one transaction; or in several, where a run
   * begins or ends. Entries that were applied before are left out.
   *
   * @param created When the stream was created.
   * @param onStored Takes them in order once they are stored.
   * @throws {EntryFormatError} if this version does not understand an entry.
   * @throws {EntryMissingError} if they do not follow each other, or what was applied before.
   * @throws {RangeError} if the log does not end where it should.
   * @throws {Error} if they cannot be stored; what was not handed to `onStored` may be tried again.
   */
  async apply(
    entries: readonly StreamEntry[],
    created: string,
    onStored: (applied: readonly AppliedEntry[]) => Promise<void>,
  ): Promise<void> {
    let group: [StreamEntry, Entry][] = [];
    const store = async () => {
      if (group.length > 0) await onStored(await this.#applyTogether(group, created));
      group = [];
    };
    let last = this.position.seq;
    for (const message of entries) {
      if (message.seq <= last) continue;
      if (message.seq !== ++last) {
        throw new EntryMissingError(`Message ${last} of the stream is missing`);
      }
      const entry = decodeEntry(message.bytes);
      // What it ends is decided by what is stored.
      if (entry.hello || entry.gone) await store();
      group.push([message, entry]);
    }
    await store();
  }

  async #applyTogether(
    group: readonly (readonly [StreamEntry, Entry])[],
    created: string,
  ): Promise<readonly AppliedEntry[]> {
    const next = this.#state.copy();
    const values = new StagedValues(this.#store);
    const page = this.#ledger?.open();
    const applied: AppliedEntry[] = [];
    const positions: StreamPosition[] = [];
    try {
      for (const [{ seq, at: taken }, entry] of group) {
        const { node, incarnation, batch } = entry;
        const at = Math.max(taken, next.position.at);
        const by = { node, incarnation, batch };
        const mark = nextMark(next.position, taken, by);
        next.position = { ...next.position, created, seq, at, by, mark };
        positions.push(next.position);
        applied.push(await this.#applyOne(seq, entry, at, { next, values, page }));
      }
      const events = applied.length === 1
        ? applied[0].events
        : applied.flatMap(({ events }) => events);
      const { at } = next.position;
      const own = next.settings().map((setting) => ({ ...setting, at }));
      // Where each entry ends, because other nodes may apply others together.
      let end = 0;
      const ends = applied.length === 1 ? [] : applied.map(({ events }) => end += events.length);
      const settings = [...values.settings(), ...own];
      const isLong = applied.some(({ ended }) => ended) || settings.length > STEPS_AT_ONCE;
      const nextTurn = isLong ? this.#nextTurn : undefined;
      await this.#log.store(loggedForms(events), settings, ends, nextTurn);
    } catch (error) {
      this.#numbering.reset();
      throw error;
    }
    this.#state = next;
    for (const position of positions) this.marks.add(position);
    page?.close();
    this.#leftovers.forget();
    return applied;
  }

  async #applyOne(
    seq: number,
    entry: Entry,
    at: number,
    { next, values, page }: Staged,
  ): Promise<AppliedEntry> {
    const { isAdmitted, ended } = next.admit(entry);
    if (!isAdmitted) return { ...NOTHING, seq, entry, isAdmitted };
    const strides = ended && this.#nextTurn && new Strides(this.#nextTurn, STEPS_AT_ONCE);
    // Entries that end a run are the first of their group, so nothing is staged yet.
    const freed = ended && page ? await this.#leftovers.remove(ended.node, at) : [];
    const ending = ended && await page?.end(ended, entry.gone !== undefined, strides);
    for (const setting of ending?.settings ?? []) {
      const turn = strides?.step();
      if (turn) await turn;
      values.set(setting, at);
    }
    const made = entry.changes.map((change) => values.make(change, at));
    const { kept, refused, settings: settled } = settle(entry.drafts, values, at, page);
    const said = withSharedCauses(kept);
    const noted = page?.note(entry.node, said, settled) ?? { drafts: said, settings: [] };
    for (const setting of noted.settings) values.set(setting, at);
    const settings = settled.filter((setting) => !isAmong(noted.settings, setting));
    const drafts = ending ? [...ending.drafts, ...noted.drafts] : noted.drafts;
    const changed = entry.changes.filter((_, index) => made[index]);
    return {
      seq,
      entry,
      isAdmitted,
      events: drafts.length > 0 ? await this.#numbering.number(drafts, at, strides) : [],
      refused,
      settings: [...changed, ...settings],
      consequences: [...freed, ...ending?.settings ?? [], ...noted.settings],
      made,
      ...(entry.hello && { began: next.position.runs }),
      ...(ended && { ended }),
    };
  }
}

/**
 * Makes the changes of state that drafts carry. Where one depends on a value that is another one by
 * now, or on somebody who has left, all drafts of the same origin are refused.
 *
 * @returns The others without the state that they carried, and that state.
 */
function settle(
  drafts: readonly Draft[],
  values: StagedValues,
  at: number,
  page: LedgerPage | undefined,
): { kept: readonly Draft[]; refused: readonly Draft[]; settings: readonly StateSetting[] } {
  if (drafts.every(({ state }) => state === undefined)) {
    return { kept: drafts, refused: [], settings: [] };
  }
  const settings: StateSetting[] = [];
  const lost = new Set<number | undefined>();
  for (const { state = [], origin } of drafts) {
    const isStill = (setting: StateSetting) =>
      values.isStill(setting) && (page?.isPossible(setting) ?? true);
    if (!state.every(isStill)) {
      lost.add(origin);
      continue;
    }
    for (const setting of state) values.set(setting, at);
    settings.push(...state);
  }
  return {
    kept: drafts.filter(({ origin }) => !lost.has(origin)).map(({ state: _, ...draft }) => draft),
    refused: drafts.filter(({ origin }) => lost.has(origin)),
    settings,
  };
}

/** Whether a value is changed by other settings, too. */
function isAmong(settings: readonly StateSetting[], { service, key }: StateSetting): boolean {
  return settings.some((other) => other.service === service && other.key === key);
}
