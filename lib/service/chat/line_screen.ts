/**
 * The screen of a person who reads lines: on a terminal, or in a program.
 *
 * @module
 */

import { terminalText } from "../../codec/terminal_text.ts";
import type { Room } from "../../domain/room.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import type { SearchHit } from "../../domain/search.ts";
import type { Session } from "../../server/session.ts";
import { numberedEventText } from "./event_text.ts";
import { greeting } from "./greeting.ts";
import { hitText } from "./hit_text.ts";
import { PersonalRenderer } from "./personal_renderer.ts";
import type { Renderer } from "./renderer.ts";
import type { PrivateMessage, Screen, Viewer } from "./screen.ts";
import type { Settings } from "./settings.ts";

const BELL = new Uint8Array([0x07]);

export class LineScreen implements Screen {
  readonly #session: Session;
  readonly #viewer: Viewer;
  readonly #renderer: PersonalRenderer;

  /** @param renderer Shared by all. */
  constructor(session: Session, renderer: Renderer, viewer: Viewer) {
    this.#session = session;
    this.#viewer = viewer;
    this.#renderer = new PersonalRenderer(renderer, viewer);
  }

  get settings(): Settings {
    return this.#renderer.settings;
  }

  get repairs(): number {
    return this.#session.damage?.repairs ?? 0;
  }

  notice(text: string): boolean {
    return this.#session.send(`* ${terminalText(text)}`);
  }

  error(text: string): void {
    this.#session.send(`! ${terminalText(text)}`);
  }

  showNumbered(event: RoomEvent): void {
    this.#session.send(numberedEventText(event));
  }

  showHit(hit: SearchHit): void {
    this.#session.send(hitText(hit, this.settings));
  }

  showPrivate({ from, to, body }: PrivateMessage): boolean {
    const isOwn = from === this.#viewer.nickname;
    const head = isOwn ? `-> ${to}` : `${from} -> you`;
    if (!this.#session.send(`${head}: ${terminalText(body)}`)) return false;
    if (!isOwn) this.#ring();
    return true;
  }

  showName(): void {}

  showEntry(room: Room): void {
    if (room.topic !== "") this.notice(`Topic of #${room.name}: ${room.topic}`);
    this.#showRecent(room);
    this.notice(greeting(room, this.#viewer));
  }

  showExit(): void {}

  showCrowd(room: string, joined: number, left: number): void {
    const counts = [joined > 0 ? `${joined} joined` : "", left > 0 ? `${left} left` : ""];
    const prefix = this.#viewer.currentRoom?.name === room ? "" : `#${room} `;
    this.#session.send(`${prefix}* ${counts.filter((count) => count !== "").join(", ")}`);
  }

  showEvents(room: Room, events: readonly RoomEvent[]): boolean {
    const bytes = this.#renderer.render(events, room === this.#viewer.currentRoom);
    if (!this.#session.outbox.offer(bytes)) return false;
    const isCalled = this.settings.bell &&
      events.some((event) => this.#renderer.isCall(event, this.#viewer.nickname));
    if (isCalled) this.#ring();
    return true;
  }

  ready(): Promise<boolean> {
    return this.#session.outbox.ready();
  }

  drained(): Promise<boolean> {
    return this.#session.outbox.drained();
  }

  end(): void {
    this.#session.end();
  }

  /** Rings the person's bell, if they want it rung. */
  #ring(): void {
    if (this.settings.bell) this.#session.outbox.offer(BELL);
  }

  /** Shows as many of the latest lines as the outbox has room for, which is nearly always all. */
  #showRecent(room: Room): void {
    let shown = room.recent;
    const isCurrent = room === this.#viewer.currentRoom;
    while (shown.length > 0) {
      if (this.#session.outbox.push(this.#renderer.renderPast(shown, isCurrent))) break;
      shown = shown.slice(Math.ceil(shown.length / 2));
    }
    if (shown.length < room.recent.length) this.notice("/history shows what came before.");
  }
}
