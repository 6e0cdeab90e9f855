/** Private messages between accounts, with the real server: killed, searched and asked by others. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds, SEED } from "../support/rounds.ts";
import { PERMISSIONS, runToEnd, ServerProcess } from "../support/server_process.ts";
import { byRoom, findHole, readStoredEvents } from "../support/stored_log.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const PASSWORD = "tea at five";
const ROUNDS = rounds(1, 8);

async function addAccounts(data: string, ...names: string[]): Promise<void> {
  for (const name of names) {
    const args = ["account", "add", name, "--data", data];
    const { code } = await runToEnd(args, { input: `${PASSWORD}\n`, denoFlags: PERMISSIONS });
    assertEquals(code, 0);
  }
}

function enter(port: number, name: string): Promise<LineClient> {
  return LineClient.enter(port, `/login ${name} ${PASSWORD}`);
}

/** Writes to both until the server is dead. */
async function write(client: LineClient, tag: string): Promise<void> {
  for (let number = 1;; number++) {
    await client.send(`/msg bob ${tag}-${number}`, `/msg zoe ${tag}-${number}`);
    await client.expect(`-> zoe: ${tag}-${number}\r\n`);
  }
}

Deno.test("kill -9 loses no private message that either of the two saw", async () => {
  const random = new SeededRandom(SEED);
  using data = new TemporaryDirectory();
  const options = { data: data.path, args: ["--flood-rate", "0"] };
  await addAccounts(data.path, "ann", "bob", "zoe", "carl");
  let server = await ServerProcess.start(options);
  try {
    const seenByBob: string[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      const [ann, bob] = [await enter(server.port, "ann"), await enter(server.port, "bob")];
      const enough = 1 + random.int(200);
      const { promise: isTime, resolve } = Promise.withResolvers<void>();
      bob.onText = () => {
        if (bob.transcript.split("ann -> you:").length > enough) resolve();
      };
      const writing = write(ann, `r${round}`).catch(() => {});
      await isTime;
      await server.kill();
      await Promise.all([writing, ann.expectEnd(), bob.expectEnd()]);
      const bodies = ({ transcript }: LineClient, pattern: RegExp) =>
        [...transcript.matchAll(pattern)].map(([, body]) => body);
      const told = bodies(bob, /ann -> you: (\S+)\r\n/g);
      seenByBob.push(...told);
      const shown = bodies(ann, /-> bob: (\S+)\r\n/g);
      await Promise.all([ann.close(), bob.close()]);

      server = await ServerProcess.start(options);
      const events = readStoredEvents(data.path);
      assertEquals(findHole(events), undefined);
      const stored = byRoom(events).get("@ann+bob")!.map(({ body }) => body);
      const own = stored.filter((body) => body.startsWith(`r${round}-`));
      for (const lines of [told, shown]) assertEquals(own.slice(0, lines.length), lines);
      assertEquals(new Set(stored).size, stored.length);
    }
    const zoe = await enter(server.port, "zoe");
    await zoe.expect(/\* \d+\+? unread messages? from ann\. /);
    const bob = await enter(server.port, "bob");
    bob.transcript = "";
    await bob.send("/history @ann 500", "/set bell");
    await bob.expect("bell is off");
    const kept = new Set(bob.transcript.split("\r\n").map((line) => line.split(" ").at(-1)));
    for (const body of seenByBob.slice(-400)) assert(kept.has(body), body);
    await Promise.all([zoe.close(), bob.close()]);
  } finally {
    await server.stop();
  }
});

Deno.test("searches, lists and the API tell nobody else of a private message", async () => {
  using data = new TemporaryDirectory();
  await addAccounts(data.path, "ann", "bob", "carl");
  const grant = ["account", "grant", "carl", "operator", "--data", data.path];
  assertEquals((await runToEnd(grant, { denoFlags: PERMISSIONS })).code, 0);
  await using server = await ServerProcess.start({
    data: data.path,
    args: ["--web", "http://127.0.0.1:0"],
  });
  const ann = await enter(server.port, "ann");
  await ann.send("/msg bob the xylophone is in the cellar");
  await ann.expect("-> bob: the xylophone");
  for (const name of ["ann", "bob"]) {
    const client = name === "ann" ? ann : await enter(server.port, name);
    for (
      const query of ["xylophone", "xylophone in:@*", `in:@${name === "ann" ? "bob" : "ann"}`]
    ) {
      await client.send(`/search ${query}`);
      await client.expect(`@${name === "ann" ? "bob" : "ann"}#1`);
    }
    await client.close();
  }
  for (
    const client of [await enter(server.port, "carl"), await LineClient.enter(server.port, "gus")]
  ) {
    client.transcript = "";
    await client.send(
      "/search xylophone",
      "/search xylophone in:@ann -C 3",
      "/search in:@ann+bob",
      "/search in:@*",
      "/search from:ann cellar",
      "/rooms",
      "/history @ann+bob",
      "/quote @ann+bob#1",
      "/set bell",
    );
    await client.expect("bell is off");
    assert(!client.transcript.includes("cellar is"), client.transcript);
    assertEquals(client.transcript.split("Nothing found").length, 6, client.transcript);
    assert(!client.transcript.includes("@bob"), client.transcript);
    await client.close();
  }
  const found = await fetch(`${server.web}/api/search?q=xylophone`);
  assertEquals((await found.json()).hits, []);
  const exported = await fetch(`${server.web}/api/rooms/%40ann%2Bbob/export`);
  assertStringIncludes(await exported.text(), "no-such-room");
});

Deno.test("a private message that its author redacts is found nowhere any more", async () => {
  using data = new TemporaryDirectory();
  await addAccounts(data.path, "ann", "bob");
  {
    await using server = await ServerProcess.start({ data: data.path });
    const [ann, bob] = [await enter(server.port, "ann"), await enter(server.port, "bob")];
    await ann.send("/msg bob the code is quagga");
    await bob.expect("ann -> you: the code is quagga");
    await bob.send("/search quagga");
    await bob.expect("<ann> the code is *quagga*");
    await ann.send("/redact @bob#1 wrong window");
    for (const client of [ann, bob]) await client.expect(/\* ann redacted @\w+#1 \(wrong window\)/);
    await bob.send("/search quagga");
    await bob.expect("* Nothing found for quagga");
    for (const client of [ann, bob]) await client.close();
  }
  assertEquals((await runToEnd(["verify", "--data", data.path])).code, 0);
  const log = new TextDecoder("latin1").decode(await Deno.readFile(`${data.path}/partyline.db`));
  assertStringIncludes(log, "wrong window");
  assertEquals(log.includes("quagga"), false);
});
