/**
 * The bar above a log: filters by level, source and words, the rate, pause, and line wrapping.
 *
 * @module
 */

import { Fragment, h } from "preact";
import { useEffect, useState } from "preact/hooks";
import { systemClock } from "../../../clock.ts";
import type { App } from "../app.ts";
import type { MessageView } from "../message_view.ts";
import { filterOf, type QueryFilterName, withFilter, withoutFilters } from "../query_filter.ts";
import { numberText } from "../time_text.ts";
import { LinkButton } from "./buttons.tsx";

const LEVELS = [
  ["", "All levels"],
  ["err+", "Errors"],
  ["warning+", "Warnings and errors"],
  ["notice+", "Notices and above"],
  ["info+", "Info and above"],
] as const;
const NAMED: readonly QueryFilterName[] = ["level", "source"];
/** Sources offered, of the lines that are loaded. */
const MAX_SOURCES = 50;

export interface LogBarProps {
  readonly app: App;
  readonly view: MessageView;
}

export function LogBar({ app, view }: LogBarProps) {
  const { query } = view;
  const { areLinesWrapped } = app.preferences;
  const level = filterOf(query, "level");
  // Of the view, not `query`: it may have changed since this was rendered.
  const set = (name: QueryFilterName, value: string) =>
    app.filters.setQuery(withFilter(view.query, name, value));
  // `/log` at the terminal and the page share a syntax, in which a level may be written at length.
  const isListed = LEVELS.some(([value]) => value === level);
  return (
    <div class="log-bar" role="group" aria-label="Log">
      <select
        aria-label="Level"
        value={level}
        onChange={(event) => set("level", event.currentTarget.value)}
      >
        {LEVELS.map(([value, label]) => <option key={value} value={value}>{label}</option>)}
        {!isListed && <option value={level}>{level}</option>}
      </select>
      <Field
        label="Source"
        value={filterOf(query, "source")}
        options={sourcesOf(view)}
        onSet={(source) => set("source", source)}
      />
      <Field
        label="Words"
        value={withoutFilters(query, NAMED)}
        onSet={(words) => {
          const named = NAMED.reduce(
            (sum, name) => withFilter(sum, name, filterOf(view.query, name)),
            "",
          );
          app.filters.setQuery(`${named} ${words}`);
        }}
      />
      {query !== "" && (
        <span class="hidden-count">
          {numberText(view.hiddenCount)} hidden{" "}
          <LinkButton onClick={() => app.filters.setQuery("")}>
            Show all
          </LinkButton>
        </span>
      )}
      <span class="filler" />
      <Rate view={view} />
      <button
        type="button"
        class="tool"
        aria-pressed={view.pausedAt !== undefined}
        title="Pause (p)"
        onClick={() => view.pausedAt === undefined ? view.pause() : view.goToNewest()}
      >
        {view.pausedAt === undefined ? "Pause" : "Paused"}
      </button>
      <button
        type="button"
        class="tool"
        aria-pressed={areLinesWrapped}
        title="Wrap long lines (w)"
        onClick={() => app.prefer({ areLinesWrapped: !areLinesWrapped })}
      >
        Wrap
      </button>
    </div>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly options?: readonly string[];
  onSet(value: string): void;
}

/** A field that takes effect on Enter, on leaving it, and when an offered value is chosen. */
function Field({ label, value, options = [], onSet }: FieldProps) {
  const [draft, setDraft] = useState<string>();
  const id = options.length > 0 ? `known-${label}` : undefined;
  return (
    <>
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        list={id}
        autocomplete="off"
        spellcheck={false}
        value={draft ?? value}
        onInput={(event) => {
          const { value } = event.currentTarget;
          setDraft(value);
          if (value === "" || options.includes(value)) onSet(value);
        }}
        onBlur={() => setDraft(undefined)}
        onChange={(event) => {
          setDraft(undefined);
          onSet(event.currentTarget.value);
        }}
      />
      {id && (
        <datalist id={id}>
          {options.map((option) => <option key={option} value={option} />)}
        </datalist>
      )}
    </>
  );
}

function Rate({ view }: { readonly view: MessageView }) {
  const perSecond = () => Math.round(view.rate.perSecond(systemClock.monotonic()));
  const [rate, setRate] = useState(perSecond);
  useEffect(() => {
    const timer = setInterval(() => setRate(perSecond()), 1000);
    return () => clearInterval(timer);
  }, [view]);
  return <span class="rate">{`${numberText(rate)} ${rate === 1 ? "line" : "lines"}/s`}</span>;
}

function sourcesOf({ timeline: { events } }: MessageView): string[] {
  const sources = new Set<string>();
  for (const { kind, from } of events) if (kind === "log") sources.add(from);
  return [...sources].sort().slice(0, MAX_SOURCES);
}
