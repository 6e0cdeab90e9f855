/**
 * A room as people read it: floods of log lines collapsed into one line each, and in a crowded room
 * joins and parts counted rather than named. Created once for everybody who reads the room that
 * way.
 *
 * @module
 */

import type { Clock } from "../../../clock.ts";
import type { TopicOrigin } from "../../../domain/message_log.ts";
import { isArrivalOrDeparture } from "../../../domain/room_event.ts";
import type { Room } from "../../../domain/rooms/room.ts";
import {
  type EventRun,
  type PageFilter,
  RoomStream,
  type Subscriber,
} from "../../../domain/rooms/room_stream.ts";
import { log } from "../../../log.ts";
import { BRIEF, type CollapserOptions } from "./collapser_options.ts";
import { LogCollapser } from "./log_collapser.ts";

/** The usual {@linkcode RoomDigestOptions.crowdSize}. */
const CROWD_SIZE = 50;
/** How long joins and parts in a crowded room are counted before the counts are announced. */
const CROWD_INTERVAL_MS = 1000;
/** How often to check whether log lines have been held back for long enough. */
const HOLD_INTERVAL_MS = 250;

/** A run of events as readers are told about it. */
export interface Telling {
  readonly events: EventRun;
  /** Joins and parts left out of `events`. */
  readonly joined: number;
  readonly left: number;
}

/** Takes the counts of a crowded room. It must only queue, like a {@linkcode Subscriber}. */
export interface CrowdListener {
  takeCrowd(digest: RoomDigest, joined: number, left: number): void;
}

export interface RoomDigestOptions {
  readonly clock: Clock;
  /** How floods are collapsed. */
  readonly floods: CollapserOptions;
  /** A room with more members than this counts joins and parts. @default {50} */
  readonly crowdSize?: number;
  /** Called when nobody reads the digest any longer. */
  readonly onUnused: () => void;
}

export class RoomDigest extends RoomStream implements Subscriber {
  readonly crowdListeners = new Set<CrowdListener>();
  readonly #room: Room;
  readonly #options: RoomDigestOptions;
  readonly #collapser: LogCollapser;
  /**
   * The {@linkcode Telling} of each run in a crowd, cached so that everybody gets the same array.
   */
  readonly #tellings = new WeakMap<EventRun, Telling>();
  #joined = 0;
  #left = 0;
  #cancelCrowd: (() => void) | undefined;
  #cancelHold: (() => void) | undefined;

  constructor(room: Room, options: RoomDigestOptions) {
    super();
    this.#room = room;
    this.#options = options;
    this.#collapser = new LogCollapser(options.floods);
    this.resumeAfter(room.lastSeq, room.recent);
    room.subscribe(this);
  }

  get name(): string {
    return this.#room.name;
  }

  get topic(): string {
    return this.#room.topic;
  }

  get topicOrigin(): TopicOrigin | undefined {
    return this.#room.topicOrigin;
  }

  get members(): Room["members"] {
    return this.#room.members;
  }

  get present(): Room["present"] {
    return this.#room.present;
  }

  get moves(): Room["moves"] {
    return this.#room.moves;
  }

  get label(): string {
    return `digest of #${this.name}`;
  }

  /** Part of {@linkcode Subscriber}: takes the room's events. */
  deliver(_room: RoomStream, events: EventRun): void {
    this.#tell(this.#collapser.push(events));
    if (this.#collapser.isHolding && !this.#cancelHold) this.#hold(0);
  }

  /** Passes on the log lines that are held back. */
  flush(): void {
    this.#tell(this.#collapser.flush());
  }

  /** How to tell readers about a run of this digest while the room is as large as it is now. */
  tell(events: EventRun): Telling {
    const { crowdSize = CROWD_SIZE } = this.#options;
    if (this.members.size <= crowdSize || !events.some(isArrivalOrDeparture)) {
      return { events, joined: 0, left: 0 };
    }
    let telling = this.#tellings.get(events);
    if (!telling) this.#tellings.set(events, telling = countArrivals(events));
    return telling;
  }

  override createPageFilter(): PageFilter {
    return new LogCollapser(this.#options.floods);
  }

  protected override onUnused(): void {
    this.#cancelCrowd?.();
    this.#cancelHold?.();
    this.#room.unsubscribe(this);
    this.#options.onUnused();
  }

  #tell(events: EventRun): void {
    if (events.length === 0) return;
    const { events: told, joined, left } = this.tell(events);
    this.publish(events, told);
    if (joined + left > 0) this.#count(joined, left);
  }

  #count(joined: number, left: number): void {
    this.#joined += joined;
    this.#left += left;
    this.#cancelCrowd ??= this.#options.clock.after(CROWD_INTERVAL_MS, () => this.#tellCrowd());
  }

  #tellCrowd(): void {
    const [joined, left] = [this.#joined, this.#left];
    this.#joined = this.#left = 0;
    this.#cancelCrowd = undefined;
    for (const listener of this.crowdListeners) {
      try {
        listener.takeCrowd(this, joined, left);
      } catch (error) {
        log("room").error("Cannot announce the counts of #{room}: {error}", {
          room: this.name,
          error,
        });
      }
    }
  }

  /** Flushes once the lines have been held back for as long as the collapser says. */
  #hold(heldMs: number): void {
    this.#cancelHold = this.#options.clock.after(HOLD_INTERVAL_MS, () => {
      this.#cancelHold = undefined;
      const nowHeldMs = heldMs + HOLD_INTERVAL_MS;
      if (nowHeldMs >= this.#collapser.holdMs) this.flush();
      else this.#hold(nowHeldMs);
    });
  }
}

function countArrivals(events: EventRun): Telling {
  const talk = events.filter((event) => !isArrivalOrDeparture(event));
  const joined = events.filter(({ kind }) => kind === "join").length;
  return { events: talk, joined, left: events.length - talk.length - joined };
}

/** The digests in use, each created when the first reader wants it. */
export class RoomDigests {
  readonly #options: Omit<RoomDigestOptions, "onUnused">;
  readonly #digests = new Map<Room, RoomDigest>();

  /** @param crowdSize As in {@linkcode RoomDigestOptions}. */
  constructor(clock: Clock, floods: CollapserOptions = BRIEF, crowdSize?: number) {
    this.#options = { clock, floods, crowdSize };
  }

  /** The room's digest, if it is in use. */
  find(room: Room): RoomDigest | undefined {
    return this.#digests.get(room);
  }

  /** The room's digest, for a new reader: log lines held back are passed on first. */
  open(room: Room): RoomDigest {
    let digest = this.#digests.get(room);
    if (!digest) {
      const onUnused = () => this.#digests.delete(room);
      digest = new RoomDigest(room, { ...this.#options, onUnused });
      this.#digests.set(room, digest);
    }
    digest.flush();
    return digest;
  }
}
