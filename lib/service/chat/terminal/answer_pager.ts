/**
 * Shows a long answer to a person at a terminal page by page, so that its beginning does not scroll
 * away. Programs get all of it at once.
 *
 * @module
 */

/** The prompt while there is more. */
export const MORE_PROMPT = "-- more: Enter, q --";

/** Rows of the window left free: for the typed command above a page, and the prompt below. */
const OTHER_ROWS = 2;
/** In a lower window there are too many pages. */
const FEWEST_ROWS = 5;
/** An answer with more characters waiting is shown whole, because somebody has to keep it. */
const MAX_HELD = 64 * 1024;

export interface AnswerPagerOptions {
  /** The rows of the window; `undefined` if answers must not be paged. */
  readonly rows: () => number | undefined;
  /** Shows rows; returns whether there was room for them. */
  readonly show: (rows: readonly string[]) => boolean;
  /** Called when there is more, or no longer. */
  readonly onChange: () => void;
}

export class AnswerPager {
  readonly #options: AnswerPagerOptions;
  /** Rows that wait, and their length in characters. */
  #held: string[] = [];
  #heldCharacters = 0;
  /** Rows of the current page that are not used; `undefined` if the answer is not paged. */
  #room: number | undefined;
  /** Whether an answer is being given, and whether the rest of it is not wanted. */
  #isAnswering = false;
  #isUnwanted = false;

  constructor(options: AnswerPagerOptions) {
    this.#options = options;
  }

  /** Whether the person is asked for the next page. */
  get hasMore(): boolean {
    return this.#held.length > 0;
  }

  /** Whether the person has seen enough of the answer that is being given. */
  get isUnwanted(): boolean {
    return this.#isUnwanted;
  }

  /** Begins an answer. What is left of the one before comes first. */
  begin(): void {
    this.#isAnswering = true;
    this.#isUnwanted = false;
    if (!this.hasMore) this.#room = this.#pageRows;
  }

  end(): void {
    this.#isAnswering = false;
  }

  /** Shows rows of the answer now or on a later page; returns whether there was room for them. */
  show(rows: readonly string[]): boolean {
    if (!this.#isAnswering || this.#room === undefined) return this.#options.show(rows);
    if (this.#isUnwanted) return true;
    if (!this.hasMore && rows.length <= this.#room) {
      this.#room -= rows.length;
      return this.#options.show(rows);
    }
    const isFirst = !this.hasMore;
    this.#held.push(...rows);
    this.#heldCharacters += rows.reduce((sum, { length }) => sum + length, 0);
    if (this.#heldCharacters > MAX_HELD) return this.#showAll();
    if (isFirst) this.#options.onChange();
    return true;
  }

  /**
   * Takes a key while there is more: Enter or Space for the next page, q and the keys that cancel
   * for no more of it.
   *
   * @returns Whether it was one of these. Any other key ends the answer, too.
   */
  takeKey(name: string): boolean {
    if (name === "enter" || name === " ") {
      this.#turnPage();
      return true;
    }
    this.#drop();
    return /^(?:q|Q|C-c|C-d|C-g|escape)$/.test(name);
  }

  get #pageRows(): number | undefined {
    const rows = this.#options.rows();
    return rows === undefined || rows < FEWEST_ROWS ? undefined : rows - OTHER_ROWS;
  }

  #turnPage(): void {
    const page = this.#held.splice(0, this.#pageRows ?? Infinity);
    this.#heldCharacters -= page.reduce((sum, { length }) => sum + length, 0);
    this.#room = this.#pageRows && this.#pageRows - page.length;
    this.#options.show(page);
    this.#options.onChange();
  }

  #showAll(): boolean {
    const rows = this.#held;
    this.#forget();
    this.#room = undefined;
    return this.#options.show(rows);
  }

  #drop(): void {
    this.#forget();
    this.#isUnwanted = this.#isAnswering;
  }

  #forget(): void {
    this.#held = [];
    this.#heldCharacters = 0;
    this.#options.onChange();
  }
}
