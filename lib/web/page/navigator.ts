/**
 * Getting from place to place: by the list, by links, by the address bar, by the keys.
 *
 * @module
 */

import type { Client } from "./client.ts";
import type { PrivateConversation } from "./private_conversation.ts";
import type { MessageView } from "./message_view.ts";
import type { Places } from "./places.ts";
import { RequestError } from "./requests.ts";
import { type Route, routePath } from "./route.ts";
import type { SearchView } from "./search_view.ts";

export interface NavigatorOptions {
  readonly client: Client;
  readonly places: Places;
  readonly search: SearchView;
  /** What the address said when the page was loaded. */
  readonly route: Route;
  /** Makes the address bar say where one is; `isNew`: so that one can go back. */
  showPath(path: string, isNew: boolean): void;
  /** One is somewhere else now, or on the way. */
  onChange(): void;
}

export class Navigator {
  isSearchOpen = false;
  readonly #options: NavigatorOptions;
  /** Where to go once there is a connection. */
  #route: Route | undefined;
  #trips = 0;

  constructor(options: NavigatorOptions) {
    this.#options = options;
    this.#route = options.route;
  }

  /** The room that the address asks for before one is in. */
  get wantedRoom(): string | undefined {
    return this.#route?.room;
  }

  /** The address has changed, or a link was followed: then `isNew`. */
  follow(route: Route, isNew: boolean): void {
    const { client, places } = this.#options;
    const { type } = client.status;
    const name = route.room ?? places.room?.name;
    const isAtHand = client.state.limits !== undefined && name !== undefined &&
      client.state.room(name) !== undefined;
    // Rooms that one is in can be looked at without a connection too.
    if (type === "live" || isAtHand) void this.#go(route, isNew);
    else this.#route = route;
    this.#options.onChange();
  }

  /** Turns to a room that one is in, or to a person. */
  turnTo(place: { readonly room: string } | { readonly person: string }): void {
    if ("room" in place) return this.follow({ room: place.room }, true);
    this.#trips++;
    this.isSearchOpen = false;
    this.#options.places.turnToPerson(place.person);
    this.#options.onChange();
  }

  /** Turns to the next place in the list, or to the one before. */
  step(step: 1 | -1): void {
    const place = this.#options.places.neighbour(step);
    if (!place) return;
    this.turnTo("timeline" in place ? { room: place.name } : { person: place.name });
  }

  /** Enters a room, which is made if there is none. @throws {RequestError} */
  async join(name: string): Promise<void> {
    const { client } = this.#options;
    await client.join(name);
    const room = client.state.room(name);
    if (room) this.turnTo({ room: room.name });
  }

  /** Does without a conversation. */
  close(person: PrivateConversation): void {
    this.#options.places.forget(person);
    this.leftPlace();
  }

  /** All rooms are there: goes where one wanted to go. */
  arrived(): void {
    const isNowhere = this.#options.places.current.type === "none";
    if (this.#route || isNowhere) void this.#go(this.#route ?? {}, false);
  }

  /** Goes somewhere else, if the place where one was is gone. */
  leftPlace(): void {
    const { places, showPath, onChange } = this.#options;
    const [room] = places.rooms;
    if (places.current.type !== "none" || !room) return;
    places.turnToRoom(room);
    showPath(routePath({ room: room.name }), false);
    onChange();
  }

  /** Opens the search; with a query, searches. */
  openSearch(query: string): void {
    this.isSearchOpen = true;
    this.#options.search.query = query;
    if (query !== "") this.runSearch();
    this.#options.onChange();
  }

  /** Searches for what the fields say, and makes the address say it too. */
  runSearch(): void {
    const { search, places, showPath } = this.#options;
    const { query, isEverywhere } = search;
    const room = places.room?.name;
    showPath(routePath({ room, search: { query, isEverywhere } }), false);
    void search.start(room);
  }

  closeSearch(): void {
    const { search, places, showPath, onChange } = this.#options;
    this.isSearchOpen = false;
    search.clear();
    const room = places.room?.name;
    if (room !== undefined) showPath(routePath({ room }), false);
    onChange();
  }

  async #go(route: Route, isNew: boolean): Promise<void> {
    const trip = ++this.#trips;
    const { places, search, showPath, onChange } = this.#options;
    this.#route = undefined;
    const name = route.room ?? places.room?.name;
    if (name === undefined) this.leftPlace();
    else {
      const isStillWanted = () => trip === this.#trips;
      const view = await this.#turnToRoom(name, isStillWanted);
      // Meanwhile one may have turned elsewhere.
      if (!isStillWanted()) return;
      if (view && route.seq !== undefined) void view.goTo(route.seq);
    }
    this.isSearchOpen = route.search !== undefined;
    if (route.search) {
      Object.assign(search, route.search);
      void search.start(places.room?.name);
    } else search.clear();
    showPath(routePath({ ...route, room: places.room?.name ?? name }), isNew);
    onChange();
  }

  /** Turns to a room, entering it if need be; one that nobody has made is only spoken of. */
  async #turnToRoom(name: string, isStillWanted: () => boolean): Promise<MessageView | undefined> {
    const { client, places } = this.#options;
    try {
      let room = client.state.room(name);
      if (!room) {
        // Entering would make it: this does not.
        await client.history({ room: name, limit: 1 });
        await client.join(name);
        room = client.state.room(name);
      }
      if (!isStillWanted()) return undefined;
      if (room) return places.turnToRoom(room);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
    }
    if (isStillWanted()) places.turnToMissing(name);
    return undefined;
  }
}
