/**
 * `partyline account key`: the SSH keys of an account, changed on the server's machine.
 *
 * @module
 */

import { NICKNAME_RULES, parseName } from "../../domain/name.ts";
import { countText } from "../../domain/wording.ts";
import { systemReason } from "../../store/sqlite/data_directory.ts";
import { findAction } from "../action.ts";
import type { CommandEnvironment } from "../command.ts";
import type { KeyEntry } from "../control/requests/account_key.ts";
import type { ControlFields } from "../control/requests/control_request.ts";
import { refuseSurplus } from "../options/flags.ts";
import { UsageError } from "../options/usage_error.ts";

/** More than the keys that an account can have. */
const MAX_BYTES = 100 * 1024;

/** What an action gets. */
export interface AccountKeyCall {
  /** After `account key`. */
  readonly words: readonly string[];
  readonly isJson: boolean;
  readonly environment: CommandEnvironment;
  /** Has a request done. */
  ask<Result>(action: string, fields?: ControlFields): Promise<Result>;
}

interface KeyAdded {
  readonly added: readonly KeyEntry[];
  /** How many it had already. */
  readonly known: number;
  readonly refusals: readonly string[];
}

const ACTIONS: Readonly<Record<string, (call: AccountKeyCall) => Promise<void>>> = {
  async add(call) {
    const [, , file = "-"] = call.words;
    refuseSurplus({ positionals: call.words }, 3, "account key add takes a name and a file");
    const { environment } = call;
    const name = ownerIn(call, "add");
    const text = file === "-" ? await readInput(environment) : await readFile(environment, file);
    const { added, known, refusals } = await call.ask<KeyAdded>("key add", { name, keys: text });
    for (const refusal of refusals) environment.stderr(`Left out: ${refusal}`);
    for (const key of added) environment.stdout(`Added ${keyText(key)}`);
    if (added.length > 0 || refusals.length > 0) return;
    environment.stdout(
      known > 0 ? `${name} has ${known === 1 ? "it" : "them"} already` : "No keys",
    );
  },

  async list(call) {
    refuseSurplus({ positionals: call.words }, 2, "account key list takes a name");
    const { environment } = call;
    const keys = await call.ask<KeyEntry[]>("key list", { name: ownerIn(call, "list") });
    if (call.isJson) {
      for (const key of keys) environment.stdout(JSON.stringify(key));
      return;
    }
    for (const [index, key] of keys.entries()) environment.stdout(`${index + 1}  ${keyText(key)}`);
    environment.stdout(countText(keys.length, "key"));
  },

  async remove(call) {
    const [, , key] = call.words;
    refuseSurplus({ positionals: call.words }, 3, "account key remove takes a name and a key");
    const name = ownerIn(call, "remove");
    if (key === undefined) {
      throw new UsageError(
        "account key remove needs a fingerprint, or a number in account key list",
      );
    }
    const removed = await call.ask<KeyEntry>("key remove", { name, key });
    call.environment.stdout(`Removed ${keyText(removed)}`);
  },
};

/** Runs `account key ACTION NAME ...`. */
export async function runKeyAction(call: AccountKeyCall): Promise<void> {
  const [word] = call.words;
  await findAction("account key", word, ACTIONS)(call);
}

function ownerIn({ words: [, name] }: AccountKeyCall, action: string): string {
  if (name === undefined) throw new UsageError(`account key ${action} needs a name`);
  return parseName(name, NICKNAME_RULES);
}

/** Reads standard input to its end. */
async function readInput({ stdin }: CommandEnvironment): Promise<string> {
  if (stdin.isTerminal) stdin.prompt("Paste lines of .pub files, then press Ctrl-D:\n");
  const buffer = new Uint8Array(MAX_BYTES);
  let length = 0;
  for (;;) {
    const count = await stdin.read(buffer.subarray(length));
    if (count === null) return new TextDecoder().decode(buffer.subarray(0, length));
    length += count;
    if (length === MAX_BYTES) throw new Error("That is too long for a list of public keys.");
  }
}

async function readFile({ readTextFile }: CommandEnvironment, file: string): Promise<string> {
  try {
    return await readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new Error(`Cannot read ${file}: ${systemReason(error as Error)}`);
  }
}

function keyText({ fingerprint, type, label }: KeyEntry): string {
  return `${fingerprint} ${type}${label === "" ? "" : ` ${label}`}`;
}
