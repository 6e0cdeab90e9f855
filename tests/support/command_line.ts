/** Runs the command line in this process, on a data directory with a log. */

import type { CommandEnvironment, StandardInput } from "../../lib/cli/command.ts";
import { main } from "../../lib/cli/mod.ts";
import { SearchableLog } from "./searchable_log.ts";

/** The exit code and output of a command. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class CommandLine extends SearchableLog {
  /** Runs a command on this data directory. */
  run(...argv: string[]): Promise<CommandResult> {
    return runCommand([...argv, "--data", this.directory]);
  }
}

export async function runCommand(
  argv: string[],
  environment: Partial<CommandEnvironment> = {},
): Promise<CommandResult> {
  let stdout = "";
  let stderr = "";
  const decoder = new TextDecoder();
  const code = await main(argv, {
    stdout: (line) => void (stdout += `${line}\n`),
    write: (bytes) => {
      stdout += decoder.decode(bytes, { stream: true });
      return Promise.resolve();
    },
    hasColour: false,
    stderr: (line) => void (stderr += `${line}\n`),
    stdin: typedInput(""),
    env: () => undefined,
    readTextFile: (path) => Deno.readTextFile(path),
    onHangup: () => {},
    signal: new AbortController().signal,
    ...environment,
  });
  return { code, stdout, stderr };
}

/** Standard input with a text, in small pieces, and then nothing more. */
export function typedInput(
  text: string,
  { isTerminal = false, prompt = (_text: string) => {}, setRaw = (_isRaw: boolean) => {} } = {},
): StandardInput {
  const bytes = new TextEncoder().encode(text);
  let start = 0;
  return {
    isTerminal,
    read(buffer) {
      if (start === bytes.length) return Promise.resolve(null);
      const chunk = bytes.subarray(start, start + Math.min(3, buffer.length));
      buffer.set(chunk);
      start += chunk.length;
      return Promise.resolve(chunk.length);
    },
    setRaw,
    prompt,
  };
}
