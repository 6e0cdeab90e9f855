/** API tokens on the real server. */

import { assert, assertEquals } from "@std/assert";
import { askServer } from "../../lib/cli/control/ask_server.ts";
import { CONTROL_REQUESTS } from "../../lib/cli/control/requests/mod.ts";
import { systemClock } from "../../lib/clock.ts";
import { openDatabase } from "../../lib/store/sqlite/database.ts";
import { SqliteStateStore } from "../../lib/store/sqlite/state_store.ts";
import { LineClient } from "../support/line_client.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds, SEED } from "../support/rounds.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { openOwners } from "../support/token_owners.ts";

const ROUNDS = rounds(2, 10);
const WEB = ["--web", "http://127.0.0.1:0"];
const LOGGER = ["--listen", "logger=tcp://127.0.0.1:0?token=required"];

/** Creates the account ann. */
async function addAnn(data: string): Promise<void> {
  using database = openDatabase(`${data}/partyline.db`, "normal");
  await openOwners(["ann"], { state: new SqliteStateStore(database) });
}

function request(data: string, action: "new" | "revoke", label: string) {
  const request = CONTROL_REQUESTS.find(({ name }) => name === `token ${action}`)!;
  return askServer(request, { account: "ann", label }, { data, clock: systemClock });
}

async function secretOf(data: string, label: string): Promise<string> {
  return (await request(data, "new", label) as { secret: string }).secret;
}

async function statusOf(web: string, secret: string, path = "/api/rooms"): Promise<number> {
  const response = await fetch(`${web}${path}`, { headers: { Authorization: `Bearer ${secret}` } });
  await response.body?.cancel();
  return response.status;
}

/** Sends lines to a logger, ends, and returns everything received. */
async function pour(port: number, text: string): Promise<string> {
  using connection = await Deno.connect({ port });
  await connection.write(new TextEncoder().encode(text));
  await connection.closeWrite();
  return await new Response(connection.readable).text();
}

/** The files below a directory that contain a text. */
function filesWith(directory: string, text: string): string[] {
  const needle = new TextEncoder().encode(text);
  return [...Deno.readDirSync(directory)].flatMap(({ name, isDirectory, isFile }) => {
    const path = `${directory}/${name}`;
    if (isDirectory) return filesWith(path, text);
    return isFile && indexOf(Deno.readFileSync(path), needle) !== -1 ? [path] : [];
  });
}

function indexOf(bytes: Uint8Array, needle: Uint8Array): number {
  for (let at = bytes.indexOf(needle[0]); at !== -1; at = bytes.indexOf(needle[0], at + 1)) {
    if (needle.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}

Deno.test("a token's secret is in no log, diagnostics or file of the server", async () => {
  const chat = ["--listen", "chat=tcp://127.0.0.1:0"];
  const verbose = ["--log-level", "debug", "--print"];
  const args = [...LOGGER, ...chat, ...WEB, ...verbose];
  await using server = await ServerProcess.start({ prepare: addAnn, args });
  const { data } = server;
  const [logger, port] = server.ports;
  const secret = await secretOf(data, "ci");
  assertEquals(await statusOf(server.web, secret), 200);
  const posted = await fetch(`${server.web}/api/rooms/log/messages`, {
    method: "POST",
    headers: { Authorization: `Bearer ${secret}`, "Content-Type": "application/json" },
    body: JSON.stringify({ body: "findable" }),
  });
  assertEquals([posted.status, (await posted.json()).events[0].from], [201, "ann"]);
  assert((await pour(logger, `@token ${secret}\none\n`)).startsWith("stored 1 line"));
  assert((await pour(logger, `@token ${secret}\n@token ${secret}\n`)).startsWith("stored 1"));
  const wrong = `pl_${"w".repeat(43)}`;
  assert((await pour(logger, `@token ${wrong}\none\n`)).startsWith("! The token is wrong"));
  assertEquals(await statusOf(server.web, wrong), 401);
  const socket = new WebSocket(`${server.web.replace("http", "ws")}/ws`);
  await new Promise((resolve) => socket.onopen = resolve);
  const welcomed = new Promise<string>((resolve) => socket.onmessage = (e) => resolve(e.data));
  socket.send(JSON.stringify({ type: "hello", token: secret }));
  assertEquals(JSON.parse(await welcomed).type, "welcome");
  const person = await LineClient.connect(port);
  await person.send("bob", "/join log", "/history 100");
  await person.expect("(a secret, left out)");
  await person.close();
  const ended = new Promise((resolve) => socket.onclose = resolve);
  await request(data, "revoke", "ci");
  await ended;
  assertEquals(await statusOf(server.web, secret), 401);
  for (const text of [secret, wrong]) assertEquals(filesWith(data, text.slice(3, 30)), []);
  const { stdout, stderr } = await server.stop();
  for (const text of [secret, wrong]) {
    assert(!stdout.includes(text.slice(3, 30)), stdout);
    assert(!stderr.includes(text.slice(3, 30)), stderr);
    assertEquals(filesWith(data, text.slice(3, 30)), []);
  }
  // That the search would find something.
  assert(filesWith(data, "findable").length > 0);
});

Deno.test("kill -9 while tokens are created and revoked leaves each done or not done", async () => {
  const random = new SeededRandom(SEED);
  using directory = new TemporaryDirectory();
  const data = directory.path;
  await addAnn(data);
  /** Tokens whose secret was shown, by label. */
  const shown = new Map<string, string>();
  const revoked = new Map<string, string>();
  for (let round = 0; round < ROUNDS; round++) {
    await using server = await ServerProcess.start({ data, args: WEB });
    const context = `seed ${SEED}, round ${round}`;
    for (const [label, secret] of shown) {
      assertEquals(await statusOf(server.web, secret), 200, `${context}: ${label} is gone`);
    }
    for (const [label, secret] of revoked) {
      assertEquals(await statusOf(server.web, secret), 401, `${context}: ${label} is back`);
    }
    const toRevoke = [...shown].slice(0, 4);
    const work = [
      ...toRevoke.map(([label, secret]) => async () => {
        shown.delete(label); // Nobody knows, unless it is answered.
        await request(data, "revoke", label);
        revoked.set(label, secret);
      }),
      ...Array.from({ length: 6 }, (_, index) => async () => {
        const label = `r${round}n${index}`;
        shown.set(label, await secretOf(data, label));
      }),
    ];
    let answered = 0;
    const killAfter = random.int(work.length);
    const { promise: isTime, resolve } = Promise.withResolvers<void>();
    if (killAfter === 0) setTimeout(resolve, random.int(50));
    const working = work.map(async (work) => {
      try {
        await work();
      } catch (error) {
        assertEquals(
          (error as Error).message,
          "The server ended before it answered. Check whether it did this before you try again.",
        );
      }
      if (++answered === killAfter) resolve();
    });
    await isTime;
    await server.kill();
    await Promise.all(working);

    using database = openDatabase(`${data}/partyline.db`, "normal");
    const { tokens } = await openOwners([], { state: new SqliteStateStore(database) });
    // Make room for the next rounds, of those whose answer was lost too.
    for (const { label } of tokens.list("ann")) {
      if (!shown.has(label)) await tokens.revoke("ann", label);
    }
  }
});
