/** The file of the log is taken away from a server that uses it. */

import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { runToEnd, ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { WebClient } from "../support/web_client.ts";

const LISTEN = [
  ...["--listen", "chat=tcp://127.0.0.1:0"],
  ...["--listen", "logger=tcp://127.0.0.1:0"],
  ...["--listen", "bank=tcp://127.0.0.1:0"],
  ...["--web", "http://127.0.0.1:0", "--post-token", "secret-token", "--flood-rate", "0"],
];
const NOTICE = "! The server's log file was removed or replaced. Messages are refused for now. " +
  "Tell the person who runs the server.\r\n";
const REFUSAL = "! Your last line could not be stored, so nobody has seen it. " +
  "The server's log file is gone; try again later.\r\n";
const BACK = "* The server's log file is back. Messages are kept again.\r\n";

async function post(web: string, body: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${web}/api/rooms/lobby/messages`, {
    method: "POST",
    headers: { authorization: "Bearer secret-token", "content-type": "text/plain" },
    body,
  });
  return { status: response.status, text: await response.text() };
}

Deno.test("While the log is gone, nothing gets a receipt and nobody is disconnected", async () => {
  await using server = await ServerProcess.start({ args: LISTEN });
  const [chatPort, logPort, bankPort] = server.ports;
  const path = `${server.data}/partyline.db`;
  const ann = await LineClient.enter(chatPort, "ann");
  const bob = await LineClient.enter(chatPort, "bob");
  const web = await WebClient.open(`${server.web}/ws`);
  web.send({ type: "hello", name: "cat" });
  await web.next("live");
  // Stored while the log was there, and not confirmed before it was gone.
  const early = await LineClient.connect(logPort);
  await bob.send("/join log");
  await bob.expect("You are in #log");
  await early.send("@early", "one", "two");
  await bob.expect("early| two\r\n");
  await bob.send("/join lobby");

  await Deno.rename(path, `${path}.away`);
  for (const person of [ann, bob]) await person.expect(NOTICE);
  assertEquals((await web.next("error")).code, "unavailable");
  await ann.send("lost");
  await ann.expect(REFUSAL);
  web.send({ type: "say", ref: 1, room: "lobby", body: "lost, too" });
  const refusal = await web.next("error");
  assertEquals([refusal.ref, refusal.code], [1, "not-stored"]);
  assertMatch(refusal.text, /log file is gone/);
  const answer = await post(server.web, "lost as well");
  assertEquals(answer.status, 503);
  assertMatch(answer.text, /log file is gone/);

  await early.end();
  assertMatch(
    await early.expectEnd(),
    /^! There is no receipt\. .* Send your lines again later\.\r\n$/,
  );
  const late = await LineClient.connect(logPort);
  await late.send("three", "@receipt");
  const text = await late.expect(/There is no receipt.*\r\n/);
  assertMatch(text, /^! Lines could not be stored; the server's log file is gone\. They are lost/);
  const exact = await LineClient.connect(logPort);
  await exact.send("@exact", "@ack 1", "four");
  const ending = await exact.expectEnd();
  assertMatch(ending, /log file is gone\. Send again what was not acknowledged\.\r\n$/);
  assertNotMatch(ending, /^ack/m);
  const customer = await LineClient.connect(bankPort);
  await customer.send("ann:dp");
  await customer.expect("! Not done: the server could not store it. Try again later.\r\n");

  // Newcomers get in, and older messages can still be read.
  const dan = await LineClient.enter(chatPort, "dan");
  await dan.send("/who", "/search anything", "/history", "/quote #1");
  await dan.expect(/\* In #lobby: .*\r\n/);
  await dan.close();

  await Deno.rename(`${path}.away`, path);
  for (const person of [ann, bob]) await person.expect(BACK);
  await ann.send("kept");
  await bob.expect("<ann> kept\r\n");
  assertEquals((await post(server.web, "kept, too")).status, 201);
  for (const person of [ann, bob]) {
    assertEquals(person.transcript.split(NOTICE).length, 2);
    assertNotMatch(person.transcript, /<.*> lost/);
  }
  await Promise.all([ann, bob, early, late, exact, customer].map((client) => client.close()));
  web.close();
  const { code, stderr } = await server.stop();
  assertEquals(code, 0);
  assertEquals(stderr.match(/^\S+ error /gm)?.length, 1, stderr);
  assertMatch(stderr, / error store: \S+partyline\.db was removed or replaced, so nothing is kept/);
  assertNotMatch(stderr, /^\s+at /m);
});

Deno.test("A server whose log is gone does not say at its end that all messages are saved", async () => {
  await using server = await ServerProcess.start({ args: LISTEN });
  const ann = await LineClient.enter(server.ports[0], "ann");
  await Deno.remove(`${server.data}/partyline.db`);
  await ann.expect(NOTICE);
  const { code, stderr } = await server.stop();
  assert((await ann.expectEnd()).endsWith("* The server is stopping.\r\n"), ann.transcript);
  await ann.close();
  assertEquals(code, 0, stderr);
});

/** Accidents to the log before a start, and how the server describes them. */
const LOST_LOGS = {
  "was emptied, and has an index": [["partyline.db-wal"], "empty", "search.db"],
  "was emptied, and has a write-ahead file": [["search.db"], "empty", "partyline.db-wal"],
  "was removed, and has an index": [["partyline.db", "partyline.db-wal"], "missing", "search.db"],
  "was removed, and has a write-ahead file": [
    ["partyline.db", "search.db"],
    "missing",
    "partyline.db-wal",
  ],
} as const;

for (const [happened, [removed, what, left]] of Object.entries(LOST_LOGS)) {
  Deno.test(`serve refuses a log that ${happened}, and changes nothing`, async () => {
    using data = new TemporaryDirectory();
    await using server = await ServerProcess.start({ data: data.path });
    const ann = await LineClient.enter(server.port, "ann");
    await ann.send("hello", "/history");
    await ann.expect("<ann> hello\r\n");
    await server.kill();
    await ann.close();
    await Deno.truncate(`${data.path}/partyline.db`);
    for (const name of removed) await Deno.remove(`${data.path}/${name}`);
    const before = sizesIn(data.path);
    const { code, stderr } = await runToEnd(["serve", "--data", data.path, "--no-web"]);
    assertEquals(
      stderr,
      `Cannot open the log ${data.path}/partyline.db: it is ${what}, but ${data.path}/${left} belongs to a ` +
        `log that was there. Put that one back, or move ${data.path} away and restore a backup or ` +
        "start with a new log.\n",
    );
    assertEquals([code, sizesIn(data.path)], [1, before]);
  });
}

/** The sizes of the files in a directory, but for the lock, in which each server writes its number. */
function sizesIn(directory: string): Record<string, number> {
  const names = Array.from(Deno.readDirSync(directory), ({ name }) => name).sort();
  return Object.fromEntries(
    names.filter((name) => name !== "lock")
      .map((name) => [name, Deno.statSync(`${directory}/${name}`).size]),
  );
}

Deno.test({
  name:
    "A running server has its log locked, so that no other program removes its write-ahead file",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using server = await ServerProcess.start();
    const ann = await LineClient.enter(server.port, "ann");
    await ann.send("hello", "/history");
    await ann.expect(/<ann> hello\r\n/);
    await ann.close();
    const { stdout } = await new Deno.Command("cat", { args: ["/proc/locks"] }).output();
    const { ino } = await Deno.stat(`${server.data}/partyline.db`);
    const lock = new RegExp(`POSIX +ADVISORY +READ +${server.process.pid} \\S+:${ino} `);
    assertMatch(new TextDecoder().decode(stdout), lock);
  },
});
