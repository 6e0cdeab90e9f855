/**
 * Decides who gets in over SSH: by a key of an account, by its password, or on an open server by
 * asking for a name that is nobody's account.
 *
 * @module
 */

import {
  type ConnectionContext,
  type PeerIdentity,
  type ProvenKey,
  runInConnection,
} from "../../context.ts";
import type { AccessControl } from "../../domain/access/access_control.ts";
import type { Account } from "../../domain/access/accounts/account.ts";
import type { Accounts } from "../../domain/access/accounts/accounts.ts";
import type { ServerPassword } from "../../domain/access/login/server_password.ts";
import { DomainError } from "../../domain/domain_error.ts";
import { nameKey } from "../../domain/name.ts";
import { log } from "../../log.ts";

/** The keys of accounts. */
export interface KeyOwners {
  /** The account that has a public key; `undefined` for none. */
  ownerOf(fingerprint: string): Pick<Account, "key"> | undefined;
}

export interface SshGateOptions {
  readonly accounts: Pick<Accounts, "find" | "passwords">;
  readonly keys: KeyOwners;
  readonly access: Pick<AccessControl, "isClosed">;
  /** The server's password, if it has one; may change. */
  readonly serverPassword?: ServerPassword;
}

/** A peer as its transport knows it. */
interface Peer {
  readonly remote: string;
  readonly address: string;
}

export class SshGate {
  readonly #options: SshGateOptions;

  constructor(options: SshGateOptions) {
    this.#options = options;
  }

  /** Begins with a connection. */
  meet(peer: Peer): SshGatekeeper {
    return new SshGatekeeper(this.#options, peer);
  }
}

type Verdict = "in" | "more" | "refused";

/** Remembers what one connection has proven. */
class SshGatekeeper {
  readonly #options: SshGateOptions;
  /** Failures are counted by connection, among others. */
  readonly #context: ConnectionContext;
  #hasServerPassword: boolean;
  #account: Account | undefined;
  #publicKey: ProvenKey | undefined;
  /** Why the last answer was not right. */
  #reason = "";

  constructor(options: SshGateOptions, { remote, address }: Peer) {
    this.#options = options;
    this.#context = { connection: 0, transport: "ssh", remote, address };
    this.#hasServerPassword = options.serverPassword === undefined;
  }

  /**
   * Without an account, any key will do. Otherwise only a key that has an owner is worth a
   * signature; a key of somebody else is, too, so that its owner can be told, and only they.
   */
  considersKey(name: string, { fingerprint }: ProvenKey): boolean {
    const owner = this.#options.keys.ownerOf(fingerprint)?.key;
    if (owner === nameKey(name)) return true;
    return !this.#options.access.isClosed && (owner !== undefined || !this.#needsAccount(name));
  }

  takeKey(name: string, key: ProvenKey): Verdict {
    const { accounts, keys } = this.#options;
    const owner = keys.ownerOf(key.fingerprint)?.key;
    this.#publicKey = owner === undefined ? key : { ...key, owner: this.#nameOf(owner) };
    if (this.#needsAccount(name)) {
      const account = accounts.find(name);
      if (!account || owner !== account.key) {
        this.#reason = owner === undefined ? "" : `Your key is that of ${this.#nameOf(owner)}. `;
        return "refused";
      }
      this.#account = account;
    }
    return this.#hasServerPassword ? "in" : "more";
  }

  question(
    name: string,
  ): { readonly explanation: string; readonly prompt: string | undefined } | undefined {
    const reason = this.#reason;
    if (!this.#hasServerPassword) {
      return {
        explanation: `${reason}This server has a password.`,
        prompt: "Password of the server: ",
      };
    }
    if (this.#account || !this.#needsAccount(name)) return undefined;
    if (this.#hasKeysOnly(name)) {
      const explanation = `${reason}${name} logs in with an SSH key and has no password. ` +
        "Connect with one of its keys, or with another name if it is not yours.";
      return { explanation, prompt: undefined };
    }
    const explanation = this.#options.access.isClosed
      ? `${reason}Only people with an account may enter this server.`
      : `${reason}${name} is a registered name. Connect with another one if it is not yours.`;
    return { explanation, prompt: `Password of ${name}: ` };
  }

  async takeAnswer(name: string, answer: string): Promise<Verdict> {
    try {
      await runInConnection(this.#context, () => this.#check(name, answer));
      this.#reason = "";
    } catch (error) {
      if (!(error instanceof DomainError)) {
        log("ssh").error("Cannot check a password: {error}", { error });
        this.#reason = "Internal error. It was logged; try again later. ";
      } else {
        this.#reason = `${error.message} `;
      }
      return "refused";
    }
    return this.question(name) ? "more" : "in";
  }

  identity(name: string): PeerIdentity {
    return { name, account: this.#account?.key, publicKey: this.#publicKey };
  }

  async #check(name: string, answer: string): Promise<void> {
    const { accounts, serverPassword } = this.#options;
    const { address } = this.#context;
    if (!this.#hasServerPassword) {
      serverPassword!.check(answer, address);
      this.#hasServerPassword = true;
    } else {
      this.#account = await accounts.passwords.logIn(name, answer, address);
    }
  }

  #needsAccount(name: string): boolean {
    const { access, accounts } = this.#options;
    return access.isClosed || accounts.find(name) !== undefined;
  }

  /** Whether no password can be right. On a closed server that would tell which accounts exist. */
  #hasKeysOnly(name: string): boolean {
    const { access, accounts } = this.#options;
    const account = accounts.find(name);
    return !access.isClosed && account?.passwordHash === undefined && account?.keys !== undefined;
  }

  #nameOf(account: string): string {
    return this.#options.accounts.find(account)?.name ?? account;
  }
}
