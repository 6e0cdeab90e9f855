/**
 * Log lines by `ssh host log` beside the same lines by tcp, both to the receipt, one after the other
 * on one server.
 *
 * ```
 * deno task bench:ssh-log [MEGABYTES [ROUNDS]]
 * ```
 */

import { ServerProcess } from "../support/server_process.ts";
import { feed, SshHome } from "../support/ssh_client.ts";

const [megabytes = 100, rounds = 3] = Deno.args.map(Number);
const LINE_BYTES = 100;

const line = (index: number) => `${index} step of the build `.padEnd(LINE_BYTES - 1, "x") + "\n";
const count = megabytes * 1e6 / LINE_BYTES;
const text = new TextEncoder().encode(Array.from({ length: count }, (_, i) => line(i)).join(""));

function* pieces(): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < text.length; at += 64 * 1024) yield text.subarray(at, at + 64 * 1024);
}

async function byTcp(port: number): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const answer = new Response(connection.readable).text();
  const writer = connection.writable.getWriter();
  for (const piece of pieces()) await writer.write(piece);
  await connection.closeWrite();
  return await answer;
}

async function bySsh(home: SshHome, port: number): Promise<string> {
  const client = home.spawn(port, "log build");
  const feeding = feed(client.stdin, ReadableStream.from(pieces()));
  const { stdout } = await client.output();
  await feeding;
  return new TextDecoder().decode(stdout);
}

const listen = ["--listen", "chat=ssh://127.0.0.1:0", "--listen", "logger=tcp://127.0.0.1:0"];
using home = new SshHome();
await using server = await ServerProcess.start({ args: listen });
const [ssh, tcp] = server.ports;
for (let round = 1; round <= rounds; round++) {
  for (
    const [name, send] of [["tcp", () => byTcp(tcp)], ["ssh", () => bySsh(home, ssh)]] as const
  ) {
    const start = performance.now();
    const receipt = await send();
    const seconds = (performance.now() - start) / 1000;
    if (!receipt.startsWith(`stored ${count} lines`)) throw new Error(`${name}: ${receipt}`);
    console.log(`round ${round}  ${name}  ${(megabytes / seconds).toFixed(1)} MB/s`);
  }
}
