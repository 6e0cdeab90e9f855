/**
 * The search panel: a query in the syntax of `/search` and `partyline search`, and fields that edit
 * its filters.
 *
 * @module
 */

import { h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { App } from "../app.ts";
import { moveHitFocus } from "../keyboard.ts";
import { SearchFilters } from "./search_filters.tsx";
import { SearchResults } from "./search_results.tsx";

export interface SearchPanelProps {
  readonly app: App;
  /** Absent if no room is open. */
  readonly room?: string;
}

export function SearchPanel({ app, room }: SearchPanelProps) {
  const { search } = app;
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current!.select(), []);
  const set = (query: string) => {
    search.query = query;
    app.refresh();
  };
  const onSubmit = (event: Event) => {
    event.preventDefault();
    app.navigator.runSearch();
  };
  return (
    <div
      class="search"
      onKeyDown={(event) => moveHitFocus(event, event.currentTarget) && event.preventDefault()}
    >
      <form role="search" onSubmit={onSubmit}>
        <div class="ask">
          <input
            ref={field}
            type="search"
            value={search.query}
            aria-label="Search for"
            placeholder="disk full, &quot;exact phrase&quot;, from:ann, -not"
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => set(event.currentTarget.value)}
          />
          <button type="submit" class="primary">Search</button>
        </div>
        <SearchFilters app={app} room={room} />
      </form>
      <SearchResults app={app} room={room} />
    </div>
  );
}
