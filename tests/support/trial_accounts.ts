/** Accounts without passwords. */

import type { Account } from "../../lib/domain/access/account.ts";
import { nameKey } from "../../lib/domain/name.ts";

export class TrialAccounts {
  readonly #accounts = new Map<string, Account>();

  /** Adds an account, unless it is there. */
  add(name: string): Account {
    const key = nameKey(name);
    const account = this.#accounts.get(key) ?? { name, key, isOperator: false, createdAt: 0 };
    this.#accounts.set(key, account);
    return account;
  }

  find(name: string): Account | undefined {
    return this.#accounts.get(nameKey(name));
  }

  remove(name: string): void {
    this.#accounts.delete(nameKey(name));
  }
}
