/**
 * The program: passes arguments, environment and signals to the command line, and exits with its
 * exit code.
 *
 * @module
 */

import { FAILURE_CODE, InternalFailure } from "./lib/cli/internal_failure.ts";
import { terminalLines } from "./lib/codec/terminal_text.ts";
import { main } from "./lib/cli/mod.ts";
import { readFileText } from "./lib/transport/file_text.ts";

/**
 * Signals that follow the first one sooner are the same: a terminal sends Ctrl-C to `npx`, `deno task`
 * and this process, and the first two pass it on.
 */
const SAME_SIGNAL_MS = 500;
/** How long a command may take to stop after an exception that nobody caught. */
const FAILURE_LIMIT_MS = 5000;

const encoder = new TextEncoder();
const stop = new AbortController();
let firstSignalAt: number | undefined;

/** The first signal asks for a clean stop, the second exits at once. */
function onSignal(): void {
  firstSignalAt ??= performance.now();
  stop.abort();
  if (performance.now() - firstSignalAt > SAME_SIGNAL_MS) Deno.exit(130);
}
Deno.addSignalListener("SIGINT", onSignal);
if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", onSignal);

let failure: InternalFailure | undefined;
/** Stops in an orderly way, so that nothing is lost. What follows from a first failure is not told. */
function onFailure(event: Event, cause: unknown): void {
  event.preventDefault();
  if (failure) return;
  failure = new InternalFailure(cause);
  setTimeout(() => Deno.exit(FAILURE_CODE), FAILURE_LIMIT_MS);
  if (stop.signal.aborted) console.error(terminalLines(failure.sentence));
  else stop.abort(failure);
}
addEventListener("error", (event) => onFailure(event, event.error));
addEventListener("unhandledrejection", (event) => onFailure(event, event.reason));

const code = await main(Deno.args, {
  stdout: (line) => console.log(terminalLines(line)),
  async write(bytes) {
    for (let sent = 0; sent < bytes.length;) sent += await Deno.stdout.write(bytes.subarray(sent));
  },
  hasColour: Deno.stdout.isTerminal() && !Deno.noColor,
  stderr: (line) => console.error(terminalLines(line)),
  stdin: {
    isTerminal: Deno.stdin.isTerminal(),
    read: (buffer) => Deno.stdin.read(buffer),
    setRaw: (isRaw) => Deno.stdin.setRaw(isRaw),
    prompt: (text) => void Deno.stderr.writeSync(encoder.encode(text)),
  },
  // Without --allow-env the environment counts as empty. Asking first also avoids a permission
  // prompt for each variable.
  env: (name) =>
    Deno.permissions.querySync({ name: "env", variable: name }).state === "granted"
      ? Deno.env.get(name)
      : undefined,
  readTextFile: (path) => readFileText(path, { signal: stop.signal }),
  onHangup(work) {
    if (Deno.build.os !== "windows") Deno.addSignalListener("SIGHUP", work);
  },
  signal: stop.signal,
});
// Exit explicitly, so that a forgotten listener cannot keep a finished program running.
Deno.exit(failure ? FAILURE_CODE : code);
