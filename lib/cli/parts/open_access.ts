/**
 * Opens what decides who may come in and what they may do: rules, accounts, tokens, passwords.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import { AccessControl, type AccessSettings } from "../../domain/access/access_control.ts";
import { Accounts } from "../../domain/access/accounts/accounts.ts";
import { Tokens } from "../../domain/access/accounts/tokens.ts";
import { KnownAddresses } from "../../domain/access/login/known_addresses.ts";
import { LoginDelays, MOST_TRACKED } from "../../domain/access/login/login_delays.ts";
import { LoginTally } from "../../domain/access/login/login_tally.ts";
import { PasswordHasher } from "../../domain/access/login/password_hasher.ts";
import { ServerPassword } from "../../domain/access/login/server_password.ts";
import type { StateStore } from "../../domain/state_store.ts";
import type { ServeOptions } from "../settings/serve_options.ts";
import type { HashThreads } from "../threads/hash_threads.ts";

export interface OpenAccessParts {
  readonly state: StateStore;
  readonly hashThreads: HashThreads;
  readonly clock: Clock;
  /** Names that nobody may have. */
  readonly reservedNames: readonly string[];
}

export async function openAccess(
  options: ServeOptions,
  { state, hashThreads, clock, reservedNames }: OpenAccessParts,
) {
  const access = await AccessControl.open(state, { ...accessSettings(options), clock });
  const known = await KnownAddresses.open(MOST_TRACKED, state);
  const logins = new LoginTally();
  const delays = new LoginDelays({ clock, known, tally: logins });
  const hasher = new PasswordHasher(hashThreads);
  const accounts = await Accounts.open({ state, hasher, delays, clock, reservedNames });
  const tokens = await Tokens.open({ state, accounts, delays, clock });
  return {
    access,
    accounts,
    tokens,
    logins,
    /**
     * The shared password of the server, as options have it.
     *
     * @param before The one so far, whose password is replaced if there still is one.
     */
    serverPassword(
      { sharedPassword: password }: ServeOptions,
      before?: ServerPassword,
    ): ServerPassword | undefined {
      if (password === undefined) return undefined;
      if (!before) {
        const delays = new LoginDelays({ clock, tally: logins });
        return new ServerPassword({ password, clock, delays });
      }
      before.replace(password);
      return before;
    },
    /** Takes other settings. */
    configure(options: ServeOptions): void {
      access.configure(accessSettings(options));
    },
    /** Resolves once what is stored without anybody waiting for it is on disk. */
    async settled(): Promise<void> {
      await Promise.all([tokens.settled(), known.settled()]);
    },
  };
}

function accessSettings(options: ServeOptions): AccessSettings {
  return { isClosed: options.access === "accounts", commonRooms: configuredRooms(options) };
}

/** The rooms that log endpoints and alerts write into. */
function configuredRooms({ listen, alerts }: ServeOptions): string[] {
  const rooms = [
    ...listen.map(({ endpoint }) => endpoint.options.get("room")),
    ...alerts.map(({ room }) => room),
  ];
  return rooms.filter((room) => room !== undefined);
}
