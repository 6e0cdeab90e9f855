/**
 * The bank service of the tutorials: `jack:dp` deposits, `jack:wd` withdraws.
 *
 * @module
 */

import type { StateStore } from "../domain/state_store.ts";
import { applyToBalance, describeBalance, parseLedgerRequest } from "../domain/tutorial/ledger.ts";
import type { Service } from "../server/session/service.ts";
import type { Session } from "../server/session/session.ts";
import { answerEach } from "./answer.ts";

/** Answers with a balance once it is on disk. */
export class Bank implements Service {
  readonly name = "bank";
  readonly maxLineBytes = 4096;
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  serve(session: Session): Promise<void> {
    return answerEach(session, (line) => this.#reply(line));
  }

  async #reply(line: string): Promise<string> {
    const request = parseLedgerRequest(line);
    if (!request) return "usage: NAME:dp or NAME:wd";
    const { name, word } = request;
    const balance = await this.#state.update("bank", name, (stored) => {
      const before = Number(stored ?? 0);
      const after = applyToBalance(before, word);
      // Asking about an account must not open it; but what is answered holds at all nodes.
      return { value: after === before ? stored ?? null : String(after), result: after };
    });
    return describeBalance(name, balance);
  }
}
