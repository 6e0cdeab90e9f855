/**
 * Senders that come back: whoever resumes must be alone under its name, or what is still on its
 * way from the connection before would be stored after it was looked up what is stored.
 *
 * @module
 */

/** A connection that writes under a name of its own and is told what is stored. */
export interface Sender {
  /** Of the connection; later ones have higher numbers. */
  readonly number: number;
  /** Whether it takes up where an earlier one ended. */
  readonly hasResumed: boolean;
  /** Resolves once all that came from it has been stored or refused. */
  readonly done: Promise<void>;
  /** Cuts it off. */
  abort(): void;
}

/** All of them, by what they call themselves and where they are. */
export class Senders {
  readonly #senders = new Map<string, Set<Sender>>();

  /**
   * Adds a sender; returns `false` where a later connection has taken its place already, so that
   * nothing of it must be stored any more.
   */
  add(key: string, sender: Sender): boolean {
    const others = this.#senders.get(key) ?? new Set();
    for (const other of others) {
      if (other.hasResumed && other.number > sender.number) return false;
    }
    this.#senders.set(key, others.add(sender));
    return true;
  }

  remove(key: string, sender: Sender): void {
    const others = this.#senders.get(key);
    if (others?.delete(sender) && others.size === 0) this.#senders.delete(key);
  }

  /** Ends the earlier connections of that name, and resolves once they are over. */
  async endOthers(key: string, sender: Sender): Promise<void> {
    const others = [...this.#senders.get(key) ?? []].filter((other) => other !== sender);
    for (const other of others) other.abort();
    await Promise.all(others.map(({ done }) => done));
  }
}
