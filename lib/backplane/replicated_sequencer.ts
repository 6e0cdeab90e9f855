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
import type { Histogram } from "../metrics/histogram.ts";
import { type ClusterListener, ClusterListeners, type NumberedRun } from "./cluster_listeners.ts";
import { CLUSTER_STATE } from "./cluster_state.ts";
import { Delivery } from "./delivery.ts";
import { DraftWaiters } from "./draft_waiters.ts";
import type { NodeRun } from "./entry.ts";
import { EntrySender } from "./entry_sender.ts";
import type { EntryStream } from "./entry_stream.ts";
import { Outgoing } from "./outgoing.ts";
import { OwnRun } from "./own_run.ts";
import type { AppliedEntry, Replica } from "./replica.ts";
import { StreamFollower } from "./stream_follower.ts";
import { UnloggedTexts } from "./unlogged_texts.ts";

/** With more characters of text than this waiting, callers are asked to wait, too. */
const BUSY_CHARACTERS = 1024 * 1024;
/** Characters that make a good entry: a larger one would delay what people say. */
const ENOUGH_CHARACTERS = 128 * 1024;
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

export class ReplicatedSequencer implements Sequencer, AsyncDisposable {
  readonly #log: Pick<MessageLog, "check">;
  readonly #onFailure: (reason: Error) => void;
  readonly #nextTurn: () => Promise<void>;
  readonly #delivery: Delivery;
  readonly #texts: UnloggedTexts;
  readonly #outgoing: Outgoing;
  readonly #sender: EntrySender;
  readonly #follower: StreamFollower;
  readonly #listeners = new ClusterListeners();
  readonly #waiters = new DraftWaiters();
  readonly #run: OwnRun;
  readonly #stopping = new AbortController();
  /** While everybody is told of an entry that was applied. */
  #taking: Promise<void> | undefined;
  #isSending = false;
  #following: Promise<void> = Promise.resolve();
  #started = Promise.withResolvers<void>();

  constructor(options: ReplicatedSequencerOptions) {
    const { stream, replica, node, clock = systemClock } = options;
    this.#log = options.log;
    this.#onFailure = options.onFailure ?? (() => {});
    this.#nextTurn = options.nextTurn ?? (() => setImmediate());
    this.#delivery = new Delivery(this.#nextTurn);
    this.#outgoing = new Outgoing(stream.maxBytes, (draft) => this.#refuse(draft));
    const texts = this.#texts = new UnloggedTexts(options.courier);
    const sender = this.#sender = new EntrySender({
      stream,
      clock,
      texts,
      outgoing: this.#outgoing,
    });
    this.#run = new OwnRun({ node, replica, outgoing: this.#outgoing, sender });
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
      if (!isReached && !this.isBusy) this.#waiters.releaseImpatient();
      this.#listeners.tell((listener) => listener.reached?.(isReached));
    };
  }

  /** This run of this node; `undefined` until its hello has come back, and while it is over. */
  get run(): NumberedRun | undefined {
    return this.#run.current;
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
    this.#listeners.add(listener);
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
    await this.#run.hello();
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
    const isQuiet = this.#outgoing.arrived <= this.#waiters.through;
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
    return this.#waiters.wait(this.#outgoing.arrived, isPatient);
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
    return this.#run.current !== undefined && isOpen && isWaiting && !this.#stopping.signal.aborted;
  }

  /** Tells of an entry that has been applied: of settings first, and then of events. */
  async #take(applied: AppliedEntry): Promise<void> {
    const { entry, isAdmitted, events, refused, settings, consequences, began, ended, made } =
      applied;
    const isOwn = this.#run.owns(entry);
    if (!isAdmitted) {
      if (isOwn) await this.#run.skipped(entry);
      return;
    }
    if (ended) await this.#noteEnd(ended, isOwn);
    if (began !== undefined) this.#noteBeginning({ ...entry, number: began }, isOwn);
    // Nobody asked for these, so this node has not taken them over.
    if (consequences.length > 0) {
      await this.#listeners.tellConsequences(consequences, this.#nextTurn);
    }
    if (settings.length > 0) {
      this.#listeners.tell((listener) => listener.settings?.(settings, isOwn));
    }
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
    this.#waiters.release(parcel.through);
    this.#send();
  }

  #noteBeginning({ node, incarnation, number }: NumberedRun, isOwn: boolean): void {
    const run = { node, incarnation, number };
    if (isOwn) {
      this.#run.began(run);
      this.#started.resolve();
    }
    this.#listeners.tell((listener) => listener.began?.(run, isOwn));
  }

  async #noteEnd({ node, incarnation }: NodeRun, isOwnHello: boolean): Promise<void> {
    const run = { node, incarnation };
    const isOwn = this.#run.owns(run);
    this.#listeners.tell((listener) => listener.ended?.(run, isOwn));
    if (isOwn && !isOwnHello) await this.#run.ended(run);
  }

  #refuse(draft: Draft): void {
    const reason = new DomainError("too-long", "That is too large for the cluster.");
    this.#delivery.tell((listener) => listener.refused([draft], reason));
  }

  #fail(reason: Error): void {
    this.#sender.stop();
    if (!this.#stopping.signal.aborted) this.#onFailure(reason);
  }
}
