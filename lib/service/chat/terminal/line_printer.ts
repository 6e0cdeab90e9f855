/**
 * Prints what the server itself says to a person who reads lines: harmless, wrapped and styled as
 * their settings say, and answers page by page.
 *
 * @module
 */

import type { Session } from "../../../server/session/session.ts";
import { shownText } from "../../shown_text.ts";
import type { Settings } from "../settings.ts";
import { wrap } from "../text/wrap.ts";
import { AnswerPager } from "./answer_pager.ts";

/** Styles one row of a line. */
type Style = (row: string, index: number) => string;

export class LinePrinter {
  readonly #session: Pick<Session, "terminal" | "send">;
  readonly #settings: { readonly current: Settings };
  /** Created with the first answer that may need pages. */
  #pager: AnswerPager | undefined;

  constructor(
    session: Pick<Session, "terminal" | "send">,
    settings: { readonly current: Settings },
  ) {
    this.#session = session;
    this.#settings = settings;
  }

  /** Shows answers page by page; `undefined` while none has needed that. */
  get pager(): AnswerPager | undefined {
    return this.#pager;
  }

  /** Whether a program reads the lines aloud, which need no signs and rules then. */
  get isSpoken(): boolean {
    return this.#settings.current.reader;
  }

  /** Called before an answer, which may have many rows. */
  beginAnswer(): void {
    const { terminal } = this.#session;
    // Without a window there are no pages.
    if (terminal.rows === undefined) return this.#pager?.begin();
    this.#pager ??= new AnswerPager({
      rows: () => terminal.rows,
      show: (rows) => this.send(rows),
      onChange: () => terminal.refresh(),
    });
    this.#pager.begin();
  }

  endAnswer(): void {
    this.#pager?.end();
  }

  /** Prints rows that may be part of an answer; returns whether there was room for them. */
  answer(rows: readonly string[]): boolean {
    return this.#pager ? this.#pager.show(rows) : this.send(rows);
  }

  /** Prints a line that is not part of an answer. */
  print(text: string, style?: Style): boolean {
    return this.send(this.rowsOf(text, style));
  }

  send(rows: readonly string[]): boolean {
    return this.#session.send(rows.join("\r\n"));
  }

  noticeRows(text: string): string[] {
    return this.rowsOf(this.isSpoken ? text : `* ${text}`);
  }

  /** The rows of a line, in `style` if the person sees styles. Makes text from others harmless. */
  rowsOf(text: string, style?: Style): string[] {
    const { width, colour } = this.#settings.current;
    const harmless = shownText(text);
    const rows = width > 0 ? wrap(harmless, width) : [harmless];
    return style && colour ? rows.map(style) : rows;
  }
}
