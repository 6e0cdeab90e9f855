/**
 * Machines that vanish without a word: a client in a network namespace of its own, whose link is cut.
 * Linux only; needs `unshare`, `nsenter` and `ip`.
 */

import { assertEquals, assertLess } from "@std/assert";
import { Output, runProgram } from "../support/server_process.ts";

/** Joins the namespace of the server with another one, whose first process prints its number. */
const NETWORK = `exec unshare -rn sh -c '
  ip link set lo up
  unshare -n sh -c "echo \\$\\$ > $DIR/peer; exec sleep 300" &
  until [ -s $DIR/peer ]; do sleep 0.05; done
  peer=$(cat $DIR/peer)
  ip link add near type veth peer name far netns $peer
  ip addr add 10.9.9.1/24 dev near
  ip link set near up
  nsenter -t $peer -n ip addr add 10.9.9.2/24 dev far
  nsenter -t $peer -n ip link set far up
  exec "$@"' sh "$@"`;
const MOST_MS = 120_000;

/** Runs a program as root of the namespaces, and in the network of a process. */
function inNetwork(owner: number, ...command: string[]): Deno.ChildProcess {
  const args = ["-t", String(owner), "-U", "-n", "--preserve-credentials", ...command];
  return new Deno.Command("nsenter", { args, stdin: "piped", stdout: "piped", stderr: "inherit" })
    .spawn();
}

Deno.test("a machine that vanishes is gone within two minutes on each door", async () => {
  const directory = await Deno.makeTempDir({ prefix: "partyline-vanish-" });
  const listen = ["tcp://10.9.9.1:2324", "telnet://10.9.9.1:2323", "tcp://127.0.0.1:2324"]
    .flatMap((endpoint) => ["--listen", `chat=${endpoint}`]);
  const server = runProgram(
    ["serve", "--data", `${directory}/data`, "--no-web", ...listen],
    { prelude: NETWORK, env: { DIR: directory } },
  );
  const [printed, hints] = [new Output(server.stdout), new Output(server.stderr)];
  const programs: { readonly child: Deno.ChildProcess; readonly output: Output }[] = [];
  let peer = 0;
  let talking: ReturnType<typeof setInterval> | undefined;
  try {
    assertEquals(await printed.until(/^ready\n/m), true, hints.text);
    peer = Number(await Deno.readTextFile(`${directory}/peer`));
    const join = async (owner: number, name: string, ...address: string[]) => {
      const child = inNetwork(owner, "nc", ...address);
      programs.push({ child, output: new Output(child.stdout) });
      const writer = child.stdin.getWriter();
      const write = (text: string) => writer.write(Uint8Array.from(text, (c) => c.charCodeAt(0)));
      await write(name);
      return { output: programs.at(-1)!.output, write };
    };
    const ann = await join(server.pid, "ann\n", "127.0.0.1", "2324");
    assertEquals(await ann.output.until(/You are in #lobby/), true);
    await join(peer, "tom\n", "10.9.9.1", "2324");
    // WILL TERMINAL-TYPE, DO SUPPRESS-GO-AHEAD: a client of telnet.
    await join(peer, "\xff\xfb\x18\xff\xfd\x03tess\r\n", "10.9.9.1", "2323");
    const joined = /tom joined[^]*tess joined|tess joined[^]*tom joined/;
    assertEquals(await ann.output.until(joined), true, ann.output.text);
    const { success } = await inNetwork(peer, "ip", "route", "add", "blackhole", "10.9.9.1")
      .output();
    assertEquals(success, true);
    const start = performance.now();
    // On plain TCP there is something to acknowledge only while others talk.
    talking = setInterval(() => ann.write("hello\n"), 5000);
    const left = /tom left[^]*tess left|tess left[^]*tom left/;
    while (!left.test(ann.output.text)) {
      assertLess(performance.now() - start, MOST_MS, ann.output.text);
      await ann.output.until(left);
    }
    console.log(`gone after ${Math.round((performance.now() - start) / 1000)} s`);
  } finally {
    clearInterval(talking);
    for (const { child } of programs) child.kill("SIGKILL");
    if (peer > 0) Deno.kill(peer, "SIGKILL");
    try {
      server.kill("SIGTERM");
    } catch {
      // It did not start.
    }
    await Promise.all([server.status, printed.all, hints.all]);
    await Promise.all(programs.flatMap(({ child, output }) => [child.status, output.all]));
    await Deno.remove(directory, { recursive: true });
  }
});
