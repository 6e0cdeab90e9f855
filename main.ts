/**
 * The program: passes arguments, environment and signals to the command line, and exits with its
 * exit code.
 *
 * @module
 */

import { main } from "./lib/cli/mod.ts";

const stop = new AbortController();
// The first signal asks for a clean stop, the second exits at once.
const onSignal = () => stop.signal.aborted ? Deno.exit(130) : stop.abort();
Deno.addSignalListener("SIGINT", onSignal);
if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", onSignal);

const code = await main(Deno.args, {
  stdout: (line) => console.log(line),
  async write(bytes) {
    for (let sent = 0; sent < bytes.length;) sent += await Deno.stdout.write(bytes.subarray(sent));
  },
  hasColour: Deno.stdout.isTerminal() && !Deno.noColor,
  stderr: (line) => console.error(line),
  // Without --allow-env the environment counts as empty. Asking first also avoids a permission
  // prompt for each variable.
  env: (name) =>
    Deno.permissions.querySync({ name: "env", variable: name }).state === "granted"
      ? Deno.env.get(name)
      : undefined,
  readTextFile: (path) => Deno.readTextFileSync(path),
  onHangup(work) {
    if (Deno.build.os !== "windows") Deno.addSignalListener("SIGHUP", work);
  },
  signal: stop.signal,
});
// Exit explicitly, so that a forgotten listener cannot keep a finished program running.
Deno.exit(code);
