/**
 * Does what commands ask of a server while none runs. Needs much of the server, so it is loaded only
 * then.
 *
 * @module
 */

import { CLUSTER_STATE } from "../../backplane/cluster_state.ts";
import { systemClock as clock } from "../../clock.ts";
import { AccountKeys } from "../../domain/access/accounts/account_keys.ts";
import { Accounts } from "../../domain/access/accounts/accounts.ts";
import { Tokens } from "../../domain/access/accounts/tokens.ts";
import { KnownAddresses } from "../../domain/access/login/known_addresses.ts";
import { LoginDelays, MOST_TRACKED } from "../../domain/access/login/login_delays.ts";
import { reservedNicknames } from "../../service/chat/chat_context.ts";
import { SERVICES } from "../../service/mod.ts";
import { type DataDirectory, refuseUnusableLog } from "../../store/sqlite/data_directory.ts";
import { openDatabase } from "../../store/sqlite/database.ts";
import { SqliteStateStore } from "../../store/sqlite/state_store.ts";
import { Fields } from "../../web/fields.ts";
import type { ControlFields, ControlRequest, ControlValue } from "./requests/control_request.ts";

/** Does a request on a directory that no server uses. */
export async function answerHere(
  { databasePath }: DataDirectory,
  data: string,
  request: ControlRequest,
  fields: ControlFields,
): Promise<ControlValue> {
  refuseUnusableLog(data);
  // Nobody waits beside it, so let it survive a power cut.
  using database = openDatabase(databasePath, "full");
  const reservedNames = reservedNicknames(SERVICES.map(({ name }) => name));
  const state = new SqliteStateStore(database);
  if ((await state.all(CLUSTER_STATE)).size > 0) {
    throw new Error(
      `${data} belongs to a cluster, whose nodes must all see the change. Start its server first.`,
    );
  }
  const known = await KnownAddresses.open(MOST_TRACKED, state);
  const delays = new LoginDelays({ clock, known });
  const accounts = await Accounts.open({ state, delays, reservedNames });
  const keys = new AccountKeys({ accounts });
  const tokens = await Tokens.open({ state, accounts });
  try {
    return await request.run(Fields.ofObject(fields, "Fields"), { accounts, keys, tokens });
  } finally {
    await Promise.all([tokens.settled(), known.settled()]);
  }
}
