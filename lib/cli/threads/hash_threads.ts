/**
 * Threads that hash passwords: hashing takes a core for a tenth of a second, and anybody can ask for
 * it. Some of them run only while the core would otherwise be idle.
 *
 * A thread costs 10 MB, so they are started once there is a password to hash.
 *
 * @module
 */

import {
  type DeriveKey,
  deriveKey,
  type ScryptOptions,
  scryptOptions,
} from "../../domain/access/login/password_hash.ts";
import { countFreeDescriptors } from "../../server/accepting/descriptor_reserve.ts";

/** What a thread is asked to hash, as `node:crypto` takes it. */
export interface HashRequest {
  readonly password: string;
  readonly salt: Uint8Array;
  readonly length: number;
  readonly options: ScryptOptions;
}

export type HashAnswer = { readonly key: Uint8Array } | { readonly failure: string };

/** Whether a thread yields to all others; also the name of its worker. */
export type HashPace = "prompt" | "patient";

/** With fewer left, starting a thread could end the program. */
const LEAST_DESCRIPTORS = 24;

export class HashThreads implements Disposable {
  readonly #openSpare: () => Disposable;
  /** Those without work. */
  readonly #idle: Readonly<Record<HashPace, Worker[]>> = { prompt: [], patient: [] };
  readonly #all = new Set<Worker>();
  #isClosed = false;

  /** @param openSpare Opens anything that takes one descriptor. */
  constructor(openSpare: () => Disposable) {
    this.#openSpare = openSpare;
  }

  /** Derives a key in a thread that has nothing to do; a new one, if all are busy. */
  readonly derive: DeriveKey = (...input) => this.#derive("prompt", ...input);

  /** Like {@linkcode HashThreads.derive}, but only while nothing else needs the core. */
  readonly derivePatiently: DeriveKey = (...input) => this.#derive("patient", ...input);

  [Symbol.dispose](): void {
    this.#isClosed = true;
    for (const thread of this.#all) thread.terminate();
  }

  async #derive(
    pace: HashPace,
    ...[password, salt, costs, length]: Parameters<DeriveKey>
  ): Promise<Uint8Array> {
    const thread = this.#idle[pace].pop() ?? this.#start(pace);
    if (!thread) return await deriveKey(password, salt, costs, length);
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    thread.onmessage = ({ data }: MessageEvent<HashAnswer>) => {
      this.#idle[pace].push(thread);
      if ("key" in data) resolve(data.key);
      else reject(new Error(`Cannot hash a password: ${data.failure}`));
    };
    thread.onerror = (event) => {
      event.preventDefault();
      this.#all.delete(thread);
      reject(new Error(`Cannot hash a password: ${event.message}`));
    };
    const options = scryptOptions(costs);
    thread.postMessage({ password, salt, length, options } satisfies HashRequest);
    return await promise;
  }

  /** `undefined` if there are too few descriptors for a thread. */
  #start(name: HashPace): Worker | undefined {
    if (this.#isClosed) return undefined;
    if (countFreeDescriptors(this.#openSpare, LEAST_DESCRIPTORS) < LEAST_DESCRIPTORS) {
      return undefined;
    }
    const thread = new Worker(new URL("./hash_worker.ts", import.meta.url), {
      type: "module",
      name,
    });
    this.#all.add(thread);
    return thread;
  }
}
