/** The metrics and the status of a real server. */

import { assertEquals, assertMatch } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { until } from "../support/patience.ts";
import { runToEnd, ServerProcess } from "../support/server_process.ts";

/** The value of one series. */
async function read(url: string, series: string): Promise<number | undefined> {
  const text = await (await fetch(url)).text();
  const line = text.split("\n").find((line) => line.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

Deno.test("partyline status says that no server runs", async () => {
  await using server = await ServerProcess.start();
  await server.stop();
  const { code, stdout, stderr } = await runToEnd(["status", "--data", server.data]);
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, /^No server runs on \S+\. Start one first\.\n$/);
});

Deno.test("The server counts what happens, at /metrics of its web port and of --metrics", async () => {
  await using server = await ServerProcess.start({
    args: ["--web", "http://127.0.0.1:0", "--metrics", "http://127.0.0.1:0"],
  });
  const own = /^listening metrics (\S+)$/m.exec(server.stdout)![1];
  assertMatch(own, /\/metrics$/);
  const ann = await LineClient.enter(server.port, "ann");
  const bob = await LineClient.enter(server.port, "bob");
  ann.send("hello");
  await bob.expect("<ann> hello");
  const headers = { Authorization: "Bearer wrong" };
  await (await fetch(`${server.web}/api/rooms`, { headers })).body?.cancel();
  for (const url of [own, `${server.web}/metrics`]) {
    assertEquals(await read(url, 'partyline_connections{service="chat",door="tcp"}'), 2);
    assertEquals(await read(url, "partyline_people"), 2);
    assertEquals(await read(url, "partyline_rooms"), 1);
    assertEquals(await read(url, 'partyline_events_total{kind="message"}'), 1);
    assertEquals(await read(url, 'partyline_events_total{kind="join"}'), 2);
    assertEquals(await read(url, 'partyline_lost_lines_total{reason="cut"}'), 0);
    assertEquals(await read(url, "partyline_log_writable"), 1);
    const failures = "partyline_login_failures_total";
    assertEquals(await read(url, `${failures}{subject="token",reason="wrong"}`), 1);
    assertEquals(await read(url, `${failures}{subject="account",reason="wrong"}`), 0);
    assertEquals((await read(url, "partyline_commit_duration_seconds_count"))! > 0, true);
    assertEquals((await read(url, "partyline_disk_free_bytes"))! > 0, true);
    assertEquals((await read(url, "process_resident_memory_bytes"))! > 1e7, true);
  }
  const ask = async () => {
    const asked = await runToEnd(["status", "--data", server.data, "--json"]);
    assertEquals([asked.code, asked.stderr], [0, ""]);
    return JSON.parse(asked.stdout);
  };
  await until("the index is complete", async () => (await ask()).index.isComplete);
  const status = await ask();
  assertEquals([status.pid, status.people, status.rooms], [server.process.pid, 2, 1]);
  assertEquals(status.log, { isWritable: true, events: 3, refused: 0, expired: 0 });
  assertEquals(status.lost, []);
  await ann.close();
  await bob.close();
});
