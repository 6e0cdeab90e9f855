/**
 * Whether a sender may write into the room of its port: without a token, if the port demands none,
 * or as the account of its token.
 *
 * @module
 */

import type { AccessControl } from "../../domain/access/access_control.ts";
import type { Tokens } from "../../domain/access/accounts/tokens.ts";
import type { Asker } from "../../domain/asker.ts";
import { DomainError } from "../../domain/domain_error.ts";

export interface SenderPermitOptions {
  readonly access: Pick<AccessControl, "refusal">;
  readonly tokens: Pick<Tokens, "require">;
  /** As returned by `parseRoomName`. */
  readonly room: string;
  /** The IP address of the sender's machine; absent for Unix sockets. */
  readonly address?: string;
  /** Whether only senders with a token may write. */
  readonly needsToken: boolean;
  /** Called with a sentence if the token is revoked. */
  onRevoked(sentence: string): void;
}

export class SenderPermit {
  readonly #options: SenderPermitOptions;
  #account: Asker | undefined;

  constructor(options: SenderPermitOptions) {
    this.#options = options;
  }

  /** The account whose token the sender has shown, if any. */
  get account(): Asker | undefined {
    return this.#account;
  }

  /** Why the sender may not write yet; `undefined` if it may. */
  get objection(): string | undefined {
    if (!this.#options.needsToken || this.#account) return undefined;
    return "This port takes log lines with a token only. Send a line @token SECRET before all " +
      "others.";
  }

  /** Takes the token of the sender. Returns why it does not help; `undefined` if it does. */
  present(secret: string): string | undefined {
    const { tokens, access, room, address } = this.#options;
    this.release();
    try {
      this.#account = { ...tokens.require(secret, address), address };
    } catch (error) {
      if (error instanceof DomainError) return error.message;
      throw error;
    }
    this.#account.revoked?.addEventListener("abort", this.#onRevoked);
    return access.refusal(this.#account, room, "log") &&
      "This token may not write here. Use one that names the room of this port, of an account " +
        "that may write there.";
  }

  /** Listens for the end of the token no longer. */
  release(): void {
    this.#account?.revoked?.removeEventListener("abort", this.#onRevoked);
  }

  readonly #onRevoked = () => this.#options.onRevoked(this.#account!.revoked!.reason.message);
}
