/**
 * A file goes through `ssh host log` while the client and the server are killed at random: it
 * arrives whole, in order and once.
 *
 * 100 MB in `deno task test:fuzz`; `PARTYLINE_SSH_LOG_KB` sets another size.
 */

import { assertEquals, assertGreater } from "@std/assert";
import { SeededRandom } from "../support/random.ts";
import { rounds, SEED } from "../support/rounds.ts";
import { ServerProcess } from "../support/server_process.ts";
import { feed, SshHome } from "../support/ssh_client.ts";
import { readStoredEvents } from "../support/stored_log.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const KILOBYTES = rounds(6000, 100_000, "PARTYLINE_SSH_LOG_KB");
const LINE_BYTES = 100;
const ACK_LINES = 500;
/** Kills on each side; afterwards the rest goes through. */
const KILLS = rounds(3, 8);

/** The lines of the file; few are alike, so that one in the wrong place is seen. */
function* linesOf(count: number, random: SeededRandom): Generator<string> {
  for (let index = 0; index < count; index++) {
    yield index % 10 === 0 ? "..." : `${index} ${random.int(1e9)} `.padEnd(LINE_BYTES - 1, "x");
  }
}

Deno.test("ssh log delivers a file once, whoever is killed on the way", async () => {
  const random = new SeededRandom(SEED);
  const lines = [...linesOf(KILOBYTES * 1000 / LINE_BYTES, random)];
  const text = new TextEncoder().encode(lines.join("\n") + "\n");
  using data = new TemporaryDirectory();
  using home = new SshHome();
  const start = () =>
    ServerProcess.start({ data: data.path, args: ["--listen", "chat=ssh://127.0.0.1:0"] });
  let server = await start();
  try {
    let acked = 0;
    let kills = 0;
    for (;;) {
      const command = `log build --source ci --ack ${ACK_LINES} --from ${acked}`;
      const client = home.spawn(server.port, command);
      const feeding = feed(client.stdin, ReadableStream.from(pieces(text)));
      const complaint = new Response(client.stderr).text();
      const isLast = kills === 2 * KILLS;
      // As many acknowledgements as come before somebody is killed.
      const patience = isLast ? Infinity : 1 + random.int(lines.length / ACK_LINES / KILLS / 2);
      const victim = kills % 2 === 0 ? client : server.process;
      const output = await readAcks(client.stdout, patience, () => victim.kill("SIGKILL"));
      const { code } = await client.status;
      await feeding;
      acked += output.acks * ACK_LINES;
      if (code === 0) break;
      assertEquals(isLast, false, await complaint);
      kills++;
      if (victim === client) continue;
      await server.kill();
      server = await start();
    }
    assertGreater(kills, 0);
    assertEquals((await server.stop()).code, 0);
    const stored = readStoredEvents(data.path).filter(({ kind }) => kind === "log");
    const wrong = stored.findIndex(({ body }, index) => body !== lines[index]);
    assertEquals([stored.length, wrong], [lines.length, -1]);
  } finally {
    await server.kill();
  }
});

/** Parts of the file, so that not all of it is written before anything is read. */
function* pieces(text: Uint8Array<ArrayBuffer>): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < text.length; at += 64 * 1024) yield text.subarray(at, at + 64 * 1024);
}

/** Counts acknowledgements to the end of the output, and calls `kill` after so many. */
async function readAcks(
  output: ReadableStream<Uint8Array<ArrayBuffer>>,
  patience: number,
  kill: () => void,
): Promise<{ acks: number }> {
  let text = "";
  let hasKilled = false;
  const count = () => text.match(/^ack #\d+$/gm)?.length ?? 0;
  for await (const part of output.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (hasKilled || count() < patience) continue;
    hasKilled = true;
    kill();
  }
  // What was cut short is no acknowledgement.
  return { acks: text.slice(0, text.lastIndexOf("\n") + 1).match(/^ack #\d+$/gm)?.length ?? 0 };
}
