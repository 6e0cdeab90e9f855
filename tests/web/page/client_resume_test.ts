import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../../lib/clock.ts";
import type { EventJson } from "../../../lib/web/protocol.ts";
import { settleSockets } from "../../support/fake_clock.ts";
import { freePort } from "../../support/free_port.ts";
import { logInAs } from "../../support/account_people.ts";
import { PageServer, POST_TOKEN } from "../../support/page_server.ts";
import { SeededRandom } from "../../support/random.ts";
import { ServerProcess } from "../../support/server_process.ts";
import { byRoom, readStoredEvents } from "../../support/stored_log.ts";
import { PageClient, said } from "../../support/page_client.ts";
import { TemporaryDirectory } from "../../support/temporary_directory.ts";

/** Starts the real program. */
function startServer(port: number, data: string): Promise<ServerProcess> {
  const web = `http://127.0.0.1:${port}`;
  return ServerProcess.start({ data, args: ["--flood-rate", "0", "--web", web] });
}

/** Posts lines to #lobby over HTTP. */
async function post(
  web: string,
  kind: "message" | "log",
  lines: readonly string[],
): Promise<void> {
  const response = await fetch(`${web}/api/rooms/lobby/messages?from=make&kind=${kind}`, {
    method: "POST",
    headers: { "Authorization": `Bearer ${POST_TOKEN}`, "Content-Type": "text/plain" },
    body: lines.join("\n"),
  });
  await response.body?.cancel();
  assertEquals(response.status, 201);
}

Deno.test("Client loses and repeats nothing while the server is killed repeatedly", async () => {
  using data = new TemporaryDirectory();
  const random = new SeededRandom(9);
  const port = freePort();
  let server = await startServer(port, data.path);
  const ann = await PageClient.enter(server.web, "ann");
  const bob = await PageClient.enter(server.web, "bob");
  let count = 0;
  for (let round = 0; round < 4; round++) {
    for (let line = 0; line < 20; line++) {
      random.pick([ann, bob]).client.sender.say("lobby", `line ${count++}`, "message");
      if (line === 10) {
        // Some lines are on their way, some are not sent yet; each must arrive exactly once.
        await settleSockets(random.int(4));
        await server.kill();
        server = await startServer(port, data.path);
      }
    }
    const all = Array.from({ length: count }, (_, number) => `line ${number}`).sort().join();
    for (const { client, bodies, until } of [ann, bob].map(bound)) {
      await until(() => bodies("lobby").toSorted().join() === all);
      await until(() => client.status.type === "live" && client.state.unsent.all.length === 0);
    }
  }
  await ann[Symbol.asyncDispose]();
  await bob[Symbol.asyncDispose]();
  await server.stop();
  const stored = byRoom(readStoredEvents(data.path)).get("lobby")!;
  for (const { room } of [ann, bob].map(bound)) {
    const seen = room("lobby").timeline.events;
    const first = seen[0].seq;
    const last = seen.at(-1)!.seq;
    assertEquals(
      seen.map(({ seq, kind, from, body }) => ({ seq, kind, from, body })),
      stored.filter(({ seq }) => seq >= first && seq <= last)
        .map(({ seq, kind, from, body }) => ({ seq, kind, from, body })),
    );
  }
});

/** The client with its methods bound, so that it can be destructured. */
function bound(client: PageClient) {
  return {
    client: client.client,
    room: client.room.bind(client),
    bodies: client.bodies.bind(client),
    until: client.until.bind(client),
  };
}

Deno.test("Client reconnects to its rooms under its name after its connection is cut", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  await using bob = await PageClient.enter(server.url, "bob");
  bob.client.sender.say("lobby", "one", "message");
  await ann.until(() => ann.bodies("lobby").includes("one"));
  const first = ann.room("lobby");
  ann.cut();
  await ann.until(() => ann.client.status.type === "waiting");
  bob.client.sender.say("lobby", "two", "message");
  ann.client.sender.say("lobby", "three", "message");
  await ann.until(() => ann.bodies("lobby").length === 3);
  assertEquals(ann.bodies("lobby").toSorted(), ["one", "three", "two"]);
  assertEquals(ann.client.state.name, "ann");
  assert(ann.room("lobby") === first, "it is still the same room");
  await ann.until(() => ann.client.state.unsent.all.length === 0);
});

/** The bodies of the private messages that a client was sent. */
function privately({ changes }: PageClient): string[] {
  return changes.flatMap((change) => change.type === "private" ? [change.message.body] : []);
}

Deno.test("Client sends private messages that were written offline, in order and once", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  await using bob = await PageClient.enter(server.url, "bob");
  await logInAs(server, "ann");
  await logInAs(server, "bob");
  const { sender, state } = ann.client;
  sender.say("@bob", "zero", "message");
  await ann.until(() => privately(ann).length === 1);
  ann.cut();
  await ann.until(() => ann.client.status.type === "waiting");
  const texts = ["one", "two\nlines", "three"];
  for (const text of texts) sender.say("@bob", text, "message");
  assertEquals(state.unsent.waiting().length, 3);
  assertEquals(state.remembered.unsent.map(({ room }) => room), ["@bob", "@bob", "@bob"]);
  await bob.until(() => privately(bob).length === 4);
  await ann.until(() => state.unsent.all.length === 0);
  assertEquals([privately(bob), privately(ann)], [["zero", ...texts], ["zero", ...texts]]);
});

Deno.test("Client asks before it sends what was written offline to a name that may be somebody else's by now", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  await using bob = await PageClient.enter(server.url, "bob");
  const { sender, state: { unsent } } = ann.client;
  sender.say("@bob", "hello", "message");
  await ann.until(() => privately(ann).length === 1);
  ann.cut();
  await ann.until(() => ann.client.status.type === "waiting");
  sender.say("@bob", "the key is under the mat", "message");
  bob.client.command("/quit").catch(() => {});
  await bob.until(() => bob.client.status.type === "ended");
  await using stranger = await PageClient.enter(server.url, "bob");
  await ann.until(() => unsent.all[0].state === "failed");
  const [line] = unsent.all;
  assertEquals(
    line.problem,
    "You were offline. Is bob still the same person?",
  );
  assertEquals(privately(stranger), []);
  sender.retry(line);
  await stranger.until(() => privately(stranger).length === 1);
  await ann.until(() => unsent.all.length === 0);
});

Deno.test("Client asks before it sends what was written to an account to whoever has its name since", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  await server.addAccount("bob");
  await logInAs(server, "ann");
  const { sender, state: { unsent } } = ann.client;
  sender.say("@bob", "hello", "message");
  await ann.until(() => privately(ann).length === 1);
  ann.cut();
  await ann.until(() => ann.client.status.type === "waiting");
  sender.say("@bob", "the key is under the mat", "message");
  await server.accounts.remove("bob");
  await using stranger = await PageClient.enter(server.url, "bob");
  await ann.until(() => unsent.all[0].state === "failed");
  const [line] = unsent.all;
  const why = "The account bob that you wrote to was removed, so nothing was sent. Send it again " +
    "if you mean whoever is called bob now.";
  assertEquals(line.problem, why);
  sender.say("@bob", "ask for the key", "message");
  await stranger.until(() => privately(stranger).length === 1);
  assertEquals(privately(stranger), ["ask for the key"]);
  sender.retry(line);
  await stranger.until(() => privately(stranger).length === 2);
  await ann.until(() => unsent.all.length === 0);
});

Deno.test("Client asks before it writes to whoever has the name of an account that was removed", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  await server.addAccount("bob");
  await logInAs(server, "ann");
  const { sender, state: { unsent, correspondents } } = ann.client;
  sender.say("@bob", "hello", "message");
  await ann.until(() => privately(ann).length === 1);
  await server.accounts.remove("bob");
  await using stranger = await PageClient.enter(server.url, "bob");
  sender.say("@bob", "written while live", "message");
  await ann.until(() => unsent.all[0]?.state === "failed");
  sender.discard(unsent.all[0]);
  ann.cut();
  await ann.until(() => ann.client.status.type === "waiting");
  await ann.until(() => ann.client.status.type === "live");
  assertEquals([...correspondents], [["@bob", 0]]);
  sender.say("@bob", "written after connecting again", "message");
  await ann.until(() => unsent.all[0]?.state === "failed");
  assertEquals(privately(stranger), []);
});

Deno.test("Client knows a private message as sent once it is kept", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  await server.addAccount("bob");
  await logInAs(server, "ann");
  const { sender, state: { unsent } } = ann.client;
  for (const text of ["psst", "psst"]) sender.say("@bob", text, "message");
  await ann.until(() => privately(ann).length === 2 && unsent.records.length === 0);
});

Deno.test("Client asks before it repeats a private message that may have arrived", async () => {
  await using server = new PageServer();
  let isLossy = true;
  const openSocket = (url: string) => {
    const socket = new WebSocket(url);
    const send = socket.send.bind(socket);
    socket.send = (data) => isLossy && String(data).includes('"private"') ? undefined : send(data);
    return socket;
  };
  await using ann = await PageClient.enter(server.url, "ann", { openSocket });
  await using bob = await PageClient.enter(server.url, "bob");
  ann.client.sender.say("@bob", "psst", "message");
  const { remembered, unsent } = ann.client.state;
  ann.cut();
  await ann.until(() => unsent.all[0].state === "failed");
  ann.client.stop();
  isLossy = false;
  await using reloaded = new PageClient(server.url, { remembered });
  const { sender, state } = reloaded.client;
  reloaded.client.start("ann");
  await reloaded.until(() => state.unsent.all[0].state === "failed");
  const [line] = state.unsent.all;
  assertEquals(line.problem, "The connection was lost. This may or may not have been sent.");
  assertEquals(privately(bob), []);
  sender.retry(line);
  await bob.until(() => privately(bob).length === 1);
  await reloaded.until(() => state.unsent.all.length === 0);
});

Deno.test("Client resends only lines that had not arrived when its connection was cut", async () => {
  await using server = new PageServer();
  // The first retry comes after 10 ms instead of 500.
  const after = (ms: number, work: () => void) => systemClock.after(ms < 5000 ? ms / 50 : ms, work);
  const clock = { ...systemClock, after };
  await using ann = await PageClient.enter(server.url, "ann", { clock });
  await using bob = await PageClient.enter(server.url, "bob");
  for (let round = 0; round < 10; round++) {
    // Lines with the same text: each must arrive as often as it was sent.
    ann.client.sender.say("lobby", "ping", "message");
    ann.client.sender.say("lobby", "ping", "message");
    if (round % 2 === 0) await settleSockets(1);
    ann.cut();
    ann.client.sender.say("lobby", "ping", "message");
    await ann.until(() => ann.client.status.type === "live");
    await ann.until(() => ann.client.state.unsent.all.length === 0);
  }
  await bob.until(() => bob.bodies("lobby").length >= 30);
  assertEquals(bob.bodies("lobby"), Array(30).fill("ping"));
});

Deno.test("Client learns of a flood of log lines, and loads them from history", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  const room = ann.room("lobby");
  ann.client.markRead(room);
  const lines = Array.from({ length: 400 }, (_, number) => `line ${number}`);
  await post(server.url, "log", lines);
  await ann.until(() => room.timeline.holes.length > 0 && room.timeline.isAtEnd);
  await ann.until(() => room.unread === 400);
  for (;;) {
    const [hole] = room.timeline.holes;
    if (!hole) break;
    const { first } = hole;
    room.timeline.fill(await ann.client.history({ room: "lobby", after: first - 1, limit: 200 }));
  }
  assertEquals(ann.bodies("lobby"), lines);
});

Deno.test("Client that missed too much keeps its events, and loads the rest from history", async () => {
  await using server = new PageServer();
  // It tries again once everything has been posted.
  let isHeld = false;
  let retry = () => {};
  const after = (ms: number, work: () => void) => {
    if (!isHeld) return systemClock.after(ms, work);
    retry = work;
    return () => {};
  };
  await using ann = await PageClient.enter(server.url, "ann", { clock: { ...systemClock, after } });
  await using bob = await PageClient.enter(server.url, "bob");
  bob.client.sender.say("lobby", "before", "message");
  await ann.until(() => ann.bodies("lobby").includes("before"));
  const { timeline } = ann.room("lobby");
  isHeld = true;
  ann.cut();
  await ann.until(() => ann.client.status.type === "waiting");
  const lines = Array.from({ length: 2500 }, (_, number) => `line ${number}`);
  for (let at = 0; at < lines.length; at += 500) {
    await post(server.url, "message", lines.slice(at, at + 500));
  }
  isHeld = false;
  retry();
  await ann.until(() => ann.client.status.type === "live");
  assertEquals(timeline.isAtEnd, false);
  assertEquals(ann.bodies("lobby"), ["before"]);
  while (!timeline.isAtEnd) {
    timeline.merge(
      await ann.client.history({ room: "lobby", after: timeline.before - 1, limit: 200 }),
    );
  }
  assertEquals(ann.bodies("lobby"), ["before", ...lines]);
  bob.client.sender.say("lobby", "after", "message");
  await ann.until(() => ann.bodies("lobby").at(-1) === "after");
});

Deno.test("Client that missed too much searches the log before it resends a line", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  await using bob = await PageClient.enter(server.url, "bob");
  ann.client.sender.say("lobby", "heard", "message");
  await bob.until(() => bob.bodies("lobby").includes("heard"));
  const { timeline } = ann.room("lobby");
  // As if the connection had been cut before the events arrived.
  const remembered = {
    ...ann.client.state.remembered,
    unsent: [
      { room: "lobby", body: "heard", kind: "message", from: "ann", after: 1 },
      { room: "lobby", body: "not heard", kind: "message", from: "ann", after: 1 },
    ] as const,
  };
  await ann[Symbol.asyncDispose]();
  const lines = Array.from({ length: 2500 }, (_, number) => `line ${number}`);
  for (let at = 0; at < lines.length; at += 500) {
    await post(server.url, "message", lines.slice(at, at + 500));
  }
  await using again = await PageClient.enter(server.url, "ann", { remembered });
  const { unsent } = again.client.state;
  await again.until(() => unsent.all.length === 1 && unsent.all[0].state === "failed");
  // One page of history is not enough to tell, so the user is asked.
  assertEquals(unsent.all[0].body, "not heard");
  again.client.sender.retry(unsent.all[0]);
  await bob.until(() => bob.bodies("lobby").at(-1) === "not heard");
  assertEquals(bob.bodies("lobby").filter((body) => body === "heard").length, 1);
  assert(timeline.live >= 2);
});

Deno.test("Client restored from a saved session keeps its name, rooms and unread counts", async () => {
  await using server = new PageServer();
  await using bob = await PageClient.enter(server.url, "bob");
  const ann = await PageClient.enter(server.url, "ann");
  await ann.client.join("ops");
  ann.client.markRead(ann.room("lobby"));
  const { remembered } = ann.client.state;
  await ann[Symbol.asyncDispose]();
  bob.client.sender.say("lobby", "one", "message");
  bob.client.sender.say("lobby", "two", "message");
  await bob.until(() => bob.bodies("lobby").length === 2);
  await using again = await PageClient.enter(server.url, "ann", {
    remembered: JSON.parse(JSON.stringify(remembered)),
  });
  assertEquals(again.client.state.rooms.map(({ name }) => name), ["lobby", "ops"]);
  assertEquals(again.room("lobby").unread, 2);
  const events: readonly EventJson[] = again.room("lobby").timeline.events;
  assertEquals(said(events), ["one", "two"]);
});
