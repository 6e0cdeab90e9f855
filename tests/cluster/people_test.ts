/** People of real nodes on a real NATS server, at the doors for lines and for IRC. */

import { assert, assertEquals } from "@std/assert";
import { ClusterProcesses } from "../support/cluster_process.ts";
import { IrcClient } from "../support/irc_client.ts";
import { LineClient } from "../support/line_client.ts";
import { NatsServers } from "../support/nats_servers.ts";

const DOORS = ["--listen", "irc=tcp://127.0.0.1:0", "--listen", "chat=tcp://127.0.0.1:0"];
/** A node is stopped for so long. */
const STOPPED_MS = 20_000;

Deno.test("People of two nodes see, write to and keep order among each other", async () => {
  await using servers = await NatsServers.start();
  await using cluster = new ClusterProcesses(servers, { args: DOORS });
  const [a, b] = await Promise.all([cluster.start("a"), cluster.start("b")]);
  const ann = await LineClient.enter(a.port, "ann");
  const bob = await LineClient.enter(b.port, "bob");
  await ann.expect("* bob joined");
  await bob.send("/who");
  await bob.expect("* In #lobby: ann, bob");
  await ann.send("/msg bob psst");
  await bob.expect("ann -> you: psst");
  await bob.send("/reply yes?");
  await ann.expect("bob -> you: yes?");
  await bob.send("/nick ann");
  await bob.expect("! The name ann is in use");
  const eve = await IrcClient.connect(b.ports[0], "eve");
  await ann.send("/join games");
  // Hers comes first in the order of both nodes once she is shown something there.
  await ann.send("/topic chess");
  await ann.expect("* ann set the topic: chess");
  eve.send("JOIN #games");
  await eve.until(/ 353 eve = #games :@ann eve$/);
  await ann.expect("* eve joined");
  eve.send("WHOIS ann");
  await eve.until(/ 319 eve ann :@#games #lobby$|319 eve ann :#lobby @#games$/);
  await ann.send("/kick eve enough");
  await eve.until(/ KICK #games eve :?enough$/);
  await ann.expect("* eve left (kicked by ann: enough)");
  for (const client of [ann, bob]) client.close();
  await eve.leave();
});

Deno.test("Of two who claim a name at one moment, one gets it", async () => {
  await using servers = await NatsServers.start();
  await using cluster = new ClusterProcesses(servers, { args: DOORS });
  const nodes = await Promise.all([cluster.start("a"), cluster.start("b")]);
  for (let round = 0; round < 5; round++) {
    const clients = await Promise.all(nodes.map(({ port }) => LineClient.connect(port)));
    for (const client of clients) await client.expect("What is your name?");
    await Promise.all(clients.map((client) => client.send(`ann${round}`)));
    const pattern = /\* You are ann\d\.|! The name ann\d is in use/;
    const answers = await Promise.all(clients.map((client) => client.expect(pattern)));
    assertEquals(answers.filter((text) => text.includes("! The name")).length, 1, `${answers}`);
    for (const client of clients) client.close();
  }
});

Deno.test("A node that was stopped for 20 seconds brings its people back, without doubles", async () => {
  await using servers = await NatsServers.start();
  await using cluster = new ClusterProcesses(servers, { args: DOORS });
  const [a, b] = await Promise.all([cluster.start("a"), cluster.start("b")]);
  const ann = await LineClient.enter(a.port, "ann");
  const bob = await IrcClient.connect(b.ports[0], "bob");
  bob.send("JOIN #lobby");
  await bob.until(/ 366 bob #lobby /);
  await ann.expect("* bob joined");
  const stoppedAt = performance.now();
  b.process.kill("SIGSTOP");
  await ann.expect("* bob left (the server b is gone)");
  const seconds = (performance.now() - stoppedAt) / 1000;
  assert(seconds < 10, `They left after ${seconds} s`);
  await ann.send("/who");
  await ann.expect("* In #lobby: ann\r\n");
  await new Promise((resolve) => setTimeout(resolve, STOPPED_MS - seconds * 1000));
  b.process.kill("SIGCONT");
  await ann.expect("* bob joined");
  bob.send("PRIVMSG #lobby :here again");
  await ann.expect("<bob> here again");
  await ann.send("/who");
  await ann.expect("* In #lobby: ann, bob\r\n");
  const lines = await bob.sync();
  assertEquals(lines.filter((line) => /QUIT|JOIN|PART/.test(line)), []);
  const exported = await cluster.same(["a", "b"]);
  assertEquals(exported.match(/"kind":"part","from":"bob"/g)?.length, 1);
  assertEquals(exported.match(/"kind":"join","from":"bob"/g)?.length, 2);
  ann.close();
  await bob.leave();
});
