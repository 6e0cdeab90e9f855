/**
 * Tells the service manager that started the server, if one did, when it is ready, reloads and
 * stops, and that it still works.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import { monotonicTime } from "./monotonic_time.ts";
import { NotifySocket } from "./notify_socket.ts";

/** Milliseconds between two looks at whether the status has changed. */
const STATUS_MS = 10_000;

export interface ServiceManagerOptions {
  /** Reads an environment variable. */
  readonly env: (name: string) => string | undefined;
  readonly clock: Clock;
  /** The id of this process. */
  readonly pid: number;
  /** As {@linkcode monotonicTime}, which is the default. */
  readonly readTime?: typeof monotonicTime;
}

export class ServiceManager implements AsyncDisposable {
  readonly #options: ServiceManagerOptions;
  readonly #socket: NotifySocket | undefined;
  /** The time that systemd compares with that of its signal to reload. */
  #time: (() => number) | undefined;
  readonly #timed: Promise<void> | undefined;
  #describe = () => "";
  /** Why the last reload changed nothing. */
  #fault = "";
  /** What was sent last. */
  #status = "";
  #isReady = false;
  #cancelStatus = () => {};
  #cancelWatchdog = () => {};

  constructor(options: ServiceManagerOptions) {
    this.#options = options;
    const address = options.env("NOTIFY_SOCKET");
    this.#socket = address === undefined ? undefined : NotifySocket.open(address);
    const { readTime = monotonicTime, clock } = options;
    this.#timed = this.#socket && readTime(clock).then((time) => void (this.#time = time));
  }

  /**
   * The server accepts connections.
   *
   * @param describe Says what it is doing, in a few words. Called every few seconds.
   */
  ready(describe: () => string): void {
    this.#describe = describe;
    this.#isReady = true;
    this.#socket?.send({ READY: 1, STATUS: this.#status = describe() });
    if (!this.#socket) return;
    this.#watchStatus();
    this.#feedWatchdog();
  }

  reloading(): void {
    const time = this.#time?.();
    this.#socket?.send({
      RELOADING: 1,
      ...(time === undefined ? {} : { MONOTONIC_USEC: Math.ceil(time) }),
      STATUS: this.#status = "Reloading the configuration",
    });
  }

  /** The reload is over. @param faults What prevented it; they stay visible in the status. */
  reloaded(faults: readonly string[]): void {
    this.#fault = faults.length > 0 ? `. Not reloaded: ${faults.join("; ")}` : "";
    this.#socket?.send({ READY: 1, STATUS: this.#status = this.#describe() + this.#fault });
  }

  stopping(): void {
    this.#end();
    this.#socket?.send({ STOPPING: 1, STATUS: "Stopping: telling everybody, saving what is left" });
  }

  /** Resolves once everything has been sent. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
    await this.#timed;
    await this.#socket?.close();
  }

  #end(): void {
    this.#isReady = false;
    this.#cancelStatus();
    this.#cancelWatchdog();
  }

  #watchStatus(): void {
    this.#cancelStatus = this.#options.clock.after(STATUS_MS, () => {
      const status = this.#describe() + this.#fault;
      if (status !== this.#status) this.#socket?.send({ STATUS: this.#status = status });
      this.#watchStatus();
    });
  }

  /** At half of the time after which the manager takes a silent server for dead. */
  #feedWatchdog(): void {
    const { env, clock, pid } = this.#options;
    const limitUs = Number(env("WATCHDOG_USEC"));
    const watched = env("WATCHDOG_PID");
    if (!(limitUs > 0) || (watched !== undefined && watched !== String(pid))) return;
    const feed = () => {
      if (!this.#isReady) return;
      this.#socket?.send({ WATCHDOG: 1 });
      this.#cancelWatchdog = clock.after(limitUs / 2000, feed);
    };
    feed();
  }
}
