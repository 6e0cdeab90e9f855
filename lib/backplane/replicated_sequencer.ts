/**
 * The sequencer of a node of a cluster: a stream gives the order, and what it hands to this node is
 * shown once this node has stored it. README.md says what may fail where.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import { type Clock, systemClock } from "../clock.ts";
import type { Courier } from "../domain/courier.ts";
import { DomainError } from "../domain/domain_error.ts";
import type { MessageLog } from "../domain/message_log.ts";
import type { Draft } from "../domain/room_event.ts";
import type { Sequencer, SequencerListener } from "../domain/sequencer.ts";
import {
  type ConditionalSetting,
  StateConflictError,
  type StateSetting,
} from "../domain/state_store.ts";
import { log } from "../log.ts";
import type { Histogram } from "../metrics/histogram.ts";
import { CLUSTER_STATE } from "./cluster_state.ts";
import { Delivery } from "./delivery.ts";
import type { NodeRun } from "./entry.ts";
import type { EntryStream } from "./entry_stream.ts";
import { nextIncarnation } from "./incarnation.ts";
import { Outgoing } from "./outgoing.ts";
import type { AppliedEntry, Replica } from "./replica.ts";
import { SameNodeError } from "./same_node_error.ts";
import { EntrySender } from "./entry_sender.ts";
import { StreamFollower } from "./stream_follower.ts";
import { UnloggedTexts } from "./unlogged_texts.ts";

/** With more characters of text than this waiting, callers are asked to wait, too. */
const BUSY_CHARACTERS = 1024 * 1024;
/** Characters that make a good entry: a larger one would delay what people say. */
const ENOUGH_CHARACTERS = 128 * 1024;
/** Settings that listeners are told of before others have a turn. */
const TOLD_AT_ONCE = 500;

/** Changes nothing, and can be waited for. */
const NO_CHANGE = { service: CLUSTER_STATE, key: "", value: null, was: null };

export interface ReplicatedSequencerOptions {
  readonly stream: EntryStream;
  readonly replica: Replica;
  readonly log: Pick<MessageLog, "check">;
  /** The name of this node. */
  readonly node: string;
  /** Takes the texts that are not to be kept to the other nodes. */
  readonly courier?: Pick<Courier, "announce" | "onAnnounced">;
  /** Is told why this node cannot go on; the message is a sentence that says what to do. */
  readonly onFailure?: (reason: Error) => void;
  /** @default {systemClock} */
  readonly clock?: Clock;
  /** Resolves in a later turn of the event loop, after arrived bytes were read. */
  readonly nextTurn?: () => Promise<void>;
}

/** A run of a node, and its number among all runs of the cluster. */
export interface NumberedRun extends NodeRun {
  /** From 1. */
  readonly number: number;
}

interface Waiter {
  readonly count: number;
  readonly resolve: () => void;
  /** Whether it goes on waiting while the cluster cannot be reached. */
  readonly isPatient: boolean;
}

/** Learns what entries do besides adding events. */
export interface ClusterListener {
  /**
   * State was changed by an entry. It is stored, and the events of the same entry come next.
   *
   * @param isOwn Whether this node asked for it.
   */
  settings?(settings: readonly StateSetting[], isOwn: boolean): void;
  /** A run of a node has begun, after the one before it ended. */
  began?(run: NumberedRun, isOwn: boolean): void;
  /** A run of a node is over. If it was this node's own, the next one begins by itself. */
  ended?(run: NodeRun, isOwn: boolean): void;
  /** Whether this node has reached the cluster has changed. */
  reached?(isReached: boolean): void;
}

export class ReplicatedSequencer implements Sequencer, AsyncDisposable {
  readonly #replica: Replica;
  readonly #log: Pick<MessageLog, "check">;
  readonly #node: string;
  readonly #onFailure: (reason: Error) => void;
  readonly #nextTurn: () => Promise<void>;
  readonly #delivery: Delivery;
  readonly #texts: UnloggedTexts;
  readonly #outgoing: Outgoing;
  readonly #sender: EntrySender;
  readonly #follower: StreamFollower;
  readonly #listeners: ClusterListener[] = [];
  readonly #stopping = new AbortController();
  /** Callers that wait until as many drafts have been delivered, fewest first. */
  #waiters: Waiter[] = [];
  #incarnation = "";
  #run: NumberedRun | undefined;
  /** While everybody is told of an entry that was applied. */
  #taking: Promise<void> | undefined;
  #isSending = false;
  #following: Promise<void> = Promise.resolve();
  #started = Promise.withResolvers<void>();
  /** How many drafts are done with. */
  #through = 0;

  constructor(options: ReplicatedSequencerOptions) {
    const { stream, replica, node, clock = systemClock } = options;
    this.#replica = replica;
    this.#log = options.log;
    this.#node = node;
    this.#onFailure = options.onFailure ?? (() => {});
    this.#nextTurn = options.nextTurn ?? (() => setImmediate());
    this.#delivery = new Delivery(this.#nextTurn);
    this.#outgoing = new Outgoing(stream.maxBytes, (draft) => this.#refuse(draft));
    const texts = this.#texts = new UnloggedTexts(options.courier);
    this.#sender = new EntrySender({ stream, clock, texts, outgoing: this.#outgoing });
    this.#follower = new StreamFollower({
      stream,
      replica,
      node,
      clock,
      nextTurn: this.#nextTurn,
      onApplied: async (applied) => {
        const taking = this.#taking = this.#take(applied);
        await taking;
        if (this.#taking === taking) this.#taking = undefined;
      },
      onCaughtUp: () => this.#sender.linked(),
      onInterrupted: () => this.#sender.unlinked(),
    });
    this.#sender.onReach = (isReached) => {
      if (!isReached) this.#dismissImpatient();
      this.#tell((listener) => listener.reached?.(isReached));
    };
  }

  /** This run of this node; `undefined` until its hello has come back, and while it is over. */
  get run(): NumberedRun | undefined {
    return this.#run;
  }

  /** Whether what this node sends comes back. */
  get isReached(): boolean {
    return this.#sender.isReached;
  }

  /** How long it took to apply and store entries. */
  get commits(): Histogram {
    return this.#follower.commits;
  }

  /** How long it took to deliver their events. */
  get fanOuts(): Histogram {
    return this.#delivery.times;
  }

  /** Whether this node can store what the stream holds. */
  get isWritable(): boolean {
    return this.#follower.isWritable;
  }

  get isBusy(): boolean {
    return this.#outgoing.weight > BUSY_CHARACTERS;
  }

  get hasEnough(): boolean {
    return this.#outgoing.weight > ENOUGH_CHARACTERS;
  }

  listen(listener: SequencerListener): void {
    this.#delivery.listen(listener);
  }

  /** Adds a listener. */
  follow(listener: ClusterListener): void {
    this.#listeners.push(listener);
  }

  /** Is told of changes of state; see {@linkcode ClusterListener.settings}. */
  onSettings(listener: (settings: readonly StateSetting[], isOwn: boolean) => void): void {
    this.follow({ settings: listener });
  }

  /**
   * Applies all that is in the stream by now, and then pauses, so that the state can be read before
   * anything else changes it.
   *
   * @throws {Error} if this node cannot join; the message is a sentence that says what to do.
   */
  async catchUp(signal: AbortSignal = this.#stopping.signal): Promise<void> {
    await this.#follower.run(AbortSignal.any([signal, this.#stopping.signal]), true);
  }

  /**
   * Begins a run. Drafts may be submitted before.
   *
   * @returns Once all nodes know, so that this node has applied all that came before.
   * @throws {Error} if this node cannot go on.
   */
  async start(): Promise<void> {
    await this.#hello();
    this.#following = this.#follower.run(this.#stopping.signal, false).catch((error) => {
      this.#started.reject(error);
      this.#fail(error);
    });
    await this.#started.promise;
  }

  submit(draft: Draft): void {
    this.#outgoing.push(draft);
    this.#send();
  }

  /**
   * Has a value changed on all nodes, unless it is another one by then.
   *
   * @returns Whether it was changed, once that is stored.
   * @throws {Error} if it is too large.
   */
  submitChange(change: ConditionalSetting): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const settle = (outcome: boolean | Error) =>
        outcome instanceof Error ? reject(outcome) : resolve(outcome);
      this.#outgoing.pushChange({ change, settle });
      this.#send();
    });
  }

  /** Ends the run of another node, if it is still that run when this is applied. */
  submitGone({ node, incarnation }: NodeRun): void {
    this.#outgoing.pushGone({ node, incarnation });
    this.#send();
  }

  async caughtUp(): Promise<void> {
    // What comes back has everything behind it that was in the stream before.
    await Promise.all([this.submitChange(NO_CHANGE), this.settled()]);
  }

  settled(): Promise<void> {
    // With nothing of its own under way, this node may be in the midst of telling of others' doings.
    const isQuiet = this.#outgoing.arrived <= this.#through;
    return isQuiet && this.#taking ? this.#taking : this.#wait(true);
  }

  current(): Promise<void> {
    return this.isReached || this.isBusy ? this.#wait(false) : Promise.resolve();
  }

  check(): Promise<void> {
    return this.#log.check();
  }

  /** Stops; what has not come back is left to its fate. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    this.#sender.stop();
    // Somebody may wait for it.
    this.#started.promise.catch(() => {});
    await this.#following;
  }

  #wait(isPatient: boolean): Promise<void> {
    const count = this.#outgoing.arrived;
    if (count <= this.#through) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ count, resolve, isPatient }));
  }

  #dismissImpatient(): void {
    if (this.isBusy) return;
    for (const { resolve, isPatient } of this.#waiters) if (!isPatient) resolve();
    this.#waiters = this.#waiters.filter(({ isPatient }) => isPatient);
  }

  async #hello(): Promise<void> {
    this.#incarnation = nextIncarnation(this.#replica.runs.get(this.#node)?.incarnation);
    this.#outgoing.hello(await this.#replica.beginning());
    this.#sender.begin({ node: this.#node, incarnation: this.#incarnation });
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#canSend) {
      // Input that has arrived by now is handled first, and joins the entry.
      await this.#nextTurn();
      if (this.#canSend) this.#sender.sendNext();
    }
    this.#isSending = false;
  }

  get #canSend(): boolean {
    const { isOpen, isWaiting } = this.#outgoing;
    return this.#run !== undefined && isOpen && isWaiting && !this.#stopping.signal.aborted;
  }

  /** Tells of an entry that has been applied: of settings first, and then of events. */
  async #take(applied: AppliedEntry): Promise<void> {
    const { entry, isAdmitted, events, refused, settings, consequences, began, ended, made } =
      applied;
    const isOwn = entry.node === this.#node && entry.incarnation === this.#incarnation;
    if (!isAdmitted) {
      if (isOwn) await this.#skipped(entry.batch);
      return;
    }
    if (ended) await this.#noteEnd(ended, isOwn);
    if (began !== undefined) this.#noteBeginning({ ...entry, number: began }, isOwn);
    // Nobody asked for these, so this node has not taken them over.
    if (consequences.length > 0) await this.#tellConsequences(consequences);
    if (settings.length > 0) this.#tell((listener) => listener.settings?.(settings, isOwn));
    const parcel = isOwn ? this.#sender.cameBack() : undefined;
    if (parcel && parcel.changes.length > 0) {
      parcel.changes.forEach(({ settle }, index) => settle(made[index]));
      // Those who asked go on before anybody hears of what was changed later.
      await this.#nextTurn();
    }
    await this.#delivery.deliver(this.#texts.restore(entry, events));
    if (!parcel) return;
    if (refused.length > 0) {
      this.#delivery.tell((listener) => listener.refused(refused, new StateConflictError()));
    }
    if (entry.drafts.some(({ state }) => state !== undefined)) await this.#nextTurn();
    this.#through = parcel.through;
    while (this.#waiters[0]?.count <= this.#through) this.#waiters.shift()!.resolve();
    this.#send();
  }

  /** A bounded number in each turn: thousands of people may leave with a node. */
  async #tellConsequences(settings: readonly StateSetting[]): Promise<void> {
    for (let start = 0; start < settings.length; start += TOLD_AT_ONCE) {
      if (start > 0) await this.#nextTurn();
      const some = settings.slice(start, start + TOLD_AT_ONCE);
      this.#tell((listener) => listener.settings?.(some, false));
    }
  }

  #noteBeginning({ node, incarnation, number }: NumberedRun, isOwn: boolean): void {
    const run = { node, incarnation, number };
    if (isOwn) {
      this.#run = run;
      this.#started.resolve();
    }
    this.#tell((listener) => listener.began?.(run, isOwn));
  }

  async #noteEnd(ended: NodeRun, isOwnHello: boolean): Promise<void> {
    const isOwn = ended.node === this.#node && ended.incarnation === this.#incarnation;
    const { node, incarnation } = ended;
    this.#tell((listener) => listener.ended?.({ node, incarnation }, isOwn));
    if (!isOwn || isOwnHello) return;
    const successor = this.#replica.runs.get(this.#node);
    if (successor?.incarnation !== incarnation) throw new SameNodeError(this.#node);
    // The others declared this node gone. What has not come back never will, and is sent again.
    log("cluster").warning("The other nodes lost this node for a while; it joins them again");
    this.#run = undefined;
    await this.#hello();
  }

  /** One of its own entries was skipped: it came twice, or one before it got lost. */
  async #skipped(batch: number): Promise<void> {
    const last = this.#replica.runs.get(this.#node);
    if (last?.incarnation === this.#incarnation) return this.#sender.skipped(batch, last.batch + 1);
    // The hello of an earlier run came late, and before this one.
    if (batch === 1 && !this.#run) await this.#hello();
  }

  #refuse(draft: Draft): void {
    const reason = new DomainError("too-long", "That is too large for the cluster.");
    this.#delivery.tell((listener) => listener.refused([draft], reason));
  }

  #tell(tell: (listener: ClusterListener) => void): void {
    for (const listener of this.#listeners) {
      try {
        tell(listener);
      } catch (error) {
        log("cluster").error("Cannot tell of an entry: {error}", { error });
      }
    }
  }

  #fail(reason: Error): void {
    this.#sender.stop();
    if (!this.#stopping.signal.aborted) this.#onFailure(reason);
  }
}
