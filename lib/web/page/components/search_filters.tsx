/**
 * Fields that edit the filters in a search query, so that the user need not know the syntax.
 *
 * @module
 */

import { h } from "preact";
import { useState } from "preact/hooks";
import type { App } from "../app.ts";
import { filterOf, type QueryFilterName, withFilter } from "../query_filter.ts";
import { CONTEXTS } from "../search_view.ts";
import { countOf } from "../time_text.ts";

export interface SearchFiltersProps {
  readonly app: App;
  /** Absent if no room is open. */
  readonly room?: string;
}

const KINDS = [
  ["", "any"],
  ["message", "messages"],
  ["action", "actions"],
  ["log", "log lines"],
  ["topic", "topics"],
  ["notice", "notices"],
  ["gap", "gaps"],
  ["nick", "name changes"],
  ["moderation", "acts of moderation"],
  ["redaction", "redactions"],
] as const;

const LEVELS = [
  ["", "any"],
  ["warning+", "warnings and errors"],
  ["err+", "errors only"],
] as const;

export function SearchFilters({ app, room }: SearchFiltersProps) {
  const { search } = app;
  const setFilter = (name: QueryFilterName, value: string) => {
    search.query = withFilter(search.query, name, value);
    app.navigator.runSearch();
  };
  return (
    // Where there is little room, closed at first.
    <details class="filters" open={!matchMedia("(max-width: 44rem)").matches}>
      <summary>Filters</summary>
      <div>
        <RoomFilter app={app} room={room} />
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
              app.navigator.runSearch();
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
    </details>
  );
}

/** The rooms to search: the open one, all, or those that the query names. */
function RoomFilter({ app, room }: SearchFiltersProps) {
  const { search } = app;
  const named = filterOf(search.query, "in");
  return (
    <label>
      <span>In</span>
      <select
        value={named !== "" ? "named" : search.isEverywhere || room === undefined ? "all" : "room"}
        onChange={(event) => {
          search.isEverywhere = event.currentTarget.value === "all";
          search.query = withFilter(search.query, "in", "");
          app.navigator.runSearch();
        }}
      >
        {named !== "" && <option value="named">{named}</option>}
        {room !== undefined && <option value="room">#{room}</option>}
        <option value="all">all rooms</option>
      </select>
    </label>
  );
}

interface TextFilterProps {
  readonly label: string;
  readonly name: QueryFilterName;
  readonly type?: "text" | "date";
  readonly query: string;
  onSet(name: QueryFilterName, value: string): void;
}

function TextFilter({ label, name, type = "text", query, onSet }: TextFilterProps) {
  // Not set yet; it must survive that the page renders when others speak.
  const [draft, setDraft] = useState<string>();
  return (
    <label>
      <span>{label}</span>
      <input
        type={type}
        value={draft ?? filterOf(query, name)}
        autocomplete="off"
        onInput={(event) => setDraft(event.currentTarget.value)}
        onBlur={() => setDraft(undefined)}
        onChange={(event) => {
          setDraft(undefined);
          onSet(name, event.currentTarget.value);
        }}
      />
    </label>
  );
}

interface ChoiceFilterProps {
  readonly label: string;
  readonly name: QueryFilterName;
  readonly choices: readonly (readonly [value: string, label: string])[];
  readonly query: string;
  onSet(name: QueryFilterName, value: string): void;
}

function ChoiceFilter({ label, name, choices, query, onSet }: ChoiceFilterProps) {
  const value = filterOf(query, name);
  // The query may contain a value that is not in the list.
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
