/**
 * A log that somebody follows with `/log`: every line that their filter lets through, not folded, up
 * to as many as a person can read. The threads that read the log do the filtering, for a page at a
 * time, and no faster than the screen takes it.
 *
 * @module
 */

import { sleep } from "../../../clock.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import { MatchFollower } from "../../../domain/feeds/match_follower.ts";
import {
  findMatches,
  matchPages,
  type MatchReading,
} from "../../../domain/history/read_matches.ts";
import type { RoomEvent } from "../../../domain/room_event.ts";
import { parseLogQuery } from "../../../domain/search/log_query.ts";
import type { SearchCondition } from "../../../domain/search/search_query.ts";
import { countText, groupDigits } from "../../../domain/wording.ts";
import { log as diagnostics } from "../../../log.ts";
import type { ChatSession, FollowedLog } from "../chat_session.ts";

/** Lines shown at the beginning. */
const FIRST_LINES = 10;
/** Events that are looked at for them. */
const MOST_LOOKED_BACK = 20_000;
/** Most lines shown at a time, the latest, and the least time between. */
const MOST_LINES = 40;
const INTERVAL_MS = 500;
/** Events that match in a page. */
const PAGE_EVENTS = 200;
/** Whatever else the filter says: other events are shown as ever. */
const ONLY_LINES: SearchCondition = { isNegated: false, type: "kind", kinds: ["log"] };

/** The end of what the filter has let through, and how much was before it. */
interface Latest {
  readonly skipped: number;
  /** The numbers of the first and the last line that were skipped, if any were. */
  readonly first: number;
  readonly last: number;
  /** At most {@linkcode MOST_LINES}. */
  readonly events: readonly RoomEvent[];
}

export class LogFollow implements FollowedLog {
  readonly room: string;
  readonly filter: string;
  /** Log lines that the filter has let through, shown or not, and those that it has not. */
  passed = 0;
  hidden = 0;
  readonly #person: ChatSession;
  readonly #stopping = new AbortController();
  readonly #reading: MatchReading;

  /** @throws {DomainError} `bad-query`. */
  constructor(person: ChatSession, room: string, filter: string) {
    const { signal } = this.#stopping;
    this.#person = person;
    this.room = room;
    this.filter = filter;
    const { conditions = [] } = parseLogQuery(filter, person.chat.clock.now()) ?? {};
    this.#reading = {
      history: person.sees,
      room,
      query: { conditions: [...conditions, ONLY_LINES] },
      limit: PAGE_EVENTS,
      turn: () => person.screen.turn(),
      signal,
    };
  }

  get counts(): string {
    return `${countText(this.passed, "line")} passed, ` +
      `${groupDigits(this.hidden)} filtered out`;
  }

  /** Shows the last lines, and follows until {@linkcode stop}. @throws {DomainError} */
  async start(): Promise<void> {
    const { registry } = this.#person.chat;
    let follower: MatchFollower | undefined;
    try {
      await registry.watch(this.#person.member, this.room, (room) => {
        follower = new MatchFollower(room, this.#reading);
      });
    } catch (error) {
      this.stop();
      throw error;
    }
    if (!follower) return;
    this.#stopping.signal.addEventListener("abort", () => follower?.stop());
    this.#person.member.followedLog = this.room;
    this.#run(follower).catch((error) => this.#fail(error))
      .finally(() => follower?.[Symbol.dispose]());
  }

  stop(): void {
    this.#stopping.abort();
    const { member } = this.#person;
    if (this.#person.logFollow !== this) return;
    this.#person.logFollow = undefined;
    member.followedLog = undefined;
  }

  async #run(follower: MatchFollower): Promise<void> {
    const { clock } = this.#person.chat;
    const { signal } = this.#stopping;
    const before = follower.after + 1;
    const after = Math.max(0, before - 1 - MOST_LOOKED_BACK);
    const past = await findMatches(this.#reading, { after, before, count: FIRST_LINES });
    for await (const { events } of matchPages(this.#reading, past)) await this.#show(events);
    while (!signal.aborted) {
      const start = clock.monotonic();
      await this.#showLatest(await this.#next(follower));
      await sleep(clock, Math.max(0, start + INTERVAL_MS - clock.monotonic()), signal);
    }
  }

  /**
   * What has come since the last time, of which only the latest is kept. Whatever comes faster than
   * it is read waits in the log.
   */
  async #next(follower: MatchFollower): Promise<Latest> {
    const { clock } = this.#person.chat;
    let latest: Latest = { skipped: 0, first: 0, last: 0, events: [] };
    let end = Infinity;
    do {
      const page = await follower.next();
      if (!page) break;
      // It may have waited for long.
      if (end === Infinity) end = clock.monotonic() + INTERVAL_MS;
      this.passed += page.events.length;
      this.hidden += page.lines - page.events.length;
      latest = withLatest(latest, page.events);
    } while (follower.isBehind && clock.monotonic() < end);
    return latest;
  }

  async #showLatest({ skipped, first, last, events }: Latest): Promise<void> {
    if (skipped > 0 && !this.#stopping.signal.aborted) {
      this.#person.notice(
        `... ${countText(skipped, "more line")} of #${this.room} passed, #${first}-#${last}`,
      );
    }
    await this.#show(events);
  }

  async #show(events: readonly RoomEvent[]): Promise<void> {
    const { screen } = this.#person;
    if (events.length === 0 || this.#stopping.signal.aborted) return;
    while (!screen.showLog?.(this.room, events)) {
      if (!await screen.drained()) return this.stop();
      if (this.#stopping.signal.aborted) return;
    }
  }

  #fail(error: Error): void {
    if (this.#stopping.signal.aborted) return;
    this.stop();
    if (error instanceof DomainError) return this.#person.error(error.message, error.code);
    diagnostics("chat").error("Cannot follow a log: {error}", { error });
    this.#person.error("The log cannot be followed any longer. /log starts again.");
  }
}

function withLatest(latest: Latest, more: readonly RoomEvent[]): Latest {
  const events = [...latest.events, ...more];
  const skipped = events.slice(0, -MOST_LINES);
  if (skipped.length === 0) return { ...latest, events };
  return {
    skipped: latest.skipped + skipped.length,
    first: latest.skipped > 0 ? latest.first : skipped[0].seq,
    last: skipped[skipped.length - 1].seq,
    events: events.slice(-MOST_LINES),
  };
}
