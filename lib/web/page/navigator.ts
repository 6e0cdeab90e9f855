/**
 * Navigation between places: with the sidebar, links, the address bar and keys.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { Client } from "./client.ts";
import type { PrivateConversation } from "./private_conversation.ts";
import type { MessageView } from "./message_view.ts";
import type { Places } from "./places.ts";
import { RequestError } from "./requests.ts";
import { type Route, routePath, type SearchRoute } from "./route.ts";
import type { SearchView } from "./search_view.ts";

export interface NavigatorOptions {
  readonly client: Client;
  readonly places: Places;
  readonly search: SearchView;
  /** The route in the address bar when the page was loaded. */
  readonly route: Route;
  /** Shows a path in the address bar; `isNew` adds an entry to the tab's history. */
  showPath(path: string, isNew: boolean): void;
  onChange(): void;
}

/** Codes of errors for rooms that exist, but not for the user, or not now. */
const REFUSALS: ReadonlySet<string> = new Set([
  "internal",
  "key-needed",
  "login-needed",
  "not-permitted",
  "too-many-rooms",
  "unavailable",
]);

export class Navigator {
  isSearchOpen = false;
  readonly #options: NavigatorOptions;
  /** The route to follow once connected. */
  #route: Route | undefined;
  /** Counts navigations, so that a slow one does not override a later one. */
  #navigations = 0;

  constructor(options: NavigatorOptions) {
    this.#options = options;
    this.#route = options.route;
  }

  /** The room in the address bar, before the user has connected. */
  get wantedRoom(): string | undefined {
    return this.#route?.room;
  }

  /** Follows a link (`isNew`), or a change of the address bar. */
  follow(route: Route, isNew: boolean): void {
    const { client, places } = this.#options;
    const { type } = client.status;
    const name = route.room ?? places.room?.name;
    const known = name === undefined ? undefined : client.state.room(name);
    const isAtHand = known !== undefined && (client.state.limits !== undefined || known.isKnown);
    // Joined rooms can be opened without a connection too.
    if (type === "live" || isAtHand) void this.#go(route, isNew);
    else this.#route = route;
    this.#options.onChange();
  }

  /** Opens a joined room or a conversation. */
  open(place: { readonly room: string } | { readonly person: string }): void {
    if ("room" in place) return this.follow({ room: place.room }, true);
    this.#navigations++;
    this.isSearchOpen = false;
    this.#options.places.openPerson(place.person);
    this.#options.onChange();
  }

  /** Opens the next or previous place in the sidebar. */
  step(step: 1 | -1): void {
    const place = this.#options.places.neighbour(step);
    if (!place) return;
    this.open("timeline" in place ? { room: place.name } : { person: place.name });
  }

  /**
   * Joins and opens a room, which creates it if it does not exist.
   *
   * @throws {RequestError} Unless there is no place open to show the error in.
   */
  async join(name: string, key?: string): Promise<void> {
    const { client, places, showPath, onChange } = this.#options;
    let joined: string;
    try {
      joined = await client.join(name, key);
    } catch (error) {
      const needsKey = error instanceof RequestError && error.code === "key-needed";
      if (!(error instanceof RequestError) || (places.view && !needsKey)) throw error;
      places.openShut(name, error.message, needsKey);
      showPath(routePath({ room: name }), true);
      return onChange();
    }
    const room = client.state.room(joined);
    if (room) this.open({ room: room.name });
  }

  /** Closes a conversation. */
  close(person: PrivateConversation): void {
    this.#options.places.close(person);
    this.leftPlace();
  }

  /** Opens the wanted room, or the first, if a copy of it is there and no place is open. */
  openCopy(): void {
    const { client, places, onChange } = this.#options;
    const { rooms } = client.state;
    const wanted = this.wantedRoom === undefined ? rooms[0] : client.state.room(this.wantedRoom);
    if (places.current.type !== "none" || !wanted?.isKnown) return;
    places.openRoom(wanted);
    onChange();
  }

  /** Called once connected: follows the pending route. */
  arrived(): void {
    const isNowhere = this.#options.places.current.type === "none";
    if (this.#route || isNowhere) void this.#go(this.#route ?? {}, false);
  }

  /** Opens another room if the current place is gone. */
  leftPlace(): void {
    const { places, showPath, onChange } = this.#options;
    const [room] = places.rooms;
    if (places.current.type !== "none" || !room) return;
    places.openRoom(room);
    showPath(routePath({ room: room.name }), false);
    onChange();
  }

  /** Shows the filter of the open room in the address bar. */
  showQuery(): void {
    if (this.#options.places.room) this.#showPlace();
  }

  /** Opens the search panel; runs the query unless it is empty. */
  openSearch(query: string): void {
    this.isSearchOpen = true;
    this.#options.search.query = query;
    if (query !== "") this.runSearch();
    this.#options.onChange();
  }

  /** Runs the search in the fields, and shows it in the address bar. */
  runSearch(): void {
    const { search, places } = this.#options;
    const { query, isEverywhere } = search;
    this.#showPlace({ query, isEverywhere });
    void search.start(places.room?.name);
  }

  closeSearch(): void {
    const { search, onChange } = this.#options;
    this.isSearchOpen = false;
    search.clear();
    this.#showPlace();
    onChange();
  }

  /** Shows the open place in the address bar, and a search in it. Conversations have no address. */
  #showPlace(search?: SearchRoute): void {
    const { places: { current, room, view }, showPath } = this.#options;
    const name = room?.name ?? ("name" in current ? current.name : undefined);
    // Without a number, a former name leads to the room itself.
    const seq = current.type === "former" ? view?.target : undefined;
    const filter = room && view?.query;
    showPath(routePath({ room: name, seq, filter, search }), false);
  }

  async #go(route: Route, isNew: boolean): Promise<void> {
    const navigation = ++this.#navigations;
    const { places, search, showPath, onChange } = this.#options;
    this.#route = undefined;
    let { seq } = route;
    const name = route.room ?? places.room?.name;
    if (name === undefined) this.leftPlace();
    else {
      const isLatest = () => navigation === this.#navigations;
      const view = await this.#openRoom(name, seq, isLatest);
      if (!isLatest()) return;
      if (view === "disconnected") {
        this.#route = route;
        return onChange();
      }
      // A link without a filter leaves the one that the view has; the address bar does not.
      if (view && (!isNew || route.filter !== undefined)) view.setQuery(route.filter ?? "");
      const { room } = places;
      // Message numbers of before a rename mean nothing under the new name.
      if (view && room && nameKey(room.name) !== nameKey(name)) {
        view.note(`#${name} is #${room.name} now.`);
        seq = undefined;
      } else if (view && seq !== undefined) void view.goTo(seq);
    }
    this.isSearchOpen = route.search !== undefined;
    if (route.search) {
      Object.assign(search, route.search);
      void search.start(places.room?.name);
    } else search.clear();
    const filter = places.room ? places.view?.query : undefined;
    showPath(routePath({ ...route, seq, filter, room: places.room?.name ?? name }), isNew);
    onChange();
  }

  /**
   * Makes sure that joining a room does not create it. Of one that the user may not read, only the
   * list of rooms knows, if anything does.
   *
   * @throws {RequestError} `no-such-room`.
   */
  async #find(name: string): Promise<void> {
    const { client } = this.#options;
    try {
      await client.history({ room: name, limit: 1 });
    } catch (error) {
      if (!(error instanceof RequestError) || error.code !== "no-such-room") throw error;
      const rooms = await client.listRooms();
      if (!rooms.some(({ room }) => nameKey(room) === nameKey(name))) throw error;
    }
  }

  /**
   * Opens a conversation, or a room, joining it if needed; one that does not exist gets a page that
   * says so. A message of a room that has another name now is shown under the former one.
   *
   * @param seq Number of the message that is wanted.
   * @returns `"disconnected"` if the connection was lost before anything was known about the room.
   */
  async #openRoom(
    name: string,
    seq: number | undefined,
    isLatest: () => boolean,
  ): Promise<MessageView | "disconnected" | undefined> {
    const { client, places } = this.#options;
    const { current } = places;
    if (current.type === "former" && current.name === name) {
      return current.view;
    }
    if (name.startsWith("@")) {
      const person = places.conversationIn(name);
      if (person) places.openPerson(person.name);
      else places.openMissing(name);
      return person?.view;
    }
    try {
      let room = client.state.room(name);
      if (!room) {
        await this.#find(name);
        room = client.state.room(await client.join(name));
      }
      // From within the room, its former name leads to what was said under that.
      const wantsPast = seq !== undefined || (current.type === "room" && current.room === room);
      const isRenamed = room && nameKey(room.name) !== nameKey(name);
      const past = isRenamed && wantsPast &&
        await client.history({ room: name, limit: 1 }).catch(() => {});
      if (!isLatest()) return undefined;
      if (room && past) return places.openFormer(name, room.name, past.lastSeq);
      if (room) return places.openRoom(room);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (!isLatest()) return undefined;
      if (error.code === "disconnected") return "disconnected";
      if (REFUSALS.has(error.code)) {
        places.openShut(name, error.message, error.code === "key-needed");
        return undefined;
      }
    }
    if (isLatest()) places.openMissing(name);
    return undefined;
  }
}
