import { assert, assertEquals } from "@std/assert";
import { graphemes } from "../../lib/codec/grapheme.ts";
import { AnsiPainter } from "../../lib/editor/ansi_painter.ts";
import { DumbPainter } from "../../lib/editor/dumb_painter.ts";
import type { InputView } from "../../lib/editor/input_line.ts";
import { cutToHeight, type Layout, layOut, withStatus } from "../../lib/editor/layout.ts";
import type { Painter } from "../../lib/editor/painter.ts";
import { SeededRandom } from "../support/random.ts";
import {
  ScreenTerminal,
  type ScreenTerminalOptions,
  UNICODE_VERSIONS,
} from "../support/screen_terminal.ts";

/** Characters that have the same width on all terminals. */
const LETTERS = ["a", "b", "c", " ", "word ", "é", "e\u0301", "ö", "я"];
const CERTAIN = [...LETTERS, "你", "好", "한"];
/** The same, and characters whose width varies or that are invisible. */
const ANYTHING = [...CERTAIN, "🎉", "👨‍👩‍👧", "🇩🇪", "“", "ｱﾞ", "\x1b", "\u200b", "\t", "\x9b"];

/** Edits a line at random, and compares the terminal's screen with what it should show. */
class Desk {
  readonly terminal: ScreenTerminal;
  readonly said: string[] = [];
  columns: number;
  rows: number;
  view: InputView = { prompt: "#lobby>", text: "", cursor: 0 };
  readonly #painter: Painter;
  readonly #random: SeededRandom;

  constructor(
    random: SeededRandom,
    createPainter: (columns: number, rows: number) => Painter,
    options: ScreenTerminalOptions,
  ) {
    this.#random = random;
    this.terminal = new ScreenTerminal(options);
    this.terminal.onReply = (text) => {
      // deno-lint-ignore no-control-regex
      this.#painter.report(text.replace(/^\x1b\[/, ""));
    };
    ({ columns: this.columns, rows: this.rows } = options);
    this.#painter = createPainter(this.columns, this.rows);
  }

  async begin(): Promise<void> {
    await this.terminal.write(this.#painter.begin());
  }

  /** Makes a random edit, usually a small one. */
  edit(alphabet: readonly string[], hasStatus = false): void {
    const random = this.#random;
    const parts = graphemes(this.view.text);
    let at = graphemes(this.view.text.slice(0, this.view.cursor)).length;
    const what = random.int(20);
    if (hasStatus && random.int(5) === 0) {
      const status = random.int(6) > 0 ? [...alphabet, "room "] : undefined;
      const words = status && Array.from({ length: random.int(12) }, () => random.pick(status));
      this.view = { ...this.view, status: words?.join("") };
    }
    if (what < 11) parts.splice(at++, 0, random.pick(alphabet));
    else if (what < 13) at > 0 && parts.splice(--at, 1);
    else if (what < 14) parts.splice(at, random.int(5));
    else if (what < 17) at = random.pick([0, parts.length, random.int(parts.length + 1)]);
    else if (what < 18 && random.int(5) === 0) parts.splice(0, at), at = 0;
    const text = parts.join("");
    // The inserted text may join a neighbour into one grapheme.
    const ends = [0];
    for (const grapheme of graphemes(text)) ends.push(ends.at(-1)! + grapheme.length);
    const index = parts.slice(0, at).join("").length;
    this.view = { ...this.view, text, cursor: ends.find((end) => end >= index)! };
  }

  /** Draws the line, below a line that somebody said, if any. */
  async draw(said?: string): Promise<void> {
    if (said !== undefined) this.said.push(said);
    const before = said === undefined ? "" : `${this.#painter.erase()}${said}\r\n`;
    await this.terminal.write(before + this.#painter.update(this.view));
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.terminal.resize(columns, rows);
    this.#painter.resize(columns, rows);
  }

  /** Expects the line on the screen, and nothing below it. */
  check({ rows, caretRow, caretPrefix }: Layout, context: string): void {
    const { terminal } = this;
    const lines = terminal.linesFrom(terminal.cursor.row - caretRow);
    const shown = lines.slice(0, rows.length).map((line) => line.trimEnd());
    assertEquals(shown, rows.map(({ text }) => text.trimEnd()), context);
    assertEquals(terminal.textBeforeCursor, caretPrefix, context);
    assertEquals(lines.slice(rows.length).join("").trim(), "", context);
  }

  /** Expects everything said, complete, in order and with nothing in between. */
  checkSaid(context: string): void {
    const shown = this.terminal.paragraphs.slice(0, this.said.length);
    assertEquals(shown.map((line) => line.trimEnd()), this.said, context);
  }
}

const ansi = (columns: number, rows: number) => new AnsiPainter(columns, rows);

function wholeLayout({ view, columns, rows }: Desk): Layout {
  const line = cutToHeight(layOut(view, columns), Math.min(rows >> 1, 12));
  return view.status === undefined ? line : withStatus(line, view.status, columns);
}

interface Trial extends Omit<ScreenTerminalOptions, "columns" | "rows"> {
  readonly alphabet: readonly string[];
  readonly resizes: boolean;
  readonly hasStatus?: boolean;
}

async function tryAnsi(
  seed: number,
  { alphabet, resizes, hasStatus, ...options }: Trial,
): Promise<void> {
  const random = new SeededRandom(seed);
  const desk = new Desk(random, ansi, { columns: 12 + random.int(40), rows: 30, ...options });
  await desk.begin();
  for (let step = 0; step < 200; step++) {
    desk.edit(alphabet, hasStatus);
    if (resizes && random.int(12) === 0) desk.resize(12 + random.int(50), 24 + random.int(20));
    await desk.draw(random.int(8) === 0 ? `<jack> number ${step}` : undefined);
    const context = `seed ${seed}, step ${step}, ${desk.columns} columns`;
    desk.check(wholeLayout(desk), context);
    if (step % 10 === 0) desk.checkSaid(context);
  }
  desk.terminal.close();
}

Deno.test("AnsiPainter.update() shows the line and nothing else after any edit", async () => {
  for (let seed = 1; seed <= 8; seed++) {
    await tryAnsi(seed, { alphabet: CERTAIN, resizes: false });
  }
});

Deno.test("AnsiPainter.update() shows nothing else even on terminals that disagree on widths", async () => {
  for (const unicode of UNICODE_VERSIONS) {
    for (let seed = 1; seed <= 3; seed++) {
      await tryAnsi(seed, { alphabet: ANYTHING, resizes: false, unicode });
    }
  }
});

Deno.test("AnsiPainter.resize() leaves no trace and erases no other output in xterm.js", async () => {
  for (let seed = 1; seed <= 8; seed++) {
    await tryAnsi(seed, { alphabet: CERTAIN, resizes: true });
  }
});

Deno.test("AnsiPainter shows a status above the line, whatever changes, and leaves no trace of it", async () => {
  for (const resizes of [false, true]) {
    for (let seed = 1; seed <= 3; seed++) {
      await tryAnsi(seed, { alphabet: CERTAIN, resizes, hasStatus: true });
    }
  }
  for (const unicode of UNICODE_VERSIONS) {
    await tryAnsi(1, { alphabet: ANYTHING, resizes: false, hasStatus: true, unicode });
  }
});

Deno.test("AnsiPainter rewrites nothing but a status that has changed", () => {
  const painter = new AnsiPainter(30, 24);
  const show = (status: string | undefined, text = "hi") =>
    painter.update({ prompt: ">", text, cursor: text.length, status });
  assertEquals(show(" a "), "\x1b[7m a \x1b[0m\r\n\x1b[1m> \x1b[0mhi");
  assertEquals(show(" b "), "\x1b[1A\r\x1b[7m b \x1b[0m\x1b[K\x1b[1B\r\x1b[4C");
  assertEquals(show(" b "), "");
  assertEquals(show(" b ", "hi!"), "!");
  // One column stays free, whatever the status.
  assertEquals(show("x".repeat(40), "hi!").includes(`m${"x".repeat(29)}\x1b[0m`), true);
  assertEquals(show(undefined, "hi!"), "\x1b[1A\r\x1b[J\r\x1b[1m> \x1b[0mhi!");
  painter.isStyled = false;
  assertEquals(show(" a "), "\r\x1b[J a \r\n> hi");
});

Deno.test("AnsiPainter shows no status in a window of a few rows", () => {
  const painter = new AnsiPainter(30, 4);
  const view = { prompt: ">", text: "", cursor: 0, status: "status" };
  assertEquals(painter.update(view), "\x1b[1m> \x1b[0m");
});

Deno.test("AnsiPainter.update() sends one byte per typed letter and a few per backspace", () => {
  const painter = new AnsiPainter(80, 24);
  const show = (text: string, cursor = text.length) =>
    painter.update({ prompt: "#lobby>", text, cursor });
  assertEquals(show(""), "\x1b[1m#lobby> \x1b[0m");
  assertEquals(show("h"), "h");
  assertEquals(show("hé"), "é");
  assertEquals(show("hé你"), "你");
  assertEquals(show("hé你"), "");
  assertEquals(show("abc"), "\r\x1b[8C\x1b[Jabc");
  assertEquals(show("ab"), "\b\x1b[J");
  assertEquals(show("ab", 1), "\b");
  assertEquals(show("ab", 2), "\x1b[1C");
  assertEquals(show("ab", 0), "\x1b[2D");
});

Deno.test("AnsiPainter.update() redraws the same line after erase()", () => {
  const painter = new AnsiPainter(80, 24);
  const view = { prompt: "#lobby>", text: "typing", cursor: 3 };
  const drawn = painter.update(view);
  assertEquals(painter.erase(), "\r\x1b[J");
  assertEquals(painter.update(view), drawn);
  assertEquals(painter.erase() + painter.erase(), "\r\x1b[J");
});

Deno.test("AnsiPainter.isStyled redraws the prompt without its style", () => {
  const painter = new AnsiPainter(80, 24);
  const view = { prompt: ">", text: "", cursor: 0 };
  painter.update(view);
  painter.isStyled = false;
  assertEquals(painter.update(view), "\r\x1b[J> ");
});

Deno.test("AnsiPainter.clear() clears the screen and puts the line at the top", async () => {
  const desk = new Desk(new SeededRandom(1), ansi, { columns: 30, rows: 10 });
  await desk.begin();
  desk.view = { prompt: ">", text: "typed", cursor: 5 };
  await desk.draw("<jack> hello");
  await desk.terminal.write(ansi(30, 10).clear());
  const painter = ansi(30, 10);
  await desk.terminal.write(painter.update(desk.view));
  assertEquals(desk.terminal.lines.slice(-10), ["> typed", ...Array(9).fill("")]);
  desk.terminal.close();
});

Deno.test("AnsiPainter does not erase from the top left corner, which tmux keeps as history", () => {
  const painter = new AnsiPainter(80, 24);
  const view = { prompt: ">", text: "typed", cursor: 5 };
  painter.update(view);
  // The line is erased first, because tmux keeps what it clears.
  assertEquals(painter.clear(), "\r\x1b[J\x1b[H\x1b[2J");
  painter.update(view);
  assertEquals(painter.erase(), "\r\x1b[K \x1b[J\r");
  // Now there is something above.
  painter.update(view);
  assertEquals(painter.erase(), "\r\x1b[J");
  painter.update(view);
  painter.resize(90, 24);
  assertEquals(painter.update(view).startsWith("\r\x1b[K \x1b[J\r"), true);
});

Deno.test("AnsiPainter shows the rows around the cursor of a very long line", async () => {
  const desk = new Desk(new SeededRandom(1), ansi, { columns: 20, rows: 12 });
  await desk.begin();
  const text = Array.from({ length: 100 }, (_, index) => `${index} `.padEnd(10, "x")).join("");
  for (const cursor of [0, 1000, 500, 510, 490, 60, 0]) {
    desk.view = { prompt: ">", text, cursor };
    await desk.draw(`<jack> ${cursor}`);
    desk.check(wholeLayout(desk), `cursor ${cursor}`);
    const shown = desk.terminal.paragraphs.filter((line) => line.startsWith("<jack>"));
    assertEquals(shown, desk.said);
  }
  desk.terminal.close();
});

Deno.test("AnsiPainter turns bracketed paste on and off", async () => {
  const terminal = new ScreenTerminal({ columns: 20, rows: 5 });
  const painter = new AnsiPainter(20, 5);
  await terminal.write(painter.begin());
  assert(terminal.isPasteBracketed);
  await terminal.write(painter.end());
  assert(!terminal.isPasteBracketed);
  terminal.close();
});

Deno.test("DumbPainter.update() uses one row and only CR, BS and spaces", async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const random = new SeededRandom(seed);
    const create = (columns: number) => new DumbPainter(columns);
    const desk = new Desk(random, create, { columns: 12 + random.int(30), rows: 20 });
    await desk.begin();
    for (let step = 0; step < 200; step++) {
      desk.edit(CERTAIN);
      await desk.draw(random.int(8) === 0 ? `<jack> number ${step}` : undefined);
      const layout = layOut(desk.view, desk.columns - 1);
      const row = { ...layout, rows: [layout.rows[layout.caretRow]], caretRow: 0 };
      const context = `seed ${seed}, step ${step}, ${desk.columns} columns`;
      desk.check(row, context);
      desk.checkSaid(context);
    }
    desk.terminal.close();
  }
});

Deno.test("DumbPainter never sends an escape sequence", () => {
  const painter = new DumbPainter(20);
  const random = new SeededRandom(1);
  let sent = painter.begin() + painter.clear() + painter.end();
  let text = "";
  for (let step = 0; step < 500; step++) {
    text = random.int(3) === 0 ? text.slice(0, -1) : text + random.pick(ANYTHING);
    sent += painter.update({ prompt: ">", text, cursor: random.int(2) === 0 ? 0 : text.length });
    if (random.int(9) === 0) sent += painter.erase();
  }
  // deno-lint-ignore no-control-regex
  assertEquals(/[^\r\n\b\x20-\x7e\u00a0-\uffff]/u.exec(sent.replace(/[^\x00-\x9f]/g, "")), null);
});

Deno.test("DumbPainter.update() removes letters at the end with backspaces", () => {
  const painter = new DumbPainter(40);
  painter.update({ prompt: ">", text: "ab你", cursor: 3 });
  assertEquals(painter.update({ prompt: ">", text: "ab", cursor: 2 }), "\b\b  \b\b");
  assertEquals(painter.update({ prompt: ">", text: "abc", cursor: 3 }), "c");
});
