/** An exception that nobody catches: the server says what broke, stops in order and loses nothing. */

import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { Output, runProgram, ServerProcess } from "../support/server_process.ts";
import { readStoredEvents } from "../support/stored_log.ts";

const MAIN = new URL("../support/failing_main.ts", import.meta.url).pathname;
const LISTEN = ["--listen", "chat=tcp://127.0.0.1:0", "--listen", "logger=tcp://127.0.0.1:0"];
const LINES = 2000;

const FAILURES = {
  "in a promise": ["SIGUSR1", String.raw`a promise broke\^\[\[2J`],
  "in a timer": ["SIGUSR2", "a timer broke"],
} as const;

for (const [where, [signal, what]] of Object.entries(FAILURES)) {
  Deno.test(`An exception ${where} stops the server in order, with one line and exit code 70`, async () => {
    await using server = await ServerProcess.start({ main: MAIN, args: LISTEN });
    const ann = await LineClient.enter(server.ports[0], "ann");
    const sender = await LineClient.connect(server.ports[1]);
    await sender.send("@build", "@ack 1000");
    await sender.send(...Array.from({ length: LINES }, (_, number) => `line ${number}`));
    await ann.send("before");
    const { code, stderr } = await server.stop(signal);
    await ann.expect("* The server is stopping. All messages are saved.\r\n");
    await Promise.all([ann.close(), sender.close()]);
    assertEquals(code, 70);
    const [line, ...more] = stderr.split("\n").filter((line) => / error /.test(line));
    assertEquals(more, [], stderr);
    assertMatch(
      line,
      new RegExp(
        String
          .raw`^\S+ error cli: Internal error: ${what} \(tests/support/failing_main\.ts:\d+\)\. ` +
          "Everything stored is kept\\. Start again, and report this with what --log-level debug says$",
      ),
    );
    assertNotMatch(stderr, /^\s+at |uncaught/im);
    const events = readStoredEvents(server.data);
    assert(events.some(({ from, body }) => from === "ann" && body === "before"));
    const lines = events.filter(({ from }) => from === "build").map(({ body }) => body);
    assertEquals(lines, Array.from({ length: LINES }, (_, number) => `line ${number}`));
  });
}

Deno.test("An exception while the server stops is told, too, and a signal does not cut its stop short", async () => {
  for (const signals of [["SIGTERM", "SIGUSR2"], ["SIGUSR2", "SIGTERM"]] as const) {
    await using server = await ServerProcess.start({ main: MAIN, args: LISTEN });
    const ann = await LineClient.enter(server.ports[0], "ann");
    const [first, second] = signals;
    server.process.kill(first);
    const { code, stderr } = await server.stop(second);
    await ann.expect("* The server is stopping. All messages are saved.\r\n");
    await ann.close();
    assertEquals([code, stderr.match(/Internal error: a timer broke/g)?.length], [70, 1], stderr);
  }
});

Deno.test("--log-level debug shows where an exception came from", async () => {
  const args = [...LISTEN, "--log-level", "debug"];
  await using server = await ServerProcess.start({ main: MAIN, args });
  const { code, stderr } = await server.stop("SIGUSR2");
  assertEquals(code, 70);
  assertMatch(
    stderr,
    /Internal error: a timer broke .*\n {4}TypeError: a timer broke\n {8}at .*failing_main/,
  );
});

Deno.test("An exception that nobody catches ends any other command, too", async () => {
  await using server = await ServerProcess.start();
  const ann = await LineClient.enter(server.port, "ann");
  await ann.send("hello", "/history");
  await ann.expect("<ann> hello\r\n");
  const process = runProgram(["tail", "lobby", "--follow", "--data", server.data], { main: MAIN });
  const [stdout, stderr] = [new Output(process.stdout), new Output(process.stderr)];
  await stdout.until(/hello/);
  process.kill("SIGUSR2");
  assertEquals((await process.status).code, 70);
  assertMatch(await stderr.all, /^Internal error: a timer broke .* --log-level debug says\n$/);
  await stdout.all;
  await ann.close();
});
