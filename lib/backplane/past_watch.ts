/**
 * Detects nodes that have applied different entries, which no server should let happen. Once a
 * second, each node announces its position in the stream and its mark there. The nodes in the
 * minority stop.
 *
 * @module
 */

import { type Clock, systemClock } from "../clock.ts";
import type { Courier } from "../domain/courier.ts";
import type { StreamPosition } from "./cluster_state.ts";
import type { PastMarks } from "./past_marks.ts";
import { FILL, PastError } from "./same_past.ts";

const TELL_MS = 1000;
/** A node that has announced nothing for this long, in milliseconds, does not count. */
const OLD_MS = 6000;
const TOPIC = "past";

export interface PastWatchOptions {
  /** The name of this node. */
  readonly node: string;
  readonly courier: Pick<Courier, "announce" | "onAnnounced">;
  readonly replica: { readonly position: StreamPosition; readonly marks: Pick<PastMarks, "at"> };
  /** Called at most once, with why this node cannot go on: a `PastError`. */
  readonly onFailure: (reason: Error) => void;
  /** @default {systemClock} */
  readonly clock?: Clock;
}

type Claim = Pick<StreamPosition, "created" | "seq" | "mark">;

interface Finding {
  /** The `seq` of the entry at which the two nodes were last compared. */
  readonly seq: number;
  readonly isSame: boolean;
  readonly foundAt: number;
}

export class PastWatch implements Disposable {
  readonly #options: PastWatchOptions;
  readonly #clock: Clock;
  /** The last announcement of each node. */
  readonly #claims = new Map<string, Claim>();
  readonly #others = new Map<string, Finding>();
  #differsSince: number | undefined;
  readonly #stopListening: () => void;
  #cancel: () => void;

  constructor(options: PastWatchOptions) {
    const { courier, clock = systemClock } = this.#options = options;
    this.#clock = clock;
    this.#stopListening = courier.onAnnounced(TOPIC, (text, node) => this.#hear(text, node));
    const tell = () => {
      const { created, seq, mark } = options.replica.position;
      if (mark !== undefined) courier.announce(TOPIC, `${seq} ${mark} ${created}`);
      this.#cancel = clock.after(TELL_MS, tell);
    };
    this.#cancel = clock.after(0, tell);
  }

  [Symbol.dispose](): void {
    this.#stopListening();
    this.#cancel();
  }

  #hear(text: string, node: string): void {
    // If the node is ahead, its previous announcement may be one that we have reached by now.
    const before = this.#claims.get(node);
    const [, seq, mark, created] = /^(\d+) (\S+) (.+)$/.exec(text) ?? [];
    const claim = { seq: Number(seq), mark, created };
    this.#claims.set(node, claim);
    if (before) this.#compare(node, before);
    this.#compare(node, claim);
  }

  #compare(node: string, { created, seq, mark }: Claim): void {
    const { position, marks } = this.#options.replica;
    const own = marks.at(seq);
    if (created !== position.created || own === undefined) return;
    const isSame = own === mark;
    this.#others.set(node, { seq, isSame, foundAt: this.#clock.monotonic() });
    if (!isSame) this.#judge(this.#differsSince ??= this.#clock.monotonic());
  }

  /** Stops this node if it is in the minority, or in half of the nodes without the first by name. */
  #judge(since: number): void {
    const { node, onFailure } = this.#options;
    const now = this.#clock.monotonic();
    // Until then, some nodes may not have announced theirs.
    if (now - since < OLD_MS) return;
    const heard = [...this.#others].filter(([, { foundAt }]) => now - foundAt < OLD_MS);
    const others = heard.filter(([, { isSame }]) => !isSame).map(([name]) => name).sort();
    const same = [node, ...heard.filter(([, { isSame }]) => isSame).map(([name]) => name)].sort();
    const stays = same.length > others.length ||
      same.length === others.length && same[0] < others[0];
    if (stays) return;
    const seq = Math.min(...others.map((name) => this.#others.get(name)!.seq));
    this[Symbol.dispose]();
    onFailure(
      new PastError(
        `This node has applied different entries from ${
          others.join(", ")
        }, up to entry ${seq} of ` +
          `the stream: a NATS server gave one of them an entry that the others do not have. ${FILL}`,
      ),
    );
  }
}
