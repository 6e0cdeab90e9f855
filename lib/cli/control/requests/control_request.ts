/**
 * A request that commands of the program make to the running server: one record in one file of
 * `requests/`, listed in `requests/mod.ts`.
 *
 * On the socket, a request is a line `{"request":"account add","fields":{...}}`, and its answer a
 * line `{"result":...}` or `{"error":{"code":"name-in-use","text":"..."}}`.
 *
 * @module
 */

import type { AccountKeys } from "../../../domain/access/accounts/account_keys.ts";
import type { Accounts } from "../../../domain/access/accounts/accounts.ts";
import type { Tokens } from "../../../domain/access/accounts/tokens.ts";
import type { Fields } from "../../../web/fields.ts";
import type { ReloadOutcome } from "../../settings/reloader.ts";
import type { StatusReport } from "./status_report.ts";

/** What requests work with. */
export interface ControlParts {
  readonly accounts: Accounts;
  readonly keys: AccountKeys;
  readonly tokens: Tokens;
  /** How the server is; absent if none runs. */
  readonly status?: () => StatusReport;
  /** Stops the server in favour of another process. Absent where none runs. */
  readonly handOver?: () => void;
  /** Reads the configuration again. Absent where none runs. */
  readonly reload?: () => Promise<ReloadOutcome>;
  /** Only of a server that belongs to a cluster. */
  readonly cluster?: { status(): Promise<ControlValue> };
}

/** Anything that JSON can say. */
export type ControlValue =
  | string
  | number
  | boolean
  | null
  | readonly ControlValue[]
  | { readonly [name: string]: ControlValue };

/** The arguments of a request. */
export type ControlFields = { readonly [name: string]: ControlValue };

/** The answer to a request, as it is sent. */
export interface ControlAnswer {
  readonly result?: ControlValue;
  /** Sent instead of a result. The text is a sentence for the user. */
  readonly error?: { readonly code: string; readonly text: string };
}

/** One request. */
export interface ControlRequest {
  /** The words that select it: `account add`. */
  readonly name: string;
  /** Whether only a running server can do it. Others work on a data directory, too. */
  readonly needsServer?: boolean;
  /**
   * Does it, and resolves to the answer.
   *
   * @throws {DomainError | FieldError} with a sentence for the user.
   */
  run(fields: Fields, parts: ControlParts): Promise<ControlValue>;
}
