/**
 * The Containerfile, where no engine runs: its files exist, and its program runs with its arguments
 * and its user, in a network of its own, until its health check says that it is well.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { compiledProgram, runTool } from "../support/compiled_program.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** The instructions, with continued lines joined. */
async function instructions(): Promise<[name: string, rest: string][]> {
  const text = await Deno.readTextFile(`${ROOT}packaging/Containerfile`);
  const lines = text.replace(/^#.*\n/gm, "").replace(/\\\n/g, " ").split("\n");
  return lines.filter((line) => line.trim() !== "").map((line) => {
    const [, name, rest] = /^([A-Z]+) +(.*)$/.exec(line)!;
    return [name, rest];
  });
}

Deno.test("The Containerfile copies what there is, compiles, and ends without root", async () => {
  const steps = await instructions();
  const stages = steps.filter(([name]) => name === "FROM");
  assertEquals(stages.length, 2);
  for (const [name, rest] of steps) {
    if (name !== "COPY" || rest.startsWith("--from=")) continue;
    for (const source of rest.split(" ").slice(0, -1)) {
      assert(await Deno.stat(ROOT + source), source);
    }
  }
  assert(steps.some(([name, rest]) => name === "RUN" && rest === "deno task compile"));
  // Every part of the workspace is there, or Deno refuses the file.
  const copied = steps.flatMap(([name, rest]) =>
    name === "COPY" ? rest.split(" ").slice(0, -1) : []
  );
  for (const member of config.workspace) {
    const path = member.replace("./", "");
    assert(copied.some((source) => `${path}/deno.json`.startsWith(source)), path);
  }
  const last = (name: string) => steps.findLast((step) => step[0] === name)?.[1];
  assertEquals([last("USER"), last("VOLUME")], ["10001:10001", "/data"]);
});

Deno.test("The program of the container runs with its arguments, without root, and is healthy", async () => {
  const steps = await instructions();
  const list = (name: string): string[] => {
    const rest = steps.findLast((step) => step[0] === name)![1];
    return JSON.parse(rest.slice(rest.indexOf("[")));
  };
  using directory = new TemporaryDirectory();
  const [data, program] = [`${directory.path}/data`, `${directory.path}/partyline`];
  await Deno.mkdir(data);
  await Deno.chown(data, 10001, 10001);
  await Deno.copyFile(compiledProgram(), program);
  await Deno.chmod(program, 0o755);
  await Deno.chmod(directory.path, 0o755);
  const place = (words: string[]) =>
    words.map((word) => word === "/data" ? data : word === "/usr/bin/partyline" ? program : word)
      .map((word) => `'${word}'`).join(" ");
  assertEquals(list("ENTRYPOINT"), ["/usr/bin/partyline"]);
  const health = steps.find(([name]) => name === "HEALTHCHECK")![1];
  const check = place(JSON.parse(health.slice(health.indexOf("["))));
  const ports = steps.find(([name]) => name === "EXPOSE")![1].split(" ");
  const script = `
    ip link set lo up
    cd ${data}
    ${place(list("ENTRYPOINT"))} ${place(list("CMD"))} > ${data}/out 2>&1 &
    for i in $(seq 600); do ${check} > /dev/null 2>&1 && break; sleep 0.1; done
    ${check} && ss -Hltn | sed 's/.*0.0.0.0:\\([0-9]*\\) .*/port \\1/'
    kill $!; wait $!; echo "exit $?"; id -u`;
  const limits = ["--reuid=10001", "--regid=10001", "--clear-groups"];
  const output = await runTool("unshare", [
    "--net",
    "sh",
    "-c",
    // Only root may set up the network.
    'ip link set lo up; shift; exec "$@"',
    "sh",
    "-",
    "setpriv",
    ...limits,
    "sh",
    "-c",
    script.replace("ip link set lo up", ""),
  ], { HOME: "/nonexistent" });
  for (const port of ports) assertMatch(output, new RegExp(`^port ${port}$`, "m"));
  assertMatch(output, /^exit 0\n10001$/m);
});
