/** Greedy peers in a process of their own. */

import { linesOf } from "../program_output.ts";
import type { AttackKind } from "./attacks.ts";
import type { Doors } from "./pouring.ts";

const PROGRAM = new URL("./attacks.ts", import.meta.url).pathname;

export class Attackers {
  readonly #process: Deno.ChildProcess;
  readonly #output: AsyncIterator<string>;

  private constructor(process: Deno.ChildProcess) {
    this.#process = process;
    this.#output = linesOf(process.stdout);
  }

  /** Resolves once they have begun. */
  static async start(kind: AttackKind, doors: Partial<Doors>): Promise<Attackers> {
    const ports = Object.entries(doors).filter(([name]) => name.endsWith("Port"));
    const attack = { kind, ...Object.fromEntries(ports) };
    const args = [
      "run",
      "--no-check",
      "--allow-net",
      "--allow-env",
      "--allow-read",
      PROGRAM,
      JSON.stringify(attack),
    ];
    const options = { args, stdin: "piped", stdout: "piped", stderr: "null" } as const;
    const attackers = new Attackers(new Deno.Command(Deno.execPath(), options).spawn());
    await attackers.#output.next();
    return attackers;
  }

  /** Ends them; resolves to what they got. */
  async stop(): Promise<string> {
    await this.#process.stdin.close();
    const { value = "no result" } = await this.#output.next();
    while (!(await this.#output.next()).done);
    await this.#process.status;
    return value;
  }
}
