/** The page's client without a page, with methods to wait for changes. */

import { type Clock, systemClock } from "../../lib/clock.ts";
import type { EventJson } from "../../lib/web/protocol.ts";
import type { ClientChange } from "../../lib/web/page/change.ts";
import { Client } from "../../lib/web/page/client.ts";
import type { SavedSession } from "../../lib/web/page/saved_session.ts";
import type { RoomState } from "../../lib/web/page/room_state.ts";
import { PATIENCE_MS } from "./patience.ts";

export interface PageClientOptions {
  readonly clock?: Clock;
  readonly remembered?: SavedSession;
  /** @default {(url) => new WebSocket(url)} */
  readonly openSocket?: (url: string) => WebSocket;
}

export class PageClient implements AsyncDisposable {
  readonly client: Client;
  readonly changes: ClientChange[] = [];
  #sockets: WebSocket[] = [];
  #wake: (() => void) | undefined;

  /** @param web Where the page is: `http://127.0.0.1:8080`. */
  constructor(
    web: string,
    { clock = systemClock, remembered, openSocket }: PageClientOptions = {},
  ) {
    this.client = new Client({
      url: `${web.replace(/^http/, "ws")}/ws`,
      openSocket: (url) => {
        const socket = (openSocket ?? ((url) => new WebSocket(url)))(url);
        this.#sockets.push(socket);
        return socket;
      },
      clock,
      // No jitter, so that tests know the delay.
      random: () => 0,
      remembered,
      onChange: (change) => {
        this.changes.push(change);
        this.#wake?.();
      },
    });
  }

  /** Connects under a name, and waits until it is live. */
  static async enter(web: string, name: string, options?: PageClientOptions): Promise<PageClient> {
    const client = new PageClient(web, options);
    client.client.start(name);
    await client.until(() => client.client.status.type === "live");
    return client;
  }

  /** A joined room. @throws {Error} if the client is not in it. */
  room(name: string): RoomState {
    const room = this.client.state.room(name);
    if (!room) throw new Error(`Not in #${name}`);
    return room;
  }

  /** The bodies of the loaded messages of a room. */
  bodies(room: string): string[] {
    return said(this.room(room).timeline.events);
  }

  /** The texts of all notices. */
  get notices(): string[] {
    return this.changes.flatMap((change) => change.type === "notice" ? [change.text] : []);
  }

  /** Waits until a condition is true. */
  async until(isTrue: () => boolean): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!isTrue()) {
      const rest = deadline - performance.now();
      if (rest <= 0) {
        const { status } = this.client;
        throw new Error(`Condition not met: ${isTrue}; status ${JSON.stringify(status)}`);
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = setTimeout(resolve, rest);
      await promise;
      clearTimeout(timer);
    }
  }

  /** Cuts the connection without a goodbye, as if a cable was pulled. */
  cut(): void {
    this.#sockets.at(-1)?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.stop();
    for (const socket of this.#sockets) {
      if (socket.readyState === WebSocket.CLOSED) continue;
      await new Promise((resolve) => socket.addEventListener("close", resolve));
    }
  }
}

/** The bodies of events, without joins and parts. */
export function said(events: readonly EventJson[]): string[] {
  return events.filter(({ kind }) => kind !== "join" && kind !== "part").map(({ body }) => body);
}
