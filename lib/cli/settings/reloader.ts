/**
 * Reloads the configuration when asked, at SIGHUP for example. It is all or nothing: everything is
 * read and checked before anything changes.
 *
 * @module
 */

import { log } from "../../log.ts";
import type { Listener } from "../../transport/connection.ts";
import { ListenError } from "../../transport/endpoint.ts";
import type { ServeOptions } from "./serve_options.ts";
import { changedSettings, type ServeSettings } from "./serve_settings.ts";

export interface ReloaderOptions {
  /** The settings that the server started with. */
  readonly settings: ServeSettings;
  /** Reads them again. @throws {UsageError} for anything invalid. */
  readonly read: () => Promise<ServeSettings>;
  /** Those whose certificates and host keys are read again. */
  readonly listeners: readonly Pick<Listener, "endpoint" | "fingerprint" | "prepareReload">[];
  /** Puts options to use, as far as they can change. */
  readonly apply: (options: ServeOptions) => Promise<void>;
  /** Called before and after each reload; afterwards with the faults that prevented it. */
  readonly onBegin?: () => void;
  readonly onEnd?: (faults: readonly string[]) => void;
}

/** What a reload did. */
export interface ReloadOutcome {
  /** What prevented it; empty if it was done. */
  readonly faults: readonly string[];
  /** What to do about the faults, if the operator can do anything. */
  readonly advice?: string;
  /** What was reloaded, and what needs a restart. */
  readonly news: readonly string[];
}

/** What was read, and how to use it. */
interface Prepared {
  readonly next: ServeSettings;
  readonly reloads: readonly { readonly what: string; readonly use: () => void }[];
}

const ADVICE = "Nothing was reloaded. Correct that, and reload again";
const STOPPING = "The server is stopping. Nothing was reloaded.";
const INTERNAL_ERROR = "Internal error. The server has logged it.";

export class Reloader {
  readonly #options: ReloaderOptions;
  /** The settings in use, apart from those that need a restart. */
  #current: ServeSettings;
  #running: Promise<ReloadOutcome> | undefined;
  /** Settles once what was read is in use. */
  #applying: Promise<unknown> | undefined;
  #isAskedAgain = false;
  #isEnded = false;

  constructor(options: ReloaderOptions) {
    this.#options = options;
    this.#current = options.settings;
  }

  /**
   * Reloads, and resolves to what was done. Requests during a reload cause one more. Never rejects.
   */
  request(): Promise<ReloadOutcome> {
    if (this.#isEnded) return Promise.resolve({ faults: [STOPPING], news: [] });
    this.#isAskedAgain = true;
    return this.#running ??= this.#run().finally(() => this.#running = undefined);
  }

  /**
   * Reloads nothing from now on. A reload that is still reading ends without effect; resolves once
   * one that has read everything is done.
   */
  async end(): Promise<void> {
    this.#isEnded = true;
    await this.#applying;
  }

  async #run(): Promise<ReloadOutcome> {
    let outcome: ReloadOutcome = { faults: [], news: [] };
    while (this.#isAskedAgain) {
      this.#isAskedAgain = false;
      this.#options.onBegin?.();
      try {
        outcome = await this.#reload();
      } catch (error) {
        outcome = { faults: [INTERNAL_ERROR], news: [] };
        log("cli").error("Cannot reload: {error}", { error });
      }
      if (this.#isEnded) break;
      this.#options.onEnd?.(outcome.faults);
    }
    return outcome;
  }

  async #reload(): Promise<ReloadOutcome> {
    const faults: string[] = [];
    const prepared = await this.#prepare(faults);
    if (this.#isEnded) return { faults: [STOPPING], news: [] };
    if (!prepared) {
      for (const message of faults) log("cli").error("{message}", { message });
      log("cli").error(ADVICE);
      return { faults, advice: `${ADVICE}.`, news: [] };
    }
    const applying = this.#apply(prepared);
    this.#applying = applying.catch(() => {});
    return await applying;
  }

  async #apply({ next, reloads }: Prepared): Promise<ReloadOutcome> {
    const changed = changedSettings(this.#current, next);
    const reloaded = reloads.map(({ what, use }) => {
      use();
      return what;
    });
    await this.#options.apply(next.options);
    const { passwordFile } = next.options;
    if (passwordFile !== undefined) reloaded.push(`the password in ${passwordFile}`);
    const live = changed.filter((name) => next.settings.get(name)!.isLive);
    const fixed = changedSettings(this.#options.settings, next)
      .filter((name) => !next.settings.get(name)!.isLive);
    const nothing = fixed.length > 0
      ? "nothing that can change without a restart"
      : "nothing in it has changed";
    reloaded.push(`the configuration: ${live.join(", ") || nothing}`);
    const done = reloaded.map((what) => `Reloaded ${what}`);
    for (const message of done) log("cli").info("{message}", { message });
    const left = fixed.map((name) => restartNotice(name, next));
    for (const message of left) log("cli").warning("{message}", { message });
    this.#current = next;
    return { faults: [], news: [...done, ...left] };
  }

  /** Reads and checks everything; returns `undefined` if there are faults. */
  async #prepare(faults: string[]): Promise<Prepared | undefined> {
    let next: ServeSettings | undefined;
    try {
      next = await this.#options.read();
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

/** Says that a setting has changed that takes a restart. Each reload until then says so again. */
function restartNotice(name: string, { settings, file }: ServeSettings): string {
  const place = settings.get(name)!.origin.place ?? file;
  return `${place === undefined ? "" : `${place}: `}${name} has changed, which needs a restart; ` +
    "until then, the server goes on with the old value";
}
