import { assert, assertEquals, assertLessOrEqual, assertStrictEquals } from "@std/assert";
import { TelnetFilter, type TelnetPeer } from "../../lib/codec/telnet.ts";
import * as code from "../../lib/codec/telnet_code.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds } from "../support/rounds.ts";

const STREAMS = rounds(3_000, 25_000);
const CHUNKS_PER_STREAM = 10;
/** Size limit of 100 answers and the timing marks of all chunks, in bytes. */
const MAX_REPLY_BYTES = 9 + 100 * 13 + CHUNKS_PER_STREAM * 16 * 9;
/** Limit of answers to AYT and TIMING-MARK per chunk; beyond it they depend on the chunks. */
const MAX_PROMPT_ANSWERS = 16;
const HERE = "\r\n[yes]\r\n";
const MARK = String.fromCharCode(code.IAC, code.WILL, code.TIMING_MARK);

const COMMANDS = [code.WILL, code.WONT, code.DO, code.DONT];
const OPTIONS = [1, 3, 6, code.TERMINAL_TYPE, code.NAWS, code.CHARSET, 255, 0, 200];
const TEXT = [...new TextEncoder().encode("hé 你\r\n\r\0\n"), 0x80, 0xfe, 1, 27];
const { CHARSET, IAC, NAWS, SB, SE, TERMINAL_TYPE } = code;

/** Telnet commands, valid and broken, and text. */
function randomPiece(random: SeededRandom): number[] {
  switch (random.int(12)) {
    case 0:
      return [IAC];
    case 1:
      return [IAC, random.int(256)];
    case 2:
    case 3:
    case 4:
      return [IAC, random.pick(COMMANDS), random.pick(OPTIONS)];
    case 5:
      return [IAC, SB, random.pick(OPTIONS)];
    case 6:
      return [IAC, SE];
    case 7:
      return [IAC, SB, NAWS, ...random.bytes(4), IAC, SE];
    case 8:
      return [IAC, SB, TERMINAL_TYPE, 0, 65 + random.int(20), IAC, SE];
    case 9:
      return [IAC, SB, CHARSET, 1 + random.int(3), ...random.bytes(random.int(4)), IAC, SE];
    case 10:
      return Array.from({ length: random.int(40) }, () => random.pick(TEXT));
    default:
      return [random.pick([0, 10, 13, 13, 0, 65])];
  }
}

function randomChunk(random: SeededRandom): number[] {
  const chunk: number[] = [];
  for (let pieces = random.int(8); pieces > 0; pieces--) chunk.push(...randomPiece(random));
  // Occasionally longer than a sub-negotiation may be.
  if (random.int(500) === 0) chunk.push(...new Array<number>(1500).fill(random.pick(TEXT)));
  return chunk;
}

/** A filter and its recorded output. */
class Probe {
  readonly data: number[] = [];
  readonly events: string[] = [];
  /** A string with one character for each byte, which is fast to compare and search. */
  replies = "";
  readonly filter: TelnetFilter;

  constructor(offers: boolean, bareCrEndsLine = false) {
    const peer: TelnetPeer = {
      reply: (bytes) => this.replies += String.fromCharCode(...bytes),
      windowSize: (columns, rows) => this.events.push(`size ${columns}x${rows}`),
      terminalType: (name) => this.events.push(`type ${name}`),
      charset: (name) => this.events.push(`charset ${name}`),
      interrupt: () => this.events.push("interrupt"),
    };
    this.filter = new TelnetFilter(peer, { offers });
    this.filter.bareCrEndsLine = bareCrEndsLine;
    this.filter.start();
  }

  feed(chunk: readonly number[]): void {
    const out = this.filter.filter(Uint8Array.from(chunk));
    assertLessOrEqual(out.length, chunk.length);
    for (const byte of out) this.data.push(byte);
  }

  takeReplies(): number[] {
    const taken = Array.from(this.replies, (character) => character.charCodeAt(0));
    this.replies = "";
    return taken;
  }
}

function countPromptAnswers(replies: string): number {
  return replies.split(HERE).length + replies.split(MARK).length - 2;
}

Deno.test("TelnetFilter.filter() gives the same result however the input is split", () => {
  for (let seed = 1; seed <= STREAMS; seed++) {
    const random = new SeededRandom(seed);
    const settings = [random.int(2) === 0, random.int(4) === 0] as const;
    const chunks = Array.from({ length: CHUNKS_PER_STREAM }, () => randomChunk(random));
    const whole = new Probe(...settings);
    whole.feed(chunks.flat());
    const cut = new Probe(...settings);
    for (const chunk of chunks) cut.feed(chunk);
    const context = `seed ${seed}`;
    assertEquals(cut.data, whole.data, context);
    assertEquals(cut.events, whole.events, context);
    assertLessOrEqual(cut.replies.length, MAX_REPLY_BYTES, context);
    if (countPromptAnswers(whole.replies) < MAX_PROMPT_ANSWERS) {
      assertEquals(cut.replies, whole.replies, context);
    }
    if (seed % 10 !== 0) continue;
    const bytewise = new Probe(...settings);
    for (const byte of chunks.flat()) bytewise.feed([byte]);
    assertEquals(bytewise.data, whole.data, context);
    assertEquals(bytewise.events, whole.events, context);
    if (countPromptAnswers(whole.replies) < MAX_PROMPT_ANSWERS) {
      assertEquals(bytewise.replies, whole.replies, context);
    }
  }
});

Deno.test("TelnetFilter.filter() limits its replies to any bytes", () => {
  for (let seed = 1; seed <= STREAMS / 10; seed++) {
    const random = new SeededRandom(seed);
    const probe = new Probe(true, random.int(2) === 0);
    for (let chunk = 0; chunk < CHUNKS_PER_STREAM; chunk++) {
      probe.feed([...random.bytes(random.int(300))]);
      probe.filter.bareCrEndsLine = random.int(2) === 0;
    }
    assertLessOrEqual(probe.replies.length, MAX_REPLY_BYTES, `seed ${seed}`);
  }
});

Deno.test("TelnetFilter.filter() does not change data without 255, NUL and CR", () => {
  const random = new SeededRandom(1);
  const probe = new Probe(false);
  for (let round = 0; round < 5_000; round++) {
    const chunk = random.bytes(random.int(200)).filter((byte) => ![0, 13, 255].includes(byte));
    const copy = chunk.slice();
    assertStrictEquals(probe.filter.filter(chunk), chunk);
    assertEquals(chunk, copy);
  }
  assertEquals(probe.replies, "");
});

/** Connects two filters; returns the number of rounds until both are silent. */
function converse(left: Probe, right: Probe): number {
  for (let round = 0;; round++) {
    const [fromLeft, fromRight] = [left.takeReplies(), right.takeReplies()];
    if (fromLeft.length === 0 && fromRight.length === 0) return round;
    // Each answer takes three bytes or more, and each side sends at most 100.
    assert(round < 210, "The two filters do not settle");
    right.feed(fromLeft);
    left.feed(fromRight);
  }
}

Deno.test("TelnetFilter settles with another filter in two rounds", () => {
  assertEquals(converse(new Probe(true), new Probe(true)), 2);
  assertEquals(converse(new Probe(true), new Probe(false)), 2);
  assertEquals(converse(new Probe(false), new Probe(false)), 0);
});

Deno.test("TelnetFilter settles with another filter after any input", () => {
  for (let seed = 1; seed <= STREAMS / 5; seed++) {
    const random = new SeededRandom(seed);
    const [left, right] = [new Probe(true), new Probe(random.int(2) === 0)];
    for (let chunk = random.int(6); chunk > 0; chunk--) {
      random.pick([left, right]).feed(randomChunk(random));
    }
    converse(left, right);
  }
});
