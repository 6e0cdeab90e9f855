/** Runs the command line in this process, on a data directory with a log. */

import { main } from "../../lib/cli/mod.ts";
import type { CommandEnvironment } from "../../lib/cli/command.ts";
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
    env: () => undefined,
    readTextFile: (path) => Deno.readTextFileSync(path),
    onHangup: () => {},
    signal: new AbortController().signal,
    ...environment,
  });
  return { code, stdout, stderr };
}
