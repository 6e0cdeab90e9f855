/** The IRC door of the real program, beside the doors for lines and for browsers. */

import { assert, assertEquals } from "@std/assert";
import { parseIrcMessage } from "../../lib/codec/irc_message.ts";
import { IrcClient } from "../support/irc_client.ts";
import { LineClient } from "../support/line_client.ts";
import { until } from "../support/patience.ts";
import { rounds } from "../support/rounds.ts";
import { ServerProcess } from "../support/server_process.ts";
import { readStoredEvents } from "../support/stored_log.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { WebClient } from "../support/web_client.ts";

const LISTEN = ["--listen", "irc=tcp://127.0.0.1:0", "--listen", "chat=tcp://127.0.0.1:0"];
const FREELY = ["--flood-rate", "0"];
const SERVERS = rounds(3, 12);

/** What an IRC client was told of somebody's messages in the lobby, as `nick: text`. */
function told(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const { verb, params, source = "" } = parseIrcMessage(line)!;
    return verb === "PRIVMSG" && params[0] === "#lobby"
      ? [`${source.split("!")[0]}: ${params[1]}`]
      : [];
  });
}

Deno.test(`${SERVERS} servers run at once, each on one port with its own settings`, async () => {
  using directory = new TemporaryDirectory();
  const starts = Array.from({ length: SERVERS }, async (_, number) => {
    const config = `${directory.path}/${number}.toml`;
    const motd = `${directory.path}/${number}.txt`;
    await Deno.writeTextFile(motd, `Welcome to server ${number}\n`);
    await Deno.writeTextFile(
      config,
      `[irc]\nserver-name = "irc${number}.example"\nnetwork = "Net${number}"\nmotd = "${motd}"\n`,
    );
    return await ServerProcess.start({
      args: ["--config", config, "--listen", "irc=tcp://127.0.0.1:0"],
    });
  });
  const servers = await Promise.all(starts);
  for (const [number, server] of servers.entries()) {
    assertEquals(server.ports.length, 1);
    const client = IrcClient.onSocket(await Deno.connect({ port: server.port }));
    const lines = await client.register("ann");
    const text = lines.join("\n");
    assert(text.startsWith(`:irc${number}.example 001 ann :`), text);
    assert(text.includes(` NETWORK=Net${number} `), text);
    assert(text.includes(` 372 ann :- Welcome to server ${number}\n`), text);
    await client.leave();
  }
  for (const server of servers) await server[Symbol.asyncDispose]();
});

Deno.test("Everybody sees one order at all doors, and a PONG comes after what it follows", async () => {
  await using server = await ServerProcess.start({
    args: [...LISTEN, ...FREELY, "--web", "http://127.0.0.1:0"],
  });
  const [irc, lines] = server.ports;
  const clients: IrcClient[] = [];
  for (const nick of ["ann", "bob", "carl"]) {
    const client = await IrcClient.connect(irc, nick, { caps: ["echo-message"] });
    client.send("JOIN #lobby");
    await client.sync();
    clients.push(client);
  }
  const tim = await LineClient.enter(lines, "tim");
  await tim.send("/set echo on");
  await tim.expect("\r\n");
  const web = await WebClient.open(`${server.web}/ws`);
  web.send({ type: "hello", name: "wendy" });
  await web.next("live");
  const count = 100;
  const received: string[][] = clients.map(() => []);
  for (let number = 0; number < count; number++) {
    clients.forEach((client, index) => client.send(`PRIVMSG #lobby :${index} ${number}`));
    await tim.send(`t ${number}`);
    web.send({ type: "say", room: "lobby", body: `w ${number}` });
    // What this client said before its PING is at the others' doors when the PONG comes.
    const speaker = number % clients.length;
    received[speaker].push(...told(await clients[speaker].sync()));
    const listener = (number + 1) % clients.length;
    const heard = told(await clients[listener].sync());
    received[listener].push(...heard);
    const last = `${["ann", "bob", "carl"][speaker]}: ${speaker} ${number}`;
    assert(received[listener].includes(last), `${last} is missing`);
  }
  const shown = () =>
    [...tim.transcript.matchAll(/^<(\S+)> (.*)\r$/gm)].map(([, from, body]) => `${from}: ${body}`);
  const seen = () =>
    web.messages.flatMap(({ events = [] }) => events)
      .filter(({ kind }: { kind: string }) => kind === "message")
      .map(({ from, body }: { from: string; body: string }) => `${from}: ${body}`);
  for (const heard of [shown, seen]) {
    await until("all messages are there", () => heard().length >= 5 * count);
  }
  for (const [index, client] of clients.entries()) {
    received[index].push(...told(await client.sync()));
  }
  const stored = readStoredEvents(server.data)
    .filter(({ kind }) => kind === "message").map(({ from, body }) => `${from}: ${body}`);
  assertEquals(stored.length, 5 * count);
  for (const lines of [...received, shown(), seen()]) assertEquals(lines, stored);
  web.close();
  await web.ended;
  await tim.close();
  for (const client of clients) await client.leave();
});

Deno.test("Whoever came first keeps order at all doors", async () => {
  await using server = await ServerProcess.start({ args: [...LISTEN, ...FREELY] });
  const [irc, lines] = server.ports;
  const tim = await LineClient.enter(lines, "tim");
  await tim.send("/join tea");
  await tim.expect("* You are in #tea. Nobody else is here yet.");
  await using ann = await IrcClient.connect(irc, "ann");
  ann.send("JOIN #tea");
  assert((await ann.sync()).some((line) => line.endsWith(" 353 ann = #tea :@tim ann")));
  await tim.send("/room moderated on");
  await ann.expect(/^:tim!tcp@\S+ MODE #tea \+m$/);
  ann.send("PRIVMSG #tea :hello");
  await ann.expect(/ 404 ann #tea :#tea is moderated/);
  await tim.send("/grant ann moderator");
  await ann.expect(/^:tim!tcp@\S+ MODE #tea \+o ann$/);
  ann.send("KICK #tea tim :thanks");
  await tim.expect(/\* ann kicked you from #tea \(thanks\)\./);
  await tim.close();
});
