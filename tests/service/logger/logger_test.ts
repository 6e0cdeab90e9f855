import { concat } from "@std/bytes/concat";
import { assertEquals, assertLess, assertMatch } from "@std/assert";
import { settle } from "../../support/fake_clock.ts";
import { LoggerScene, receiptOf } from "./logger_scene.ts";

const encoder = new TextEncoder();

Deno.test("Logger keeps every line in the room, and sends a receipt at the end", async () => {
  await using scene = new LoggerScene();
  const answers = await scene.pour("hello\r\n\n  last");
  assertEquals(answers, [await receiptOf(["hello", "", "  last"])]);
  assertEquals(await scene.read(), ["192.0.2.7| hello", "192.0.2.7| ", "192.0.2.7|   last"]);
  const [event] = await scene.stored();
  assertEquals([event.kind, event.via, event.fields, event.at], [
    "log",
    "tcp",
    undefined,
    scene.clock.now(),
  ]);
});

Deno.test("Logger prints connections, lines and disconnections", async () => {
  await using scene = new LoggerScene();
  await scene.pour("hello\n\x1b[2J\u009b\u202e\n");
  assertEquals(scene.printed, [
    "Got connection from 192.0.2.7:5001",
    "hello",
    "^[[2J<U+009B><U+202E>",
    "192.0.2.7:5001 disconnected",
  ]);
});

Deno.test("Logger prints each line when it arrives, from several peers in order of arrival", async () => {
  await using scene = new LoggerScene();
  const [a, b] = [scene.connect(), scene.connect()];
  const says = async (peer: typeof a, text: string) => {
    peer.send(text);
    await peer.until(() => scene.printed.at(-1) === text);
  };
  await says(a, "a1");
  await says(b, "b1");
  await says(a, "a2");
  await a.vanish();
  assertEquals(scene.printed, [
    "Got connection from 192.0.2.7:5001",
    "a1",
    "Got connection from 192.0.2.7:5002",
    "b1",
    "a2",
    "192.0.2.7:5001 disconnected",
  ]);
});

Deno.test("Logger writes to the endpoint's room, or says why it cannot", async () => {
  await using scene = new LoggerScene({ endpointOptions: { room: "#Builds" } });
  assertEquals(await scene.pour("x\n"), [await receiptOf(["x"], { room: "Builds" })]);
  await using other = new LoggerScene({ endpointOptions: { room: "a b" } });
  assertEquals(await other.pour("x\n"), [
    "! Room names may contain only letters, digits, _ - and .",
  ]);
});

Deno.test("Logger spells the room in a receipt as it was first written", async () => {
  await using scene = new LoggerScene({ endpointOptions: { room: "BUILDS" } });
  await scene.log.append([{ room: "Builds", kind: "message", from: "ann", body: "hi" }]);
  assertEquals(await scene.pour("x\n"), [await receiptOf(["x"], { firstSeq: 2, room: "Builds" })]);
});

Deno.test("Logger parses syslog, with host and program as source", async () => {
  await using scene = new LoggerScene();
  await scene.pour(
    '<155>1 2026-11-21T06:29:59Z web1 nginx 77 M1 [a@1 k="v"] upstream timed out\n' +
      "<13>Nov 21 06:29:59 db.example su[1]: hello\n" +
      "<13>1 - - tag - - - no host\n<13>1 - host - - - - no app\n<13>neither\n<999>no syslog\n",
  );
  assertEquals(await scene.read(), [
    "web1/nginx| upstream timed out",
    "db.example/su| hello",
    "tag| no host",
    "host| no app",
    "192.0.2.7| neither",
    "192.0.2.7| <999>no syslog",
  ]);
  const events = await scene.stored();
  assertEquals(events.map(({ via }) => via), [..."12345"].map(() => "syslog").concat("tcp"));
  assertEquals(JSON.parse(JSON.stringify(events[0].fields)), {
    facility: "local3",
    level: "err",
    time: "2026-11-21T06:29:59Z",
    host: "web1",
    app: "nginx",
    procid: "77",
    msgid: "M1",
    data: { "a@1": { k: "v" } },
  });
  // The time of arrival is kept beside the sender's.
  assertEquals(events[0].at, scene.clock.now());
});

Deno.test("Logger ends syslog messages at a NUL, on streams that begin with one", async () => {
  for (const framing of ["auto", "syslog"]) {
    await using scene = new LoggerScene({ endpointOptions: { framing } });
    await scene.pour("<11>one\0<12>myapp[77]: two\0<14>three\0");
    assertEquals(await scene.read(), ["192.0.2.7| one", "myapp| two", "192.0.2.7| three"]);
  }
  await using scene = new LoggerScene();
  await scene.pour("a\0b\n<11>c\0\n");
  assertEquals(await scene.read(), ["192.0.2.7| a\0b", "192.0.2.7| c\0"]);
});

Deno.test("Logger keeps JSON objects as fields, with a level of a common name", async () => {
  await using scene = new LoggerScene();
  const lines = [
    '{"level":"ERROR","msg":"disk full","disk":"/var","n":[1,{"a":null}]}',
    '{"level":30,"msg":"up"}',
    '{"severity":"warn"}',
    '{"level":"loud","PRIORITY":"3"}',
    '{"level":"loud"}',
    ' \t{"severity":"warn"} ',
    "{broken",
    "[1]",
  ];
  assertEquals(await scene.pour(lines.join("\n")), [await receiptOf(lines)]);
  const events = await scene.stored();
  assertEquals(events.map(({ body }) => body), lines);
  assertEquals<unknown>(events.map(({ fields }) => fields), [
    { level: "err", msg: "disk full", disk: "/var", n: [1, { a: null }] },
    { level: "info", msg: "up" },
    { level: "warning", severity: "warn" },
    { level: "err", PRIORITY: "3" },
    { level: "loud" },
    { level: "warning", severity: "warn" },
    undefined,
    undefined,
  ]);
});

Deno.test("Logger reads the level of a coloured line, and stores the line as received", async () => {
  await using scene = new LoggerScene();
  const lines = [
    "\x1b[31mERROR\x1b[0m: zq1",
    "\x1b[2m2026-11-21T06:30:00Z\x1b[0m \x1b[33m WARN\x1b[0m app: x",
  ];
  assertEquals(await scene.pour(lines.join("\n")), [await receiptOf(lines)]);
  const events = await scene.stored();
  assertEquals(events.map(({ body }) => body), lines);
  assertEquals(events.map(({ fields }) => fields?.level), ["err", "warning"]);
});

Deno.test("Logger with zone= reads times without a zone as those of that zone", async () => {
  await using scene = new LoggerScene({ endpointOptions: { zone: "Asia/Tokyo" } });
  await scene.pour([
    "<13>Nov 21 12:00:00 host app: without a zone",
    "<13>Nov 21 12:00:00 CET host app: with one",
    "<13>1 2026-11-21T12:00:00 host app - - - without one",
    "<13>1 2026-11-21T12:00:00Z host app - - - with one",
  ].join("\n"));
  assertEquals((await scene.stored()).map(({ fields }) => fields?.time), [
    "2026-11-21T03:00:00Z",
    "2026-11-21T11:00:00Z",
    "2026-11-21T03:00:00Z",
    "2026-11-21T12:00:00Z",
  ]);
});

/** 错误, "error", in GBK. */
const GBK_ERROR = Uint8Array.of(0xb4, 0xed, 0xce, 0xf3);

Deno.test("Logger with charset= reads lines that are not UTF-8, in every framing", async () => {
  const utf8 = encoder.encode("错误");
  const line = (text: Uint8Array) => concat([text, encoder.encode("\n")]);
  const count = (text: Uint8Array) => concat([encoder.encode(`${text.length} `), text]);
  for (const framing of ["auto", "line", "syslog", "octet"]) {
    await using scene = new LoggerScene({ endpointOptions: { charset: "gbk", framing } });
    const framed = [utf8, GBK_ERROR].map(framing === "octet" ? count : line);
    await scene.pour(concat(framed));
    const stored = (await scene.stored()).map(({ body }) => body);
    assertEquals(stored, ["错误", "错误"], framing);
  }
  await using scene = new LoggerScene({ endpointOptions: { charset: "gbk", framing: "raw" } });
  await scene.pour(GBK_ERROR);
  assertEquals((await scene.stored()).map(({ body }) => body), ["错误"]);
});

Deno.test("Logger without charset= repairs lines that are not UTF-8", async () => {
  await using scene = new LoggerScene();
  await scene.pour(GBK_ERROR);
  const [line, gap] = await scene.stored();
  assertEquals([line.body.includes("\ufffd"), gap.kind], [true, "gap"]);
});

Deno.test("Logger turns hosts and programs into harmless names", async () => {
  await using scene = new LoggerScene();
  await scene.pour(`<13>1 - a\x01b <c>\x1b - - - x\n<13>1 - ${"h".repeat(200)} é你 - - - y\n`);
  assertEquals(await scene.read(), [`a_b/_c__| x`, `${"h".repeat(64)}| y`]);
});

Deno.test("Logger detects octet counting", async () => {
  await using scene = new LoggerScene();
  const frame = (text: string) => `${encoder.encode(text).length} ${text}`;
  const bodies = ["one", "two\nlines", "dré"];
  const answers = await scene.pour(
    bodies.map((body) => frame(`<13>1 - host app - - - ${body}`)).join(""),
  );
  assertEquals(answers, [await receiptOf(bodies)]);
  assertEquals(await scene.read(), ["host/app| one", "host/app| two\nlines", "host/app| dré"]);
});

Deno.test("Logger finds the messages after an invalid first count", async () => {
  // Together they are longer than a line may be, and none has a newline.
  const good = Array.from({ length: 100 }, (_, number) => `good ${number} ${"x".repeat(1000)}`);
  const frames = good.map((body) => `<13>1 - host app - - - ${body}`)
    .map((message) => `${message.length} ${message}`).join("");
  for (const bad of ["12345678 <13>many", "00000000000000000009 <13>many", "012 <13>zero"]) {
    await using scene = new LoggerScene();
    assertEquals(await scene.pour(bad + frames), [await receiptOf([bad, ...good])]);
    const expected = [`192.0.2.7| ${bad}`, ...good.map((body) => `host/app| ${body}`)];
    assertEquals(await scene.read(), expected);
  }
});

Deno.test("Logger finds the lines after an invalid first count", async () => {
  await using scene = new LoggerScene();
  await scene.pour("012 <13>zero\n<13>1 - host app - - - by newline\nplain\n");
  assertEquals(await scene.read(), [
    "192.0.2.7| 012 <13>zero",
    "host/app| by newline",
    "192.0.2.7| plain",
  ]);
});

Deno.test("Logger takes a line that begins with a number for a line", async () => {
  await using scene = new LoggerScene();
  const lines = ["12 files changed", "3 <abc>", "2026-11-21 06:30:00 up", "7"];
  assertEquals(await scene.pour(lines.join("\n")), [await receiptOf(lines)]);
});

Deno.test("Logger with framing=line keeps every line as it is", async () => {
  await using scene = new LoggerScene({ endpointOptions: { framing: "line" } });
  const lines = ["5 <13>x", "<13>1 - host app - - - x", '{"level":3}'];
  assertEquals(await scene.pour(lines.join("\n")), [await receiptOf(lines)]);
  assertEquals(await scene.read(), lines.map((line) => `192.0.2.7| ${line}`));
  assertEquals((await scene.stored()).map(({ fields }) => fields), lines.map(() => undefined));
});

Deno.test("Logger with framing=octet accepts any counted text", async () => {
  await using scene = new LoggerScene({ endpointOptions: { framing: "octet" } });
  const answers = await scene.pour('5 @name5 hello6 a\nb\nc\n13 {"level":"x"}12 <13>1 - h a ');
  const lines = ["@name", "hello", "a\nb\nc", '{"level":"x"}', "1 - h a "];
  assertEquals(answers, [await receiptOf(lines)]);
});

Deno.test("Logger with framing=syslog recognises neither requests nor JSON", async () => {
  await using scene = new LoggerScene({ endpointOptions: { framing: "syslog" } });
  await scene.pour('@name\n{"level":3}\n<13>1 - host app - - - x\n');
  assertEquals(await scene.read(), ["192.0.2.7| @name", '192.0.2.7| {"level":3}', "host/app| x"]);
  assertEquals((await scene.stored())[1].fields, undefined);
  await scene.pour("27 <13>1 - host app - - - two\n!");
  assertEquals((await scene.read()).slice(3), ["host/app| two", "192.0.2.7| !"]);
});

Deno.test("Logger with framing=raw keeps chunks as they arrive, wherever they end", async () => {
  await using scene = new LoggerScene({ endpointOptions: { framing: "raw" } });
  const peer = scene.connect();
  const lines: string[] = [];
  const says = async (bytes: Uint8Array | string, ...own: string[]) => {
    lines.push(...own);
    peer.sendBytes(typeof bytes === "string" ? encoder.encode(bytes) : bytes);
    await peer.until(() => scene.printed.length === 1 + lines.length);
  };
  await peer.until(() => scene.printed.length === 1);
  await says("@par", "@par");
  await says("tial\r\n", "tial");
  await says("a\nb\r\n\r\nc", "a", "b", "", "c");
  await says("\x1b[2J\r", "\x1b[2J\r");
  // A character in two chunks, and one that is never complete.
  await says(Uint8Array.of(0x61, 0xc3), "a");
  await says(Uint8Array.of(0xa9), "é");
  await says(Uint8Array.of(0xe4, 0x62), "\ufffdb");
  peer.sendBytes(Uint8Array.of(0x63, 0xe4));
  lines.push("c", "\ufffd");
  const [receipt] = await peer.finish();
  assertMatch(receipt, /^stored 12 lines as #1-#13 in log /);
  assertEquals(scene.printed.at(7), "^[[2J");
  const logged = (await scene.stored()).filter(({ kind }) => kind === "log");
  assertEquals(logged.map(({ body }) => body), lines);
});

Deno.test("Logger cuts long lines, and records a gap after them", async () => {
  await using scene = new LoggerScene();
  const answers = await scene.pour(`${"x".repeat(70_000)}\nnext\n`);
  assertMatch(answers[0], /^stored 2 lines as #1-#3 in log /);
  const [cut, gap, next] = await scene.stored();
  assertEquals([cut.body.length, next.body], [65_536, "next"]);
  assertEquals(
    [gap.kind, gap.from, gap.body, gap.fields],
    [
      "gap",
      "192.0.2.7",
      "1 line from 192.0.2.7 was too long: 4,464 bytes were cut off",
      { reason: "cut", lines: 1, bytes: 4464 },
    ],
  );
});

Deno.test("Logger records one gap after consecutive damaged lines", async () => {
  await using scene = new LoggerScene();
  await scene.pour(Uint8Array.of(...encoder.encode("@pipe\ngood\n"), 0xff, 10, 0xfe, 0xfd, 10, 97));
  assertEquals(await scene.read(), [
    "pipe| good",
    "pipe| \ufffd",
    "pipe| \ufffd\ufffd",
    "* gap: 3 places in 2 lines from pipe were not UTF-8, shown as \ufffd",
    "pipe| a",
  ]);
});

Deno.test("Logger records missing bytes of a counted message", async () => {
  await using scene = new LoggerScene();
  await scene.pour("40 <13>1 - host app - - - hello");
  assertEquals(await scene.read(), [
    "host/app| hello",
    "* gap: 1 line from 192.0.2.7 ended before the announced length: 12 bytes were missing",
  ]);
});

Deno.test("Logger keeps bytes that look like telnet, as far as possible", async () => {
  await using scene = new LoggerScene();
  await scene.pour(Uint8Array.of(97, 255, 244, 255, 253, 6, 98, 255, 10, 99));
  assertEquals(await scene.read(), [
    "192.0.2.7| a\ufffd\ufffd\ufffd\ufffd\x06b\ufffd",
    "* gap: 5 places in 1 line from 192.0.2.7 were not UTF-8, shown as \ufffd",
    "192.0.2.7| c",
  ]);
});

Deno.test("Logger answers and disconnects a peer that speaks HTTP, and records the loss", async () => {
  for (
    const request of [
      "POST /x HTTP/1.1\r\nHost: x\r\n\r\n@name\nline\n",
      "GET / HTTP/1.0\r\n\r\n",
    ]
  ) {
    await using scene = new LoggerScene();
    const answers = await scene.pour(request);
    assertEquals(answers[0], "HTTP/1.1 400 Bad Request");
    assertEquals(answers.at(-1), "");
    assertEquals(await scene.read(), [
      `* gap: ${request.length} bytes from 192.0.2.7 were HTTP or TLS, not a log, and were not kept`,
    ]);
    assertEquals((await scene.stored())[0].fields, { reason: "protocol", bytes: request.length });
    assertEquals(scene.printed, []);
  }
});

Deno.test("Logger answers a request that arrives line by line", async () => {
  await using scene = new LoggerScene();
  const peer = scene.connect();
  for (const line of ["GET / HTTP/1.1", "Host: x", "", ""]) {
    peer.send(line);
    await settle();
  }
  peer.end();
  assertEquals((await peer.finish())[0], "HTTP/1.1 400 Bad Request");
  assertEquals((await scene.stored()).map(({ kind }) => kind), ["gap"]);
});

const REQUEST_LOG = ["GET /a HTTP/1.1", "Host: unknown", "and more"];

Deno.test("Logger keeps a log that begins with a request line", async () => {
  const logs = [
    ["GET /a HTTP/1.1", "GET /b HTTP/1.1", "done"],
    ["GET /a HTTP/1.1", "Error: but no header", "either"],
    ["GET /a HTTP/1.1"],
  ];
  for (const lines of logs) {
    await using scene = new LoggerScene();
    assertEquals(await scene.pour(lines.join("\n") + "\n"), [await receiptOf(lines)]);
  }
  for (const framing of ["line", "syslog"]) {
    await using scene = new LoggerScene({ endpointOptions: { framing } });
    assertEquals(await scene.pour(REQUEST_LOG.join("\n") + "\n"), [await receiptOf(REQUEST_LOG)]);
  }
});

Deno.test("Logger keeps a request line that nothing follows for a second", async () => {
  await using scene = new LoggerScene();
  const peer = scene.connect();
  peer.send("GET /a HTTP/1.1");
  await settle();
  assertEquals(await scene.stored(), []);
  await scene.advance(1200);
  assertEquals((await scene.stored()).map(({ body }) => body), ["GET /a HTTP/1.1"]);
  peer.send("Host: late");
  peer.end();
  assertEquals(await peer.finish(), [await receiptOf(["GET /a HTTP/1.1", "Host: late"])]);
});

Deno.test("Logger stops reading while the log is behind, and loses nothing", async () => {
  await using scene = new LoggerScene();
  const gate = Promise.withResolvers<void>();
  scene.log.beforeStoring = () => gate.promise;
  const peer = scene.connect();
  const lines = Array.from({ length: 500 }, (_, number) => `${number} ${"x".repeat(20_000)}`);
  for (const line of lines) peer.sendText(`${line}\n`);
  peer.end();
  await settle(1000);
  const read = scene.printed.length;
  await settle(1000);
  assertEquals(scene.printed.length, read);
  assertLess(read, 200);
  gate.resolve();
  assertEquals(await peer.finish(), [await receiptOf(lines)]);
});
