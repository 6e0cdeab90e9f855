/**
 * The order of events where one process has the log to itself: first come, first numbered.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import { type Clock, systemClock } from "../clock.ts";
import { log } from "../log.ts";
import type { MessageLog } from "../domain/message_log.ts";
import type { Draft, RoomEvent } from "../domain/room_event.ts";
import type { Sequencer, SequencerListener } from "../domain/sequencer.ts";
import { EventNumbering } from "./event_numbering.ts";

/** So many characters of text are told in one turn of the event loop; the rest in the next. */
const STRIDE_CHARACTERS = 64 * 1024;
/** Beyond so many characters of text waiting, callers are asked to wait too. */
const BUSY_CHARACTERS = 1024 * 1024;
/** So many are enough for one transaction: with more of them, what people say would wait for long. */
const ENOUGH_CHARACTERS = 128 * 1024;
/** What a draft counts for besides its text, so that empty ones do not pile up. */
const DRAFT_CHARACTERS = 32;

/**
 * Gathers what arrives in one turn of the event loop into one transaction of the log.
 *
 * The next turn comes as soon as there is nothing else to do, so a lone message waits for nobody,
 * and under load the batches grow by themselves.
 */
export class LocalSequencer implements Sequencer {
  readonly #log: MessageLog;
  readonly #numbering: EventNumbering;
  #listener: SequencerListener | undefined;
  #drafts: Draft[] = [];
  #waitingCharacters = 0;
  /** Resolves once the drafts that wait have been told; undefined while none do. */
  #gathering: Promise<void> | undefined;
  /** Resolves once the batch taken last has been told. */
  #committing: Promise<void> | undefined;
  #isFailing = false;

  /** @param clock Stamps events. */
  constructor(log: MessageLog, clock: Clock = systemClock) {
    this.#log = log;
    this.#numbering = new EventNumbering(log, clock);
  }

  get isBusy(): boolean {
    return this.#waitingCharacters > BUSY_CHARACTERS;
  }

  get hasEnough(): boolean {
    return this.#waitingCharacters > ENOUGH_CHARACTERS;
  }

  listen(listener: SequencerListener): void {
    this.#listener = listener;
  }

  submit(draft: Draft): void {
    this.#drafts.push(draft);
    this.#waitingCharacters += draft.body.length + DRAFT_CHARACTERS;
    this.#gathering ??= this.#commitNext(this.#committing);
  }

  async settled(): Promise<void> {
    // Not what comes later: people who never stop talking would hold up one who waits.
    await (this.#gathering ?? this.#committing);
  }

  async #commitNext(before: Promise<void> | undefined): Promise<void> {
    await before;
    // What has arrived by now is handled first, and writes get under way.
    await setImmediate();
    this.#committing = this.#gathering;
    this.#gathering = undefined;
    const drafts = this.#drafts;
    this.#drafts = [];
    this.#waitingCharacters = 0;
    await this.#commit(drafts);
  }

  async #commit(drafts: readonly Draft[]): Promise<void> {
    let events: readonly RoomEvent[];
    try {
      events = await this.#numbering.number(drafts);
      await this.#log.store(events);
    } catch (error) {
      this.#numbering.reset();
      this.#noteFailure(error as Error);
      this.#tell((listener) => listener.refused(drafts, error as Error));
      return;
    }
    this.#noteSuccess();
    for (let start = 0, end = 0; start < events.length; start = end) {
      if (start > 0) await setImmediate();
      for (let size = 0; end < events.length && size < STRIDE_CHARACTERS; end++) {
        size += events[end].body.length + DRAFT_CHARACTERS;
      }
      const run = start === 0 && end === events.length ? events : events.slice(start, end);
      this.#tell((listener) => listener.committed(run));
    }
  }

  /** The batch is on disk, or is not: no listener's fault may keep later ones from being told. */
  #tell(tell: (listener: SequencerListener) => void): void {
    try {
      tell(this.#listener!);
    } catch (error) {
      log("sequencer").error("Cannot tell what became of a batch: {error}", { error });
    }
  }

  /** Says it once: a full disk fails every batch until there is space again. */
  #noteFailure({ message }: Error): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    log("sequencer").error("Cannot write to the log, so nothing can be said: {message}", {
      message,
    });
  }

  #noteSuccess(): void {
    if (!this.#isFailing) return;
    this.#isFailing = false;
    log("sequencer").info("The log can be written to again");
  }
}
