/**
 * The state of the page and the user's actions. It renders nothing; components show it and call it.
 *
 * @module
 */

import { explainMissing, fetchCounts } from "./api.ts";
import { Attention } from "./attention.ts";
import type { ClientChange } from "./change.ts";
import { ChartView } from "./chart_view.ts";
import type { Client, Credentials } from "./client.ts";
import { countOfEvent, levelsOfEvents } from "./hole.ts";
import type { OpenMenu } from "./menu.ts";
import type { MessageView } from "./message_view.ts";
import type { Measure } from "./moderation.ts";
import { Navigator } from "./navigator.ts";
import { Places } from "./places.ts";
import { MissedView } from "./missed_view.ts";
import type { Preferences } from "./preferences.ts";
import { RoomChoices } from "./room_choices.ts";
import type { SavedConversation } from "./private_conversation.ts";
import type { RoomState } from "./room_state.ts";
import type { Route } from "./route.ts";
import { SearchView } from "./search_view.ts";
import type { Browser } from "./browser.ts";
import { logQueryText } from "../../domain/log_query_text.ts";
import { nameKey } from "../../domain/name.ts";
import type { EventJson } from "../protocol.ts";
import { parseTypedLine } from "./typed_line.ts";

export interface AppOptions {
  createClient(onChange: (change: ClientChange) => void): Client;
  readonly preferences: Preferences;
  /** The private conversations of before a reload. */
  readonly conversations: readonly SavedConversation[];
  readonly route: Route;
  readonly browser: Browser;
  /** What the server is, in one line. */
  readonly description: string;
}

/** The modal dialogs. */
export type DialogName = "rooms" | "settings" | "help" | "account" | "room";

const LOGGED_OUT = "You are no longer logged in. Log in again to use your account.";

export class App {
  readonly client: Client;
  readonly places: Places;
  readonly search: SearchView;
  readonly navigator: Navigator;
  readonly attention: Attention;
  readonly choices: RoomChoices;
  readonly missed: MissedView;
  preferences: Preferences;
  /** Whether the tab remembers a name from before it was reloaded, so that it need not ask. */
  isResuming = false;
  dialog: DialogName | undefined;
  /** The act of moderation that waits for a reason, in a dialog. */
  measure: Measure | undefined;
  menu: OpenMenu | undefined;
  /** The people whom the user has begun to ignore in this tab, by {@linkcode nameKey}. */
  #ignored = new Set<string>();
  /** On narrow screens, the panel that covers the messages. */
  drawer: "places" | "members" | undefined;
  readonly description: string;
  readonly #browser: Browser;
  /** The password of the account to make once connected. */
  #newPassword: string | undefined;
  #chart: ChartView | undefined;
  #isLoggingOut = false;

  constructor(options: AppOptions) {
    const { createClient, preferences, conversations, route, browser } = options;
    this.description = options.description;
    this.#browser = browser;
    this.preferences = preferences;
    const client = this.client = createClient((change) => this.#apply(change));
    const onChange = () => browser.scheduleRender();
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
      onChange,
    });
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
      isSounding: () => this.preferences.isSounding,
      unreadIn,
      open: (place) => this.navigator.open(place),
    });
  }

  /** Connects under a name. @param newPassword Registers it, too. */
  enter(name: string, credentials: Credentials = {}, newPassword?: string): void {
    this.#newPassword = newPassword;
    this.prefer({ name });
    this.client.start(name, credentials);
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
    view.draft = "";
    // It may hold a password, so nothing remembers it.
    if (typed.type === "account") return this.open("account");
    const isSecret = typed.type === "say" && typed.isSecret;
    if (!isSecret) view.inputHistory.push(text);
    switch (typed.type) {
      case "search":
        return this.navigator.openSearch(typed.query);
      case "log":
        return this.setQuery(typed.query === "off" ? "" : typed.query);
      case "help":
        return this.open("help");
      case "logout":
        return void this.logOut().catch((error) => this.#noteError(error));
      case "join":
        return void this.join(typed.room, typed.key);
      case "command": {
        const room = current.type === "room" ? current.room.name : undefined;
        this.#noteFailure(typed.line, view, this.client.command(typed.line, room));
        break;
      }
      case "say":
        this.showAll();
        this.setQuery("");
        view.readTo = undefined;
        this.client.sender.say(this.places.address, typed.body, typed.kind, {
          isSecret,
          reply: view.answered?.seq,
        });
        view.answered = undefined;
    }
    void view.goToNewest();
  }

  /** Joins a room, which creates it if it does not exist. */
  async join(name: string, key?: string): Promise<void> {
    this.dialog = undefined;
    await this.navigator.join(name, key).catch((error) => this.#noteError(error));
  }

  async leave(room: RoomState): Promise<void> {
    await this.client.leave(room.name).catch((error) => this.#noteError(error));
  }

  async rename(name: string): Promise<void> {
    const line = `/nick ${name.trim()}`;
    await this.client.command(line, this.places.room?.name)
      .catch((error) => this.#noteError(error));
  }

  /** Runs a command for a button, and shows its output in the open view. */
  async act(line: string): Promise<void> {
    const { room, view } = this.places;
    try {
      const output = await this.client.act(line, room?.name);
      this.#noteIgnored(line);
      if (output !== "") view?.note(output);
      this.#browser.announce(output);
    } catch (error) {
      this.#noteError(error as Error);
    }
    if (room) await this.loadSettings(room);
    this.refresh();
  }

  /** Runs a command whose effect is seen, and shows only what goes wrong. */
  quietly(line: string): void {
    this.client.act(line, this.places.room?.name).catch((error) => this.#noteError(error));
  }

  /** Asks for what the room allows; without an answer, what was known stays. */
  async loadSettings(room: RoomState): Promise<void> {
    await this.client.settings(room.name).catch(() => {});
  }

  /** The user's name in the open place: in a conversation that is kept, that of the account. */
  get ownName(): string {
    const { account, name } = this.client.state;
    const { current } = this.places;
    return current.type === "person" && current.person.room && account?.name || name;
  }

  /** Whether the user ignores a person. */
  isIgnoring(person: string): boolean {
    return this.#ignored.has(nameKey(person));
  }

  /** Goes to the first message of a day, such as `2026-11-21`, or later. */
  async goToDay(day: string): Promise<void> {
    const { room, view } = this.places;
    if (!room || !view) return;
    this.open(undefined);
    const since = new Date(`${day}T00:00`);
    const until = new Date(Math.max(Date.now(), since.getTime()) + 1000);
    const times = { since: since.toISOString(), until: until.toISOString() };
    try {
      const { buckets } = await fetchCounts(room.name, 1, times, this.client.session);
      if (buckets[0].count === 0) {
        this.note(`Nothing was said in #${room.name} since then.`);
        return void view.goToNewest();
      }
      await view.goNear(buckets[0].after + 1);
    } catch (error) {
      this.#noteError(error as Error);
    }
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

  setMenu(menu: OpenMenu | undefined): void {
    this.menu = menu;
    this.refresh();
  }

  /** Opens the dialog that asks for a reason. */
  ask(measure: Measure | undefined): void {
    this.measure = measure;
    this.refresh();
  }

  /** Leaves the account. The server says what that means. */
  async logOut(): Promise<void> {
    this.#isLoggingOut = true;
    await this.client.logOut().finally(() => this.#isLoggingOut = false);
  }

  /** Copies a text to the clipboard, and says so. */
  async copy(text: string): Promise<void> {
    const isDone = await this.#browser.copy(text);
    this.note(isDone ? "Copied." : "The browser does not let this page copy.", {
      isError: !isDone,
    });
  }

  /** Shows a sentence in the open view. */
  note(text: string, options: { readonly isError?: boolean } = {}): void {
    this.places.view?.note(text, options);
    this.#browser.announce(text);
    this.refresh();
  }

  /** The chart of the open room. */
  get chart(): ChartView | undefined {
    const { room } = this.places;
    if (!room) return undefined;
    if (this.#chart?.room !== room.name) {
      this.#chart = new ChartView({
        room: room.name,
        counts: (room, buckets, times) => fetchCounts(room, buckets, times, this.client.session),
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

  /** Filters the open view by a query; the address bar keeps it. */
  setQuery(query: string): void {
    this.places.view?.setQuery(logQueryText(query));
    this.navigator.showQuery();
    this.refresh();
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
    if (change.type === "account") this.#ignored = new Set(change.ignored);
    this.choices.apply(change);
    if (change.type === "events") this.#events(change.room, change.events);
    else if (change.type === "left") this.#left(change.room, change.why, change.to);
    else if (change.type === "account" && change.isLoggedOut && !this.#isLoggingOut) {
      this.places.view?.note(LOGGED_OUT, { isError: true });
      this.#browser.announce(LOGGED_OUT);
    } else if (change.type === "status") this.#statusChanged();
    this.refresh();
  }

  #statusChanged(): void {
    const { type } = this.client.status;
    // A page that was loaded without a connection shows what it has.
    if (type === "waiting" && this.isResuming) this.navigator.openCopy();
    if (type === "live") {
      // First, because opening a room marks it as read.
      void this.missed.ask(this.places.rooms);
      this.navigator.arrived();
      this.#register();
    }
    // The screens that take their place are not about them.
    if (type === "refused" || type === "ended") {
      this.dialog = this.measure = this.menu = undefined;
    }
  }

  /** Registers the name, if the user has asked for that on the welcome screen. */
  #register(): void {
    const password = this.#newPassword;
    this.#newPassword = undefined;
    if (password === undefined) return;
    this.client.register(password).catch((error: Error) => {
      this.note(`Your name is not registered. ${error.message}`, { isError: true });
    });
  }

  #events(room: RoomState, events: readonly EventJson[]): void {
    if (this.places.room === room) this.places.view?.amend(events);
    this.search.redact(room.name, events);
    const lines = events.filter(({ kind }) => kind === "log");
    this.places.viewOf(room).received(countOf(lines));
    if (this.#chart?.room !== room.name) return;
    this.#chart.add(countOf(events), levelsOfEvents(lines));
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

  #noteIgnored(line: string): void {
    const [, name] = /^\/ignore (.+)$/.exec(line) ?? [];
    if (name === undefined) return;
    const key = nameKey(name);
    if (!this.#ignored.delete(key)) this.#ignored.add(key);
  }

  /** Shows a line that failed together with the error, so that nothing typed is lost. */
  #noteFailure(line: string, view: MessageView, result: Promise<void>): void {
    result.catch((error: Error) => {
      view.note(line === "" ? error.message : `${line}\n${error.message}`, { isError: true });
      this.refresh();
    });
  }

  #noteError(error: Error): void {
    this.places.view?.note(error.message, { isError: true });
    this.refresh();
  }
}

/** Number of events that live events stand for. */
function countOf(events: readonly EventJson[]): number {
  return events.reduce((sum, event) => sum + countOfEvent(event), 0);
}
