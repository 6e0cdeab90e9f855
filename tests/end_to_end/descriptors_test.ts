/** More connections than the process has file descriptors. */

import { assertEquals, assertGreater, assertLess, assertNotMatch } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess, TROUBLE } from "../support/server_process.ts";

const DESCRIPTORS = 64;
const CLIENTS = 100;
const WARNING = /Cannot accept connections for now/g;

Deno.test("A server out of file descriptors keeps serving its members, and lets others in as they leave", async () => {
  await using server = await ServerProcess.start({
    args: ["--max-per-address", "0", "--flood-rate", "0"],
    prelude: `ulimit -n ${DESCRIPTORS}`,
  });
  const ann = await LineClient.enter(server.port, "ann");
  const bob = await LineClient.enter(server.ports[0], "bob");
  let number = 0;
  const talk = async () => {
    number++;
    await ann.send(`question ${number}`);
    await bob.expect(`<ann> question ${number}\r\n`);
    await bob.send(`answer ${number}`);
    await ann.expect(`<bob> answer ${number}\r\n`);
  };
  // Several crowds in turn: whatever the shortage used must be released afterwards.
  for (let crowd = 0; crowd < 3; crowd++) {
    await talk();
    const waiting = new Set<LineClient>();
    const greeted = new Set<LineClient>();
    const left: Promise<void>[] = [];
    let isLeaving = false;
    const warnings = server.stderr.match(WARNING)?.length ?? 0;
    const arrivals = Array.from({ length: CLIENTS }, async () => {
      const client = await LineClient.connect(server.port);
      waiting.add(client);
      await client.expect("What is your name?", 30_000);
      waiting.delete(client);
      greeted.add(client);
      if (isLeaving) left.push(client.close());
    });
    await server.expectStderr(new RegExp(`(${WARNING.source}[^]*){${warnings + 1}}`));
    await talk();
    assertGreater(waiting.size, 0);
    assertLess(greeted.size, DESCRIPTORS);
    // From now on everybody leaves after the greeting, which lets others in.
    isLeaving = true;
    for (const client of greeted) left.push(client.close());
    await Promise.all(arrivals);
    await Promise.all(left);
    assertEquals(waiting.size, 0);
  }
  await talk();
  await Promise.all([ann.close(), bob.close()]);
  const { code, stderr } = await server.stop();
  assertEquals(code, 0);
  assertNotMatch(stderr, TROUBLE);
});
