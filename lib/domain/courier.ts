/**
 * Messages between the nodes of a cluster that nobody keeps. They may get lost, and have no order
 * with what is stored.
 *
 * @module
 */

export interface Courier {
  /** Tells all other nodes that listen. Never waits. */
  announce(topic: string, text: string): void;
  /** Calls `listener` with what other nodes announce. @returns Ends that. */
  onAnnounced(topic: string, listener: (text: string, node: string) => void): () => void;
  /**
   * Asks one node. Questions to one node arrive in order.
   *
   * @throws {Error} if no answer comes in time.
   */
  ask(node: string, text: string, timeoutMs: number): Promise<string>;
  /** Answers questions of other nodes. Called once. */
  answer(answer: (text: string, node: string) => Promise<string>): void;
}

/** The most characters of a message. */
export const MOST_COURIER_CHARACTERS = 256 * 1024;
