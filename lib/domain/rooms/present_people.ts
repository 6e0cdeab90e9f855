/**
 * Who is in a room: names by origin, in the order in which people came.
 *
 * @module
 */

/** Notes that somebody has come, has gone, or has another name. It must only note it. */
export type PresenceNote = (origin: number) => void;

export class PresentPeople extends Map<number, string> {
  readonly #notes = new Set<PresenceNote>();

  /** Calls `note` with the origin of everybody of whom something changes. */
  onChange(note: PresenceNote): void {
    this.#notes.add(note);
  }

  override set(origin: number, nickname: string): this {
    super.set(origin, nickname);
    for (const note of this.#notes) note(origin);
    return this;
  }

  override delete(origin: number): boolean {
    const isDeleted = super.delete(origin);
    if (isDeleted) {
      for (const note of this.#notes) note(origin);
    }
    return isDeleted;
  }

  override clear(): void {
    for (const origin of [...this.keys()]) this.delete(origin);
  }
}
