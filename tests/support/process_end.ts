/**
 * The ends of processes that are not children of the tests. They live in shell scripts, because
 * reading /proc needs all permissions in Deno. Linux only.
 *
 * @module
 */

/**
 * Waits until a process has ended, so that it writes no more files; kills it after five seconds.
 *
 * Also ends for a process whose exit code nobody has taken, as happens in containers.
 */
export async function endOf(pid: number): Promise<void> {
  // Z and X are dead processes.
  await run(
    `tries=0
    while grep -qs '^State:.[^XZ]' /proc/$0/status; do
      tries=$((tries + 1))
      if [ $tries = 100 ]; then kill -KILL $0; fi
      sleep 0.05
    done`,
    pid,
  );
}

/** The processes that a process has started, and that have not ended. */
export async function childrenOf(pid: number): Promise<number[]> {
  const children = await run("cat /proc/$0/task/$0/children", pid);
  return children.split(" ").filter((text) => text !== "").map(Number);
}

async function run(script: string, pid: number): Promise<string> {
  const { stdout } = await new Deno.Command("sh", { args: ["-c", script, `${pid}`] }).output();
  return new TextDecoder().decode(stdout).trim();
}
