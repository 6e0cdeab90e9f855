/** The job service of the program: which jobs run after a client has left. */

import { assertEquals } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";

const JOBS = { args: ["--listen", "jobs=tcp://127.0.0.1:0", "--log-level", "debug"] };

/** The worker is busy with a job that outlasts any test. */
async function occupy(server: ServerProcess): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ port: server.port });
  await connection.write(new TextEncoder().encode("sleep 60000\r\n"));
  assertEquals(await connection.read(new Uint8Array(1)), 1);
  return connection;
}

/** Waits until the session of the connection with this number has ended. */
function expectLeft(server: ServerProcess, connection: number): Promise<void> {
  return server.expectStderr(new RegExp(`Disconnected.*\\bconnection=${connection}\\b`));
}

Deno.test("jobs cancels all jobs of a client as soon as it resets its connection", async () => {
  await using server = await ServerProcess.start(JOBS);
  const busy = await occupy(server);
  const leaver = await Deno.connect({ port: server.port });
  await leaver.write(new TextEncoder().encode("count\r\ncount\r\ncount\r\n"));
  const other = await LineClient.connect(server.port);
  const byte = new Uint8Array(1);
  for (let answers = ""; !answers.endsWith("queued #4");) {
    assertEquals(await leaver.read(byte), 1, answers);
    answers += String.fromCharCode(byte[0]);
  }
  // Closing with unread data resets the connection (RFC 2525 section 2.17).
  leaver.close();
  await expectLeft(server, 2);

  await other.send("count");
  await other.expect("queued #5, 1 ahead\r\n");
  busy.close();
  await other.expect("done #5: 1\r\n");
  await other.close();
});

Deno.test("jobs starts at most one job for a client that has read everything and closed", async () => {
  await using server = await ServerProcess.start(JOBS);
  const busy = await occupy(server);
  const leaver = await LineClient.connect(server.port);
  await leaver.send("count", "count", "count", "count");
  await leaver.expect("queued #5, 4 ahead\r\n");
  // It looks like a half-closed client that is waiting for its results.
  await leaver.close();
  const other = await LineClient.connect(server.port);
  await other.send("count");
  await other.expect("queued #6, 5 ahead\r\n");
  busy.close();
  await other.expect("done #6: 2\r\n");
  await other.close();
});

Deno.test("jobs runs all jobs of a client that half-closes", async () => {
  await using server = await ServerProcess.start(JOBS);
  const client = await LineClient.connect(server.port);
  await client.send("sleep 10", ...Array.from({ length: 150 }, () => "count"));
  await client.end();
  const lines = (await client.expectEnd()).split("\r\n").filter((line) => line.startsWith("done"));
  assertEquals(
    lines,
    ["done #1: slept 10 ms", ...Array.from({ length: 150 }, (_, n) => `done #${n + 2}: ${n + 1}`)],
  );
  await client.close();
});
