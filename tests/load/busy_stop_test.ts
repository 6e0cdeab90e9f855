/** A server that is asked for more than it can do stops in time. */

import { assertEquals, assertLess } from "@std/assert";
import { Attackers } from "../support/fairness/attackers.ts";
import { fillData, type PastDraft } from "../support/filled_data.ts";
import { LineClient } from "../support/line_client.ts";
import { runToEnd, ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

/** The limit is five seconds. */
const MOST_STOP_MS = 4000;

Deno.test("a server stops in time while people and programs ask for everything there is", async () => {
  using data = new TemporaryDirectory();
  await fillData(
    data.path,
    function* (): Generator<PastDraft> {
      for (let number = 0; number < 40_000; number++) {
        yield { room: "big", kind: "message", from: "ann", body: `line ${number}`, at: number };
      }
    }(),
  );
  await using server = await ServerProcess.start({
    data: data.path,
    args: [
      ...["--listen", "chat=telnet://127.0.0.1:0", "--listen", "logger=tcp://127.0.0.1:0"],
      ...["--web", "http://127.0.0.1:0", "--max-per-address", "0"],
    ],
  });
  const [chatPort, logPort] = server.ports;
  const webPort = Number(new URL(server.web).port);
  const kinds = ["history", "export", "log lines"] as const;
  const attackers = await Promise.all(
    kinds.map((kind) => Attackers.start(kind, { chatPort, webPort, logPort })),
  );
  const ann = await LineClient.enter(chatPort, "ann");
  const start = performance.now();
  const { code } = await server.stop();
  const stopMs = performance.now() - start;
  await ann.expect("* The server is stopping. All messages are saved.\r\n");
  await ann.close();
  for (const attacker of attackers) await attacker.stop();
  assertEquals(code, 0);
  assertLess(stopMs, MOST_STOP_MS);
  const verified = await runToEnd(["verify", "--data", data.path]);
  assertEquals(verified.code, 0, verified.stdout);
});
