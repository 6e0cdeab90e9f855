/**
 * `partyline account`: the accounts of a server, changed on its machine. Works while the server runs
 * and while it does not.
 *
 * @module
 */

import { systemClock } from "../../clock.ts";
import { NICKNAME_RULES, parseName } from "../../domain/name.ts";
import { countText, dayAndTime } from "../../domain/wording.ts";
import { findAction } from "../action.ts";
import type { CommandBody, CommandEnvironment } from "../command.ts";
import { askServer } from "../control/ask_server.ts";
import type { AccountEntry } from "../control/requests/account.ts";
import type { ControlFields } from "../control/requests/control_request.ts";
import { CONTROL_REQUESTS } from "../control/requests/mod.ts";
import { type ParsedArguments, refuseSurplus } from "../options/flags.ts";
import type { OptionSpec } from "../options/option_spec.ts";
import { UsageError } from "../options/usage_error.ts";
import { dataPaths, READING_OPTIONS, readingOptions } from "../reading/reading.ts";
import { runKeyAction } from "./account_key.ts";
import { readNewPassword } from "./read_password.ts";

const OWN_OPTIONS = [
  {
    name: "operator",
    kind: "flag",
    doc: "with add: give the account power over the whole server",
  },
  { name: "json", kind: "flag", doc: "with list and key list: one JSON object a line" },
] as const satisfies readonly OptionSpec[];

/** What an action gets. */
interface AccountCall {
  /** After the action's own name. */
  readonly words: readonly string[];
  readonly isOperator: boolean;
  readonly isJson: boolean;
  readonly environment: CommandEnvironment;
  /** Has a request done. */
  ask<Result>(action: string, fields?: ControlFields): Promise<Result>;
}

const ACTIONS: Readonly<Record<string, (call: AccountCall) => Promise<void>>> = {
  async add(call) {
    const name = nameIn(call, "add");
    const password = await readNewPassword(`Password for ${name}: `, call.environment);
    const power = call.isOperator ? "operator" : "none";
    await call.ask<AccountEntry>("add", { name, password, power });
    call.environment.stdout(`Added ${name}${call.isOperator ? ", an operator" : ""}`);
  },

  async list({ words, isJson, environment, ask }) {
    refuseSurplus({ positionals: words }, 0, "account list takes options only");
    const accounts = await ask<AccountEntry[]>("list");
    if (isJson) {
      for (const account of accounts) environment.stdout(JSON.stringify(account));
      return;
    }
    const width = Math.max(...accounts.map(({ name }) => name.length));
    for (const { name, operator, createdAt } of accounts) {
      const since = dayAndTime(Date.parse(createdAt));
      environment.stdout(`${name.padEnd(width)}  ${since}${operator ? "  operator" : ""}`);
    }
    environment.stdout(countText(accounts.length, "account"));
  },

  async remove(call) {
    const { name } = await call.ask<AccountEntry>("remove", { name: nameIn(call, "remove") });
    call.environment.stdout(`Removed ${name}. Anybody can use the name now`);
  },

  async password(call) {
    const name = nameIn(call, "password");
    const password = await readNewPassword(`New password for ${name}: `, call.environment);
    const { name: shown } = await call.ask<AccountEntry>("password", { name, password });
    call.environment.stdout(`Set a new password for ${shown}`);
  },

  async grant(call) {
    const [, power] = call.words;
    const name = nameIn({ words: call.words.slice(0, 1) }, "grant");
    refuseSurplus({ positionals: call.words }, 2, "account grant takes a name and a power");
    if (power !== "operator" && power !== "none") {
      throw new UsageError(
        power === undefined
          ? "account grant needs a power: account grant NAME operator|none"
          : `Unknown power ${JSON.stringify(power)}: use operator or none`,
      );
    }
    const { name: shown } = await call.ask<AccountEntry>("grant", { name, power });
    call.environment.stdout(`${shown} is ${power === "none" ? "not an" : "an"} operator now`);
  },

  key: runKeyAction,
};

/** Adds, lists, changes and removes accounts. */
export default {
  usage: "account ACTION [NAME] [OPTIONS]",
  details: [
    "  add NAME                   create an account",
    "  list                       list all accounts",
    "  remove NAME                remove an account",
    "  password NAME              set a new password",
    "  grant NAME operator|none   give or take power over the whole server",
    "  key add NAME [FILE]        add the SSH keys in a .pub or authorized_keys file",
    "  key list NAME              list the SSH keys of an account",
    "  key remove NAME KEY        remove a key, by its fingerprint or number",
    "",
    "Passwords are asked for at a terminal, or read as one line from a pipe:",
    "  partyline account add ann < password.txt",
    "Keys too come from a pipe, if there is no FILE:",
    "  curl https://github.com/ann.keys | partyline account key add ann",
    "It makes no difference whether the server is running.",
  ],
  options: [...OWN_OPTIONS, ...READING_OPTIONS],

  async run(args, environment) {
    const [action, ...words] = args.positionals;
    const run = findAction("account", action, ACTIONS);
    const options = await readingOptions(OWN_OPTIONS, args, environment);
    refuseFlags(args, action);
    const data = options.data.value;
    const clock = environment.clock ?? systemClock;
    await run({
      words,
      isOperator: options.operator.value,
      isJson: options.json.value,
      environment,
      async ask<Result>(name: string, fields: ControlFields = {}) {
        // Only adding one makes sense before there is a server.
        if (name !== "add") dataPaths(data);
        const request = CONTROL_REQUESTS.find((request) => request.name === `account ${name}`)!;
        return await askServer(request, fields, { data, clock }) as Result;
      },
    });
    return 0;
  },
} satisfies CommandBody;

function refuseFlags({ flags }: ParsedArguments, action: string): void {
  if (flags.has("operator") && action !== "add") {
    throw new UsageError("Option --operator is for account add; see also account grant");
  }
  if (flags.has("json") && action !== "list" && action !== "key") {
    throw new UsageError("Option --json is for account list and account key list");
  }
}

/** The only argument of an action, a name. Its other rules are the server's. */
function nameIn({ words }: Pick<AccountCall, "words">, action: string): string {
  const [name] = words;
  if (name === undefined) throw new UsageError(`account ${action} needs a name`);
  refuseSurplus({ positionals: words }, 1, `account ${action} takes one name`);
  return parseName(name, NICKNAME_RULES);
}
