/** The page without a DOM. Like a page, it looks at the end of the open place after each change. */

import { systemClock } from "../../lib/clock.ts";
import { App } from "../../lib/web/page/app.ts";
import { Client } from "../../lib/web/page/client.ts";
import type { Drafts } from "../../lib/web/page/drafts.ts";
import { parsePreferences } from "../../lib/web/page/preferences.ts";
import type { Route } from "../../lib/web/page/route.ts";
import { within } from "./patience.ts";
import type { WebScene } from "./web_scene.ts";

export interface TrialPageOptions {
  /** What the address bar says at first. @default {{}} */
  readonly route?: Route;
  /** What was being written before a reload. @default {[]} */
  readonly drafts?: Drafts;
  /** Is given what the page is about to send; returns whether to send it. */
  readonly onSend?: (data: string, socket: WebSocket) => boolean;
}

export class TrialPage implements AsyncDisposable {
  readonly app: App;
  isActive = true;
  /** What the address bar has shown, and whether it was a new entry of the history. */
  readonly paths: [path: string, isNew: boolean][] = [];
  #wake: (() => void) | undefined;
  readonly #sockets: WebSocket[] = [];

  constructor(
    url: string,
    { route = {}, drafts = [], onSend = () => true }: TrialPageOptions = {},
  ) {
    this.app = new App({
      createClient: (onChange) =>
        new Client({
          url: `${url.replace(/^http/, "ws")}/ws`,
          openSocket: (url) => {
            const socket = new WebSocket(url);
            this.#sockets.push(socket);
            const send = socket.send.bind(socket);
            socket.send = (data) => {
              if (onSend(String(data), socket)) send(data);
            };
            return socket;
          },
          clock: systemClock,
          random: () => 0,
          onChange,
        }),
      preferences: parsePreferences(null),
      conversations: [],
      drafts,
      route,
      description: "",
      browser: {
        isActive: () => this.isActive,
        showPath: (path, isNew) => this.paths.push([path, isNew]),
        notify: () => {},
        playTone: () => {},
        copy: () => Promise.resolve(true),
        announce: () => {},
        latestSession: () => undefined,
        savePreferences: () => {},
        scheduleRender: () => {
          this.app?.attention.markSeen();
          this.#wake?.();
        },
      },
    });
  }

  static async enter(
    scene: WebScene,
    name: string,
    options?: TrialPageOptions,
  ): Promise<TrialPage> {
    const page = new TrialPage(scene.url, options);
    page.app.entrance.enter(name);
    await page.until(() => page.app.client.status.type === "live");
    return page;
  }

  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) {
      await within(`${isTrue}`, new Promise<void>((resolve) => this.#wake = resolve));
    }
  }

  /** Cuts the connection without a goodbye. */
  cut(): void {
    this.#sockets.at(-1)?.close();
  }

  /** Name, unread count and loaded texts of each conversation. */
  get conversations(): unknown[] {
    return this.app.places.conversations.map(({ name, unread, view }) => [
      name,
      unread,
      view.timeline.events.map(({ body }) => body),
    ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.app.client.stop();
    for (const socket of this.#sockets) {
      if (socket.readyState === WebSocket.CLOSED) continue;
      await new Promise((resolve) => socket.addEventListener("close", resolve));
    }
  }
}
