/** The page's client, without a page, and with something to wait for. */

import { type Clock, systemClock } from "../../lib/clock.ts";
import type { EventJson } from "../../lib/web/protocol.ts";
import type { ClientChange } from "../../lib/web/page/change.ts";
import { Client } from "../../lib/web/page/client.ts";
import type { SavedSession } from "../../lib/web/page/saved_session.ts";
import type { RoomState } from "../../lib/web/page/room_state.ts";

export interface PageClientOptions {
  readonly clock?: Clock;
  readonly remembered?: SavedSession;
  /** @default {(url) => new WebSocket(url)} */
  readonly openSocket?: (url: string) => WebSocket;
}

/** What does not come in so long does not come at all. */
const PATIENCE_MS = 15_000;

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
      // No jitter: the longest delay, so that tests know it.
      random: () => 0,
      remembered,
      onChange: (change) => {
        this.changes.push(change);
        this.#wake?.();
      },
    });
  }

  /** Connects under a name and waits to be told everything. */
  static async enter(web: string, name: string, options?: PageClientOptions): Promise<PageClient> {
    const client = new PageClient(web, options);
    client.client.start(name);
    await client.until(() => client.client.status.type === "live");
    return client;
  }

  /** The room, which it has to be in. */
  room(name: string): RoomState {
    const room = this.client.state.room(name);
    if (!room) throw new Error(`Not in #${name}`);
    return room;
  }

  /** What has been said in a room, as far as it is at hand. */
  bodies(room: string): string[] {
    return said(this.room(room).timeline.events);
  }

  /** The texts that were for nobody else. */
  get notices(): string[] {
    return this.changes.flatMap((change) => change.type === "notice" ? [change.text] : []);
  }

  /** Waits until something has come true. */
  async until(isTrue: () => boolean): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!isTrue()) {
      const rest = deadline - performance.now();
      if (rest <= 0) {
        const { status } = this.client;
        throw new Error(`It did not come true: ${isTrue}; status ${JSON.stringify(status)}`);
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = setTimeout(resolve, rest);
      await promise;
      clearTimeout(timer);
    }
  }

  /** Cuts the connection as a cable that is pulled: nobody says goodbye. */
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

/** The bodies of what was said, without comings and goings. */
export function said(events: readonly EventJson[]): string[] {
  return events.filter(({ kind }) => kind !== "join" && kind !== "part").map(({ body }) => body);
}
