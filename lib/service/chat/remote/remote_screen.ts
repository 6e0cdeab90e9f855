/**
 * The screen of somebody at another node: what is shown on it is shown there. Rooms are not: each
 * node delivers events to its own people.
 *
 * @module
 */

import type { Screen, SignedNotice, TagNotice } from "../screen.ts";
import type { Errand, ErrandAnswer } from "./errand.ts";

export class RemoteScreen implements Screen {
  readonly repairs = 0;
  readonly tellsWhy = true;
  readonly #run: (errand: Errand) => Promise<ErrandAnswer | undefined>;

  /** @param run Does something for the viewer at their node. */
  constructor(run: (errand: Errand) => Promise<ErrandAnswer | undefined>) {
    this.#run = run;
  }

  notice(text: string): boolean {
    void this.#run({ do: "notice", text });
    return true;
  }

  error(text: string, code?: string): void {
    void this.#run({ do: "error", text, code });
  }

  showTags(notice: TagNotice): void {
    void this.#run({ do: "tags", notice });
  }

  showSigned(notice: SignedNotice): void {
    void this.#run({ do: "signed", notice });
  }

  showInvitation(by: string, room: string): void {
    void this.#run({ do: "invite", by, room });
  }

  end(complaint?: string, isReplaced?: boolean): void {
    void this.#run({ do: "end", complaint, isReplaced });
  }

  /** A node that does not answer is found out by itself. */
  async isReachable(question: string): Promise<boolean> {
    const answer = await this.#run({ do: "reach", question });
    return answer?.isDone ?? true;
  }

  showNumbered(): void {}
  showHit(): void {}
  showName(): void {}
  showEntry(): void {}
  showExit(): void {}
  showCrowd(): void {}

  showPrivate(): boolean {
    return true;
  }

  showEvents(): boolean {
    return true;
  }

  turn(): undefined {}

  hasRoom(): Promise<boolean> {
    return Promise.resolve(true);
  }

  ready(): Promise<boolean> {
    return Promise.resolve(true);
  }

  drained(): Promise<boolean> {
    return Promise.resolve(true);
  }
}
