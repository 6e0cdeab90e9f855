/**
 * Page Up at a terminal: pages of the room's past instead of live output, which waits in the outbox
 * and, if it is much, in the log. The line being typed stays.
 *
 * @module
 */

import { DomainError } from "../../../domain/domain_error.ts";
import { countText, dayAndTime, dayName } from "../../../domain/wording.ts";
import { log } from "../../../log.ts";
import type { Terminal } from "../../../server/terminal/terminal.ts";
import type { ChatSession } from "../chat_session.ts";
import { rule } from "../text/event_text.ts";
import type { LineScreen } from "./line_screen.ts";
import { type PastRow, PastRows } from "./past_rows.ts";
import { roomText } from "./terminal_status.ts";

/** Rows that an arrow key moves by, and what a mouse wheel sends. */
const ARROW_ROWS = 3;
/** Keys that begin to look back. */
export const OPENING_KEYS: ReadonlySet<string> = new Set(["page-up", "M-v"]);
/** Keys that return to live output and do nothing else. */
const LEAVE_KEYS = new Set(["end", "escape", "C-c", "C-g"]);
/** Keys that return to it because what they do has to be seen there. */
const LIVE_KEYS = /^(?:enter|tab|C-d|M-[1-9a])$/;

export interface LookbackOptions {
  readonly terminal: Pick<Terminal, "columns" | "pageRows" | "showPage">;
  /** Called when {@linkcode Lookback.status} has changed because the person has moved. */
  readonly onMove: () => void;
}

/** What is looked at. */
interface Page {
  readonly room: string;
  readonly lastSeq: number;
  /** Never empty. */
  readonly rows: readonly PastRow[];
  /** The number of lines shown before. */
  readonly shownLines: number;
}

export class Lookback {
  readonly #person: ChatSession;
  readonly #screen: LineScreen;
  readonly #terminal: LookbackOptions["terminal"];
  readonly #onMove: () => void;
  #page: Page | undefined;
  /** Whether a page is being read: keys do not queue behind it. */
  #isReading = false;

  constructor(person: ChatSession, screen: LineScreen, options: LookbackOptions) {
    this.#person = person;
    this.#screen = screen;
    this.#terminal = options.terminal;
    this.#onMove = options.onMove;
  }

  /** Whether a page of the past is shown. */
  get isOpen(): boolean {
    return this.#page !== undefined;
  }

  /** Where the page is: ` #lobby #120 to #143 of 500 | 3 new lines | … `. */
  get status(): string | undefined {
    if (!this.#page) return undefined;
    const { room, rows, lastSeq, shownLines } = this.#page;
    const [first, last] = [rows[0], rows[rows.length - 1]];
    const parts = [`${roomText(room)} #${first.seq} to #${last.seq} of ${lastSeq}`];
    const count = this.#screen.shownLines - shownLines;
    const isMore = this.#person.isBehind ? "at least " : "";
    if (count > 0 || isMore) parts.push(`${isMore}${countText(count, "new line")}`);
    return ` ${[...parts, "End: back", dayAndTime(first.at)].join(" | ")} `;
  }

  /** Takes a key of the past; returns whether it is done with. */
  press(name: string): boolean {
    switch (name) {
      case "page-up":
      case "M-v":
        return this.#move((rows) => -rows);
      case "page-down":
      case "C-v":
        return this.isOpen && this.#move((rows) => rows);
      case "up":
        return this.isOpen && this.#move(() => -ARROW_ROWS);
      case "down":
        return this.isOpen && this.#move(() => ARROW_ROWS);
      case "C-l":
        return this.isOpen && this.redraw();
    }
    const isLeaving = this.isOpen && LEAVE_KEYS.has(name);
    if (isLeaving || LIVE_KEYS.test(name)) this.close();
    return isLeaving;
  }

  /** Draws the page for a window that may have changed. */
  redraw(): boolean {
    const [top] = this.#page?.rows ?? [];
    if (!top || this.#isReading) return top !== undefined;
    return this.#read(async (past, page, height) => {
      const place = { seq: top.seq, index: -2 };
      const rows = await past.after(place, height);
      const above = height > rows.length ? await past.before(place, height - rows.length) : [];
      return { ...page, rows: [...above, ...rows] };
    });
  }

  /** Returns to live output. */
  close(): void {
    if (!this.#page) return;
    const { room } = this.#page;
    this.#page = undefined;
    this.#onMove();
    if (this.#terminal.showPage(undefined)) return;
    // The terminal has forgotten what it showed.
    const stream = this.#person.findRoom(room);
    if (stream) this.#screen.showPast(stream);
  }

  /** @param by How many rows down, for a page of so many. */
  #move(by: (pageRows: number) => number): boolean {
    const height = this.#terminal.pageRows;
    if (height === undefined || !this.#person.currentRoom) return false;
    if (this.#isReading) return true;
    return this.#read((past, page) => {
      if (page.rows.length === 0) return begin(past, page, height);
      const rows = by(height);
      return rows < 0 ? moveUp(past, page, height, -rows) : moveDown(past, page, height, rows);
    });
  }

  /** Reads a page, and shows it unless the person has returned meanwhile. */
  #read(
    next: (past: PastRows, page: Page, height: number) => Promise<Page | undefined>,
  ): boolean {
    const { currentRoom } = this.#person;
    const page = this.#page ??
      { room: currentRoom!.name, lastSeq: currentRoom!.lastSeq, rows: [], shownLines: 0 };
    const before = this.#page;
    this.#isReading = true;
    const height = this.#terminal.pageRows ?? 1;
    next(this.#pastOf(page), page, height).then(
      (found) => {
        if (this.#page === before) this.#show(found);
      },
      (error) => this.#fail(error),
    ).finally(() => this.#isReading = false);
    return true;
  }

  #show(page: Page | undefined): void {
    if (!page) return this.close();
    if (page.rows.length === 0) return;
    const { shownLines } = this.#screen;
    this.#page = this.#page ? page : { ...page, shownLines };
    this.#onMove();
    this.#terminal.showPage(page.rows.map(({ text }) => text));
  }

  #fail(error: unknown): void {
    this.close();
    if (error instanceof DomainError) return this.#person.error(error.message, error.code);
    log("chat").error("Cannot read a page of the past: {error}", { error });
    this.#person.error(
      "The past cannot be read at the moment. The error was logged; try again later.",
    );
  }

  #pastOf({ room, lastSeq }: Page): PastRows {
    const columns = this.#terminal.columns ?? 0;
    return new PastRows({
      history: this.#person.sees,
      room,
      lastSeq,
      rowsOf: (event) => this.#screen.pastRows(event, columns),
      turn: () => this.#screen.turn(),
      dayRow: (at) => rule(dayName(at), this.#screen.settings.current.colour),
    });
  }
}

/** The first page overlaps with half of what is shown live, where there are other lines, too. */
async function begin(past: PastRows, page: Page, height: number): Promise<Page> {
  const end = { seq: page.lastSeq + 1, index: 0 };
  const rows = await past.before(end, height + (height >> 1));
  return { ...page, rows: rows.slice(0, height) };
}

async function moveUp(past: PastRows, page: Page, height: number, by: number): Promise<Page> {
  const above = await past.before(page.rows[0], by);
  return { ...page, rows: [...above, ...page.rows].slice(0, height) };
}

/** @returns `undefined` where the past ends. */
async function moveDown(
  past: PastRows,
  page: Page,
  height: number,
  by: number,
): Promise<Page | undefined> {
  const below = await past.after(page.rows[page.rows.length - 1], by);
  return below.length < by ? undefined : { ...page, rows: [...page.rows, ...below].slice(-height) };
}
