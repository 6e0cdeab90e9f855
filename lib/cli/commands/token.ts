/**
 * `partyline token`: the API tokens of an account, changed on the server's machine. Works while the
 * server runs and while it does not.
 *
 * @module
 */

import { systemClock } from "../../clock.ts";
import { NICKNAME_RULES, parseName } from "../../domain/name.ts";
import { countText } from "../../domain/wording.ts";
import { openLogToRead } from "../../store/sqlite/open_log.ts";
import { findAction } from "../action.ts";
import type { CommandBody, CommandEnvironment } from "../command.ts";
import { askServer } from "../control/ask_server.ts";
import type { ControlFields } from "../control/requests/control_request.ts";
import { TOKEN_REQUESTS, type TokenEntry } from "../control/requests/token.ts";
import { refuseSurplus } from "../options/flags.ts";
import type { OptionSpec } from "../options/option_spec.ts";
import { UsageError } from "../options/usage_error.ts";
import { tellFormerNames } from "../reading/former_names.ts";
import { dataPaths, READING_OPTIONS, readingOptions, roomNameOf } from "../reading/reading.ts";

const OWN_OPTIONS = [
  { name: "json", kind: "flag", doc: "with list: one JSON object a line" },
] as const satisfies readonly OptionSpec[];

/** What an action gets. */
interface TokenCall {
  readonly account: string;
  /** After the account. */
  readonly words: readonly string[];
  readonly isJson: boolean;
  /** Of the log. */
  readonly path: string;
  readonly environment: CommandEnvironment;
  /** Has a request done. */
  ask<Result>(action: string, fields?: ControlFields): Promise<Result>;
}

const ACTIONS: Readonly<Record<string, (call: TokenCall) => Promise<void>>> = {
  async new({ account, words, path, environment, ask }) {
    const [label, ...rooms] = words;
    if (label === undefined) throw new UsageError("token new needs an account and a label");
    const fields = { account, label, rooms: rooms.join(" ") };
    const { secret } = await ask<{ secret: string }>("new", fields);
    // Alone on its stream, for scripts.
    environment.stdout(secret);
    environment.stderr("Keep it now, like a password: it is not shown again.");
    if (rooms.length > 0) await tellOtherNames(path, rooms, environment);
  },

  async list({ account, words, isJson, environment, ask }) {
    refuseSurplus({ positionals: words }, 0, "token list takes an account");
    const tokens = await ask<TokenEntry[]>("list", { account });
    if (isJson) {
      for (const token of tokens) environment.stdout(JSON.stringify(token));
      return;
    }
    const width = Math.max(...tokens.map(({ label }) => label.length));
    for (const { label, rooms, createdAt, usedOn } of tokens) {
      const use = usedOn === null ? "never used" : `used on ${usedOn}`;
      const places = rooms.length === 0 ? "all rooms" : rooms.map((room) => `#${room}`).join(" ");
      const created = `created on ${createdAt.slice(0, 10)}`;
      environment.stdout(`${label.padEnd(width)}  ${created}  ${use}  ${places}`);
    }
    environment.stdout(countText(tokens.length, "token"));
  },

  async revoke({ account, words, environment, ask }) {
    const [label] = words;
    if (label === undefined) throw new UsageError("token revoke needs an account and a label");
    refuseSurplus({ positionals: words }, 1, "token revoke takes an account and a label");
    const { label: revoked } = await ask<TokenEntry>("revoke", { account, label });
    environment.stdout(`Revoked ${revoked}. Whatever used it is refused from now on`);
  },
};

/** Says which of the rooms of a new token are called something else now, if the log can be read. */
async function tellOtherNames(
  path: string,
  rooms: readonly string[],
  environment: CommandEnvironment,
): Promise<void> {
  try {
    using log = openLogToRead(path);
    await tellFormerNames(log, rooms.map(roomNameOf), environment, { hasHistory: false });
  } catch {
    // The token exists: a script that fails here would throw its secret away.
  }
}

/** Creates, lists and revokes tokens. */
export default {
  usage: "token ACTION ACCOUNT [LABEL] [ROOM ...] [OPTIONS]",
  details: [
    "  new ACCOUNT LABEL [ROOM ...]   create a token, and print its secret",
    "  list ACCOUNT                   list the tokens of an account",
    "  revoke ACCOUNT LABEL           end a token",
    "",
    "A program with a token may do what its account may, or only in the rooms named.",
    "It makes no difference whether the server is running.",
  ],
  options: [...OWN_OPTIONS, ...READING_OPTIONS],

  async run(args, environment) {
    const [action, account, ...words] = args.positionals;
    const run = findAction("token", action, ACTIONS);
    const options = await readingOptions(OWN_OPTIONS, args, environment);
    if (args.flags.has("json") && action !== "list") {
      throw new UsageError("Option --json is for token list");
    }
    if (account === undefined) throw new UsageError(`token ${action} needs an account`);
    const data = options.data.value;
    const { databasePath: path } = dataPaths(data);
    const clock = environment.clock ?? systemClock;
    await run({
      account: parseName(account, NICKNAME_RULES),
      words,
      isJson: options.json.value,
      path,
      environment,
      async ask<Result>(name: string, fields: ControlFields = {}) {
        const request = TOKEN_REQUESTS.find((request) => request.name === `token ${name}`)!;
        return await askServer(request, fields, { data, clock }) as Result;
      },
    });
    return 0;
  },
} satisfies CommandBody;
