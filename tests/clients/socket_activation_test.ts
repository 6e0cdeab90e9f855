/** Sockets that systemd holds: nobody who comes during a restart is refused. */

import { assert } from "@std/assert";
import { freePort } from "../support/free_port.ts";
import { LineClient } from "../support/line_client.ts";
import { until } from "../support/patience.ts";
import { Output, START_FLAGS } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
/** Starts the server again and again, with the sockets that this shell keeps, as systemd does. */
const SUPERVISOR =
  'for run in 1 2; do sh -c \'echo pid $$; LISTEN_PID=$$ exec "$@"\' sh "$@"; done';

Deno.test("The server takes its port from systemd, and people who connect during a restart wait", async () => {
  using data = new TemporaryDirectory();
  const [port, unused] = [freePort(), freePort()];
  const server = [
    "serve",
    "--data",
    data.path,
    "--listen",
    `chat=tcp://127.0.0.1:${port}`,
    "--no-web",
  ];
  const sockets = [port, unused].flatMap((each) => ["-l", `127.0.0.1:${each}`]);
  const env = ["PATH", "HOME", "DENO_DIR", "NO_COLOR=1"].flatMap((name) => ["-E", name]);
  const process = new Deno.Command("systemd-socket-activate", {
    args: [
      ...sockets,
      ...env,
      ...["sh", "-c", SUPERVISOR, "sh"],
      ...[Deno.execPath(), "run", ...START_FLAGS, "--no-prompt", MAIN, ...server],
    ],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [stdout, stderr] = [new Output(process.stdout), new Output(process.stderr)];
  const pids = () => Array.from(stdout.text.matchAll(/^pid (\d+)$/gm), ([, pid]) => Number(pid));
  try {
    let first: LineClient | undefined;
    await until("systemd listens", async () => {
      first = await LineClient.connect(port).catch(() => undefined);
      return first !== undefined;
    });
    await first!.send("ann");
    await first!.expect("You are in #lobby");
    await stderr.until(/passes on 127\.0\.0\.1:\d+, which no endpoint has/);
    assert(await stdout.until(new RegExp(`^listening chat tcp://127.0.0.1:${port}$`, "m")));

    Deno.kill(pids()[0], "SIGTERM");
    await first!.expectEnd();
    await first!.close();
    // A client that connects between two servers waits for the second.
    const second = await LineClient.connect(port);
    await second.send("bob");
    await second.expect("You are in #lobby");
    await until("the second has been started", () => pids().length === 2);
    await second.close();
  } finally {
    process.kill("SIGKILL");
    Deno.kill(pids().at(-1)!, "SIGKILL");
    await process.status;
    await Promise.all([stdout.all, stderr.all]);
  }
});
