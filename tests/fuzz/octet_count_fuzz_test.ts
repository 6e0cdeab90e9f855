import { assertEquals } from "@std/assert";
import { type FrameLoss, OctetCountDecoder } from "../../lib/codec/octet_count_decoder.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds } from "../support/rounds.ts";

/** Together with those of `syslog_fuzz_test.ts` a million. */
const STREAMS = rounds(20_000, 300_000);
const MAX_BYTES = 24;

type Frame = readonly [text: string, cutBytes: number, missingBytes: number];

/** The frames of a stream of one-byte characters, pushed in pieces that end at `cuts`. */
function framesOf(stream: string, cuts: readonly number[]): Frame[] {
  const bytes = Uint8Array.from(stream, (character) => character.charCodeAt(0));
  const frames: Frame[] = [];
  const framer = new OctetCountDecoder(MAX_BYTES);
  const take = (frame: Uint8Array, loss: FrameLoss | undefined) => {
    frames.push([String.fromCharCode(...frame), loss?.cutBytes ?? 0, loss?.missingBytes ?? 0]);
  };
  let start = 0;
  for (const end of [...cuts, bytes.length]) {
    framer.push(bytes.slice(start, end), take);
    start = end;
  }
  framer.finish(take);
  return frames;
}

const COUNTED = /([1-9]\d{0,6}) /y;
const NEXT = /\n|(?<!\d)[1-9]\d{0,6} <\d{1,3}>/g;

/** The expected frames, found in a simple way in the whole stream. */
function expectedFrames(stream: string): Frame[] {
  const frames: Frame[] = [];
  const add = (text: string, missingBytes: number) => {
    const kept = text.slice(0, MAX_BYTES);
    frames.push([kept, text.length - kept.length, missingBytes]);
  };
  for (let at = 0; at < stream.length;) {
    if (stream[at] === "\n" || stream[at] === "\r") {
      at++;
      continue;
    }
    COUNTED.lastIndex = at;
    const counted = COUNTED.exec(stream);
    if (counted) {
      const start = at + counted[0].length;
      const length = Number(counted[1]);
      const text = stream.slice(start, start + length);
      add(text, length - text.length);
      at = start + length;
      continue;
    }
    NEXT.lastIndex = at;
    const next = NEXT.exec(stream);
    const end = next ? next.index : stream.length;
    add(stream.slice(at, end), 0);
    at = next && next[0] === "\n" ? end + 1 : end;
  }
  return frames;
}

/** Whole messages, miscounted ones, and text that only looks like one. */
function randomPiece(random: SeededRandom): string {
  const text = `<${random.int(200)}>${"abc".slice(random.int(4))}`;
  switch (random.int(10)) {
    case 0:
    case 1:
    case 2:
      return `${text.length} ${text}`;
    case 3:
      return `${text.length + random.int(5) - 2} ${text}`;
    case 4:
      return `0${text.length} ${text}`;
    case 5:
      return `${text}\n`;
    case 6:
      return random.pick(["\n", "\r\n", "\n\n"]);
    case 7:
      return random.pick(["12345678 ", "9999999 ", "30 ", "7 <1234>", "12 <3 4 <5>", "1 <"]);
    case 8:
      return String(random.int(100));
    default:
      return Array.from({ length: random.int(6) }, () => random.pick([..."1 <>0a\n"])).join("");
  }
}

function randomCuts(random: SeededRandom, length: number): number[] {
  return Array.from({ length: random.int(4) }, () => random.int(length + 1)).sort((a, b) => a - b);
}

Deno.test("OctetCountDecoder finds the same frames as a simple parser, however the stream is split", () => {
  for (let seed = 1; seed <= STREAMS; seed++) {
    const random = new SeededRandom(seed);
    let stream = "";
    for (let pieces = 1 + random.int(6); pieces > 0; pieces--) stream += randomPiece(random);
    const frames = framesOf(stream, randomCuts(random, stream.length));
    const expected = expectedFrames(stream);
    // Calling `assertEquals` for each would take longer than everything else.
    if (JSON.stringify(frames) === JSON.stringify(expected)) continue;
    assertEquals<unknown>(frames, expected, `seed ${seed}: ${JSON.stringify(stream)}`);
  }
});
