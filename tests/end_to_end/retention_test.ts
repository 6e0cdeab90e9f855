/** Retention bounds the disk: rooms lose their oldest events, and the file shrinks. */

import { assert, assertEquals, assertGreater, assertLess, assertNotMatch } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../lib/store/sqlite/database.ts";
import { SqliteTrialLog } from "../support/sqlite_log.ts";
import { LineClient } from "../support/line_client.ts";
import { until } from "../support/patience.ts";
import { draftOf } from "../support/room_events.ts";
import { rounds } from "../support/rounds.ts";
import { runToEnd, ServerProcess, TROUBLE } from "../support/server_process.ts";
import { canMount, SmallDisk } from "../support/small_disk.ts";
import { readStoredEvents, type StoredEvent } from "../support/stored_log.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

/** The server is killed once for every 8,000 of them. */
const LINES = rounds(24_000, 60_000);
const MEGABYTE = 1_000_000;

/** A data directory and a configuration file. */
class Scene {
  readonly data: string;
  readonly config: string;

  constructor(directory: string) {
    this.data = `${directory}/data`;
    this.config = `${directory}/partyline.toml`;
    Deno.mkdirSync(this.data);
  }

  /** Starts the server with these limits for the room `log`. */
  start(...keys: string[]): Promise<ServerProcess> {
    Deno.writeTextFileSync(this.config, ["[rooms.log]", ...keys].join("\n"));
    return ServerProcess.start({ data: this.data, args: ["--config", this.config] });
  }

  /** Fills the room `log` with `count` lines of about 100 bytes from several senders. */
  async fill(lines: number, senders = 1): Promise<void> {
    const log = new SqliteTrialLog(openDatabase(`${this.data}/partyline.db`, "normal"));
    for (let first = 1; first <= lines; first += 10_000) {
      const count = Math.min(10_000, lines - first + 1);
      await log.append(Array.from({ length: count }, (_, index) => {
        const number = first + index;
        const from = `s${number % senders}`;
        return draftOf("log", `${number} ${"x".repeat(85)}`, { kind: "log", from });
      }));
    }
    await log.close();
  }

  /** The size of the log; the index follows some minutes later. */
  get size(): number {
    const files = [...Deno.readDirSync(this.data)].filter(({ name }) =>
      name.startsWith("partyline")
    );
    return files.reduce((sum, { name }) => sum + Deno.statSync(`${this.data}/${name}`).size, 0);
  }

  events(room: string): StoredEvent[] {
    return readStoredEvents(this.data).filter((event) => event.room === room);
  }
}

/** The numbers that the gaps name, which must be contiguous. */
function toldThrough(events: readonly StoredEvent[]): number {
  const gaps = events.flatMap(({ kind, body }) => {
    const match = /^[\d,]+ events?, #(\d+)(?: to #(\d+))?, (?:is|are) no longer kept/.exec(body);
    return kind === "gap" && match ? [[Number(match[1]), Number(match[2] ?? match[1])]] : [];
  });
  gaps.forEach(([first], index) => {
    if (index > 0) assertEquals(first, gaps[index - 1][1] + 1);
  });
  return gaps.at(-1)?.[1] ?? 0;
}

/** Throws unless the remaining numbers are contiguous, and gaps account for the others. */
function checkWhole(events: readonly StoredEvent[]): void {
  const [{ seq: first }] = events;
  assertEquals(events.map(({ seq }) => seq), events.map((_, index) => first + index));
  assertEquals(toldThrough(events), first - 1);
}

Deno.test("A room that is too large loses its oldest events, and the file shrinks", async () => {
  using directory = new TemporaryDirectory();
  const scene = new Scene(directory.path);
  await scene.fill(200_000);
  const before = scene.size;
  assertGreater(before, 18 * MEGABYTE);
  {
    await using server = await scene.start('keep-size = "2MB"');
    const ann = await LineClient.enter(server.port, "ann");
    await ann.send("/join log");
    await server.expectStderr(/Returned \d+ MB to the file system/);
    // The write-ahead log and the index follow later.
    assertLess(Deno.statSync(`${scene.data}/partyline.db`).size, 4 * MEGABYTE);
    await ann.send("/history 2");
    await ann.expect(/\* gap: 18\d,\d{3} events, #1 to #\d{6}, are no longer kept: /);
    await ann.expect("the room had more than 2 MB\r\n");
    await ann.close();
    assertNotMatch(server.stderr, TROUBLE);
  }
  assertLess(scene.size, 4 * MEGABYTE);
  const events = scene.events("log");
  checkWhole(events);
  assert(events.some(({ body }) => body.startsWith("200000 ")));
  const { code, stdout } = await runToEnd(["verify", "--data", scene.data]);
  assertEquals([code, /#log: .*; 18\d,\d{3} no longer kept/.test(stdout)], [0, true], stdout);
  assertEquals(events.filter(({ kind }) => kind === "gap").length, 1);
});

Deno.test("A room that lost everything continues with its next number after a restart", async () => {
  using directory = new TemporaryDirectory();
  const scene = new Scene(directory.path);
  await scene.fill(1000);
  // So old that even the last event is removed.
  using database = new DatabaseSync(`${scene.data}/partyline.db`);
  database.exec("UPDATE run SET at = at - 86400000");
  for (let round = 0; round < 2; round++) {
    await using server = await scene.start('keep-for = "1h"');
    const ann = await LineClient.enter(server.port, "ann");
    await ann.send("/join log", "/history");
    await ann.expect(/#1001 .* \* gap: 1,000 events, #1 to #1000, are no longer kept: older than/);
    await ann.send("/quote #1000");
    await ann.expect("! #1000 of #log is no longer kept.");
    await ann.close();
  }
  const events = scene.events("log");
  checkWhole(events);
  assertEquals(events[0].kind, "gap");
});

Deno.test("kill -9 during a sweep loses no number, and each removal is reported once", async () => {
  using directory = new TemporaryDirectory();
  const scene = new Scene(directory.path);
  // Two senders alternate: each line is a run, so the sweep takes many steps.
  await scene.fill(LINES, 2);
  const original = new Map(scene.events("log").map(({ seq, body }) => [seq, body]));
  let kills = 0;
  for (let isDone = false; !isDone;) {
    await using server = await scene.start('keep-size = "64kB"');
    using log = new DatabaseSync(`${scene.data}/partyline.db`, { readOnly: true });
    const swept = log.prepare("SELECT swept_seq AS seq FROM room WHERE name = 'log'");
    const seq = () => swept.get()!.seq as number;
    const start = seq();
    await until("the sweep has got on", () => {
      isDone = /no longer kept: the room had/.test(server.stderr);
      return isDone || seq() >= start + 8000;
    });
    if (!isDone) kills++;
    await server.kill();
    const { first, last } = log.prepare(
      "SELECT min(seq) AS first, max(seq) AS last FROM event WHERE room = 'log'",
    ).get() as { first: number; last: number };
    assert(first <= seq() + 1 && last >= LINES, `#${first} to #${last}, swept to #${seq()}`);
  }
  assertGreater(kills, 0);
  const events = scene.events("log");
  checkWhole(events);
  for (const { kind, seq, body } of events) {
    if (kind === "log") assertEquals(body, original.get(seq));
  }
});

Deno.test({
  name: "A full disk gets space from a sweep, and chat continues",
  ignore: !await canMount(),
  async fn() {
    await using disk = (await SmallDisk.mount())!;
    const scene = new Scene(disk.path);
    await scene.fill(15_000);
    {
      await using server = await scene.start('keep-size = "100MB"');
      assertEquals(Deno.statSync(`${scene.data}/reserve`).size, 1024 * 1024);
      await server.kill();
    }
    await disk.fill();
    await using server = await scene.start('keep-size = "64kB"');
    await server.expectStderr(/The disk is full: removing expired events/);
    await server.expectStderr(/#log: 14,\d{3} events, .* are no longer kept/);
    const ann = await LineClient.enter(server.port, "ann");
    const bob = await LineClient.enter(server.port, "bob");
    for (let number = 1; number <= 20; number++) {
      await ann.send(`${number} ${"x".repeat(1000)}`);
      await bob.expect(`<ann> ${number} `);
    }
    assertEquals(Deno.statSync(`${scene.data}/reserve`).size, 1024 * 1024);
    await Promise.all([ann.close(), bob.close()]);
    await server.stop();
    checkWhole(scene.events("log"));
  },
});
