/**
 * The state of the page, put together from its parts. It renders nothing; components show it and
 * call it.
 *
 * @module
 */

import { explainMissing } from "./api.ts";
import { Attention } from "./attention.ts";
import type { Browser } from "./browser.ts";
import type { ClientChange } from "./change.ts";
import type { Client } from "./client.ts";
import { Commands } from "./commands.ts";
import { Entrance } from "./entrance.ts";
import type { Drafts } from "./drafts.ts";
import { countOfEvents } from "./hole.ts";
import { MissedView } from "./missed_view.ts";
import { Navigator } from "./navigator.ts";
import { Overlays } from "./overlays.ts";
import { Places } from "./places.ts";
import type { Preferences } from "./preferences.ts";
import type { SavedConversation } from "./private_conversation.ts";
import { RoomChoices } from "./room_choices.ts";
import { RoomFilters } from "./room_filters.ts";
import type { RoomState } from "./room_state.ts";
import type { Route } from "./route.ts";
import { SearchView } from "./search_view.ts";
import type { EventJson } from "../protocol.ts";

export interface AppOptions {
  createClient(onChange: (change: ClientChange) => void): Client;
  readonly preferences: Preferences;
  /** The private conversations of before a reload. */
  readonly conversations: readonly SavedConversation[];
  /** What was being written then. */
  readonly drafts: Drafts;
  readonly route: Route;
  readonly browser: Browser;
  /** What the server is, in one line. */
  readonly description: string;
}

const LOGGED_OUT = "You are no longer logged in. Log in again to use your account.";

export class App {
  readonly client: Client;
  readonly entrance: Entrance;
  readonly places: Places;
  readonly search: SearchView;
  readonly navigator: Navigator;
  readonly attention: Attention;
  readonly choices: RoomChoices;
  readonly missed: MissedView;
  readonly filters: RoomFilters;
  readonly commands: Commands;
  readonly overlays: Overlays;
  preferences: Preferences;
  readonly description: string;
  readonly #browser: Browser;

  constructor(options: AppOptions) {
    const { createClient, preferences, conversations, drafts, route, browser } = options;
    this.description = options.description;
    this.#browser = browser;
    this.preferences = preferences;
    const client = this.client = createClient((change) => this.#apply(change));
    const onChange = () => this.refresh();
    const note: App["note"] = (text, options) => this.note(text, options);
    const overlays = this.overlays = new Overlays(onChange);
    const entrance = this.entrance = new Entrance({
      client,
      browser,
      remember: (name) => this.prefer({ name }),
      onProblem: (text) => this.note(text, { isError: true }),
    });
    const choices = this.choices = new RoomChoices({
      client,
      inBrowser: () => this.preferences,
      prefer: (change) => this.prefer(change),
      onChange,
    });
    const unreadIn = (room: RoomState) => choices.unreadIn(room);
    this.missed = new MissedView({ client, unreadIn, onChange });
    const places = this.places = new Places({
      client,
      explainMissing: (room, seq) => explainMissing(room, seq, client.session),
      order: () => choices.order,
      drafts,
      onChange,
    });
    places.restore(conversations);
    const search = this.search = new SearchView({
      search: (request) => client.search(request),
      onChange,
    });
    const navigator = this.navigator = new Navigator({
      client,
      places,
      search,
      route,
      showPath: (path, isNew) => browser.showPath(path, isNew),
      onChange: () => overlays.setDrawer(undefined),
    });
    const filters = this.filters = new RoomFilters({
      client,
      places,
      showQuery: () => navigator.showQuery(),
      note,
      onChange,
    });
    this.commands = new Commands({
      client,
      places,
      navigator,
      filters,
      openDialog: (dialog) => overlays.open(dialog),
      logOut: () => entrance.logOut(),
      note,
      onChange,
    });
    this.attention = new Attention({
      client,
      places,
      browser,
      isNotifying: () => this.preferences.isNotifying,
      isSounding: () => this.preferences.isSounding,
      unreadIn,
      open: (place) => navigator.open(place),
    });
  }

  /** The user's name in the open place: in a conversation that is kept, that of the account. */
  get ownName(): string {
    const { account, name } = this.client.state;
    const { current } = this.places;
    return current.type === "person" && current.person.room && account?.name || name;
  }

  /** Puts text into the message field, and the cursor behind it. */
  write(text: string): void {
    const { view } = this.places;
    if (!view) return;
    view.draft = text;
    view.drafts++;
    this.refresh();
  }

  /** Makes the next message a reply to an event; `undefined` for none. */
  answer(event: EventJson | undefined): void {
    const { view } = this.places;
    if (!view) return;
    view.answered = event;
    this.write(view.draft);
  }

  /** Copies a text to the clipboard, and says so. */
  async copy(text: string): Promise<void> {
    const isDone = await this.#browser.copy(text);
    this.note(isDone ? "Copied." : "The browser won't let this page copy.", {
      isError: !isDone,
    });
  }

  /** Shows a sentence in the open view. */
  note(text: string, options: { readonly isError?: boolean } = {}): void {
    this.places.view?.note(text, options);
    this.#browser.announce(text);
    this.refresh();
  }

  prefer(preferences: Partial<Preferences>): void {
    this.preferences = { ...this.preferences, ...preferences };
    this.#browser.savePreferences(this.preferences);
    this.refresh();
  }

  refresh(): void {
    this.#browser.scheduleRender();
  }

  #apply(change: ClientChange): void {
    this.attention.apply(change);
    this.choices.apply(change);
    if (change.type === "events") this.#events(change.room, change.events);
    else if (change.type === "left") this.#left(change.room, change.why, change.to);
    else if (change.type === "status") this.#statusChanged();
    else if (change.type === "account") {
      this.commands.ignore(change.ignored);
      if (change.isLoggedOut && !this.entrance.isLoggingOut) {
        this.note(LOGGED_OUT, { isError: true });
      }
    }
    this.refresh();
  }

  #statusChanged(): void {
    const { type } = this.client.status;
    // A page that was loaded without a connection shows what it has.
    if (type === "waiting" && this.entrance.isResuming) this.navigator.openCopy();
    if (type === "live") {
      // First, because opening a room marks it as read.
      void this.missed.ask(this.places.rooms);
      this.navigator.arrived();
      this.entrance.arrived();
    }
    if (type === "refused" || type === "ended") this.overlays.clear();
  }

  #events(room: RoomState, events: readonly EventJson[]): void {
    if (this.places.room === room) this.places.view?.amend(events);
    this.search.redact(room.name, events);
    const lines = events.filter(({ kind }) => kind === "log");
    this.places.viewOf(room).received(countOfEvents(lines));
    this.filters.add(room, events, lines);
  }

  /**
   * @param why A sentence, if somebody else decided it.
   * @param to The same room under its new name.
   */
  #left(room: RoomState, why: string | undefined, to: RoomState | undefined): void {
    const isOpen = this.places.room === room;
    this.places.left(room);
    if (why === undefined) return this.navigator.leftPlace();
    if (to) {
      this.places.viewOf(to).draft ||= this.places.viewOf(room).draft;
      this.choices.moved(room, to);
      // Going back would enter another room of the old name.
      if (isOpen) this.navigator.follow({ room: to.name }, false);
    } else if (isOpen) this.places.openShut(room.name, why);
    else this.places.view?.note(`#${room.name}: ${why}`, { isError: true });
    this.#browser.announce(why);
  }
}
