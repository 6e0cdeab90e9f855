/** The lines of IRC, from random pieces. */

import { assert, assertEquals } from "@std/assert";
import {
  escapeTagValue,
  formatIrcMessage,
  type IrcMessage,
  parseIrcMessage,
  tagBytes,
  unescapeTagValue,
} from "../../lib/codec/irc_message.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds, SEED } from "../support/rounds.ts";

const LINES = rounds(50_000, 1_000_000);

const PIECES = [
  "@",
  ":",
  " ",
  "  ",
  ";",
  "=",
  "\\",
  "\\:",
  "\\s",
  "+a/b",
  "time=2026-11-21T06:30:00.000Z",
  "PRIVMSG",
  "join",
  "#lobby",
  "ann!~ann@host",
  "005",
  "\0",
  "\r",
  "\n",
  "\x01ACTION ",
  "é",
  "\u{1f600}",
  "\ud83d",
  "*",
];

function anyText(random: SeededRandom, most: number): string {
  let text = "";
  for (let pieces = random.int(most); pieces > 0; pieces--) text += random.pick(PIECES);
  return text;
}

Deno.test("parseIrcMessage() never throws, and its messages survive formatting", () => {
  const random = new SeededRandom(SEED);
  let returned = 0;
  for (let round = 0; round < LINES; round++) {
    const line = anyText(random, 12);
    const context = () => `seed ${SEED}, line ${round}: ${JSON.stringify(line)}`;
    const message = parseIrcMessage(line);
    if (tagBytes(line) > new TextEncoder().encode(line).length) assert(false, context());
    if (!message) continue;
    const formatted = formatIrcMessage(message);
    if (/[\0\r\n]/.test(formatted)) assert(false, context());
    // Neither a control character nor a verb like `@` can be sent.
    if (/[\0\r\n]/.test(line) || /^[@:]/.test(message.verb)) continue;
    returned++;
    const again = parseIrcMessage(formatted);
    if (!isSame(message, again)) assertEquals(again, message, context());
  }
  assert(returned > LINES / 4, `${returned} messages`);
});

Deno.test("formatIrcMessage() writes one line for any message, and all of it is found again", () => {
  const random = new SeededRandom(SEED);
  for (let round = 0; round < LINES / 5; round++) {
    const params = Array.from({ length: random.int(6) }, () => anyText(random, 4));
    const tags = new Map([["a", anyText(random, 4)], ["+b/c", anyText(random, 4)]]);
    const line = formatIrcMessage({ tags, source: "s", verb: "V", params });
    const context = () => `seed ${SEED}, message ${round}: ${JSON.stringify(line)}`;
    if (/[\0\r\n]/.test(line)) assert(false, context());
    const message = parseIrcMessage(line)!;
    if (message.params.length !== params.length) assert(false, context());
    for (const [name, value] of tags) {
      if (message.tags.get(name) !== value.replaceAll("\0", "")) assert(false, context());
    }
  }
});

Deno.test("unescapeTagValue() reverses escapeTagValue() for any text", () => {
  const random = new SeededRandom(SEED);
  for (let round = 0; round < LINES / 5; round++) {
    const value = anyText(random, 8).replaceAll("\0", "");
    const escaped = escapeTagValue(value);
    if (/[; \r\n]/.test(escaped) || unescapeTagValue(escaped) !== value) {
      assertEquals(unescapeTagValue(escaped), value, `seed ${SEED}, value ${round}`);
    }
  }
});

function isSame(one: IrcMessage, other: IrcMessage | undefined): boolean {
  const flat = (message?: IrcMessage) => message && [...message.tags, message.source, message.verb];
  return JSON.stringify([flat(one), one.params]) === JSON.stringify([flat(other), other?.params]);
}
