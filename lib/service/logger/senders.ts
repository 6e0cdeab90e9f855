/**
 * Senders that come back: a sender that resumes must be alone under its name. Otherwise lines that
 * are still on their way from its earlier connection could be stored after the log was searched for
 * them.
 *
 * @module
 */

/** A connection with a source name that asks for acknowledgements. */
export interface Sender {
  /** The connection's number; later ones are higher. */
  readonly number: number;
  /** Whether it continues an earlier connection. */
  readonly hasResumed: boolean;
  /** Resolves once all its lines have been stored or refused. */
  readonly done: Promise<void>;
  /** Closes the connection at once. */
  abort(): void;
}

/** All such senders, by name and address. */
export class Senders {
  readonly #senders = new Map<string, Set<Sender>>();

  /**
   * Adds a sender; returns `false` if a later connection has taken its place, so that nothing more
   * of it may be stored.
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

  /** Closes the other connections of that name, and resolves once they have ended. */
  async endOthers(key: string, sender: Sender): Promise<void> {
    const others = [...this.#senders.get(key) ?? []].filter((other) => other !== sender);
    for (const other of others) other.abort();
    await Promise.all(others.map(({ done }) => done));
  }
}
