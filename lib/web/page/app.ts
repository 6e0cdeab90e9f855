/**
 * What is on the screen, and what can be done with it. It draws nothing: components show it and
 * call it.
 *
 * @module
 */

import { fetchCounts } from "./api.ts";
import { Attention } from "./attention.ts";
import type { Change } from "./change.ts";
import { ChartView } from "./chart_view.ts";
import type { Client } from "./client.ts";
import type { Conversation } from "./conversation.ts";
import type { MessageView } from "./message_view.ts";
import { Places } from "./places.ts";
import type { Preferences } from "./preferences.ts";
import { RequestError } from "./requests.ts";
import type { RoomState } from "./room_state.ts";
import { type Route, routePath } from "./route.ts";
import { SearchView } from "./search_view.ts";
import type { Surroundings } from "./surroundings.ts";
import { parseTypedLine } from "./typed_line.ts";

export interface AppOptions {
  /** Builds the client, which tells of changes by `onChange`. */
  createClient(onChange: (change: Change) => void): Client;
  readonly preferences: Preferences;
  readonly route: Route;
  readonly surroundings: Surroundings;
}

/** What lies over all else. */
export type Dialog = "rooms" | "settings" | "help";

export class App {
  readonly client: Client;
  readonly places: Places;
  readonly search: SearchView;
  readonly attention: Attention;
  preferences: Preferences;
  isSearchOpen = false;
  /** Whether one was in already when the tab was loaded: then one need not be asked for a name. */
  isReturning = false;
  dialog: Dialog | undefined;
  /** On narrow screens, what was drawn over the messages. */
  drawer: "places" | "members" | undefined;
  readonly #surroundings: Surroundings;
  /** Where to go once the rooms are there. */
  #route: Route | undefined;
  #chart: ChartView | undefined;

  constructor({ createClient, preferences, route, surroundings }: AppOptions) {
    this.#surroundings = surroundings;
    this.preferences = preferences;
    this.#route = route;
    const onChange = () => surroundings.changed();
    this.client = createClient((change) => this.#apply(change));
    this.places = new Places(this.client, onChange);
    this.search = new SearchView({ search: (request) => this.client.search(request), onChange });
    this.attention = new Attention({
      client: this.client,
      places: this.places,
      surroundings,
      isNotifying: () => this.preferences.isNotifying,
      open: (place) => this.turnTo(place),
    });
  }

  /** The room that the address asks for before one is in. */
  get wantedRoom(): string | undefined {
    return this.#route?.room;
  }

  /** Enters under a name. */
  enter(name: string): void {
    this.prefer({ name });
    this.client.start(name);
  }

  /** Enters again under the name that the tab remembers; returns whether it remembers one. */
  return(): boolean {
    const { name } = this.client.state;
    this.isReturning = name !== "";
    if (this.isReturning) this.client.start(name);
    return this.isReturning;
  }

  /** Comes back, also from another tab that has taken over. */
  comeBack(): void {
    const { state } = this.client;
    const session = this.#surroundings.latestSession(state.name);
    if (session !== undefined) state.takeOver(session);
    this.client.start(state.name);
  }

  /** The address has changed: somebody went back, or followed a link. */
  follow(route: Route, { isNew = false } = {}): void {
    this.drawer = undefined;
    if (this.client.status.type !== "live") this.#route = route;
    else void this.#go(route, isNew);
    this.#changed();
  }

  /** Turns to a room that one is in, or to a person. */
  turnTo(place: { readonly room: string } | { readonly person: string }): void {
    if ("room" in place) return this.follow({ room: place.room }, { isNew: true });
    this.drawer = undefined;
    this.isSearchOpen = false;
    this.places.turnToPerson(place.person);
    this.#changed();
  }

  /** Turns to the next place in the list, or to the one before. */
  step(step: 1 | -1): void {
    const place = this.places.neighbour(step);
    if (!place) return;
    this.turnTo("timeline" in place ? { room: place.name } : { person: place.name });
  }

  /** Enters a room, which is made if there is none; says in the current place why not. */
  async join(name: string): Promise<void> {
    this.dialog = undefined;
    try {
      await this.client.join(name);
    } catch (error) {
      return this.#note(error);
    }
    const room = this.client.state.room(name);
    if (room) this.turnTo({ room: room.name });
  }

  async leave(room: RoomState): Promise<void> {
    await this.client.leave(room.name).catch((error) => this.#note(error));
  }

  /** Says what was typed, or does it. */
  submit(text: string): void {
    const { current, view } = this.places;
    const typed = parseTypedLine(text);
    if (typed.type === "nothing" || !view) return;
    view.said.push(text);
    view.draft = "";
    if (typed.type === "search") this.openSearch(typed.query);
    else if (typed.type === "join") void this.join(typed.room);
    else if (typed.type === "help") this.open("help");
    else if (typed.type === "command") {
      const room = current.type === "room" ? current.room.name : undefined;
      this.client.command(typed.line, room).catch((error) => this.#note(error));
      void view.goToNewest();
    } else if (current.type === "room") {
      view.readTo = undefined;
      this.showAll();
      for (const line of typed.lines) this.client.say(current.room.name, line, typed.kind);
      void view.goToNewest();
    } else if (current.type === "person") {
      for (const line of typed.lines) {
        this.client.tell(current.person.name, line).catch((error) => this.#note(error, view));
      }
      void view.goToNewest();
    }
    this.#changed();
  }

  openSearch(query = this.search.query): void {
    this.isSearchOpen = true;
    this.drawer = undefined;
    this.search.query = query;
    if (query !== "") this.runSearch();
    this.#changed();
  }

  /** Searches for what the fields say, and makes the address say it too. */
  runSearch(): void {
    const { query, isEverywhere } = this.search;
    const room = this.places.room?.name;
    this.#surroundings.showPath(routePath({ room, search: { query, isEverywhere } }), false);
    void this.search.start(room);
  }

  closeSearch(): void {
    this.isSearchOpen = false;
    this.search.clear();
    const room = this.places.room?.name;
    if (room !== undefined) this.#surroundings.showPath(routePath({ room }), false);
    this.#changed();
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
        onChange: () => this.#changed(),
      });
    }
    return this.#chart;
  }

  /** Shows the whole room again. */
  showAll(): void {
    if (!this.places.view?.filter) return;
    this.#chart?.choose(undefined);
    this.places.view.clearFilter();
  }

  /** Shows only what the chart's chosen part has, or all again. */
  applyChart(): void {
    const { view } = this.places;
    const filter = this.#chart?.filter;
    if (filter) view?.setFilter(filter);
    else view?.clearFilter();
  }

  /** Asks for another name. */
  rename(name: string): void {
    const room = this.places.room?.name;
    this.client.command(`/nick ${name.trim()}`, room).catch((error) => this.#note(error));
  }

  /** Does without a conversation. */
  close(person: Conversation): void {
    this.places.forget(person);
    this.#goSomewhere();
    this.#changed();
  }

  /** Shows the members, or not: beside the messages, or over them where there is no space. */
  toggleMembers(isNarrow: boolean): void {
    if (isNarrow) this.draw(this.drawer === "members" ? undefined : "members");
    else this.prefer({ areMembersShown: !this.preferences.areMembersShown });
  }

  prefer(preferences: Partial<Preferences>): void {
    this.preferences = { ...this.preferences, ...preferences };
    this.#surroundings.savePreferences(this.preferences);
    this.#changed();
  }

  open(dialog: Dialog | undefined): void {
    this.dialog = dialog;
    this.#changed();
  }

  draw(drawer: App["drawer"]): void {
    this.drawer = drawer;
    this.#changed();
  }

  #apply(change: Change): void {
    this.attention.apply(change);
    if (change.type === "left") {
      this.places.left(change.room);
      if (this.places.current.type === "none") this.#goSomewhere();
    } else if (change.type === "status" && this.client.status.type === "live") {
      const isNowhere = this.places.current.type === "none";
      if (this.#route || isNowhere) void this.#go(this.#route ?? {}, false);
    }
    this.#changed();
  }

  async #go(route: Route, isNew: boolean): Promise<void> {
    this.#route = undefined;
    const { room: name = this.places.room?.name, seq, search } = route;
    if (name === undefined) {
      if (this.places.current.type === "none") this.#goSomewhere();
    } else {
      const view = await this.#turnToRoom(name);
      if (view && seq !== undefined) void view.goTo(seq);
    }
    const room = this.places.room?.name ?? name;
    this.isSearchOpen = search !== undefined;
    if (search) {
      Object.assign(this.search, search);
      void this.search.start(this.places.room?.name);
    } else this.search.clear();
    this.#surroundings.showPath(routePath({ room, seq, search }), isNew);
    this.#changed();
  }

  /** Turns to a room, entering it if need be; one that nobody has made is only spoken of. */
  async #turnToRoom(name: string): Promise<MessageView | undefined> {
    try {
      let room = this.client.state.room(name);
      if (!room && await this.#exists(name)) {
        await this.client.join(name);
        room = this.client.state.room(name);
      }
      if (room) return this.places.turnToRoom(room);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
    }
    this.places.turnToMissing(name);
    return undefined;
  }

  async #exists(name: string): Promise<boolean> {
    try {
      await this.client.history({ room: name, limit: 1 });
      return true;
    } catch {
      return false;
    }
  }

  #goSomewhere(): void {
    const [room] = this.places.rooms;
    if (!room) return;
    this.places.turnToRoom(room);
    this.#surroundings.showPath(routePath({ room: room.name }), false);
  }

  /** Says where one is why something did not work. */
  #note(error: unknown, view = this.places.view): void {
    const text = error instanceof Error ? error.message : String(error);
    view?.note(text, { isError: true });
    this.#changed();
  }

  /** Draws everything anew. */
  refresh(): void {
    this.#changed();
  }

  #changed(): void {
    this.#surroundings.changed();
  }
}
