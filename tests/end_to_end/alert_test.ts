/** Alerts of the program: a notice in a room, and a POST to an HTTP server. */

import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { HookServer } from "../support/hook_server.ts";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess, TROUBLE } from "../support/server_process.ts";
import { readStoredEvents } from "../support/stored_log.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

async function inDirectory(
  config: string,
  test: (start: () => Promise<ServerProcess>, data: string) => Promise<void>,
): Promise<void> {
  using directory = new TemporaryDirectory();
  const file = `${directory.path}/partyline.toml`;
  await Deno.writeTextFile(file, config);
  const data = `${directory.path}/data`;
  await test(() => ServerProcess.start({ data, args: ["--config", file] }), data);
}

Deno.test("An alert tells its room and its webhook about a message in another room", async () => {
  await using hooks = new HookServer();
  const config = `
    [alerts.disk]
    query = '"no space" -from:cy'
    room = "ops"
    webhook = "http://127.0.0.1:${hooks.port}/hook"
    allow-private = true
    every = "1h"
  `;
  await inDirectory(config, async (start, data) => {
    {
      await using server = await start();
      const ann = await LineClient.enter(server.port, "ann");
      await ann.send("/set echo on", "/join ops");
      await ann.expect("* You are in #ops");
      const bob = await LineClient.enter(server.port, "bob");
      await bob.send("cp: No space left", "no space, again");
      await ann.expect(/#lobby <bob> no space, again\r\n/);
      await ann.expect(/^\* Alert disk(, 2 times, the latest)?: lobby#\d+ <bob> .*\r\n/m);
      await hooks.until(1);
      const [{ path, body }] = hooks.posted;
      const { alert, text, event } = JSON.parse(body);
      assertEquals([path, alert, event.room, event.from], ["/hook", "disk", "lobby", "bob"]);
      assertMatch(text, /^Alert disk.*: lobby#\d+ <bob> /);
      // Neither the notice itself nor other messages trigger the alert again.
      await ann.send("there is no space in here");
      await ann.expect("<ann> there is no space in here\r\n");
      await bob.close();
      await ann.close();
      assertNotMatch(server.stderr, TROUBLE);
    }
    // Matches held back are reported when the server stops.
    const notices = readStoredEvents(data).filter(({ kind }) => kind === "notice");
    assertEquals(notices.map(({ room, from }) => [room, from]), [["ops", "server"], [
      "ops",
      "server",
    ]]);
    assertMatch(notices[1].body, /^Alert disk(, \d times, the latest)?: ops#\d+ <ann> there is no/);
  });
});

Deno.test("kill -9 loses no alert", async () => {
  const config = '[alerts.disk]\nquery = "full"\nroom = "ops"\n';
  await inDirectory(config, async (start, data) => {
    {
      await using server = await start();
      const ann = await LineClient.enter(server.port, "ann");
      await ann.send("/set echo on", "warming up");
      await ann.expect("<ann> warming up");
      // The first alert shows that the place is saved; then the server dies before the next look.
      await ann.send("/join ops", "full 1");
      await ann.expect(/\* Alert disk: ops#\d+ <ann> full 1\r\n/);
      await ann.send("full 2");
      await ann.expect("<ann> full 2\r\n");
      await server.kill();
      await ann.close();
    }
    await using server = await start();
    const bob = await LineClient.enter(server.port, "bob");
    await bob.send("/join ops", "hello");
    await bob.expect(/\* Alert disk(, 2 times, the latest)?: ops#\d+ <ann> full 2\r\n/);
    await bob.close();
    assertEquals(readStoredEvents(data).filter(({ body }) => /full 2$/.test(body)).length, 2);
  });
});

Deno.test("An unreachable webhook is logged, and delays nobody", async () => {
  const config = `
    [alerts.a]
    query = "x"
    room = "lobby"
    webhook = "http://localhost:1/secret"
  `;
  await inDirectory(config, async (start) => {
    await using server = await start();
    const ann = await LineClient.enter(server.port, "ann");
    await ann.send("x");
    await ann.expect(/\* Alert a: lobby#\d+ <ann> x\r\n/);
    await server.expectStderr(
      /warning alert: Cannot deliver alert a to localhost:1: \S+ is not a public internet address/,
    );
    assertNotMatch(server.stderr, /secret/);
    await ann.close();
  });
});
