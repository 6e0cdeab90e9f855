import { assert, assertEquals } from "@std/assert";
import { LEVELS } from "../../lib/level.ts";
import { endOfPriority, type SyslogMessage, SyslogParser } from "../../lib/codec/syslog.ts";
import { LogLineParser } from "../../lib/service/logger/log_line_parser.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds } from "../support/rounds.ts";

/** Together with those of `octet_count_fuzz_test.ts` a million. */
const GOOD = rounds(20_000, 250_000);
const ANY = rounds(30_000, 450_000);
const RECEIVED = Date.UTC(2026, 10, 21, 7);

const WORDS = ["a", "host", "app.x", "é你", "fe80::1", "10.0.0.1", "x[1]", "-x", "=", "1"];
const NAMES = ["a", "x@32473", "__proto__", "toString", "é", "ip", "time-Quality"];
const VALUES = ["", "1", 'a"b', "c:\\dir\\", "]", "x y", "\\", 'é"\\]', "[", "=\n"];
const TIMES = ["2026-11-21T06:59:27Z", "2026-11-21T06:59:27.424880+01:00", "1999-01-31T23:59:60Z"];
const TEXTS = [
  "",
  "hello",
  " two  spaces ",
  "<13>1 - -",
  "a\nb\0c",
  "é你😀",
  '[x y="1"]',
  "tag: x",
];

function escaped(value: string): string {
  return value.replace(/["\\\]]/g, "\\$&");
}

/** A valid RFC 5424 message, and the fields expected from it. */
function goodMessage(random: SeededRandom): [line: string, message: SyslogMessage] {
  const priority = random.int(192);
  const part = (words: readonly string[]) => random.int(3) === 0 ? undefined : random.pick(words);
  const [time, host, app] = [part(TIMES), part(WORDS), part(WORDS)];
  const [procid, msgid] = [part(WORDS), part(WORDS)];
  const data: Record<string, Record<string, string | string[]>> = Object.create(null);
  let elements = "";
  for (let count = random.int(3); count > 0; count--) {
    const id = random.pick(NAMES);
    const values = data[id] ??= Object.create(null) as Record<string, string | string[]>;
    elements += `[${id}`;
    for (let params = random.int(3); params > 0; params--) {
      const [name, value] = [random.pick(NAMES), random.pick(VALUES)];
      elements += ` ${name}="${escaped(value)}"`;
      values[name] = name in values ? [values[name], value].flat() : value;
    }
    elements += "]";
  }
  const text = random.pick(TEXTS);
  const header = [time, host, app, procid, msgid].map((word) => word ?? "-").join(" ");
  const hasData = elements !== "";
  const tail = text === "" && random.int(2) === 0 ? "" : ` ${random.pick(["", "\ufeff"])}${text}`;
  const line = `<${priority}>1 ${header} ${hasData ? elements : "-"}${tail}`;
  const fields = {
    facility: "",
    level: LEVELS[priority % 8],
    ...(time && { time }),
    ...(host && { host }),
    ...(app && { app }),
    ...(procid && { procid }),
    ...(msgid && { msgid }),
    ...(hasData && { data }),
  };
  return [line, { fields, text }];
}

Deno.test("SyslogParser.parse() reads all fields of any valid RFC 5424 message", () => {
  const parser = new SyslogParser();
  for (let seed = 1; seed <= GOOD; seed++) {
    const [line, expected] = goodMessage(new SeededRandom(seed));
    const message = parser.parse(line, RECEIVED)!;
    const found = JSON.stringify({ ...message, fields: { ...message.fields, facility: "" } });
    assertEquals(found, JSON.stringify(expected), `seed ${seed}: ${JSON.stringify(line)}`);
  }
});

const PIECES = [
  "<13>",
  "<191>",
  "<192>",
  "<0",
  ">",
  "1 ",
  "- ",
  "-",
  " ",
  ...TIMES,
  "Nov 21 06:59:28 ",
  "Feb 29 06:59:28 ",
  "Nov  1 2025 06:59:28.1234: ",
  "Xyz 99 99:99:99 ",
  "host ",
  "tag: ",
  "tag[77]: ",
  "tag[",
  "]:",
  '[a x="1"]',
  '[a x="',
  '\\"]',
  "\ufeff",
  "23: ",
  ": ",
  "%SYS-5-X: ",
  "UTC ",
  "2019 ",
  "Message forwarded from h: ",
  "last message repeated 2 times",
  "\0",
  "\n",
  "é",
  "\ud83d\ude00",
  "{}",
];

/** Fragments of messages in random order, usually after a priority. */
function anyLine(random: SeededRandom): string {
  let line = random.int(4) === 0 ? "" : `<${random.int(200)}>`;
  if (random.int(2) === 0) line += random.pick(["1 ", "1 - - ", "Nov 21 06:59:28 "]);
  for (let pieces = random.int(8); pieces > 0; pieces--) line += random.pick(PIECES);
  return line;
}

const DATA = /(?:\[a(?: x="(?:[^"\\\]]|\\.)*")*\])+/;
/** Characters left in a header without its parts: nil values, colons, brackets. */
const PUNCTUATION = /^[-: []*\]?[-: []*\ufeff?$/;
const CLOCK = String.raw`\d\d:\d\d:\d\d(?:[.,]\d+)?`;
const ZONE = String.raw`(?:Z|UTC|[+-]\d\d:?\d\d)(?![^ :])`;
const YEAR = String.raw`(?:19|20)\d\d(?![^ :])`;
const BSD_DATE = String.raw`(?:\d{4} )?[a-z]{3} {1,2}\d{1,2} (?:\d{4} )?`;
const WRITTEN_TIME = new RegExp(
  `[*.]?(?:${BSD_DATE}${CLOCK}(?: ${ZONE}(?: ${YEAR})?| ${YEAR}(?: ${ZONE})?)?` +
    `|\\d{4}-\\d\\d-\\d\\d[T ]${CLOCK}(?: ?${ZONE})?):?`,
  "i",
);

/** A timestamp as it may appear in a header. */
function timeIn(header: string, time: string | undefined): string | undefined {
  return time && (WRITTEN_TIME.exec(header)?.[0] ?? time);
}

/** A header without its parts; `undefined` if a part is missing. */
function without(header: string, parts: readonly (string | undefined)[]): string | undefined {
  let left = "";
  let rest = header;
  for (const part of parts) {
    if (part === undefined) continue;
    const at = rest.indexOf(part);
    if (at === -1) return undefined;
    left += rest.slice(0, at);
    rest = rest.slice(at + part.length);
  }
  return left + rest;
}

/** Parses lines like the logger. */
const READER = new LogLineParser({
  room: "log",
  via: "tcp",
  origin: 1,
  source: "sender",
  recognition: "any",
  now: () => RECEIVED,
});

Deno.test("SyslogParser.parse() keeps every part of any line", () => {
  const parser = new SyslogParser();
  const counts = { none: 0, bare: 0, full: 0 };
  for (let seed = 1; seed <= ANY; seed++) {
    const line = anyLine(new SeededRandom(seed));
    const message = parser.parse(line, RECEIVED);
    const start = endOfPriority(line);
    const context = () => `seed ${seed}: ${JSON.stringify(line)}`;
    const { kind, body, from } = READER.toDraft(line);
    if (kind !== "log" || body !== (message?.text ?? line)) assert(false, context());
    if (!message) {
      if (from !== "sender") assert(false, context());
      if (start !== -1) assertEquals(start, -1, context());
      counts.none++;
      continue;
    }
    const { fields, text } = message;
    // The text is the end of the line; the fields contain the rest, in order.
    if (!line.endsWith(text)) assert(false, context());
    const header = line.slice(start, line.length - text.length).replace(/^1 /, "");
    const time = timeIn(header, fields.time);
    const { host, app, procid, msgid } = fields;
    // Cisco devices write a number first, and the host before the time.
    const number = /^ *(\d+): /.exec(header)?.[1];
    const sequence = number === fields.data?.meta?.sequenceId ? number : undefined;
    const usual = without(header, [sequence, time, host, app, procid, msgid]);
    const left = usual ?? without(header, [sequence, host, time, app]);
    if (left === undefined) assert(false, `${context()} lacks a part`);
    if (!PUNCTUATION.test(left.replace(DATA, "").replace("Message forwarded from ", ""))) {
      assert(false, `${context()} lost some of ${left}`);
    }
    if (Object.keys(fields).length === 2) {
      if (!/^ *(- - - - -(?: -?)? ?)?\ufeff?$/.test(header)) assert(false, context());
      counts.bare++;
    } else {
      counts.full++;
    }
    if (!(fields.facility && LEVELS.includes(fields.level))) assert(false, context());
    JSON.parse(JSON.stringify(fields));
  }
  // Each format must occur often enough.
  for (const count of Object.values(counts)) assert(count > ANY / 20, JSON.stringify(counts));
});
