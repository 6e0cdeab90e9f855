/**
 * How many attempts to log in failed since the start, for the operator of the server.
 *
 * @module
 */

/** What was tried: the password of an account or of the server, or a token. */
export type LoginSubject = "account" | "server" | "token";

/** Why it failed: it was wrong, or the peer has to wait before it may try again. */
export type LoginFailure = "wrong" | "delayed";

export class LoginTally {
  readonly #counts = {
    account: { wrong: 0, delayed: 0 },
    server: { wrong: 0, delayed: 0 },
    token: { wrong: 0, delayed: 0 },
  };

  /** Failures by what was tried, and by reason. */
  get counts(): Readonly<Record<LoginSubject, Readonly<Record<LoginFailure, number>>>> {
    return this.#counts;
  }

  /** @param account As `LoginDelays` knows it: `""` for the server, with a space for any token. */
  count(account: string, reason: LoginFailure): void {
    const subject = account === "" ? "server" : account.includes(" ") ? "token" : "account";
    this.#counts[subject][reason]++;
  }
}
