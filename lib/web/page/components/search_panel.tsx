/**
 * Searching what was said: the same words as `/search` and `partyline search` take, and fields that
 * write them.
 *
 * @module
 */

import { useEffect, useRef } from "preact/hooks";
import type { App } from "../app.ts";
import { type FilterName, filterOf, withFilter } from "../query_filter.ts";
import { CONTEXTS } from "../search_view.ts";
import { countOf } from "../time_text.ts";
import { SearchHit } from "./search_hit.tsx";

export interface SearchPanelProps {
  readonly app: App;
  /** Absent where one has turned to no room. */
  readonly room?: string;
}

const KINDS = [
  ["", "anything"],
  ["message", "messages"],
  ["action", "actions"],
  ["log", "log lines"],
  ["topic", "topics"],
  ["notice", "notices"],
  ["gap", "gaps"],
] as const;

const LEVELS = [
  ["", "any"],
  ["warning+", "warnings, errors"],
  ["err+", "errors"],
] as const;

export function SearchPanel({ app, room }: SearchPanelProps) {
  const { search } = app;
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current!.select(), []);
  const set = (query: string) => {
    search.query = query;
    app.refresh();
  };
  const setFilter = (name: FilterName, value: string) => {
    set(withFilter(search.query, name, value));
    app.runSearch();
  };
  const onSubmit = (event: Event) => {
    event.preventDefault();
    app.runSearch();
  };
  return (
    <div class="search">
      <form role="search" onSubmit={onSubmit}>
        <div class="ask">
          <input
            ref={field}
            type="search"
            value={search.query}
            aria-label="Search for"
            placeholder="disk full, &quot;exact words&quot;, from:ann, -not"
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => set(event.currentTarget.value)}
          />
          <button type="submit" class="primary">Search</button>
        </div>
        <div class="filters">
          <label>
            <span>In</span>
            <select
              value={search.isEverywhere ? "all" : "room"}
              onChange={(event) => {
                search.isEverywhere = event.currentTarget.value === "all";
                app.runSearch();
              }}
            >
              {room !== undefined && <option value="room">#{room}</option>}
              <option value="all">all rooms</option>
            </select>
          </label>
          <TextFilter label="From" name="from" query={search.query} onSet={setFilter} />
          <ChoiceFilter
            label="Kind"
            name="kind"
            choices={KINDS}
            query={search.query}
            onSet={setFilter}
          />
          <ChoiceFilter
            label="Level"
            name="level"
            choices={LEVELS}
            query={search.query}
            onSet={setFilter}
          />
          <TextFilter
            label="After"
            name="after"
            type="date"
            query={search.query}
            onSet={setFilter}
          />
          <TextFilter
            label="Before"
            name="before"
            type="date"
            query={search.query}
            onSet={setFilter}
          />
          <label>
            <span>Context</span>
            <select
              value={search.context}
              onChange={(event) => {
                search.context = Number(event.currentTarget.value);
                app.runSearch();
              }}
            >
              {CONTEXTS.map((lines) => (
                <option key={lines} value={lines}>
                  {lines === 0 ? "none" : countOf(lines, "line")}
                </option>
              ))}
            </select>
          </label>
          <label class="check">
            <input
              type="checkbox"
              checked={filterOf(search.query, "has") === "link"}
              onChange={(event) => setFilter("has", event.currentTarget.checked ? "link" : "")}
            />
            <span>has a link</span>
          </label>
        </div>
      </form>
      <Results app={app} room={room} />
    </div>
  );
}

interface TextFilterProps {
  readonly label: string;
  readonly name: FilterName;
  readonly type?: "text" | "date";
  readonly query: string;
  onSet(name: FilterName, value: string): void;
}

function TextFilter({ label, name, type = "text", query, onSet }: TextFilterProps) {
  return (
    <label>
      <span>{label}</span>
      <input
        type={type}
        value={filterOf(query, name)}
        autocomplete="off"
        onChange={(event) => onSet(name, event.currentTarget.value)}
      />
    </label>
  );
}

interface ChoiceFilterProps {
  readonly label: string;
  readonly name: FilterName;
  readonly choices: readonly (readonly [value: string, label: string])[];
  readonly query: string;
  onSet(name: FilterName, value: string): void;
}

function ChoiceFilter({ label, name, choices, query, onSet }: ChoiceFilterProps) {
  const value = filterOf(query, name);
  // Somebody may have typed what is no choice here.
  const isChoice = choices.some(([choice]) => choice === value);
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => onSet(name, event.currentTarget.value)}>
        {choices.map(([choice, label]) => <option key={choice} value={choice}>{label}</option>)}
        {!isChoice && <option value={value}>{value}</option>}
      </select>
    </label>
  );
}

function Results({ app, room }: SearchPanelProps) {
  const { search } = app;
  const { hits, isAsked, isLoading, problem, hasMore } = search;
  return (
    <div class="results" tabIndex={0} role="region" aria-label="Results" aria-busy={isLoading}>
      <p class={problem ? "hint is-error" : "hint"} role="status">
        {problem ?? resultText(hits.length, isAsked, isLoading, hasMore)}
      </p>
      {!isAsked && !problem && <SearchHelp />}
      <ol>
        {hits.map((hit) => (
          <SearchHit key={hit.event.id} hit={hit} isRoomShown={hit.event.room !== room} />
        ))}
      </ol>
      {hasMore && (
        <button type="button" disabled={isLoading} onClick={() => search.more()}>
          {isLoading ? "Searching…" : "Show more"}
        </button>
      )}
    </div>
  );
}

function resultText(count: number, isAsked: boolean, isLoading: boolean, hasMore: boolean): string {
  if (isLoading && count === 0) return "Searching…";
  if (!isAsked) return "";
  if (count === 0) return "Nothing was found. Fewer words or filters find more.";
  return `${countOf(count, "hit")}${hasMore ? " so far" : ""}, the newest first.`;
}

function SearchHelp() {
  return (
    <dl class="help">
      <dt>disk full</dt>
      <dd>both words, in any order</dd>
      <dt>"disk full"</dt>
      <dd>these words in this order</dd>
      <dt>-test</dt>
      <dd>without that word</dd>
      <dt>from:ann</dt>
      <dd>said by ann, or by a program of that name</dd>
      <dt>kind:log level:err+</dt>
      <dd>log lines that tell of errors, and worse</dd>
      <dt>after:2026-11-01</dt>
      <dd>since that day; before: until it</dd>
    </dl>
  );
}
