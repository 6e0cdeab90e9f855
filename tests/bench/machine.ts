/**
 * What benchmarks ask of the machine: a core for each process, and what a process has used of it.
 *
 * @module
 */

import { TextLineStream } from "@std/streams/text-line-stream";

const hasTaskset = Deno.build.os === "linux" && await succeeds("taskset", "--version");

/** What a shell does before it becomes a server, so that the server has one core; else nothing. */
export const ONE_CORE = hasTaskset ? "taskset -cp 0 $$ > /dev/null" : undefined;

/** A program on a core of its own where `taskset` can see to it (Linux), with its output to read. */
export function pinned(core: number, program: string, args: string[]): Deno.Command {
  const options = { stdin: "piped", stdout: "piped", stderr: "null" } as const;
  return hasTaskset
    ? new Deno.Command("taskset", { args: ["-c", String(core), program, ...args], ...options })
    : new Deno.Command(program, { args, ...options });
}

/** Gives this process a core, and all that it starts from here on. */
export async function pinThis(core: number): Promise<void> {
  if (hasTaskset) await succeeds("taskset", "-acp", String(core), String(Deno.pid));
}

/** Whether there is such a program, and it ends well. */
export async function succeeds(program: string, ...args: string[]): Promise<boolean> {
  try {
    const command = new Deno.Command(program, { args, stdout: "null", stderr: "null" });
    return (await command.output()).success;
  } catch {
    return false;
  }
}

/** What a program prints, line by line. */
export function linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncIterator<string> {
  return stream.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream()).values();
}

/** The number at the end of a line that says where a server listens. */
export function portIn(line = ""): number {
  return Number(/(\d+)$/.exec(line)![1]);
}

/** What a process has worked so far, its threads together, in seconds; 0 without `/proc`. */
export function cpuSeconds(pid: number): number {
  const fields = readProc(pid, "stat").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
}

/** Memory of a process in bytes, now or at most; 0 without `/proc`. */
export function residentBytes(pid: number, when: "now" | "most" = "now"): number {
  const field = when === "now" ? /VmRSS:\s+(\d+)/ : /VmHWM:\s+(\d+)/;
  return Number(field.exec(readProc(pid, "status"))?.[1] ?? 0) * 1024;
}

/** One line on what all this was measured on. */
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
