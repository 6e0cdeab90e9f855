/**
 * What proves who the user is. Kept in memory only, for reconnecting.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";

export interface Credentials {
  /** Of the account of the name. */
  readonly password?: string;
  /** Of the whole server. */
  readonly serverPassword?: string;
}

export class KeptCredentials {
  #credentials: Credentials = {};
  /** The name whose password the credentials have. */
  #account = "";

  /** Remembers what the user has given on entering. */
  keep(name: string, credentials: Credentials): void {
    this.#account = name;
    this.#credentials = credentials;
  }

  rememberPassword(name: string, password: string): void {
    this.keep(name, { ...this.#credentials, password });
  }

  forgetPassword(): void {
    this.#credentials = { serverPassword: this.#credentials.serverPassword };
  }

  /** The next person at this computer must not get in without them. */
  forget(): void {
    this.#credentials = {};
  }

  /** Those for a name. Another one, taken since, has no password or another one. */
  of(name: string): Credentials {
    const { password, serverPassword } = this.#credentials;
    return {
      ...(nameKey(name) === nameKey(this.#account) && { password }),
      ...(serverPassword !== undefined && { serverPassword }),
    };
  }
}
