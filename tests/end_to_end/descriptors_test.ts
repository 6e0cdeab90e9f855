/** More people connect than the process has file descriptors for. */

import { assert, assertEquals, assertNotMatch } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess, TROUBLE } from "../support/server_process.ts";

const CLIENTS = 100;
const FULL = "! The server is full: it may open no more connections. Try again later.\r\n";

for (const descriptors of [96, 256]) {
  Deno.test(`A server with ${descriptors} descriptors refuses people it has no room for, and recovers`, async () => {
    await using server = await ServerProcess.start({
      args: ["--max-per-address", "0", "--flood-rate", "0"],
      prelude: `ulimit -n ${descriptors}`,
    });
    await server.expectStderr(/The system allows this process about \d+ more connections/);
    const ann = await LineClient.enter(server.port, "ann");
    const bob = await LineClient.enter(server.ports[0], "bob");
    let number = 0;
    const talk = async () => {
      number++;
      await ann.send(`question ${number}`);
      await bob.expect(`<ann> question ${number}\r\n`);
      // Reading the past must not depend on descriptors that are gone.
      await bob.send(`/search question ${number}`);
      await bob.expect(/lobby#\d+ .*\r\n/);
    };
    // One crowd after another: everything that the shortage took must have been given back.
    for (let crowd = 0; crowd < 3; crowd++) {
      await talk();
      const answers = await Promise.all(
        Array.from({ length: descriptors + CLIENTS }, async () => {
          const client = await LineClient.connect(server.port);
          const answer = await client.expect(/\r\n/).catch(() => ""); // closed without a word
          return { client, answer };
        }),
      );
      const refused = answers.filter(({ answer }) => answer === FULL).length;
      const greeted = answers.filter(({ answer }) => answer.includes("What is your name?")).length;
      assert(refused > 0, "nobody was told");
      assert(greeted < descriptors, `${greeted} were greeted`);
      await talk();
      for (const { client } of answers) await client.close();
      await comesIn(server.port);
    }
    await talk();
    await Promise.all([ann.close(), bob.close()]);
    const { code, stderr } = await server.stop();
    assertEquals(code, 0);
    assertNotMatch(stderr, TROUBLE);
  });
}

/** Waits until there is room for a newcomer again; the server checks once a second. */
async function comesIn(port: number): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const client = await LineClient.connect(port);
    const answer = await client.expect(/\r\n/).catch(() => "");
    await client.close();
    if (answer.includes("What is your name?")) return;
    assert(performance.now() < deadline, `still refused: ${answer}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
