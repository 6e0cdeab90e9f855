import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { TelnetFilter, type TelnetPeer } from "../../lib/codec/telnet.ts";
import * as code from "../../lib/codec/telnet_code.ts";

const { AYT, BRK, CHARSET, DO, DONT, IAC, IP, NAWS, SB, SE, TERMINAL_TYPE, WILL, WONT } = code;
const SGA = code.SUPPRESS_GO_AHEAD;
const MARK = code.TIMING_MARK;
const [BINARY, ECHO, TSPEED, NEW_ENVIRON, UNKNOWN] = [0, 1, 32, 39, 200];
const [EOF, NOP, DM, AO, EC, EL, GA] = [236, 241, 242, 245, 247, 248, 249];
const [CR, LF, NUL] = ["\r", "\n", "\0"];

/** Numbers as bytes, text as UTF-8. */
function bytes(...parts: readonly (number | string)[]): number[] {
  const encoder = new TextEncoder();
  return parts.flatMap((part) => typeof part === "number" ? [part] : [...encoder.encode(part)]);
}

const says = (...commands: number[]): number[] =>
  Array.from({ length: commands.length / 2 }, (_, index) => index * 2)
    .flatMap((at) => [IAC, commands[at], commands[at + 1]]);
const parameters = (option: number, ...parts: readonly (number | string)[]): number[] => [
  ...[IAC, SB, option],
  ...bytes(...parts).flatMap((byte) => byte === IAC ? [IAC, IAC] : [byte]),
  ...[IAC, SE],
];
const size = (columns: number, rows: number): number[] =>
  parameters(NAWS, columns >> 8, columns & 255, rows >> 8, rows & 255);
const isType = (name: string): number[] => parameters(TERMINAL_TYPE, code.TERMINAL_TYPE_IS, name);
const sendType = parameters(TERMINAL_TYPE, code.TERMINAL_TYPE_SEND);
const offers = says(DO, NAWS, DO, TERMINAL_TYPE, DO, CHARSET, WILL, SGA);
const requestCharset = parameters(CHARSET, code.CHARSET_REQUEST, ";UTF-8");
const acceptCharset = parameters(CHARSET, code.CHARSET_ACCEPTED, "UTF-8");
const rejectCharset = parameters(CHARSET, code.CHARSET_REJECTED);
const here = bytes("\r\n[yes]\r\n");

/** The output of a filter. */
interface Outcome {
  readonly data: number[];
  readonly replies: number[];
  readonly events: readonly string[];
}

interface Setting {
  readonly offers?: boolean;
  readonly bareCrEndsLine?: boolean;
}

function feed(chunks: readonly (readonly number[])[], setting: Setting = {}): Outcome {
  const data: number[] = [];
  const replies: number[] = [];
  const events: string[] = [];
  const peer: TelnetPeer = {
    reply: (bytes) => replies.push(...bytes),
    windowSize: (columns, rows) => events.push(`size ${columns}x${rows}`),
    terminalType: (name) => events.push(`type ${name}`),
    charset: (name) => events.push(`charset ${name}`),
    interrupt: () => events.push("interrupt"),
  };
  const filter = new TelnetFilter(peer, { offers: setting.offers ?? false });
  filter.bareCrEndsLine = setting.bareCrEndsLine ?? false;
  filter.start();
  for (const chunk of chunks) {
    const out = filter.filter(Uint8Array.from(chunk));
    assert(out.length <= chunk.length, "The output is longer than the input");
    data.push(...out);
  }
  return { data, replies, events };
}

/** The expected output for some input; anything left out is expected to be empty. */
interface Expectation {
  readonly data?: string | readonly number[];
  readonly replies?: readonly number[];
  readonly events?: readonly string[];
}

/** Feeds `input` whole, split at every byte, and byte by byte. */
function check(input: readonly number[], expected: Expectation, setting: Setting = {}): void {
  const { data = "", replies = [], events = [] } = expected;
  const outcome = {
    data: typeof data === "string" ? bytes(data) : [...data],
    replies: [...replies],
    events: [...events],
  };
  assertEquals(feed([input], setting), outcome, "in one piece");
  for (let at = 1; at < input.length; at++) {
    const chunks = [input.slice(0, at), [], input.slice(at)];
    assertEquals(feed(chunks, setting), outcome, `cut at byte ${at}`);
  }
  assertEquals(feed(input.map((byte) => [byte]), setting), outcome, "byte by byte");
}

const silent: TelnetPeer = {
  reply: () => {
    throw new Error("This input must not cause an answer");
  },
};

Deno.test("TelnetFilter.filter() returns plain text as the object that it was given", () => {
  const filter = new TelnetFilter(silent, { offers: false });
  for (
    const text of ["hello wörld 你\r\n", "", "ends in CR\r", "\nand goes on", "\x1b[1m\x08\x7f"]
  ) {
    const chunk = new TextEncoder().encode(text);
    assertStrictEquals(filter.filter(chunk), chunk);
    assertEquals(new TextDecoder().decode(chunk), text);
  }
});

Deno.test("TelnetFilter.filter() takes IAC IAC for one data byte 255", () => {
  check([65, IAC, IAC, 66, IAC, IAC, IAC, IAC], { data: [65, 255, 66, 255, 255] });
});

Deno.test("TelnetFilter.filter() ends a line at CR LF and CR NUL, and keeps any other NUL", () => {
  check(bytes("a", CR, LF, "b", CR, NUL, "c", CR, "d"), { data: "a\r\nb\r\nc\rd" });
  check(bytes(NUL, "a", NUL, LF, NUL, CR, NUL, NUL, CR, CR, NUL), {
    data: "\0a\0\n\0\r\n\0\r\r\n",
  });
});

Deno.test("TelnetFilter.filter() recognises CR NUL with a command in between", () => {
  check(bytes("a", CR, IAC, NOP, NUL, "b", CR, ...says(WONT, ECHO), LF), { data: "a\r\nb\r\n" });
  check(bytes(CR, IAC, IAC, NUL), { data: [13, 255, 0] });
});

Deno.test("TelnetFilter.bareCrEndsLine makes CR, CR LF, CR NUL and LF each end one line", () => {
  check(
    bytes("a", CR, "b", CR, LF, "c", CR, NUL, "d", LF, CR, CR, LF, LF, NUL, CR, IAC, NOP, LF),
    { data: "a\nb\nc\nd\n\n\n\n\0\n" },
    { bareCrEndsLine: true },
  );
});

Deno.test("TelnetFilter.bareCrEndsLine may change between CR and the next byte", () => {
  for (const next of ["\n", "\0"]) {
    for (const [first, expected] of [[false, "a\r\nb"], [true, "a\nb"]] as const) {
      const filter = new TelnetFilter(silent, { offers: false });
      let text = "";
      const type = (typed: string) => {
        text += new TextDecoder().decode(filter.filter(new TextEncoder().encode(typed)));
      };
      filter.bareCrEndsLine = first;
      type("a\r");
      filter.bareCrEndsLine = !first;
      type(`${next}b`);
      assertEquals(text, expected);
    }
  }
});

Deno.test("TelnetFilter.filter() answers AYT with something visible", () => {
  check(bytes("he", IAC, AYT, "llo"), { data: "hello", replies: here });
});

Deno.test("TelnetFilter.filter() reports IP and BRK", () => {
  check([IAC, IP, 65, IAC, BRK], { data: "A", events: ["interrupt", "interrupt"] });
});

Deno.test("TelnetFilter.filter() ignores commands that need no action", () => {
  const ignored = [EOF, 237, 238, 239, SE, NOP, DM, AO, EC, EL, GA, 0, 10, 65, 235];
  check(bytes("a", ...ignored.flatMap((command) => [IAC, command]), "b"), { data: "ab" });
});

Deno.test("TelnetFilter.filter() answers every TIMING-MARK, and nothing else with one", () => {
  check(says(DO, MARK, DO, MARK, WILL, MARK, WONT, MARK, DONT, MARK, DO, MARK), {
    replies: says(WILL, MARK, WILL, MARK, WILL, MARK),
  });
});

Deno.test("TelnetFilter.start() sends its requests, offers SGA, and only once", () => {
  assertEquals(feed([], { offers: true }).replies, offers);
  assertEquals(feed([], { offers: false }).replies, []);
  const replies: number[] = [];
  const filter = new TelnetFilter({ reply: (b) => replies.push(...b) }, { offers: true });
  filter.filter(Uint8Array.from(says(WILL, NAWS)));
  filter.start();
  filter.start();
  assertEquals(replies, says(DO, NAWS, DO, TERMINAL_TYPE, DO, CHARSET, WILL, SGA));
});

Deno.test("TelnetFilter.filter() agrees to the options it knows and refuses the rest", () => {
  check(says(DO, SGA, WILL, SGA, DO, ECHO, WILL, ECHO, WILL, NAWS, DO, NAWS), {
    replies: says(WONT, SGA, DO, SGA, WONT, ECHO, DONT, ECHO, DO, NAWS, WONT, NAWS),
  });
  check(says(DO, UNKNOWN, WILL, UNKNOWN, DO, 255, WILL, 255), {
    replies: says(WONT, UNKNOWN, DONT, UNKNOWN, WONT, 255, DONT, 255),
  });
});

Deno.test("TelnetFilter.filter() does not answer a peer that repeats or refuses", () => {
  check(says(WILL, SGA, WILL, SGA, WILL, SGA, WONT, UNKNOWN, DONT, UNKNOWN, DONT, ECHO), {
    replies: says(DO, SGA),
  });
  check(says(WILL, CHARSET, WILL, CHARSET, WILL, TERMINAL_TYPE, WILL, TERMINAL_TYPE), {
    replies: [...says(DO, CHARSET), ...requestCharset, ...says(DO, TERMINAL_TYPE), ...sendType],
  });
});

Deno.test("TelnetFilter.filter() confirms that an option is off, and accepts it again", () => {
  check(says(DO, ECHO, DONT, ECHO, DONT, ECHO, DO, ECHO, WILL, NAWS, WONT, NAWS, WILL, NAWS), {
    replies: [
      ...[...offers, ...says(WILL, ECHO, WONT, ECHO, WILL, ECHO)],
      ...says(DONT, NAWS, DO, NAWS),
    ],
  }, { offers: true });
});

Deno.test("TelnetFilter.filter() reports the window's size whenever it changes", () => {
  check([...says(WILL, NAWS), ...size(100, 30), ...bytes("hi"), ...size(120, 40)], {
    data: "hi",
    replies: says(DO, NAWS),
    events: ["size 100x30", "size 120x40"],
  });
});

Deno.test("TelnetFilter.filter() accepts a window of 0, of 255 and of 65535", () => {
  const sizes = [...size(0, 0), ...size(255, 255), ...size(65535, 65280)];
  check([...says(WILL, NAWS), ...sizes], {
    replies: says(DO, NAWS),
    events: ["size 0x0", "size 255x255", "size 65535x65280"],
  });
});

Deno.test("TelnetFilter.filter() understands a window of 255 columns without a doubled IAC", () => {
  check([...says(WILL, NAWS), IAC, SB, NAWS, 0, IAC, 0, 24, IAC, SE, 65], {
    data: "A",
    replies: says(DO, NAWS),
    events: ["size 255x24"],
  });
});

Deno.test("TelnetFilter.filter() ignores parameters that are malformed or not agreed on", () => {
  const malformed = [
    ...[IAC, SB, IAC, SE],
    ...[...parameters(NAWS), ...parameters(NAWS, 0, 80, 0), ...parameters(NAWS, 0, 80, 0, 24, 0)],
    ...[...parameters(TERMINAL_TYPE), ...isType("XTERM"), ...parameters(UNKNOWN, "text")],
  ];
  check([...says(WILL, NAWS), ...malformed], { replies: says(DO, NAWS) });
  check([...size(80, 24), ...isType("XTERM"), ...acceptCharset, ...requestCharset], {});
});

Deno.test("TelnetFilter.filter() asks for terminal types until a name repeats, in any case", () => {
  const names = ["Vt220", "vt100", "VT220"];
  check([...says(WILL, TERMINAL_TYPE), ...names.flatMap(isType), ...isType("late")], {
    replies: [...says(DO, TERMINAL_TYPE), ...sendType, ...sendType, ...sendType],
    events: ["type Vt220", "type vt100"],
  });
});

Deno.test("TelnetFilter.filter() reports the end of terminal types, whatever the reason", () => {
  const lists = [["A", "A"], ["A", "B", "b"], ["A", "\x1b"], [..."ABCDEFGH"]];
  for (const names of lists) {
    let ends = 0;
    const peer = { reply: () => {}, terminalTypesEnd: () => ends++ };
    const filter = new TelnetFilter(peer, { offers: true });
    filter.filter(Uint8Array.from(says(WILL, TERMINAL_TYPE)));
    for (const name of names) {
      assertEquals(ends, 0);
      filter.filter(Uint8Array.from(isType(name)));
    }
    assertEquals(ends, 1, names.join());
  }
});

Deno.test("TelnetFilter.filter() asks for at most 8 terminal types", () => {
  const names = Array.from({ length: 12 }, (_, index) => `TERMINAL-${index}`);
  const again = says(WONT, TERMINAL_TYPE, WILL, TERMINAL_TYPE);
  check([...says(WILL, TERMINAL_TYPE), ...names.flatMap(isType), ...again, ...isType("x")], {
    replies: [
      ...says(DO, TERMINAL_TYPE),
      ...Array<number[]>(8).fill(sendType).flat(),
      ...says(DONT, TERMINAL_TYPE, DO, TERMINAL_TYPE),
    ],
    events: names.slice(0, 8).map((name) => `type ${name}`),
  });
});

Deno.test("TelnetFilter.filter() does not report a terminal type that is not a printable name", () => {
  for (const name of ["", "\x1b[2J", "a\nb", "x".repeat(41), "ö"]) {
    check([...says(WILL, TERMINAL_TYPE), ...isType(name), ...isType("XTERM")], {
      replies: [...says(DO, TERMINAL_TYPE), ...sendType],
    });
  }
});

Deno.test("TelnetFilter.filter() requests UTF-8 from a peer with character sets", () => {
  const start = [...says(DO, CHARSET), ...requestCharset];
  check([...says(WILL, CHARSET), ...parameters(CHARSET, 2, "utf-8"), ...acceptCharset], {
    replies: start,
    events: ["charset UTF-8"],
  });
  check([...says(WILL, CHARSET), ...parameters(CHARSET, 2, "KOI8-R")], { replies: start });
  check([...says(WILL, CHARSET), ...rejectCharset], { replies: start });
});

Deno.test("TelnetFilter.filter() accepts UTF-8 in the peer's list, and rejects anything else", () => {
  const start = [...says(DO, CHARSET), ...requestCharset];
  const request = (...list: (number | string)[]) => [
    ...says(WILL, CHARSET),
    ...parameters(CHARSET, code.CHARSET_REQUEST, ...list),
  ];
  const accepted = [
    [";UTF-8"],
    [" ISO-8859-1 utf-8 US-ASCII"],
    [";KOI8-R;Utf-8"],
    ["[TTABLE]", 1, ";UTF-8"],
    ["[TTABLE ]", 1, " KOI8-R UTF-8"],
    [IAC, "UTF-8"],
  ];
  for (const list of accepted) {
    check(request(...list), {
      replies: [...start, ...acceptCharset],
      events: ["charset UTF-8"],
    });
  }
  const rejected = [[], [";"], ["UTF-8"], [";UTF-16;UTF-88"], ["[TTABLE]", 1], [";KOI8-R"]];
  for (const list of rejected) {
    check(request(...list), { replies: [...start, ...rejectCharset] });
  }
});

Deno.test("TelnetFilter.filter() keeps 1024 bytes of parameters and drops longer ones entirely", () => {
  // With the option and the command before it, and the separator.
  const request = (length: number) => {
    const padding = "x".repeat(length - 2 - ";UTF-8;".length);
    return parameters(CHARSET, code.CHARSET_REQUEST, `;UTF-8;${padding}`);
  };
  const before = says(WILL, CHARSET);
  const start = [...says(DO, CHARSET), ...requestCharset];
  const answered = { data: "on", replies: [...start, ...acceptCharset], events: ["charset UTF-8"] };
  check([...before, ...request(1024), ...bytes("on")], answered);
  for (const length of [1025, 1026, 1100, 5000]) {
    const chunk = [...before, ...request(length), ...bytes("on")];
    assertEquals(feed([chunk]), { data: bytes("on"), replies: start, events: [] });
    assertEquals(feed(chunk.map((byte) => [byte])), feed([chunk]));
  }
});

Deno.test("TelnetFilter.filter() obeys a command in parameters whose end was lost", () => {
  check([...says(WILL, NAWS), IAC, SB, NAWS, 0, 80, 0, 24, IAC, IP, ...bytes("typed")], {
    data: "typed",
    replies: says(DO, NAWS),
    events: ["interrupt"],
  });
  const tooLong = new Array<number>(1100).fill(120);
  check([IAC, SB, UNKNOWN, ...tooLong, IAC, DO, SGA, ...bytes("on")], {
    data: "on",
    replies: says(WONT, SGA),
  });
  check([...says(WILL, NAWS), IAC, SB, NAWS, 9, ...size(80, 24)], {
    replies: says(DO, NAWS),
    events: ["size 80x24"],
  });
});

Deno.test("TelnetFilter.filter() answers at most 100 negotiations per connection", () => {
  const loop = Array.from({ length: 500 }, () => says(WILL, SGA, WONT, SGA)).flat();
  const { replies } = feed([loop, loop, ...loop.map((byte) => [byte])]);
  assertEquals(replies, Array.from({ length: 50 }, () => says(DO, SGA, DONT, SGA)).flat());
  const types = says(WONT, TERMINAL_TYPE, WILL, TERMINAL_TYPE);
  const sends = feed(Array.from({ length: 500 }, () => types)).replies;
  // The first WONT is about an option that was never on.
  const firstSends = [...says(DO, TERMINAL_TYPE), ...sendType];
  assertEquals(sends.slice(0, firstSends.length), firstSends);
  assertEquals(
    sends.filter((_, index) => sends[index] === IAC && sends[index + 1] !== SE).length,
    100,
  );
});

Deno.test("TelnetFilter.filter() still answers marks and interrupts when it answers nothing else", () => {
  const loop = Array.from({ length: 500 }, () => says(DO, UNKNOWN)).flat();
  const { replies, events } = feed([loop, [IAC, IP, ...says(DO, MARK), ...bytes("on")]]);
  assertEquals(replies.slice(100 * 3), says(WILL, MARK));
  assertEquals(events, ["interrupt"]);
});

Deno.test("TelnetFilter.filter() answers at most 16 AYT and TIMING-MARK per chunk", () => {
  const many = Array.from({ length: 50 }, () => [IAC, AYT, ...says(DO, MARK)]).flat();
  const answers = Array.from({ length: 8 }, () => [...here, ...says(WILL, MARK)]).flat();
  assertEquals(feed([many, many]).replies, [...answers, ...answers]);
});

/** How real clients answer our offers, and what they send afterwards. */
const CLIENTS: Readonly<Record<string, { sends: number[]; expected: Expectation }>> = {
  "inetutils telnet": {
    sends: [
      ...[...says(WILL, NAWS), ...size(100, 30), ...says(WILL, TERMINAL_TYPE, WONT, CHARSET)],
      ...[...isType("XTERM-256COLOR"), ...isType("XTERM-256COLOR")],
      ...bytes("hello wörld\r\n", IAC, IP, ...says(DO, MARK), ...size(120, 40), "more\r\n"),
    ],
    expected: {
      data: "hello wörld\r\nmore\r\n",
      replies: [...offers, ...sendType, ...sendType, ...says(WILL, MARK)],
      events: ["size 100x30", "type XTERM-256COLOR", "interrupt", "size 120x40"],
    },
  },
  "inetutils telnet with its Enter of character mode": {
    sends: bytes(...says(WONT, NAWS, WONT, TERMINAL_TYPE, WONT, CHARSET), "hö", 127, CR, NUL, 3),
    expected: { data: "hö\x7f\r\n\x03", replies: offers },
  },
  "busybox telnet": {
    sends: [
      ...[...says(WILL, NAWS), ...size(80, 24), ...says(WILL, TERMINAL_TYPE, WONT, CHARSET)],
      ...[...isType("xterm-256color"), ...isType("xterm-256color"), ...bytes("hello\r\n")],
    ],
    expected: {
      data: "hello\r\n",
      replies: [...offers, ...sendType, ...sendType],
      events: ["size 80x24", "type xterm-256color"],
    },
  },
  "plink": {
    sends: [
      ...says(WILL, NAWS, WILL, TSPEED, WILL, TERMINAL_TYPE, WILL, NEW_ENVIRON),
      ...says(DO, ECHO, WILL, SGA, DO, SGA),
      ...[...size(100, 30), ...isType("XTERM"), ...says(WONT, CHARSET), ...isType("XTERM")],
      ...bytes("line with LF alone\n", IAC, EOF),
    ],
    expected: {
      data: "line with LF alone\n",
      replies: [
        ...[...offers, ...says(DONT, TSPEED), ...sendType, ...says(DONT, NEW_ENVIRON)],
        ...[...says(WILL, ECHO, DO, SGA), ...sendType],
      ],
      events: ["size 100x30", "type XTERM"],
    },
  },
  "TinTin++": {
    sends: [
      ...[...says(WILL, NAWS), ...size(100, 30), ...says(WILL, TERMINAL_TYPE, WILL, CHARSET)],
      ...["TINTIN++", "xterm-256color", "MTTS 271", "MTTS 271"].flatMap(isType),
      ...[...acceptCharset, ...bytes("你好\r\n"), ...size(120, 40)],
    ],
    expected: {
      data: "你好\r\n",
      replies: [
        ...[...offers, ...sendType, ...requestCharset, ...sendType, ...sendType, ...sendType],
      ],
      events: [
        ...["size 100x30", "type TINTIN++", "type xterm-256color", "type MTTS 271"],
        ...["charset UTF-8", "size 120x40"],
      ],
    },
  },
  "TinyFugue": {
    sends: [
      ...says(WILL, NAWS, DONT, SGA),
      ...[...size(99, 26), ...says(WILL, TERMINAL_TYPE, WONT, CHARSET)],
      ...["TINYFUGUE", "ANSI-ATTR", "ANSI", "UNKNOWN", "UNKNOWN"].flatMap(isType),
      ...bytes("look\r\n"),
    ],
    expected: {
      data: "look\r\n",
      replies: [...offers, ...sendType, ...sendType, ...sendType, ...sendType, ...sendType],
      events: ["size 99x26", "type TINYFUGUE", "type ANSI-ATTR", "type ANSI", "type UNKNOWN"],
    },
  },
  "curl": {
    sends: [
      ...[...bytes("first\n"), ...says(DO, ECHO, DO, SGA, WILL, NAWS), ...size(0, 0)],
      ...says(WONT, TERMINAL_TYPE, WONT, CHARSET, WILL, BINARY, DO, BINARY, WILL, SGA),
      ...bytes("second\n"),
    ],
    expected: {
      data: "first\nsecond\n",
      replies: [
        ...[...offers, ...says(WILL, ECHO, DO, BINARY, WILL, BINARY, DO, SGA)],
      ],
      events: ["size 0x0"],
    },
  },
};

for (const [client, { sends, expected }] of Object.entries(CLIENTS)) {
  Deno.test(`TelnetFilter.filter() gets along with ${client}`, () => {
    check(sends, expected, { offers: true });
  });
}

Deno.test("TelnetFilter.filter() agrees to echo only if it makes offers", () => {
  check([...says(DO, ECHO), ...says(DONT, ECHO), ...says(WILL, ECHO)], {
    replies: [...offers, ...says(WILL, ECHO, WONT, ECHO, DONT, ECHO)],
  }, { offers: true });
  check(says(DO, ECHO), { replies: says(WONT, ECHO) });
});

Deno.test("TelnetFilter.offer() asks once, and withdraws an option agreed to", () => {
  const replies: number[] = [];
  const changed: string[] = [];
  const filter: TelnetFilter = new TelnetFilter({
    reply: (bytes) => replies.push(...bytes),
    optionChanged: (option) => changed.push(`${option} ${filter.state(option, "us")}`),
  }, { offers: true });
  filter.offer(ECHO, true);
  filter.offer(ECHO, true);
  assertEquals(filter.state(ECHO, "us"), "WANTYES");
  filter.filter(Uint8Array.from(says(DO, ECHO, DO, ECHO)));
  filter.offer(ECHO, false);
  assertEquals(filter.state(ECHO, "us"), "WANTNO");
  filter.filter(Uint8Array.from(says(DONT, ECHO)));
  filter.offer(ECHO, false);
  assertEquals(replies, says(WILL, ECHO, WONT, ECHO));
  assertEquals(changed, ["1 YES", "1 NO"]);
});

Deno.test("TelnetFilter.offer() counts as an answer, so no peer can cause more of them", () => {
  let replies = 0;
  let isOn = false;
  const filter: TelnetFilter = new TelnetFilter({
    reply: () => replies++,
    optionChanged: () => filter.offer(ECHO, isOn = !isOn),
  }, { offers: true });
  for (let round = 0; round < 500; round++) {
    filter.filter(Uint8Array.from(says(round % 2 === 0 ? DO : DONT, ECHO)));
  }
  assertEquals(replies, 100);
});

Deno.test("TelnetFilter.filter() leaves the answer to AYT to an owner that has its own", () => {
  let asked = 0;
  const replies: number[] = [];
  const peer = { reply: (bytes: Uint8Array) => replies.push(...bytes), areYouThere: () => asked++ };
  const filter = new TelnetFilter(peer, { offers: false });
  filter.filter(Uint8Array.from(Array.from({ length: 50 }, () => [IAC, AYT]).flat()));
  assertEquals(asked, 16);
  assertEquals(replies, []);
});

Deno.test("TelnetFilter.filter() never agrees to compression (MCCP), nor offers it", () => {
  const [MCCP1, MCCP2, MCCP3] = [85, 86, 87];
  check(says(DO, MCCP1, DO, MCCP2, WILL, MCCP2, DO, MCCP3), {
    replies: [...offers, ...says(WONT, MCCP1, WONT, MCCP2, DONT, MCCP2, WONT, MCCP3)],
  }, { offers: true });
});

Deno.test("TelnetFilter.filter() answers plink's telnet without making offers", () => {
  const begin = says(WILL, NAWS, WILL, TSPEED, WILL, TERMINAL_TYPE, DO, ECHO, WILL, SGA, DO, SGA);
  check([...begin, ...size(80, 24), ...isType("XTERM"), ...isType("XTERM"), ...bytes("hi\n")], {
    data: "hi\n",
    replies: [
      ...[...says(DO, NAWS, DONT, TSPEED, DO, TERMINAL_TYPE), ...sendType],
      ...[...says(WONT, ECHO, DO, SGA, WONT, SGA), ...sendType],
    ],
    events: ["size 80x24", "type XTERM"],
  });
});
