/**
 * Pins processes to cores, and reads their CPU time and memory.
 *
 * @module
 */

const hasTaskset = Deno.build.os === "linux" && await succeeds("taskset", "--version");

/** A shell command that pins the shell, and what it starts, to one core; `undefined` without `taskset`. */
export const ONE_CORE = hasTaskset ? "taskset -cp 0 $$ > /dev/null" : undefined;

/** The number of a core, or wherever the system puts a process. */
export type Core = number | "any";

/** A command with piped output, pinned to a core if `taskset` is available (Linux). */
export function pinned(core: Core, program: string, args: string[]): Deno.Command {
  const options = { stdin: "piped", stdout: "piped", stderr: "null" } as const;
  return hasTaskset && core !== "any"
    ? new Deno.Command("taskset", { args: ["-c", String(core), program, ...args], ...options })
    : new Deno.Command(program, { args, ...options });
}

/** Pins this process, and all processes it starts later, to a core. */
export async function pinThis(core: number): Promise<void> {
  if (hasTaskset) await succeeds("taskset", "-acp", String(core), String(Deno.pid));
}

/** Whether the program exists and exits with 0. */
export async function succeeds(program: string, ...args: string[]): Promise<boolean> {
  try {
    const command = new Deno.Command(program, { args, stdout: "null", stderr: "null" });
    return (await command.output()).success;
  } catch {
    return false;
  }
}

/** CPU time of all threads of a process in seconds; 0 without `/proc`. */
export function cpuSeconds(pid: number): number {
  const fields = readProc(pid, "stat").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
}

/** Current or peak resident memory of a process in bytes; 0 without `/proc`. */
export function residentBytes(pid: number, when: "now" | "most" = "now"): number {
  const field = when === "now" ? /VmRSS:\s+(\d+)/ : /VmHWM:\s+(\d+)/;
  return Number(field.exec(readProc(pid, "status"))?.[1] ?? 0) * 1024;
}

/** One line that describes the machine. */
export async function machineText(): Promise<string> {
  const info = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  const model = /model name\s*:\s*(.*)/.exec(info)?.[1] ?? "processor unknown";
  const cores = `${navigator.hardwareConcurrency} cores`;
  return `${Deno.build.target}, Deno ${Deno.version.deno}, ${model}, ${cores}`;
}

function readProc(pid: number, file: string): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/${file}`);
  } catch {
    return "";
  }
}
