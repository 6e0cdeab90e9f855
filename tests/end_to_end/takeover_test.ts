/** `serve --takeover`: a second process takes the ports and the data directory of the first. */

import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { PortProbe } from "../support/port_probe.ts";
import { ServerProcess } from "../support/server_process.ts";

/** DESIGN: the gap in which a connection is refused is under 100 ms. */
const GAP_MS = 100;

Deno.test("serve --takeover takes over from the running server, and refuses hardly anybody meanwhile", async () => {
  const data = await Deno.makeTempDir({ prefix: "partyline-" });
  try {
    const socket = `${data}/chat.sock`;
    await using first = await ServerProcess.start({
      data,
      args: [
        ...["--listen", "chat=tcp://127.0.0.1:0", "--listen", "logger=udp://127.0.0.1:0"],
        ...["--listen", `chat=unix://${socket}`, "--listen", "chat=ssh://127.0.0.1:0"],
        ...["--web", "http://127.0.0.1:0"],
      ],
    });
    const [port, udp] = first.ports;
    const ssh = first.ports.at(-1);
    const ann = await LineClient.enter(port, "ann");
    await ann.send("said to the first");
    await using probe = new PortProbe(port);
    await using second = await ServerProcess.start({
      data,
      args: [
        "--takeover",
        // The probe leaves many connections behind.
        "--max-per-address",
        "0",
        ...[
          "--listen",
          `chat=tcp://127.0.0.1:${port}`,
          "--listen",
          `logger=udp://127.0.0.1:${udp}`,
        ],
        ...["--listen", `chat=unix://${socket}`, "--listen", `chat=ssh://127.0.0.1:${ssh}`],
        ...["--web", first.web],
      ],
    });
    assertMatch(
      await ann.expectEnd(),
      /\* The server restarts\. Connect again; all messages are saved\./,
    );
    await ann.close();
    const { code, stderr } = await first.stop();
    assertEquals(code, 0);
    assertMatch(stderr, /info control: Handing over to process \d+/);
    assertNotMatch(stderr, / error /);
    assertMatch(second.stderr, /info cli: Taking over from process \d+/);

    const bob = await LineClient.enter(port, "bob");
    await bob.send("/history");
    await bob.expect("<ann> said to the first");
    await bob.close();
    assertEquals((await Deno.lstat(socket)).isSocket, true);
    const gap = await probe.stop();
    assert(gap < GAP_MS, `Nobody could connect for ${gap} ms`);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});

Deno.test("serve --takeover starts as usual where no server runs", async () => {
  await using server = await ServerProcess.start({ args: ["--takeover"] });
  assertNotMatch(server.stderr, /Taking over/);
});
