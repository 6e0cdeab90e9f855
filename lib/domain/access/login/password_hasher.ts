/**
 * Hashes passwords, at most two at once: each takes a core and 32 MiB for a tenth of a second, and
 * anybody can ask for one. The rest wait in bounded queues. While many wait, somebody is probably
 * guessing passwords, so hashing yields to everything else, and on a busy machine takes seconds.
 * Trusted people do not wait for that.
 *
 * @module
 */

import { currentConnection } from "../../../context.ts";
import { SlowDownError } from "../../domain_error.ts";
import {
  DEFAULT_COSTS,
  type DeriveKey,
  deriveKey,
  hashOfNothing,
  hashPassword,
  type ScryptCosts,
  verifyPassword,
} from "./password_hash.ts";
import { deriveVerifier, formatVerifier } from "./scram_verifier.ts";

/** A core is left for everything else: people talk while others guess passwords. */
const USUAL_OTHERS = Math.max(1, navigator.hardwareConcurrency - 1);
/** This many waiting are a crowd. Registering or logging in takes at most two hashes. */
const CROWD = 4;

export interface PasswordHasherOptions {
  /** Of new hashes. @default {DEFAULT_COSTS} */
  readonly costs?: ScryptCosts;
  /** Rounds of PBKDF2 in new SCRAM verifiers. @default {DEFAULT_ITERATIONS} */
  readonly iterations?: number;
  /** Most hashes being computed at once. @default {2} */
  readonly atOnce?: number;
  /**
   * While this many are being computed, only hashes for trusted people are started.
   * @default {2, and 1 on a machine with two cores}
   */
  readonly othersAtOnce?: number;
  /** Computes scrypt. @default {`node:crypto` does, in another thread} */
  readonly derive?: DeriveKey;
  /** Computes scrypt while many wait. @default {`derive`} */
  readonly derivePatiently?: DeriveKey;
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
  start(derive: DeriveKey): Promise<void>;
  reject(error: Error): void;
  /** Aborted once the peer is gone. */
  readonly ended?: AbortSignal;
}

export class PasswordHasher {
  /** Verify passwords against it if there is nothing else, so that it takes as long. */
  readonly nothing: string;
  readonly #costs: ScryptCosts;
  readonly #iterations: number | undefined;
  readonly #derive: DeriveKey;
  readonly #derivePatiently: DeriveKey;
  readonly #atOnce: number;
  readonly #othersAtOnce: number;
  readonly #mostWaiting: number;
  readonly #trusted: HashJob[] = [];
  readonly #others: HashJob[] = [];
  #running = 0;

  constructor(options: PasswordHasherOptions = {}) {
    const { costs = DEFAULT_COSTS, derive = deriveKey, atOnce = 2, mostWaiting = 64 } = options;
    this.#costs = costs;
    this.#iterations = options.iterations;
    this.#derive = derive;
    this.#derivePatiently = options.derivePatiently ?? derive;
    this.#atOnce = atOnce;
    this.#othersAtOnce = options.othersAtOnce ?? Math.min(atOnce, USUAL_OTHERS);
    this.#mostWaiting = mostWaiting;
    this.nothing = hashOfNothing(costs);
  }

  /** Hashes a password. @throws {DomainError} `slow-down` if too many wait. */
  hash(password: string, priority?: HashPriority): Promise<string> {
    return this.#run((derive) => hashPassword(password, this.#costs, derive), priority);
  }

  /** Whether `hash` is of `password`. @throws {DomainError} `slow-down` if too many wait. */
  verify(password: string, hash: string, priority?: HashPriority): Promise<boolean> {
    return this.#run((derive) => verifyPassword(password, hash, derive), priority);
  }

  /** Derives the text of a SCRAM verifier. @throws {DomainError} `slow-down` if too many wait. */
  deriveVerifier(password: string, priority?: HashPriority): Promise<string> {
    return this.#run(
      async () => formatVerifier(await deriveVerifier(password, this.#iterations)),
      priority,
    );
  }

  async #run<Result>(
    work: (derive: DeriveKey) => Promise<Result>,
    { isTrusted = false }: HashPriority = {},
  ): Promise<Result> {
    const queue = isTrusted ? this.#trusted : this.#others;
    if (queue.length >= this.#mostWaiting) throw tooBusy();
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const start = (derive: DeriveKey) => work(derive).then(resolve, reject);
    queue.push({ start, reject, ended: currentConnection()?.ended });
    this.#startNext();
    return await promise;
  }

  #startNext(): void {
    while (this.#running < this.#atOnce) {
      const trusted = this.#trusted.shift();
      const job = trusted ??
        (this.#running < this.#othersAtOnce ? this.#others.shift() : undefined);
      if (!job) return;
      const isPatient = !trusted && this.#others.length >= CROWD;
      // Nobody waits for it any more.
      if (job.ended?.aborted) job.reject(tooBusy());
      else this.#start(job, isPatient ? this.#derivePatiently : this.#derive);
    }
  }

  async #start(job: HashJob, derive: DeriveKey): Promise<void> {
    this.#running++;
    await job.start(derive);
    this.#running--;
    this.#startNext();
  }
}

function tooBusy(): SlowDownError {
  return new SlowDownError("Too many people are logging in. Try again in 10 seconds.", 10_000);
}
