import { assertEquals } from "@std/assert";
import { LEVELS } from "../../lib/level.ts";
import { type SyslogMessage, SyslogParser } from "../../lib/codec/syslog.ts";

/** A moment in the year after that of most examples. */
const RECEIVED = Date.UTC(2026, 10, 21, 7, 0, 0);
/** Two hours east of Greenwich, all year. */
const TWO_HOURS_EAST = (...[y, mo, d, h, mi, s]: number[]) => Date.UTC(y, mo, d, h - 2, mi, s);

/** The message in a line, its structured data with a prototype as literals have it. */
function parse(line: string, received = RECEIVED): SyslogMessage | undefined {
  const message = new SyslogParser({ toEpoch: TWO_HOURS_EAST }).parse(line, received);
  return message && JSON.parse(JSON.stringify(message));
}

function fieldsOf(line: string, received?: number): Record<string, unknown> {
  return { ...parse(line, received)?.fields };
}

Deno.test("SyslogParser.parse() takes a message of RFC 5424 apart", () => {
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

Deno.test("SyslogParser.parse() leaves out what a message of RFC 5424 does not say", () => {
  const fields = { facility: "local3", level: "err", app: "tag" };
  assertEquals<unknown>(parse("<155>1 - - tag - - - hello"), { fields, text: "hello" });
  assertEquals<unknown>(parse("<155>1 - - tag - - -"), { fields, text: "" });
  assertEquals<unknown>(parse("<155>1 - - tag - - - "), { fields, text: "" });
  assertEquals<unknown>(parse("<155>1 - - tag - - -  two spaces"), { fields, text: " two spaces" });
});

Deno.test("SyslogParser.parse() reads structured data with all that may be in it", () => {
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

Deno.test("SyslogParser.parse() takes a broken header of RFC 5424 for text, and loses none of it", () => {
  for (
    const rest of [
      "1",
      "1 ",
      "1 - - -",
      "1 2026-13-01T00:00:00Z - - - - - hello",
      "1 2026-11-21 06:59:27 host app - - - hello",
      "1 2026-11-21T06:59:27 host app - - - hello",
      "1 - - - - - hello",
      '1 - - - - - [a x="1] hello',
      "1 - - - - - [a x=1] hello",
      '1 - - - - - [a x="1"]hello',
      "1 - - - - - [] hello",
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

Deno.test("SyslogParser.parse() takes a message of RFC 3164 apart, and supplies year and zone", () => {
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

Deno.test("SyslogParser.parse() finds host, tag and process as senders write them", () => {
  const time = "2026-11-21T04:59:28Z";
  const cases: [string, Record<string, string>, string][] = [
    ["host tag: hello", { host: "host", app: "tag" }, "hello"],
    ["host tag[77]: hello", { host: "host", app: "tag", procid: "77" }, "hello"],
    ["host tag:hello", { host: "host", app: "tag" }, "hello"],
    ["host tag:", { host: "host", app: "tag" }, ""],
    ["host tag:  two", { host: "host", app: "tag" }, " two"],
    // By a local socket, without a host.
    ["tag: hello", { app: "tag" }, "hello"],
    ["tag[77]: hello: there", { app: "tag", procid: "77" }, "hello: there"],
    ["fe80::1 tag: hello", { host: "fe80::1", app: "tag" }, "hello"],
    ["10.0.0.99 Use the BFG!", { host: "10.0.0.99" }, "Use the BFG!"],
    ["host [77] hello", { host: "host" }, "[77] hello"],
    ["host tag[77] hello", { host: "host", app: "tag", procid: "77" }, "hello"],
    ["host tag[x] hello", { host: "host" }, "tag[x] hello"],
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
    ["*Nov 21 06:59:28.123", "2026-11-21T04:59:28.123Z"],
    ["2026-11-21T06:59:28.5+02:00", "2026-11-21T06:59:28.5+02:00"],
  ];
  for (const [text, time] of cases) {
    assertEquals(fieldsOf(`<13>${text} host tag: hello`).time, time, text);
  }
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

Deno.test("SyslogParser.parse() supplies another year when the same time comes much later", () => {
  const parser = new SyslogParser({ toEpoch: TWO_HOURS_EAST });
  const years = [2024, 2025].map((year) => {
    const received = Date.UTC(year, 10, 21, 7);
    return parser.parse("<13>Nov 21 06:59:28 host tag: hello", received)!.fields.time!.slice(0, 4);
  });
  assertEquals(years, ["2024", "2025"]);
});

Deno.test("SyslogParser.parse() takes a time that is none for text", () => {
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

Deno.test("SyslogParser.parse() takes nothing for a message that does not begin with a priority", () => {
  const others = ["", "<", "<13", "<>x", "<192>x", "<013>x", "<00>x", "<1234>x", "<-1>x", " <13>x"];
  assertEquals(others.map((text) => parse(text)), others.map(() => undefined));
});

Deno.test("SyslogParser.parse() keeps newlines and other controls in the text", () => {
  assertEquals(parse("<13>1 - - - - - - a\nb\0\x1b")?.text, "a\nb\0\x1b");
});
