/**
 * Feeds one session with what is said in the conversations of its account: at once while it keeps
 * up, otherwise from the log, as fast as it reads.
 *
 * Only conversations with events that have not been shown take memory, and only a number each.
 * Within a conversation nothing is lost, repeated or reordered.
 *
 * @module
 */

import { currentConnection, runInConnection } from "../../context.ts";
import type { RoomHistory } from "../history/room_history.ts";
import { redactionsAmong, withRedactions } from "../redaction.ts";
import type { RoomEvent } from "../room_event.ts";
import type { DirectSubscriber } from "../rooms/direct_delivery.ts";
import type { EventRun } from "../rooms/room_stream.ts";

/** Events of one conversation read from the log at a time. */
const PAGE_EVENTS = 64;
/** Conversations that a slow session may have waiting; further ones are only counted as unread. */
const MOST_WAITING = 1000;

/** Where the events go. */
export interface DirectSink {
  /** Names the session in diagnostics. */
  readonly label: string;
  /** Takes an event and returns `true`, or `false` if there is no room for it. */
  takePrivately(event: RoomEvent): boolean;
  /** What to await before a page that was read is shown, if anything. */
  turn(): Promise<void> | undefined;
  /** As in `EventSink`. */
  ready(): Promise<boolean>;
  /** As in `EventSink`. */
  drained(): Promise<boolean>;
  /** Called after events of further conversations were left out. They count as unread. */
  leftOut(): void;
  /** Called when the log cannot be read. What waited counts as unread. */
  failPrivately(reason: unknown): void;
}

/** What a session has not been shown of a conversation: the events with `after < seq <= last`. */
interface Backlog {
  after: number;
  last: number;
}

export class DirectFeed implements DirectSubscriber {
  readonly #log: Pick<RoomHistory, "read">;
  readonly #sink: DirectSink;
  readonly #context = currentConnection();
  readonly #backlogs = new Map<string, Backlog>();
  /** Redactions since the page that is being handed over was asked for. */
  #late: RoomEvent[] = [];
  #isBehind = false;
  #hasLeftOut = false;

  constructor(log: Pick<RoomHistory, "read">, sink: DirectSink) {
    this.#log = log;
    this.#sink = sink;
  }

  get label(): string {
    return this.#sink.label;
  }

  /** Part of {@linkcode DirectSubscriber}. */
  deliver(room: string, events: EventRun): void {
    const { seq: last } = events[events.length - 1];
    if (this.#isBehind) {
      this.#late.push(...redactionsAmong(events));
      return this.#await(room, events[0].seq - 1, last);
    }
    const refused = events.find((event) => !this.#sink.takePrivately(event));
    if (!refused) return;
    this.#await(room, refused.seq - 1, last);
    this.#isBehind = true;
    runInConnection(this.#context, () => this.#catchUp());
  }

  #await(room: string, after: number, last: number): void {
    const backlog = this.#backlogs.get(room);
    if (backlog) backlog.last = last;
    else if (this.#backlogs.size < MOST_WAITING) this.#backlogs.set(room, { after, last });
    else this.#hasLeftOut = true;
  }

  async #catchUp(): Promise<void> {
    try {
      let outcome: Outcome = "some";
      // An event larger than the room there is waits until the sink has nothing queued.
      while (await (outcome === "none" ? this.#sink.drained() : this.#sink.ready())) {
        outcome = await this.#feed();
        if (outcome === "all") return;
      }
    } catch (error) {
      this.#sink.failPrivately(error);
    }
    this.#beLive();
  }

  /** Hands over what waits until the sink is full, or there is no more. */
  async #feed(): Promise<Outcome> {
    let outcome: Outcome = "none";
    for (const [room, backlog] of this.#backlogs) {
      while (backlog.after < backlog.last) {
        const { last } = backlog;
        this.#late = [];
        const page = await this.#log.read(room, backlog.after, PAGE_EVENTS);
        await this.#sink.turn();
        const late = this.#late.filter((event) => event.room === room);
        const events = withRedactions(page.filter(({ seq }) => seq <= last), late);
        for (const event of events) {
          if (!this.#sink.takePrivately(event)) return outcome;
          outcome = "some";
          backlog.after = event.seq;
        }
        // Retention has removed the rest.
        if (events.length === 0) backlog.after = last;
      }
      this.#backlogs.delete(room);
    }
    // Nothing was awaited since the last look: no event can slip in before the feed is live.
    this.#beLive();
    return "all";
  }

  #beLive(): void {
    this.#late = [];
    this.#backlogs.clear();
    this.#isBehind = false;
    if (this.#hasLeftOut) this.#sink.leftOut();
    this.#hasLeftOut = false;
  }
}

/** How much the sink took: everything, as much as it had room for, or nothing. */
type Outcome = "all" | "some" | "none";
