/**
 * Hashes passwords, at most two at once: each takes a core and 32 MiB for a tenth of a second, and
 * anybody can ask for one. The others wait in a bounded queue.
 *
 * @module
 */

import { currentConnection } from "../../context.ts";
import { SlowDownError } from "../domain_error.ts";
import {
  DEFAULT_COSTS,
  type DeriveKey,
  hashOfNothing,
  hashPassword,
  type ScryptCosts,
  verifyPassword,
} from "./password_hash.ts";
import { deriveVerifier, formatVerifier } from "./sasl/scram_verifier.ts";

/** A core is left for everything else: people talk while others guess passwords. */
const USUAL_AT_ONCE = Math.max(1, Math.min(2, navigator.hardwareConcurrency - 1));

export interface PasswordHasherOptions {
  /** Of new hashes. @default {DEFAULT_COSTS} */
  readonly costs?: ScryptCosts;
  /** Rounds of PBKDF2 in new SCRAM verifiers. @default {DEFAULT_ITERATIONS} */
  readonly iterations?: number;
  /** Most hashes being computed at once. @default {2, and 1 on a machine with two cores} */
  readonly atOnce?: number;
  /** Computes scrypt. @default {`node:crypto` does, in another thread} */
  readonly derive?: DeriveKey;
  /** Most that wait, for each of the two kinds. @default {64} */
  readonly mostWaiting?: number;
}

/** For whom a password is hashed. */
export interface HashPriority {
  /**
   * Goes before all others, and waits in a queue of its own: for operators, and for people who log
   * in from where they did before. A crowd of strangers then cannot keep them out.
   */
  readonly isTrusted?: boolean;
}

interface HashJob {
  start(): Promise<void>;
  reject(error: Error): void;
  /** Aborted once the peer is gone. */
  readonly ended?: AbortSignal;
}

export class PasswordHasher {
  /** Verify passwords against it if there is nothing else, so that it takes as long. */
  readonly nothing: string;
  readonly #costs: ScryptCosts;
  readonly #iterations: number | undefined;
  readonly #derive: DeriveKey | undefined;
  readonly #atOnce: number;
  readonly #mostWaiting: number;
  readonly #trusted: HashJob[] = [];
  readonly #others: HashJob[] = [];
  #running = 0;

  constructor(options: PasswordHasherOptions = {}) {
    const { costs = DEFAULT_COSTS, atOnce = USUAL_AT_ONCE, mostWaiting = 64 } = options;
    this.#costs = costs;
    this.#iterations = options.iterations;
    this.#derive = options.derive;
    this.#atOnce = atOnce;
    this.#mostWaiting = mostWaiting;
    this.nothing = hashOfNothing(costs);
  }

  /** Hashes a password. @throws {DomainError} `slow-down` if too many wait. */
  hash(password: string, priority?: HashPriority): Promise<string> {
    return this.#run(() => hashPassword(password, this.#costs, this.#derive), priority);
  }

  /** Whether `hash` is of `password`. @throws {DomainError} `slow-down` if too many wait. */
  verify(password: string, hash: string, priority?: HashPriority): Promise<boolean> {
    return this.#run(() => verifyPassword(password, hash, this.#derive), priority);
  }

  /** Derives the text of a SCRAM verifier. @throws {DomainError} `slow-down` if too many wait. */
  deriveVerifier(password: string, priority?: HashPriority): Promise<string> {
    return this.#run(
      async () => formatVerifier(await deriveVerifier(password, this.#iterations)),
      priority,
    );
  }

  async #run<Result>(
    work: () => Promise<Result>,
    { isTrusted = false }: HashPriority = {},
  ): Promise<Result> {
    const queue = isTrusted ? this.#trusted : this.#others;
    if (queue.length >= this.#mostWaiting) throw tooBusy();
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const start = () => work().then(resolve, reject);
    queue.push({ start, reject, ended: currentConnection()?.ended });
    this.#startNext();
    return await promise;
  }

  #startNext(): void {
    while (this.#running < this.#atOnce) {
      const job = this.#trusted.shift() ?? this.#others.shift();
      if (!job) return;
      // Nobody waits for it any more.
      if (job.ended?.aborted) job.reject(tooBusy());
      else this.#start(job);
    }
  }

  async #start(job: HashJob): Promise<void> {
    this.#running++;
    await job.start();
    this.#running--;
    this.#startNext();
  }
}

function tooBusy(): SlowDownError {
  return new SlowDownError("Too many people are logging in. Try again in 10 seconds.", 10_000);
}
