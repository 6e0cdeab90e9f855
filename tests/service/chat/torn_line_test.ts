/** Types at random while random messages arrive, and checks that the line stays whole. */

import { assert, assertEquals } from "@std/assert";
import { cutToHeight, layOut } from "../../../lib/editor/layout.ts";
import { sentence } from "../../../lib/service/chat/text/sentence.ts";
import { ChatRoom, type Guest, settle, type TerminalGuest } from "../../support/chat_room.ts";
import { nextTurn } from "../../support/fake_clock.ts";
import { SeededRandom } from "../../support/random.ts";
import { rounds } from "../../support/rounds.ts";
import type { UnicodeVersion } from "../../support/screen_terminal.ts";
import { alt, control, KEYS, paste } from "../../support/typist.ts";

const STEPS = rounds(500, 2000);
const CERTAIN = ["a", "b ", "word ", "é", "e", "\u0301", "ö", "你", "好", "한국"];
/** No combining marks: xterm.js attaches them to other letters when it rewraps lines. */
const LETTERS = CERTAIN.filter((text) => text !== "\u0301");
const ANYTHING = [...CERTAIN, "🎉", "👩", "\u200d", "👨‍👩‍👧", "🇩", "🇪", "“", "\u200b", "\xa0"];
/** Keys that move, edit or finish the line. Other tests cover commands. */
const EDITING = [
  ...[
    KEYS.left,
    KEYS.right,
    KEYS.home,
    KEYS.end,
    KEYS.wordLeft,
    KEYS.wordRight,
    KEYS.up,
    KEYS.down,
  ],
  ...[KEYS.backspace, KEYS.backspace, KEYS.delete, KEYS.tab, KEYS.enter, KEYS.enter],
  ..."abefhknpruwytg".split("").map(control),
  ..."bdfy".split("").map(alt),
  ...[paste("pasted text"), paste("one\rtwo words\rthree"), "m", "b"],
  ...["\x1b[Z", "\x1b[15~", "\x1bOP"],
];
/** Messages of others: short, long, wide and hostile. */
const WORDS = [
  "yes",
  "the quick brown fox",
  "你好吗",
  "🎉🎉",
  "\x1b[2J\x1b[H",
  "x".repeat(90),
  "a\tb",
];

interface Trial {
  readonly seed: number;
  readonly unicode: UnicodeVersion;
  readonly alphabet: readonly string[];
  readonly resizes: boolean;
}

const TRIALS: readonly Trial[] = [
  { seed: 1, unicode: "11", alphabet: LETTERS, resizes: true },
  { seed: 2, unicode: "11", alphabet: LETTERS, resizes: true },
  { seed: 3, unicode: "11", alphabet: ANYTHING, resizes: false },
  { seed: 4, unicode: "6", alphabet: ANYTHING, resizes: false },
  { seed: 5, unicode: "15-graphemes", alphabet: ANYTHING, resizes: false },
];

/** Long enough for all effects of one step. */
async function turn(): Promise<void> {
  for (let turns = 0; turns < 8; turns++) await nextTurn();
}

class Stage {
  readonly #random: SeededRandom;
  readonly #trial: Trial;
  readonly #chat: ChatRoom;
  readonly #jack: TerminalGuest;
  readonly #others: readonly Guest[];
  #columns: number;
  #rows = 40;
  /** Typed bytes that have not arrived. */
  #underWay: number[] = [];

  constructor(
    trial: Trial,
    random: SeededRandom,
    chat: ChatRoom,
    jack: TerminalGuest,
    others: readonly Guest[],
  ) {
    this.#trial = trial;
    this.#random = random;
    this.#chat = chat;
    this.#jack = jack;
    this.#others = others;
    this.#columns = jack.terminal.screen.columns;
  }

  /** Types, sends a message, resizes the window or lets time pass. */
  async step(): Promise<void> {
    const random = this.#random;
    const what = random.int(20);
    if (what < 12) {
      this.#type(random.int(4) > 0 ? random.pick(this.#trial.alphabet) : random.pick(EDITING));
    } else if (what < 16) {
      random.pick(this.#others).say(`${random.pick(WORDS)} ${random.pick(WORDS)}`);
    } else if (what < 17 && this.#trial.resizes) {
      this.#resize();
    }
    this.#send(random.int(4) === 0 ? random.int(this.#underWay.length + 1) : Infinity);
    await turn();
    this.#chat.clock.tick(random.int(30));
    await turn();
  }

  /** Waits until all typing has arrived and all messages are shown. */
  async finish(): Promise<void> {
    this.#send(Infinity);
    await this.#chat.paint();
  }

  /** Checks that the screen ends with the line being typed and the cursor in its place. */
  async check(context: string): Promise<void> {
    const { terminal: { screen }, session } = this.#jack;
    await this.#jack.terminal.shown();
    const height = Math.min(this.#rows >> 1, 12);
    const expected = cutToHeight(layOut(session.terminal.view!, this.#columns), height);
    const lines = screen.linesFrom(screen.cursor.row - expected.caretRow);
    const shown = lines.slice(0, expected.rows.length).map((line) => line.trimEnd());
    assertEquals(shown, expected.rows.map(({ text }) => text.trimEnd()), context);
    assertEquals(screen.textBeforeCursor, expected.caretPrefix, context);
    assertEquals(lines.slice(expected.rows.length).join("").trim(), "", context);
  }

  /** Checks that the screen above has exactly the messages, in order. */
  async checkSaid(context: string): Promise<void> {
    const { screen } = this.#jack.terminal;
    const { lastSeq } = (await this.#chat.log.room("lobby"))!;
    const events = await this.#chat.log.read("lobby", 0, lastSeq);
    // Lines may break anywhere, so compare without spaces.
    const squeeze = (text: string) => text.replace(/[\s\u00a0]/g, "");
    const { caretRow } = layOut(this.#jack.session.terminal.view!, this.#columns);
    const said = squeeze(screen.lines.slice(0, screen.cursor.row - caretRow).join(""));
    const start = said.indexOf("Nobodyelseishereyet.") + "Nobodyelseishereyet.".length;
    const expected = events.filter(({ kind, from }) => kind === "message" || from !== "jack")
      .map((event) => squeeze(sentence(event).replaceAll(" / ", "")));
    const [actual, all] = [said.slice(start), expected.join("")];
    let same = 0;
    while (same < all.length && actual[same] === all[same]) same++;
    // Blocks are shown with a limited number of lines.
    const around = (text: string) => text.slice(Math.max(0, same - 60), same + 60);
    assertEquals(around(actual), around(all), `${context}, after ${same} characters`);
    assertEquals(actual.length, all.length, context);
  }

  #type(keys: string): void {
    const bytes = new TextEncoder().encode(keys.replaceAll("\r", "\r\0"));
    this.#underWay.push(...bytes);
  }

  #send(count: number): void {
    const bytes = this.#underWay.splice(0, count);
    if (bytes.length > 0) this.#jack.sendBytes(Uint8Array.from(bytes));
  }

  #resize(): void {
    this.#columns = 20 + this.#random.int(80);
    this.#rows = 26 + this.#random.int(20);
    this.#jack.terminal.resize(this.#columns, this.#rows);
  }
}

for (const trial of TRIALS) {
  const { seed, unicode, resizes } = trial;
  const how = `Unicode ${unicode}${resizes ? ", resizing" : ""}`;
  Deno.test(`Nothing tears a line being typed in ${STEPS} random steps (seed ${seed}, ${how})`, async () => {
    await using chat = new ChatRoom();
    const setter = await chat.enter("jack");
    setter.say("/set time off", "/quit");
    await settle();
    const jack = await chat.enterTerminal("jack", { columns: 60, rows: 40, unicode });
    const others = await chat.enterAll("ann", "bob");
    await chat.paint();
    const stage = new Stage(trial, new SeededRandom(seed), chat, jack, others);
    for (let step = 0; step < STEPS; step++) {
      await stage.step();
      await stage.check(`step ${step}`);
    }
    await stage.finish();
    await stage.check("at the end");
    await stage.checkSaid("at the end");
    assert(jack.session.terminal.isEditing);
  });
}
