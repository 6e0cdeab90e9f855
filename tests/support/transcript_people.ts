/** The other people in a transcript, and what readers see of what they do. */

import { isCommandLine } from "../../lib/codec/command_line.ts";
import type { PrivateNetwork } from "./private_network.ts";
import type { TerminalProgram } from "./terminal_program.ts";
import type { Act } from "./transcript.ts";

/** The other people in a transcript, each on an open connection. */
export class People implements AsyncDisposable {
  readonly #network: PrivateNetwork;
  readonly #clients = new Map<string, TerminalProgram>();

  constructor(network: PrivateNetwork) {
    this.#network = network;
  }

  /** Does an action, and waits until the server has answered a later command. */
  async act({ name, room, text }: Act): Promise<void> {
    let client = this.#clients.get(name);
    if (!client) {
      client = await this.#network.run("nc", "127.0.0.1", "2324");
      this.#clients.set(name, client);
      await client.type(`${name}\n`);
      await client.expect("You are in #lobby");
      if (room !== "lobby") {
        await client.type(`/leave\n/join ${room}\n`);
        await client.expect(`You are in #${room}`);
      }
    }
    await client.type(`${text}\n/nick ${name}\n`);
    await client.expect(`You are already ${name}.`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients.values()) await client[Symbol.asyncDispose]();
  }
}

/** Whether a line is what others see of an act; of most commands, whether it is by that person. */
export function isShownBy(line: string, { name, text }: Act): boolean {
  if (text.startsWith("/me ")) return line === `* ${name} ${text.slice(4)}`;
  if (!isCommandLine(text)) return line === `<${name}> ${text}`;
  return line.startsWith(`<${name}> `) || line.startsWith(`* ${name} `);
}
