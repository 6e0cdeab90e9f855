/**
 * The names of a large room, packed into the texts of lines and kept from one list to the next: when
 * a crowd enters, each of it gets the names of all, and few of them have changed in between.
 *
 * @module
 */

import type { PresentPeople } from "../../../domain/rooms/present_people.ts";
import { toIrcNick } from "../irc_names.ts";
import type { IrcPeople } from "../irc_people.ts";
import { packWords } from "./pack_words.ts";

/** Most people on a page. A join or a part changes the texts of one page. */
const PAGE_PEOPLE = 50;

/** People who are listed together. They stay in one page until they leave the room. */
export class NamePage {
  readonly origins = new Set<number>();
  /** With `user@host`, and without; absent until somebody wants them. */
  readonly #texts = new Map<boolean, readonly string[]>();
  readonly #pages: NamePages;
  /** What the texts were made with. */
  #userHostChanges = 0;
  #mostBytes = 0;

  constructor(pages: NamePages) {
    this.#pages = pages;
  }

  /** The names without signs, as many to a text as fit a line. */
  textsOf(hasHosts: boolean): readonly string[] {
    const { present, people, mostBytes } = this.#pages;
    const isStale = people.userHostChanges !== this.#userHostChanges ||
      mostBytes !== this.#mostBytes;
    if (isStale) this.forget();
    let texts = this.#texts.get(hasHosts);
    if (!texts) {
      this.#userHostChanges = people.userHostChanges;
      this.#mostBytes = mostBytes;
      const names = [...this.origins].map((origin) => {
        const nick = toIrcNick(present.get(origin)!);
        const userHost = hasHosts ? people.userHostOf(origin) : undefined;
        return userHost === undefined ? nick : `${nick}!${userHost}`;
      });
      this.#texts.set(hasHosts, texts = [...packWords(names, " ", mostBytes)]);
    }
    return texts;
  }

  /** Has the texts made again when they are next wanted. */
  forget(): void {
    this.#texts.clear();
  }
}

export class NamePages {
  readonly present: PresentPeople;
  readonly people: IrcPeople;
  /** Most bytes of a text. */
  mostBytes = 0;
  readonly #pages = new Set<NamePage>();
  /** Those of them that have places left. */
  readonly #open = new Set<NamePage>();
  readonly #pageOf = new Map<number, NamePage>();

  constructor(present: PresentPeople, people: IrcPeople) {
    this.present = present;
    this.people = people;
    for (const origin of present.keys()) this.#add(origin);
    present.onChange((origin) => this.#note(origin));
  }

  /** All pages. People who join during the iteration may be missed. */
  get all(): Iterable<NamePage> {
    return this.#pages;
  }

  /** The page of somebody who is in the room. */
  pageOf(origin: number): NamePage | undefined {
    return this.#pageOf.get(origin);
  }

  #note(origin: number): void {
    const page = this.#pageOf.get(origin);
    if (!page) return this.#add(origin);
    page.forget();
    if (this.present.has(origin)) return;
    page.origins.delete(origin);
    this.#pageOf.delete(origin);
    if (page.origins.size > 0) this.#open.add(page);
    else this.#close(page);
  }

  #add(origin: number): void {
    let [page] = this.#open;
    if (!page) {
      page = new NamePage(this);
      this.#pages.add(page);
      this.#open.add(page);
    }
    page.forget();
    page.origins.add(origin);
    if (page.origins.size >= PAGE_PEOPLE) this.#open.delete(page);
    this.#pageOf.set(origin, page);
  }

  #close(page: NamePage): void {
    this.#pages.delete(page);
    this.#open.delete(page);
  }
}
