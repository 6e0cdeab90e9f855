/**
 * Renders for many readers at once: a run of events is formatted and encoded once for each view, and
 * the bytes are shared by all readers with that view.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { concat } from "@std/bytes/concat";
import { RunMemos } from "../../../domain/feeds/run_memos.ts";
import { nameKey } from "../../../domain/name.ts";
import { isReaction, type RoomEvent } from "../../../domain/room_event.ts";
import type { WatchWords } from "../../../domain/search/watch_words.ts";
import { fold, wordsOf } from "../../../domain/search/words.ts";
import { startOfDay } from "../../../domain/wording.ts";
import type { Settings } from "../settings.ts";
import { dayText, eventText, type View } from "./event_text.ts";

const encoder = new TextEncoder();

/** A run of events in one view. */
export class Rendering {
  /** Those that the view has lines for. */
  readonly events: readonly RoomEvent[];
  readonly #lines: readonly string[];
  /** The separator before each line, if a day begins with it; absent if times are not shown. */
  readonly #days: readonly string[] | undefined;
  #bytes: Uint8Array | undefined;
  /** Where each line begins in the bytes, and where the last one ends. */
  #starts: readonly number[] | undefined;

  constructor(events: readonly RoomEvent[], view: View) {
    const told = view.hasReactions || !events.some(isReaction)
      ? events
      : events.filter((event) => !isReaction(event));
    this.events = told;
    this.#lines = told.map((event) => eventText(event, view));
    if (!view.time) return;
    this.#days = told.map((event, index) => {
      const startsDay = index === 0
        ? view.startsDay
        : startOfDay(event.at) !== startOfDay(told[index - 1].at);
      return startsDay ? dayText(event.at, view) : "";
    });
  }

  /** The whole run. The array is shared and must not be written to. */
  get bytes(): Uint8Array {
    return this.#bytes ??= encoder.encode(this.#text);
  }

  get #text(): string {
    const days = this.#days;
    return (days ? this.#lines.map((line, index) => days[index] + line) : this.#lines).join("");
  }

  /** The run without hidden events. A day's separator moves to the first visible event. */
  bytesWithout(isHidden: (event: RoomEvent) => boolean): Uint8Array {
    return this.#days ? this.#encodeWithout(isHidden) : this.#cutOut(isHidden);
  }

  /** The parts of the shared bytes between hidden events: everybody who talks asks for others. */
  #cutOut(isHidden: (event: RoomEvent) => boolean): Uint8Array {
    const { bytes, events } = this;
    const starts = this.#starts ??= startsOf(this.#lines, bytes);
    const parts: Uint8Array[] = [];
    let shownFrom = 0;
    for (let index = 0; index < events.length; index++) {
      if (!isHidden(events[index])) continue;
      if (starts[index] > shownFrom) parts.push(bytes.subarray(shownFrom, starts[index]));
      shownFrom = starts[index + 1];
    }
    if (shownFrom < bytes.length) parts.push(bytes.subarray(shownFrom));
    return parts.length === 1 ? parts[0] : concat(parts);
  }

  #encodeWithout(isHidden: (event: RoomEvent) => boolean): Uint8Array {
    const { length } = this.#lines;
    let [shown, text, day] = [0, "", ""];
    for (let index = 0; index < length; index++) {
      day = this.#days?.[index] || day;
      if (isHidden(this.events[index])) continue;
      text += day + this.#lines[index];
      day = "";
      shown++;
    }
    return shown === length ? this.bytes : encoder.encode(text);
  }
}

/** Where each line begins in the bytes of all, and where the last one ends. */
function startsOf(lines: readonly string[], bytes: Uint8Array): number[] {
  const isAscii = lines.reduce((sum, { length }) => sum + length, 0) === bytes.length;
  const starts = [0];
  for (const [index, line] of lines.entries()) {
    starts.push(starts[index] + (isAscii ? line.length : Buffer.byteLength(line)));
  }
  return starts;
}

/** The renderings of a run. */
interface Memo {
  readonly origins: ReadonlySet<number | undefined>;
  readonly renderings: Map<number, Rendering>;
  reactions?: readonly RoomEvent[];
  /** The bodies as names are compared. */
  text?: string;
  /** All words of the bodies, folded. */
  words?: ReadonlySet<string>;
}

/** The renderings of runs; see {@linkcode RunMemos}. */
export class Renderer {
  readonly #memos = new RunMemos<Memo>((events) => ({
    origins: new Set(events.map(({ origin }) => origin)),
    renderings: new Map(),
  }));

  /**
   * Renders the run in a view. The view is only created for a new rendering, because a whole room
   * asks for the same one.
   */
  render(
    events: readonly RoomEvent[],
    settings: Settings,
    isCurrent: boolean,
    startsDay: boolean,
  ): Rendering {
    const { renderings } = this.#memos.of(events);
    const key = viewKey(settings, isCurrent, startsDay);
    let rendering = renderings.get(key);
    if (!rendering) {
      rendering = new Rendering(events, viewOf(settings, isCurrent, startsDay));
      renderings.set(key, rendering);
    }
    return rendering;
  }

  /** Whether the run may mention a name; cheap, because a whole room asks about the same run. */
  mayMention(events: readonly RoomEvent[], name: string): boolean {
    const memo = this.#memos.of(events);
    memo.text ??= nameKey(
      events.map(({ body, about }) => about ? `${body}\n${about.from}` : body).join("\n"),
    );
    return memo.text.includes(nameKey(name));
  }

  /** Whether the run may hold words that somebody watches for; as cheap. */
  mayHold(events: readonly RoomEvent[], words: WatchWords): boolean {
    if (words.isEmpty) return false;
    const memo = this.#memos.of(events);
    memo.words ??= new Set(wordsOf(fold(events.map(({ body }) => body).join("\n"))));
    return words.mayBeAmong(memo.words);
  }

  /** The reactions among the events of a run. */
  reactionsIn(events: readonly RoomEvent[]): readonly RoomEvent[] {
    const memo = this.#memos.of(events);
    return memo.reactions ??= events.filter(isReaction);
  }

  /** Whether a session caused any event of the run. */
  isByOrigin(events: readonly RoomEvent[], origin: number): boolean {
    return this.#memos.of(events).origins.has(origin);
  }
}

/** How somebody with these settings sees a run. */
export function viewOf(settings: Settings, isCurrent: boolean, startsDay: boolean): View {
  const { time, colour, width, reader: isSpoken, reactions: hasReactions } = settings;
  return { isCurrent, time, colour, width, isSpoken, hasReactions, startsDay };
}

/** A different number for each different view. */
function viewKey(settings: Settings, isCurrent: boolean, startsDay: boolean): number {
  return settings.width * 64 + Number(settings.reactions) * 32 + Number(isCurrent) * 16 +
    Number(settings.time) * 8 +
    Number(settings.colour) * 4 + Number(settings.reader) * 2 + Number(startsDay);
}
