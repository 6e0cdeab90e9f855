/**
 * The results of a search, or a short guide to the query syntax.
 *
 * @module
 */

import { h } from "preact";
import type { App } from "../app.ts";
import type { SearchView } from "../search_view.ts";
import { countOf } from "../time_text.ts";
import { SearchHitView } from "./search_hit.tsx";

export interface SearchResultsProps {
  readonly app: App;
  /** Absent if no room is open. */
  readonly room?: string;
}

export function SearchResults({ app, room }: SearchResultsProps) {
  const { search } = app;
  const { hits, isAsked, isLoading, problem, hasMore } = search;
  return (
    <div class="results" tabIndex={0} role="region" aria-label="Results" aria-busy={isLoading}>
      <p class={problem ? "hint is-error" : "hint"} role="status">
        {problem ?? resultText(search)}
      </p>
      {search.note && !problem && <p class="hint">{search.note}</p>}
      {!isAsked && !problem && <SearchHelp />}
      <ol>
        {hits.map((hit) => (
          <SearchHitView key={hit.event.id} hit={hit} isRoomShown={hit.event.room !== room} />
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

function resultText({ hits, isAsked, isLoading, hasMore, widenedFrom }: SearchView): string {
  if (isLoading && hits.length === 0) return "Searching…";
  if (!isAsked) return "";
  if (hits.length === 0) return "No results. Try fewer words or filters.";
  const count = `${countOf(hits.length, "result")}${hasMore ? " so far" : ""}`;
  if (widenedFrom === undefined) return `${count}, newest first.`;
  return `Nothing in #${widenedFrom}. ${count} from all rooms, newest first.`;
}

function SearchHelp() {
  return (
    <dl class="help">
      <dt>disk full</dt>
      <dd>both words, in any order</dd>
      <dt>"disk full"</dt>
      <dd>the exact phrase</dd>
      <dt>-test</dt>
      <dd>without that word</dd>
      <dt>from:ann</dt>
      <dd>from ann, a person or a log source</dd>
      <dt>kind:log level:err+</dt>
      <dd>log lines of level error or more severe</dd>
      <dt>after:2026-11-01</dt>
      <dd>from that day on; before:DATE for earlier</dd>
    </dl>
  );
}
