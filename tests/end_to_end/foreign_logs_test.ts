/** Log lines as other programs and devices write them, sent to the real program. */

import { assert, assertEquals } from "@std/assert";
import type { EventJson } from "../../lib/domain/event_json.ts";
import { LineClient } from "../support/line_client.ts";
import { runToEnd, ServerProcess, TROUBLE } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

/** Starts a server whose third port is the logger's. */
function start(loggerOptions = "", args: readonly string[] = []): Promise<ServerProcess> {
  const endpoints = ["telnet", "tcp"].map((scheme) => `chat=${scheme}://127.0.0.1:0`);
  const listen = [...endpoints, `logger=tcp://127.0.0.1:0${loggerOptions}`];
  return ServerProcess.start({
    args: [
      ...listen.flatMap((value) => ["--listen", value]),
      "--web",
      "http://127.0.0.1:0",
      ...args,
    ],
  });
}

/** Sends bytes to the logger, and returns its receipt. */
async function pour(server: ServerProcess, text: string | Uint8Array): Promise<string> {
  const connection = await Deno.connect({ port: server.ports[2] });
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
  await connection.closeWrite();
  return (await new Response(connection.readable).text()).trim();
}

async function readLog(server: ServerProcess): Promise<EventJson[]> {
  const answer = await fetch(`${server.web}/api/rooms/log/messages?limit=200`);
  return (await answer.json()).events;
}

Deno.test("A coloured log line is found, shown and reported without its colours, and kept with them", async () => {
  using directory = new TemporaryDirectory();
  const config = `${directory.path}/partyline.toml`;
  await Deno.writeTextFile(config, '[alerts.zq]\nquery = "error zq1"\nroom = "ops"\n');
  await using server = await start("", ["--config", config]);
  const ann = await LineClient.enter(server.ports[1], "ann");
  await ann.send("/join log");
  await ann.expect("* You are in #log");
  await ann.send("/join ops");
  await ann.expect("* You are in #ops");
  const sent = "\x1b[31mERROR\x1b[0m: zq1 at  9 %\r\x1b[31mERROR\x1b[0m: zq1 at 10 %";
  await pour(server, `@make\n${sent}\n`);
  const shown = "make| ERROR: zq1 at 10 %";
  await ann.expect(`#log ${shown}\r\n`);
  await ann.expect(/\* Alert zq: log#\d+ make\| ERROR: zq1 at 10 %\r\n/);
  await ann.send("/search error zq1 kind:log");
  await ann.expect(/log#\d+ \S+ \S+ make\| \*ERROR\*: \*zq1\* at 10 %\r\n/);
  await ann.send("/join log", "/history 1");
  await ann.expect(shown);
  assertEquals(ann.transcript.includes("^["), false);
  await ann.close();

  const answer = await fetch(`${server.web}/api/search?q=error+zq1+kind:log`);
  const { hits: [{ event, snippet }] } = await answer.json();
  assertEquals([event.body, event.fields.level], [sent, "err"]);
  const text = snippet.map((part: { text: string }) => part.text).join("");
  assertEquals(text, "ERROR: zq1 at 10 %");

  for (const command of [["tail", "log"], ["search", "error zq1 level:err"]]) {
    const { stdout } = await runToEnd([...command, "--data", server.data]);
    assert(stdout.includes(`${shown}\n`), stdout);
  }
  assert(!TROUBLE.test(server.stderr), server.stderr);
});

Deno.test("The logger reads the headers that devices and daemons write", async () => {
  const year = new Date().getFullYear();
  const cases: [line: string, from: string, body: string, fields: Record<string, unknown>][] = [
    [
      "<189>23: *Mar  1 00:01:02.345: %SYS-5-CONFIG_I: Configured from console by vty0",
      "_SYS-5-CONFIG_I",
      "Configured from console by vty0",
      { app: "%SYS-5-CONFIG_I", level: "notice", time: /^\d{4}-0[23]-\d\dT\d\d:\d1:02\.345Z$/ },
    ],
    [
      "<38> Mar  7 19:06:53 example tag: testmessage",
      "example/tag",
      "testmessage",
      { host: "example", app: "tag" },
    ],
    [
      "<189>1 2024-02-03T12:34:56Z h p 1 m [Originator@6876 sub=Vimsvc.ha-eventmgr user=root] msg",
      "h/p",
      "msg",
      { time: "2024-02-03T12:34:56Z", host: "h", app: "p", procid: "1", msgid: "m" },
    ],
    [
      "<134>1 2009-10-16T11:51:56 mail1 directory 20208 - - text",
      "mail1/directory",
      "text",
      { time: "2009-10-16T09:51:56Z", host: "mail1", app: "directory", procid: "20208" },
    ],
    ["<13>May  5 10:00:00 h app hello there", "h/app", "hello there", { host: "h", app: "app" }],
  ];
  await using server = await start("?zone=Europe/Berlin");
  await pour(server, cases.map(([line]) => `${line}\n`).join(""));
  const events = await readLog(server);
  assertEquals(
    events.map(({ from, body }) => [from, body]),
    cases.map(([, ...rest]) => rest.slice(0, 2)),
  );
  for (const [index, [line, , , expected]] of cases.entries()) {
    for (const [name, value] of Object.entries(expected)) {
      const actual = events[index].fields?.[name] as string;
      if (value instanceof RegExp) assert(value.test(actual), `${actual} in ${line}`);
      else assertEquals(actual, value, `${name} of ${line}`);
    }
  }
  assert((events[4].fields?.time as string) <= `${year + 1}`, "a year that has begun");
});

Deno.test("The logger ends messages at the NUL of Python's SysLogHandler", async () => {
  await using server = await start();
  assert(
    (await pour(server, "<11>one\0<12>myapp[77]: two\0<14>three\0")).startsWith("stored 3 lines"),
  );
  assertEquals(
    (await readLog(server)).map(({ from, body, fields }) => [from, body, fields?.level]),
    [
      ["127.0.0.1", "one", "err"],
      ["myapp", "two", "warning"],
      ["127.0.0.1", "three", "info"],
    ],
  );
});

Deno.test("The logger reads the levels of JSON from many libraries", async () => {
  const lines: [string, string][] = [
    [
      '{"@t":"2016-06-07T03:44:57.8532799Z","@m":"serilog compact","@l":"Warning"}',
      "warning",
    ],
    [
      '{"Timestamp":"2016-06-07T13:44:57.8532799+10:00","Level":"Warning","MessageTemplate":"serilog json"}',
      "warning",
    ],
    ['{"LogLevel":"Error","Category":"C","Message":".NET console"}', "err"],
    ['{"log":{"level":"error"},"message":"ECS nested"}', "err"],
    ['{"levelname":"ERROR","message":"python-json-logger"}', "err"],
    ['{"level":400,"level_name":"ERROR","message":"monolog"}', "err"],
    ['{"severityText":"ERROR","severityNumber":17,"message":"otel"}', "err"],
    ['{"s":"E","c":"NETWORK","msg":"mongodb"}', "err"],
    ['{"level":0,"message":"nextcloud debug, read as emerg"}', "debug"],
  ];
  await using server = await start();
  await pour(server, lines.map(([line]) => `${line}\n`).join(""));
  const events = await readLog(server);
  assertEquals(events.map(({ body, fields }) => [body, fields?.level]), lines);
  assertEquals(events.slice(0, 2).map(({ fields }) => fields?.time), [
    "2016-06-07T03:44:57.8532799Z",
    "2016-06-07T13:44:57.8532799+10:00",
  ]);
});

Deno.test("Filters for fields find the same in chat, on the command line and over the API", async () => {
  await using server = await start("?charset=gbk");
  const header = "<11>1 2026-11-21T06:30:00Z";
  const gbk = Uint8Array.of(0xb4, 0xed, 0xce, 0xf3, 0x0a);
  const lines = [
    `${header} web1 nginx - - - first`,
    `${header} web1 php - - - second`,
    `${header} web10 nginx - - - third`,
    '{"status":500,"user":{"name":"Ann"}}',
    '{"status":200,"code":500}',
  ];
  await pour(server, lines.map((line) => `${line}\n`).join(""));
  await pour(server, gbk);
  const ann = await LineClient.enter(server.ports[1], "ann");
  const cases: [query: string, lines: string[]][] = [
    ["host:web1", ["second", "first"]],
    ["host:web1* app:nginx", ["third", "first"]],
    ["host:web1 -app:php", ["first"]],
    ["field.status:500", ['{"status":500,"user":{"name":"Ann"}}']],
    ["field.user.name:ann", ['{"status":500,"user":{"name":"Ann"}}']],
    ["错误", ["错误"]],
  ];
  for (const [query, expected] of cases) {
    const { hits } = await (await fetch(
      `${server.web}/api/search?q=${encodeURIComponent(`${query} in:log`)}`,
    )).json();
    const bodies = hits.map(({ event }: { event: EventJson }) => event.body);
    assertEquals(bodies, expected, query);
    const found = await runToEnd([
      "search",
      query,
      "--room",
      "log",
      "--json",
      "--data",
      server.data,
    ]);
    const printed = found.stdout.trim().split("\n").map((line) => JSON.parse(line).body);
    assertEquals(printed, expected, query);
    await ann.send(`/search ${query} in:log`, `/search nothing-like-this`);
    const shown = await ann.expect("* Nothing found for nothing-like-this\r\n");
    assertEquals(shown.match(/^log#\d+ /gm)?.length, expected.length, shown);
  }
  const sentence = "There is no word in &.";
  await ann.send("/search &");
  await ann.expect(`! ${sentence}`);
  const refused = await fetch(`${server.web}/api/search?q=%26`);
  assertEquals([refused.status, (await refused.text()).includes(sentence)], [400, true]);
  const { code, stderr } = await runToEnd(["search", "&", "--room", "log", "--data", server.data]);
  assertEquals([code, stderr.includes(sentence)], [2, true]);
  await ann.close();
});
