/**
 * Reloads the configuration at SIGHUP, all or nothing: everything is read and checked before
 * anything changes.
 *
 * @module
 */

import { log } from "../log.ts";
import type { Listener } from "../transport/connection.ts";
import { ListenError } from "../transport/endpoint.ts";
import type { ServeOptions } from "./serve_options.ts";
import { changedSettings, type ServeSettings } from "./serve_settings.ts";

export interface ReloaderOptions {
  /** The settings that the server started with. */
  readonly settings: ServeSettings;
  /** Reads them again. @throws {UsageError} for anything invalid. */
  readonly read: () => ServeSettings;
  /** Those whose certificates and host keys are read again. */
  readonly listeners: readonly Pick<Listener, "endpoint" | "fingerprint" | "prepareReload">[];
  /** Puts options to use, as far as they can change. */
  readonly apply: (options: ServeOptions) => Promise<void>;
  /** Called before and after each reload; afterwards with the faults that prevented it. */
  readonly onBegin?: () => void;
  readonly onEnd?: (faults: readonly string[]) => void;
}

/** What was read, and how to use it. */
interface Prepared {
  readonly next: ServeSettings;
  readonly reloads: readonly { readonly what: string; readonly use: () => void }[];
}

export class Reloader {
  readonly #options: ReloaderOptions;
  /** The settings in use, apart from those that need a restart. */
  #current: ServeSettings;
  #running: Promise<void> | undefined;
  #isAskedAgain = false;

  constructor(options: ReloaderOptions) {
    this.#options = options;
    this.#current = options.settings;
  }

  /** Reloads. Requests during a reload cause one more. Never rejects. */
  request(): Promise<void> {
    this.#isAskedAgain = true;
    return this.#running ??= this.#run().finally(() => this.#running = undefined);
  }

  /** Resolves once no reload is under way. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#isAskedAgain) {
      this.#isAskedAgain = false;
      this.#options.onBegin?.();
      let faults: readonly string[] = [];
      try {
        faults = await this.#reload();
      } catch (error) {
        faults = ["Internal error"];
        log("cli").error("Cannot reload: {error}", { error });
      }
      this.#options.onEnd?.(faults);
    }
  }

  async #reload(): Promise<readonly string[]> {
    const faults: string[] = [];
    const prepared = await this.#prepare(faults);
    if (!prepared) {
      for (const message of faults) log("cli").error("{message}", { message });
      log("cli").error("Nothing was reloaded. Correct that, and send SIGHUP again");
      return faults;
    }
    const { next, reloads } = prepared;
    const changed = changedSettings(this.#current, next);
    for (const { what, use } of reloads) {
      use();
      log("cli").info(`Reloaded ${what}`);
    }
    await this.#options.apply(next.options);
    if (next.options.passwordFile !== undefined) {
      log("cli").info("Reloaded the password in {file}", { file: next.options.passwordFile });
    }
    const live = changed.filter((name) => next.settings.get(name)!.isLive);
    const fixed = changedSettings(this.#options.settings, next)
      .filter((name) => !next.settings.get(name)!.isLive);
    const nothing = fixed.length > 0
      ? "nothing that can change without a restart"
      : "nothing in it has changed";
    log("cli").info(`Reloaded the configuration: ${live.join(", ") || nothing}`);
    tellOfFixed(fixed, next);
    this.#current = next;
    return [];
  }

  /** Reads and checks everything; returns `undefined` if there are faults. */
  async #prepare(faults: string[]): Promise<Prepared | undefined> {
    let next: ServeSettings | undefined;
    try {
      next = this.#options.read();
    } catch (error) {
      faults.push((error as Error).message);
    }
    const reloads = [];
    for (const listener of this.#options.listeners) {
      if (!listener.prepareReload) continue;
      const kind = listener.fingerprint ? "host key" : "certificate";
      const what = `the ${kind} of ${listener.endpoint}`;
      try {
        reloads.push({ what, use: await listener.prepareReload() });
      } catch (error) {
        const reason = error instanceof ListenError ? error.reason : (error as Error).message;
        faults.push(`Cannot reload ${what}, keeping the old one: ${reason}`);
      }
    }
    return next && faults.length === 0 ? { next, reloads } : undefined;
  }
}

/** Says what differs from the start and cannot change, each time until the restart. */
function tellOfFixed(names: readonly string[], { settings, file }: ServeSettings): void {
  for (const name of names) {
    const place = settings.get(name)!.origin.place ?? file;
    const message =
      `${place === undefined ? "" : `${place}: `}${name} has changed, which needs a ` +
      "restart; until then, the server goes on with the old value";
    log("cli").warning("{message}", { message });
  }
}
