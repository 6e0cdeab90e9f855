/**
 * A search and its results so far.
 *
 * @module
 */

import { readableBody, redactionsAmong, withRedactions } from "../../domain/redaction.ts";
import { isMessage } from "../../domain/room_event.ts";
import { linesOf } from "../../domain/text/block.ts";
import { happening } from "../../domain/wording.ts";
import type { EventJson, HitJson, SearchAnswer, SearchRequest } from "../protocol.ts";
import { filterOf } from "./query_filter.ts";
import { visibleText } from "./text_parts.ts";

export interface SearchViewOptions {
  search(request: Omit<SearchRequest, "type" | "ref">): Promise<SearchAnswer>;
  onChange(): void;
}

/** Hits in a page. */
const PAGE = 20;
/** Choices for the number of events shown before and after each hit. */
export const CONTEXTS = [0, 1, 3, 5] as const;

export class SearchView {
  query = "";
  /** Whether to search all rooms, not only the open one. */
  isEverywhere = false;
  /** Events shown before and after each hit. */
  context: number = 1;
  hits: readonly HitJson[] = [];
  /** Whether a search was started. */
  isAsked = false;
  isLoading = false;
  /** The room in which nothing was found, so that the results are from all rooms. */
  widenedFrom: string | undefined;
  /** The server's remark on the last page, such as that not everything was searched. */
  note: string | undefined;
  /** Why the search failed, in a sentence. */
  problem: string | undefined;
  #room: string | undefined;
  #next: number | undefined;
  #searches = 0;
  readonly #options: SearchViewOptions;

  constructor(options: SearchViewOptions) {
    this.#options = options;
  }

  get hasMore(): boolean {
    return this.#next !== undefined;
  }

  /** Starts a search; `room` is the open room. */
  async start(room: string | undefined): Promise<void> {
    // The query may name rooms itself.
    const isNamed = filterOf(this.query, "in") !== "";
    this.#room = this.isEverywhere || isNamed ? undefined : room;
    this.#next = undefined;
    this.widenedFrom = undefined;
    this.hits = [];
    this.isAsked = this.query.trim() !== "";
    if (this.isAsked) await this.#load();
    else this.#options.onChange();
  }

  /** Loads the next page, which is older. */
  async more(): Promise<void> {
    if (this.hasMore && !this.isLoading) await this.#load();
  }

  /** Replaces the text of hits that some events of a room redact. */
  redact(room: string, events: readonly EventJson[]): void {
    const redactions = redactionsAmong(events);
    if (redactions.length === 0) return;
    const redacted = (events: readonly EventJson[]) =>
      events[0]?.room === room ? withRedactions(events, redactions) : events;
    this.hits = this.hits.map((hit) => {
      const [event] = redacted([hit.event]);
      return {
        ...hit,
        event,
        snippet: event === hit.event
          ? hit.snippet
          : [{ text: readableBody(event), isMatch: false }],
        before: redacted(hit.before),
        after: redacted(hit.after),
      };
    });
  }

  clear(): void {
    this.#searches++;
    this.query = "";
    this.hits = [];
    this.isAsked = false;
    this.isLoading = false;
    this.widenedFrom = undefined;
    this.note = undefined;
    this.problem = undefined;
  }

  async #load(): Promise<void> {
    const search = ++this.#searches;
    this.isLoading = true;
    this.problem = undefined;
    this.#options.onChange();
    const { query, context } = this;
    const place = {
      ...(this.#room === undefined ? {} : { room: this.#room }),
      ...(this.#next === undefined ? {} : { before: this.#next }),
    };
    try {
      const answer = await this.#options.search({ query, context, limit: PAGE, ...place });
      // Another search may have been started meanwhile.
      if (search !== this.#searches) return;
      this.hits = [...this.hits, ...answer.hits];
      this.#next = answer.next;
      this.note = answer.note;
      // There may be more to search in the room, if nothing was found so far.
      if (this.#room !== undefined && this.hits.length === 0 && !this.hasMore && !this.note) {
        this.widenedFrom = this.#room;
        this.#room = undefined;
        return await this.#load();
      }
    } catch (error) {
      if (search !== this.#searches) return;
      this.problem = error instanceof Error ? error.message : String(error);
    }
    this.isLoading = false;
    this.#options.onChange();
  }
}

/** Formats the hits and their context like the server's export: each event once, oldest first. */
export function hitsText(hits: readonly HitJson[], format: "jsonl" | "text"): string {
  const events = new Map<number, EventJson>();
  for (const { before, event, after } of hits) {
    for (const each of [...before, event, ...after]) events.set(each.id, each);
  }
  const lines = [...events.values()].sort((one, other) => one.id - other.id)
    .map((event) => format === "jsonl" ? JSON.stringify(event) : textLine(event));
  return lines.map((line) => `${line}\n`).join("");
}

function textLine(event: EventJson): string {
  const { at, room, seq, kind, from } = event;
  const place = `${at} ${room}#${seq} `;
  const body = readableBody(event);
  if (isMessage(event)) {
    // As in an export, each line says where it is.
    const start = place + (kind === "message" ? `<${from}> ` : `* ${from} `);
    return linesOf(body).map((line) => start + visibleText(line)).join("\n");
  }
  const text = visibleText(body).replaceAll("\n", "␊");
  return place + (kind === "log" ? `${visibleText(from)}| ${text}` : `* ${happening(event, text)}`);
}
