/** A damaged log: the server says so, and every failure is a sentence for the person who asked. */

import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { fillData } from "../support/filled_data.ts";
import { LineClient } from "../support/line_client.ts";
import { until } from "../support/patience.ts";
import { Output, runProgram, runToEnd, ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { WebClient } from "../support/web_client.ts";

const PAGE_BYTES = 4096;
const UNREADABLE =
  "The log cannot be read right now; the server's own log says why. Try again in a while.";

/** A data directory with messages. */
class Data extends TemporaryDirectory {
  readonly log = `${this.path}/partyline.db`;

  async fill(count: number, padding: number, room = "lobby"): Promise<void> {
    await fillData(
      this.path,
      Array.from({ length: count }, (_, number) => ({
        room,
        kind: "message",
        from: "ann",
        body: `message ${number} ${"x".repeat(padding)}`,
        at: Date.UTC(2026, 10, 21) + number,
      })),
    );
  }

  /** Changes the log with SQL. */
  change(sql: string): void {
    using database = new DatabaseSync(this.log);
    database.exec(sql);
  }

  /** Overwrites everything but the first pages. */
  overwrite(): void {
    const { size } = Deno.statSync(this.log);
    using file = Deno.openSync(this.log, { write: true });
    file.seekSync(3 * PAGE_BYTES, Deno.SeekMode.Start);
    const junk = new Uint8Array(size - 3 * PAGE_BYTES).fill(0x5a);
    for (let at = 0; at < junk.length;) at += file.writeSync(junk.subarray(at));
  }
}

function sentenceOf(fault: string): RegExp {
  return new RegExp(
    ` error store: The log is damaged: ${fault}\\. Keep a copy of it, see partyline verify, and ` +
      "restore the last backup\n",
  );
}

const FAULTS: Readonly<Record<string, [sql: string, fault: string]>> = {
  "events are missing": [
    "DELETE FROM run WHERE id BETWEEN 400 AND 409",
    "lobby#400 to lobby#409 are missing, 10 events",
  ],
  "a text is damaged": [
    "UPDATE run SET bodies = '[' WHERE id = 7",
    "lobby#7: its text cannot be read",
  ],
  "the last events are missing": [
    "UPDATE room SET swept_id = 2000",
    "1,000 events missing at the end of a room",
  ],
};

for (const [happened, [sql, fault]] of Object.entries(FAULTS)) {
  Deno.test(`serve says that ${happened}, and works`, async () => {
    using data = new Data();
    await data.fill(1000, 10);
    data.change(sql);
    await using server = await ServerProcess.start({ data: data.path });
    await server.expectStderr(sentenceOf(fault));
    const ann = await LineClient.enter(server.port, "ann");
    await ann.send("/history 5");
    await ann.expect(/#1000 .*\r\n/);
    await ann.close();
    const { code, stderr } = await server.stop();
    assertEquals([code, stderr.match(/is damaged/g)?.length], [0, 1], stderr);
    assertNotMatch(stderr, /^\s+at /m);
  });
}

const INDEX_FAULTS: Readonly<Record<string, [sql: string, fault: string]>> = {
  "words are missing": ["DELETE FROM word WHERE rowid = 1", "events 1 to \\d+ cannot be found"],
  "a part is missing": ["DELETE FROM block WHERE id = 1", "event 1 and more are not indexed"],
};

for (const [happened, [sql, fault]] of Object.entries(INDEX_FAULTS)) {
  Deno.test(`serve rebuilds a search index in which ${happened}`, async () => {
    using data = new Data();
    await data.fill(3000, 10);
    {
      await using server = await ServerProcess.start({ data: data.path });
      const ann = await LineClient.enter(server.port, "ann");
      await expectFound(ann, "message 7");
      await ann.close();
      await until("everything is indexed", async () => {
        const { stdout } = await runToEnd(["verify", "--data", data.path]);
        return !stdout.includes("not indexed yet");
      });
    }
    {
      using index = new DatabaseSync(`${data.path}/search.db`);
      index.exec(sql);
    }
    await using server = await ServerProcess.start({ data: data.path });
    await server.expectStderr(new RegExp(` warning search: Rebuilding the search index: ${fault}`));
    const ann = await LineClient.enter(server.port, "ann");
    await expectFound(ann, "message 7");
    await ann.close();
    assertEquals((await server.stop()).code, 0);
    const verified = await runToEnd(["verify", "--data", data.path]);
    assertEquals(verified.code, 0, verified.stdout);
  });
}

async function expectFound(person: LineClient, text: string): Promise<void> {
  await person.send(`/search "${text}"`);
  await person.expect(new RegExp(`<ann> .*${text}`));
}

Deno.test("serve says nothing of a good log", async () => {
  using data = new Data();
  await data.fill(1000, 10);
  for (let start = 0; start < 2; start++) {
    await using server = await ServerProcess.start({ data: data.path });
    const ann = await LineClient.enter(server.port, "ann");
    await ann.send("hello", "/history 1");
    await ann.expect(/<ann> hello\r\n/);
    await ann.close();
    const { stderr } = await server.stop();
    assertNotMatch(stderr, /is damaged| error | warning /);
  }
});

Deno.test("Every request for an unreadable log gets one sentence as the answer", async () => {
  using data = new Data();
  // More than the threads keep in memory.
  await data.fill(4000, 2000);
  // To enter a room that nobody has been in, nothing has to be read.
  await data.fill(1000, 10, "tea");
  await using server = await ServerProcess.start({
    data: data.path,
    args: [
      ...["--listen", "chat=tcp://127.0.0.1:0", "--listen", "chat=telnet://127.0.0.1:0"],
      ...["--web", "http://127.0.0.1:0", "--flood-rate", "0"],
    ],
  });
  const ann = await LineClient.enter(server.ports[0], "ann");
  const web = await WebClient.open(`${server.web}/ws`);
  web.send({ type: "hello", name: "bob" });
  await web.next("live");
  data.overwrite();

  const asked = [
    ...["/search message", "/history 50", "/history 500 before #900", "/quote #17", "/join tea"],
    ...["/search", "/history", "/quote #900"],
  ];
  for (const command of asked) {
    await ann.send(command);
    const answer = await ann.expect(/^! .*\.\r\n/m);
    assertNotMatch(answer, /Internal error/, command);
  }
  await ann.send("/who");
  await ann.expect("* In #lobby: ann, bob\r\n");

  const requests = [
    { type: "search", query: "message" },
    { type: "history", room: "lobby", before: 900 },
    { type: "rooms" },
    { type: "join", room: "tea" },
    { type: "command", room: "lobby", line: "/quote #5" },
  ];
  for (const [ref, request] of requests.entries()) {
    web.send({ ...request, ref });
    const { code, text } = await web.next("error");
    assertEquals([ref, code, text], [ref, "unavailable", UNREADABLE]);
  }
  const paths = [
    ...["", "/lobby/messages", "/lobby/messages/5", "/lobby/counts?buckets=10"],
    ...["/lobby/export?format=jsonl", "/lobby/export?format=csv"],
  ];
  for (const path of [...paths.map((path) => `/api/rooms${path}`), "/api/search?q=message"]) {
    const response = await fetch(server.web + path);
    assertEquals([path, response.status], [path, 503]);
    assertEquals((await response.json()).detail, UNREADABLE);
  }
  web.send({ type: "ping" });
  await web.next("pong");
  web.close();
  await ann.close();
  const { code, stderr } = await server.stop();
  assertEquals(code, 0);
  assertNotMatch(stderr, /^\s+at /m);
  assertEquals(stderr.match(/ Cannot read the log: database disk image is malformed/g)?.length, 1);
});

Deno.test("Commands on a damaged log fail with one sentence", async () => {
  using data = new Data();
  await data.fill(1000, 2000);
  data.overwrite();
  const copy = `${data.path}/copy`;
  const sentence =
    "database disk image is malformed. Keep a copy of it, and restore the last backup\n";
  for (
    const command of ["tail lobby", "search message", `export --output ${copy}`, `backup ${copy}`]
  ) {
    const { code, stderr } = await runToEnd([...command.split(" "), "--data", data.path]);
    assertEquals([command, code], [command, 1]);
    assertMatch(stderr, /^Cannot (read|copy) the log/);
    assert(stderr.endsWith(sentence), stderr);
  }
});

Deno.test("tail --follow ends with a sentence if the log is gone for long", async () => {
  using data = new Data();
  await data.fill(10, 10);
  const process = runProgram(["tail", "lobby", "--follow", "--data", data.path]);
  const [stdout, stderr] = [new Output(process.stdout), new Output(process.stderr)];
  assert(await stdout.until(/message 9/));
  // It retries for five seconds, in case a backup is being restored.
  await Deno.rename(data.log, `${data.log}.away`);
  assertEquals((await process.status).code, 1);
  assertEquals(await stderr.all, `Cannot read the log ${data.log}: there is no such file\n`);
  await stdout.all;
});
