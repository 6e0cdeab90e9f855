/**
 * What is on the screen, and what can be done with it. It draws nothing: components show it and
 * call it.
 *
 * @module
 */

import { fetchCounts } from "./api.ts";
import { Attention } from "./attention.ts";
import type { ClientChange } from "./change.ts";
import { ChartView } from "./chart_view.ts";
import type { Client } from "./client.ts";
import { countOfEvent } from "./hole.ts";
import type { MessageView } from "./message_view.ts";
import { Navigator } from "./navigator.ts";
import { Places } from "./places.ts";
import type { Preferences } from "./preferences.ts";
import type { RoomState } from "./room_state.ts";
import type { Route } from "./route.ts";
import { SearchView } from "./search_view.ts";
import type { Surroundings } from "./surroundings.ts";
import { parseTypedLine } from "./typed_line.ts";

export interface AppOptions {
  /** Builds the client, which tells of changes by `onChange`. */
  createClient(onChange: (change: ClientChange) => void): Client;
  readonly preferences: Preferences;
  readonly route: Route;
  readonly surroundings: Surroundings;
}

/** What lies over all else. */
export type DialogName = "rooms" | "settings" | "help";

export class App {
  readonly client: Client;
  readonly places: Places;
  readonly search: SearchView;
  readonly navigator: Navigator;
  readonly attention: Attention;
  preferences: Preferences;
  /** Whether one was in already when the tab was loaded: then one need not be asked for a name. */
  isReturning = false;
  dialog: DialogName | undefined;
  /** On narrow screens, what was drawn over the messages. */
  drawer: "places" | "members" | undefined;
  readonly #surroundings: Surroundings;
  #chart: ChartView | undefined;

  constructor({ createClient, preferences, route, surroundings }: AppOptions) {
    this.#surroundings = surroundings;
    this.preferences = preferences;
    const client = this.client = createClient((change) => this.#apply(change));
    const onChange = () => surroundings.changed();
    const places = this.places = new Places(client, onChange);
    const search = this.search = new SearchView({
      search: (request) => client.search(request),
      onChange,
    });
    this.navigator = new Navigator({
      client,
      places,
      search,
      route,
      showPath: (path, isNew) => surroundings.showPath(path, isNew),
      onChange: () => this.draw(undefined),
    });
    this.attention = new Attention({
      client,
      places,
      surroundings,
      isNotifying: () => this.preferences.isNotifying,
      open: (place) => this.navigator.turnTo(place),
    });
  }

  /** Enters under a name. */
  enter(name: string): void {
    this.prefer({ name });
    this.client.start(name);
  }

  /** Enters again under the name that the tab remembers, if it remembers one. */
  return(): void {
    const { name } = this.client.state;
    this.isReturning = name !== "";
    if (this.isReturning) this.client.start(name);
  }

  /** Comes back, also from another tab that has taken over. */
  comeBack(): void {
    const { state } = this.client;
    const session = this.#surroundings.latestSession(state.name);
    if (session !== undefined) state.takeOver(session);
    this.client.start(state.name);
  }

  /** Says what was typed, or does it. */
  submit(text: string): void {
    const { current, view } = this.places;
    const typed = parseTypedLine(text);
    if (typed.type === "nothing" || !view) return;
    view.said.push(text);
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
        this.#watch(typed.line, view, this.client.command(typed.line, room));
        break;
      }
      case "say":
        this.showAll();
        view.readTo = undefined;
        for (const line of typed.lines) {
          if (current.type === "room") {
            this.client.speaker.say(current.room.name, line, typed.kind);
          } else this.#watch(line, view, this.client.tell(view.title, line));
        }
    }
    void view.goToNewest();
  }

  /** Enters a room, which is made if there is none. */
  async join(name: string): Promise<void> {
    this.dialog = undefined;
    await this.navigator.join(name).catch((error) => this.#tell(error));
  }

  async leave(room: RoomState): Promise<void> {
    await this.client.leave(room.name).catch((error) => this.#tell(error));
  }

  /** Asks for another name. */
  async rename(name: string): Promise<void> {
    const line = `/nick ${name.trim()}`;
    await this.client.command(line, this.places.room?.name).catch((error) => this.#tell(error));
  }

  /** The chart of the room that is looked at. */
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

  /** Shows only what the chart's chosen part has, or all again. */
  applyChart(): void {
    const { view } = this.places;
    const filter = this.#chart?.filter;
    if (filter) view?.setFilter(filter);
    else view?.clearFilter();
  }

  /** Shows the whole room again. */
  showAll(): void {
    if (!this.places.view?.filter) return;
    this.#chart?.choose(undefined);
    this.places.view.clearFilter();
  }

  prefer(preferences: Partial<Preferences>): void {
    this.preferences = { ...this.preferences, ...preferences };
    this.#surroundings.savePreferences(this.preferences);
    this.refresh();
  }

  open(dialog: DialogName | undefined): void {
    this.dialog = dialog;
    this.refresh();
  }

  draw(drawer: App["drawer"]): void {
    this.drawer = drawer;
    this.refresh();
  }

  /** Draws everything anew. */
  refresh(): void {
    this.#surroundings.changed();
  }

  #apply(change: ClientChange): void {
    this.attention.apply(change);
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

  /** Nothing that was typed is lost: what fails is shown again, with what was wrong. */
  #watch(line: string, view: MessageView, doing: Promise<void>): void {
    doing.catch((error: Error) => {
      view.note(`${line}\n${error.message}`, { isError: true });
      this.refresh();
    });
  }

  /** Says where one is why something did not work. */
  #tell(error: Error): void {
    this.places.view?.note(error.message, { isError: true });
    this.refresh();
  }
}
