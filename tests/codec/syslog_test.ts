import { memoryUsage } from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { assert, assertEquals } from "@std/assert";
import { LEVELS } from "../../lib/level.ts";
import { type SyslogMessage, SyslogParser } from "../../lib/codec/syslog.ts";
import { IS_DENO_2_7 } from "../support/deno_2_7.ts";

/** A moment in the year after that of most examples. */
const RECEIVED = Date.UTC(2026, 10, 21, 7, 0, 0);
/** Two hours east of Greenwich, all year. */
const TWO_HOURS_EAST = (...[y, mo, d, h, mi, s]: number[]) => Date.UTC(y, mo, d, h - 2, mi, s);

/** The message in a line. Its structured data has a prototype, as literals do. */
function parse(line: string, received = RECEIVED): SyslogMessage | undefined {
  const message = new SyslogParser({ toEpoch: TWO_HOURS_EAST }).parse(line, received);
  return message && JSON.parse(JSON.stringify(message));
}

function fieldsOf(line: string, received?: number): Record<string, unknown> {
  return { ...parse(line, received)?.fields };
}

Deno.test("SyslogParser.parse() parses an RFC 5424 message", () => {
  assertEquals<unknown>(
    parse(
      '<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog 8710 ID47 [exampleSDID@32473 iut="3" eventSource="Application" eventID="1011"] \ufeffAn application event log entry...',
    ),
    {
      fields: {
        facility: "local4",
        level: "notice",
        time: "2003-10-11T22:14:15.003Z",
        host: "mymachine.example.com",
        app: "evntslog",
        procid: "8710",
        msgid: "ID47",
        data: {
          "exampleSDID@32473": { iut: "3", eventSource: "Application", eventID: "1011" },
        },
      },
      text: "An application event log entry...",
    },
  );
});

Deno.test("SyslogParser.parse() leaves out the fields that an RFC 5424 message does not have", () => {
  const fields = { facility: "local3", level: "err", app: "tag" };
  assertEquals<unknown>(parse("<155>1 - - tag - - - hello"), { fields, text: "hello" });
  assertEquals<unknown>(parse("<155>1 - - tag - - -"), { fields, text: "" });
  assertEquals<unknown>(parse("<155>1 - - tag - - - "), { fields, text: "" });
  assertEquals<unknown>(parse("<155>1 - - tag - - -  two spaces"), { fields, text: " two spaces" });
});

Deno.test("SyslogParser.parse() reads structured data in all its forms", () => {
  const data = (text: string) => fieldsOf(`<13>1 - - - - - ${text} hello`).data;
  assertEquals<unknown>(data("[a][b@1]"), { a: {}, "b@1": {} });
  assertEquals<unknown>(data('[a x="1" y=""]'), { a: { x: "1", y: "" } });
  assertEquals<unknown>(data('[a ip="1" ip="2" ip="3"]'), { a: { ip: ["1", "2", "3"] } });
  assertEquals<unknown>(data('[a x="\\"\\\\\\]" y="c:\\dir" z="\\\\"]'), {
    a: { x: '"\\]', y: "c:\\dir", z: "\\" },
  });
  assertEquals<unknown>(data('[a x="é [b] = ] "]'.replace(" ] ", " \\] ")), {
    a: { x: "é [b] = ] " },
  });
  const own = new SyslogParser().parse('<13>1 - - - - - [__proto__ __proto__="1"]', RECEIVED)!;
  assertEquals(JSON.stringify(own.fields.data), '{"__proto__":{"__proto__":"1"}}');
});

Deno.test("SyslogParser.parse() keeps an RFC 5424 header that is too short as text", () => {
  for (
    const rest of [
      "1",
      "1 ",
      "1 - - -",
      "1 2026-13-01T00:00:00Z - - - - - hello",
      "1 - - - - -hello",
      "1  - - - - - hello",
      `1 - ${"h".repeat(256)} - - - - hello`,
      "2 - - - - - - hello",
    ]
  ) {
    assertEquals<unknown>(
      parse(`<13>${rest}`),
      { fields: { facility: "user", level: "notice" }, text: rest },
      rest,
    );
  }
});

Deno.test("SyslogParser.parse() keeps the header if structured data is missing or malformed", () => {
  const cases: [string, unknown, string][] = [
    ["hello", undefined, "hello"],
    ["-hello", undefined, "-hello"],
    ['[a x="1] hello', undefined, '[a x="1] hello'],
    ["[a x=1", undefined, "[a x=1"],
    ["[] hello", undefined, "[] hello"],
    ['[a x="1"]hello', { a: { x: "1" } }, "hello"],
    ["[a x=1 y=/z] hello", { a: { x: "1", y: "/z" } }, "hello"],
  ];
  for (const [rest, data, text] of cases) {
    const fields = { facility: "user", level: "notice", host: "h", app: "app" };
    assertEquals<unknown>(
      parse(`<13>1 - h app - - ${rest}`),
      { fields: data === undefined ? fields : { ...fields, data }, text },
      rest,
    );
  }
});

Deno.test("SyslogParser.parse() keeps more than 256 values of structured data as text", () => {
  const message = (count: number) => `<13>1 - h app - - [a${' x="1"'.repeat(count)}] hello`;
  assertEquals(parse(message(255))?.text, "hello");
  const tooMany = parse(message(256))!;
  assertEquals([tooMany.fields.app, tooMany.fields.data], ["app", undefined]);
  assertEquals(tooMany.text.length, message(256).length - "<13>1 - h app - - ".length);
  assertEquals(parse(`<13>1 - h app - - ${"[a]".repeat(257)} hello`)?.fields.data, undefined);
});

Deno.test("SyslogParser.parse() parses an RFC 3164 message, and fills in year and zone", () => {
  assertEquals<unknown>(
    parse("<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8"),
    {
      fields: {
        facility: "auth",
        level: "crit",
        time: "2026-10-11T20:14:15Z",
        host: "mymachine",
        app: "su",
      },
      text: "'su root' failed for lonvick on /dev/pts/8",
    },
  );
});

Deno.test("SyslogParser.parse() reads the colon before the time of Cisco's ASA, with or without a space", () => {
  for (const start of [":", ": "]) {
    const line = `<166>${start}Nov 21 06:59:28 UTC: %ASA-6-305012: Teardown`;
    const { time, app } = fieldsOf(line);
    assertEquals([time, app], ["2026-11-21T06:59:28Z", "%ASA-6-305012"], line);
  }
  assertEquals(parse("<13>:no header: here")?.text, ":no header: here");
});

Deno.test("SyslogParser.parse() takes an RFC 5424 message that ends after its header", () => {
  const message = parse("<13>1 2026-11-21T06:59:27Z h a - -")!;
  assertEquals([message.fields.host, message.fields.app, message.text], ["h", "a", ""]);
});

Deno.test("SyslogParser.parse() finds host, tag and process as senders write them", () => {
  const time = "2026-11-21T04:59:28Z";
  const cases: [string, Record<string, string>, string][] = [
    ["host tag: hello", { host: "host", app: "tag" }, "hello"],
    ["host tag[77]: hello", { host: "host", app: "tag", procid: "77" }, "hello"],
    ["host tag:hello", { host: "host", app: "tag" }, "hello"],
    ["host tag:", { host: "host", app: "tag" }, ""],
    ["host tag:  two", { host: "host", app: "tag" }, " two"],
    // From a local socket, without a host.
    ["tag: hello", { app: "tag" }, "hello"],
    ["tag[77]: hello: there", { app: "tag", procid: "77" }, "hello: there"],
    ["fe80::1 tag: hello", { host: "fe80::1", app: "tag" }, "hello"],
    ["10.0.0.99 Use the BFG!", { host: "10.0.0.99" }, "Use the BFG!"],
    ["host [77] hello", { host: "host" }, "[77] hello"],
    ["host tag[77] hello", { host: "host", app: "tag", procid: "77" }, "hello"],
    ["host tag[x] hello", { host: "host" }, "tag[x] hello"],
    // As rsyslog forwards RFC 5424 messages without a process.
    ["host app hello there", { host: "host", app: "app" }, "hello there"],
    ["tag[77] hello", { app: "tag", procid: "77" }, "hello"],
    ["word", {}, "word"],
    ["", {}, ""],
  ];
  for (const [rest, parts, text] of cases) {
    assertEquals<unknown>(
      parse(`<13>Nov 21 06:59:28 ${rest}`),
      { fields: { facility: "user", level: "notice", time, ...parts }, text },
      rest,
    );
  }
});

Deno.test("SyslogParser.parse() reads the times that devices and rsyslog write", () => {
  const cases = [
    ["Feb  5 17:32:18", "2026-02-05T15:32:18Z"],
    ["Feb 05 17:32:18", "2026-02-05T15:32:18Z"],
    ["Nov 21 06:59:28.123456", "2026-11-21T04:59:28.123456Z"],
    ["Nov 21 2019 06:59:28", "2019-11-21T04:59:28Z"],
    ["Nov 21 2019 06:59:28:", "2019-11-21T04:59:28Z"],
    ["2019 Nov 21 06:59:28", "2019-11-21T04:59:28Z"],
    ["Nov 21 06:59:28 2019", "2019-11-21T04:59:28Z"],
    ["Nov 21 06:59:28 UTC", "2026-11-21T06:59:28Z"],
    ["Nov 21 06:59:28 CET 2019", "2019-11-21T05:59:28Z"],
    ["Nov 21 06:59:28 2019 -0500:", "2019-11-21T11:59:28Z"],
    ["nov 21 06:59:28", "2026-11-21T04:59:28Z"],
    ["NOV 21 06:59:28", "2026-11-21T04:59:28Z"],
    ["2026-11-21T06:59:28", "2026-11-21T04:59:28Z"],
    ["2026-11-21 06:59:28", "2026-11-21T04:59:28Z"],
    ["2026-11-21 06:59:28,123", "2026-11-21T04:59:28.123Z"],
    ["2026-11-21 06:59:28.1234567890Z", "2026-11-21T06:59:28.1234567890Z"],
    ["2026-11-21 06:59:28 +0200", "2026-11-21T06:59:28+02:00"],
    ["*Nov 21 06:59:28.123", "2026-11-21T04:59:28.123Z"],
    ["2026-11-21T06:59:28.5+02:00", "2026-11-21T06:59:28.5+02:00"],
  ];
  for (const [text, time] of cases) {
    assertEquals(fieldsOf(`<13>${text} host tag: hello`).time, time, text);
  }
});

Deno.test("SyslogParser.parse() does not take a year or a zone for a host, whatever came before", () => {
  const parser = new SyslogParser({ toEpoch: TWO_HOURS_EAST });
  const parts = ["", "2019 ", "UTC ", "", "2020 "].map((part) => {
    const { fields } = parser.parse(`<13>Nov 21 06:59:28 ${part}host tag: hello`, RECEIVED)!;
    return [fields.time, fields.host];
  });
  assertEquals(parts, [
    ["2026-11-21T04:59:28Z", "host"],
    ["2019-11-21T04:59:28Z", "host"],
    ["2026-11-21T06:59:28Z", "host"],
    ["2026-11-21T04:59:28Z", "host"],
    ["2020-11-21T04:59:28Z", "host"],
  ]);
});

Deno.test("SyslogParser.parse() reads the headers of Cisco's devices", () => {
  const meta = (sequenceId: string) => ({ data: { meta: { sequenceId } } });
  const cases: [string, Record<string, unknown>][] = [
    ["23: *Mar  1 00:01:02.345: %SYS-5-X: ", { ...meta("23"), time: "2026-02-28T22:01:02.345Z" }],
    ["23: R1: Mar  1 00:01:02 UTC: %SYS-5-X: ", {
      ...meta("23"),
      host: "R1",
      time: "2026-03-01T00:01:02Z",
    }],
    [": 2017 Sep  5 10:33:25 UTC: %SYS-5-X: ", { time: "2017-09-05T10:33:25Z" }],
    [": %SYS-5-X: ", {}],
    ["%SYS-5-X: ", {}],
    ["Jul 14 2013 12:34:56: %SYS-5-X: ", { time: "2013-07-14T10:34:56Z" }],
    ["Jul 14 2013 12:34:56 fw : %SYS-5-X: ", { time: "2013-07-14T10:34:56Z", host: "fw" }],
  ];
  for (const [header, parts] of cases) {
    assertEquals<unknown>(
      parse(`<189>${header}Configured from console`),
      {
        fields: { facility: "local7", level: "notice", ...parts, app: "%SYS-5-X" },
        text: "Configured from console",
      },
      header,
    );
  }
});

Deno.test("SyslogParser.parse() finds a tag without a time, by its colon", () => {
  const cases: [string, Record<string, string>, string][] = [
    ["xapi: hello", { app: "xapi" }, "hello"],
    ["myapp[77]: hello", { app: "myapp", procid: "77" }, "hello"],
    ["hello world", {}, "hello world"],
    ["23: hello", {}, "23: hello"],
    ["http://example.org", {}, "http://example.org"],
    ["a b: hello", {}, "a b: hello"],
  ];
  for (const [rest, parts, text] of cases) {
    assertEquals<unknown>(
      parse(`<13>${rest}`),
      { fields: { facility: "user", level: "notice", ...parts }, text },
      rest,
    );
  }
});

Deno.test("SyslogParser.parse() recognises the sentences that syslogd writes in place of a host or a tag", () => {
  const time = "2026-05-05T08:00:00Z";
  const cases: [string, Record<string, string>, string][] = [
    ["last message repeated 2 times", {}, "last message repeated 2 times"],
    ["h last message repeated 2 times", { host: "h" }, "last message repeated 2 times"],
    ["Message forwarded from aix1: sshd[7]: hi", { host: "aix1", app: "sshd", procid: "7" }, "hi"],
  ];
  for (const [rest, parts, text] of cases) {
    assertEquals<unknown>(
      parse(`<13>May  5 10:00:00 ${rest}`),
      { fields: { facility: "user", level: "notice", time, ...parts }, text },
      rest,
    );
  }
});

Deno.test("SyslogParser.parse() skips spaces between priority and header", () => {
  assertEquals(fieldsOf("<38> Mar  7 19:06:53 example tag: hello").app, "tag");
  assertEquals(parse("<38> hello")?.text, " hello");
});

Deno.test("SyslogParser.parse() takes the latest year that is not in the future", () => {
  const at = (received: string, text: string) =>
    fieldsOf(`<13>${text} host tag: hello`, Date.parse(received)).time;
  assertEquals(at("2027-01-01T00:00:10Z", "Dec 31 23:59:59"), "2026-12-31T21:59:59Z");
  assertEquals(at("2026-12-31T21:59:00Z", "Jan  1 00:00:01"), "2026-12-31T22:00:01Z");
  assertEquals(at("2026-12-31T23:59:00Z", "Jan  1 01:00:00"), "2026-12-31T23:00:00Z");
  assertEquals(at("2026-06-30T00:00:00Z", "Jun 30 12:00:00"), "2026-06-30T10:00:00Z");
  assertEquals(at("2026-06-29T10:00:01Z", "Jun 30 12:00:00"), "2026-06-30T10:00:00Z");
  assertEquals(at("2026-06-29T09:59:59Z", "Jun 30 12:00:00"), "2025-06-30T10:00:00Z");
  assertEquals(at("2025-01-05T00:00:00Z", "Feb 29 12:00:00"), "2024-02-29T10:00:00Z");
  assertEquals(at("2103-01-05T00:00:00Z", "Feb 29 12:00:00"), "2096-02-29T10:00:00Z");
});

Deno.test("SyslogParser.parse() fills in another year if the same time arrives much later", () => {
  const parser = new SyslogParser({ toEpoch: TWO_HOURS_EAST });
  const years = [2024, 2025].map((year) => {
    const received = Date.UTC(year, 10, 21, 7);
    return parser.parse("<13>Nov 21 06:59:28 host tag: hello", received)!.fields.time!.slice(0, 4);
  });
  assertEquals(years, ["2024", "2025"]);
});

Deno.test("SyslogParser.parse() takes an invalid time for text", () => {
  for (
    const text of ["Nov 31 06:59:28 h t: x", "Nov 21 24:00:00 h t: x", "Nix 21 06:00:00 h t: x"]
  ) {
    assertEquals<unknown>(
      parse(`<13>${text}`),
      { fields: { facility: "user", level: "notice" }, text },
    );
  }
});

Deno.test("SyslogParser.parse() reads every priority", () => {
  const names = Array.from({ length: 192 }, (_, priority) => {
    const { facility, level } = fieldsOf(`<${priority}>hello`);
    return `${facility}.${level}`;
  });
  assertEquals(new Set(names).size, 192);
  assertEquals([names[0], names[13], names[155], names[191]], [
    "kern.emerg",
    "user.notice",
    "local3.err",
    "local7.debug",
  ]);
  assertEquals(names.map((name) => name.split(".")[1]), names.map((_, index) => LEVELS[index % 8]));
});

Deno.test("SyslogParser.parse() requires a priority at the beginning", () => {
  const others = ["", "<", "<13", "<>x", "<192>x", "<013>x", "<00>x", "<1234>x", "<-1>x", " <13>x"];
  assertEquals(others.map((text) => parse(text)), others.map(() => undefined));
});

Deno.test("SyslogParser.parse() keeps newlines and other controls in the text", () => {
  assertEquals(parse("<13>1 - - - - - - a\nb\0\x1b")?.text, "a\nb\0\x1b");
});

Deno.test("A parser keeps nothing of the text that came with its last message", {
  ignore: IS_DENO_2_7,
}, () => {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  collect();
  const { heapUsed } = memoryUsage();
  const parsers = Array.from({ length: 100 }, (_, index) => {
    const head = `<13>1 - host-${index}.example.com application-${index} 123 - - started\n`;
    const chunk = decoder.decode(encoder.encode(head + "x".repeat(2 ** 16)));
    const parser = new SyslogParser();
    parser.parse(chunk.slice(0, chunk.indexOf("\n")), RECEIVED);
    return parser;
  });
  collect();
  const keptBytes = memoryUsage().heapUsed - heapUsed;
  assertEquals(parsers.length, 100);
  assert(keptBytes < 100 * 8192, `${keptBytes}`);
});
