/**
 * The bar that says which part of the room is shown, or that it has no such message.
 *
 * @module
 */

import { h } from "preact";
import type { App } from "../app.ts";
import type { MessageView } from "../message_view.ts";
import { shortTimeText } from "../time_text.ts";
import { LinkButton } from "./buttons.tsx";

export function FilterBar({ app, view }: { readonly app: App; readonly view: MessageView }) {
  const { filter, missing, timeline } = view;
  if (missing !== undefined) {
    return (
      <div class="filter" role="status">
        <span>{missing}</span>
        <LinkButton onClick={() => view.dismissMissing()}>Dismiss</LinkButton>
      </div>
    );
  }
  if (!filter) return null;
  const { since, until, span } = filter;
  const isEmpty = timeline.isAtStart && timeline.events.length === 0;
  return (
    <div class="filter" role="status">
      <span>
        {isEmpty ? "No messages between " : "Showing messages between "}
        <time dateTime={since}>{shortTimeText(since)}</time> and{" "}
        <time dateTime={until}>{shortTimeText(until)}</time>, #{span.after + 1}–#{span.before - 1}
      </span>
      <LinkButton onClick={() => app.filters.showAll()}>Show all</LinkButton>
    </div>
  );
}
