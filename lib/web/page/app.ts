/**
 * The state of the page and the user's actions. It renders nothing; components show it and call it.
 *
 * @module
 */

import { explainMissing, fetchCounts } from "./api.ts";
import { Attention } from "./attention.ts";
import type { ClientChange } from "./change.ts";
import { ChartView } from "./chart_view.ts";
import type { Client } from "./client.ts";
import { countOfEvent } from "./hole.ts";
import type { MessageView } from "./message_view.ts";
import { Navigator } from "./navigator.ts";
import { Places } from "./places.ts";
import type { Preferences } from "./preferences.ts";
import type { SavedConversation } from "./private_conversation.ts";
import type { RoomState } from "./room_state.ts";
import type { Route } from "./route.ts";
import { SearchView } from "./search_view.ts";
import type { Browser } from "./browser.ts";
import { parseTypedLine } from "./typed_line.ts";

export interface AppOptions {
  createClient(onChange: (change: ClientChange) => void): Client;
  readonly preferences: Preferences;
  /** The private conversations of before a reload. */
  readonly conversations: readonly SavedConversation[];
  readonly route: Route;
  readonly browser: Browser;
}

/** The modal dialogs. */
export type DialogName = "rooms" | "settings" | "help";

export class App {
  readonly client: Client;
  readonly places: Places;
  readonly search: SearchView;
  readonly navigator: Navigator;
  readonly attention: Attention;
  preferences: Preferences;
  /** Whether the tab remembers a name from before it was reloaded, so that it need not ask. */
  isResuming = false;
  dialog: DialogName | undefined;
  /** On narrow screens, the panel that covers the messages. */
  drawer: "places" | "members" | undefined;
  readonly #browser: Browser;
  #chart: ChartView | undefined;

  constructor({ createClient, preferences, conversations, route, browser }: AppOptions) {
    this.#browser = browser;
    this.preferences = preferences;
    const client = this.client = createClient((change) => this.#apply(change));
    const onChange = () => browser.scheduleRender();
    const places = this.places = new Places({ client, explainMissing, onChange });
    places.restore(conversations);
    const search = this.search = new SearchView({
      search: (request) => client.search(request),
      onChange,
    });
    this.navigator = new Navigator({
      client,
      places,
      search,
      route,
      showPath: (path, isNew) => browser.showPath(path, isNew),
      onChange: () => this.setDrawer(undefined),
    });
    this.attention = new Attention({
      client,
      places,
      browser,
      isNotifying: () => this.preferences.isNotifying,
      open: (place) => this.navigator.open(place),
    });
  }

  /** Connects under a name. */
  enter(name: string): void {
    this.prefer({ name });
    this.client.start(name);
  }

  /** Connects under the name that the tab remembers, if any. */
  resume(): void {
    const { name } = this.client.state;
    this.isResuming = name !== "";
    if (this.isResuming) this.client.start(name);
  }

  /** Connects again after leaving, or after another tab has taken over. */
  reconnect(): void {
    const { state } = this.client;
    const session = this.#browser.latestSession(state.name);
    if (session !== undefined) state.takeOver(session);
    this.client.start(state.name);
  }

  /** Sends what was typed, or runs it as a command. */
  submit(text: string): void {
    const { current, view } = this.places;
    const typed = parseTypedLine(text);
    if (typed.type === "nothing" || !view) return;
    view.inputHistory.push(text);
    view.draft = "";
    switch (typed.type) {
      case "search":
        return this.navigator.openSearch(typed.query);
      case "help":
        return this.open("help");
      case "join":
        return void this.join(typed.room);
      case "command": {
        const room = current.type === "room" ? current.room.name : undefined;
        this.#noteFailure(typed.line, view, this.client.command(typed.line, room));
        break;
      }
      case "say":
        this.showAll();
        view.readTo = undefined;
        for (const line of typed.lines) {
          if (current.type === "room") {
            this.client.sender.say(current.room.name, line, typed.kind);
          } else this.#noteFailure(line, view, this.client.sendPrivate(view.title, line));
        }
    }
    void view.goToNewest();
  }

  /** Joins a room, which creates it if it does not exist. */
  async join(name: string): Promise<void> {
    this.dialog = undefined;
    await this.navigator.join(name).catch((error) => this.#noteError(error));
  }

  async leave(room: RoomState): Promise<void> {
    await this.client.leave(room.name).catch((error) => this.#noteError(error));
  }

  async rename(name: string): Promise<void> {
    const line = `/nick ${name.trim()}`;
    await this.client.command(line, this.places.room?.name)
      .catch((error) => this.#noteError(error));
  }

  /** The chart of the open room. */
  get chart(): ChartView | undefined {
    const { room } = this.places;
    if (!room) return undefined;
    if (this.#chart?.room !== room.name) {
      this.#chart = new ChartView({
        room: room.name,
        counts: fetchCounts,
        lastSeq: () => room.timeline.lastSeq,
        onChange: () => this.refresh(),
      });
    }
    return this.#chart;
  }

  /** Filters the messages by the chart's selection, or removes the filter if there is none. */
  applyChart(): void {
    const { view } = this.places;
    const filter = this.#chart?.filter;
    if (filter) view?.setFilter(filter);
    else view?.clearFilter();
  }

  /** Removes the filter. */
  showAll(): void {
    if (!this.places.view?.filter) return;
    this.#chart?.choose(undefined);
    this.places.view.clearFilter();
  }

  prefer(preferences: Partial<Preferences>): void {
    this.preferences = { ...this.preferences, ...preferences };
    this.#browser.savePreferences(this.preferences);
    this.refresh();
  }

  open(dialog: DialogName | undefined): void {
    this.dialog = dialog;
    this.refresh();
  }

  setDrawer(drawer: App["drawer"]): void {
    this.drawer = drawer;
    this.refresh();
  }

  refresh(): void {
    this.#browser.scheduleRender();
  }

  #apply(change: ClientChange): void {
    this.attention.apply(change);
    if (change.type === "events") {
      if (this.places.room === change.room) this.places.view?.redact(change.events);
      this.search.redact(change.room.name, change.events);
    }
    if (change.type === "events" && this.#chart?.room === change.room.name) {
      this.#chart.add(change.events.reduce((sum, event) => sum + countOfEvent(event), 0));
    } else if (change.type === "left") {
      this.places.left(change.room);
      this.navigator.leftPlace();
    } else if (change.type === "status" && this.client.status.type === "live") {
      this.navigator.arrived();
    }
    this.refresh();
  }

  /** Shows a line that failed together with the error, so that nothing typed is lost. */
  #noteFailure(line: string, view: MessageView, result: Promise<void>): void {
    result.catch((error: Error) => {
      view.note(`${line}\n${error.message}`, { isError: true });
      this.refresh();
    });
  }

  #noteError(error: Error): void {
    this.places.view?.note(error.message, { isError: true });
    this.refresh();
  }
}
