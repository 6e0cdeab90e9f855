/**
 * The bar above the message field that reports a lost connection or a failure to load history.
 *
 * @module
 */

import { h } from "preact";
import type { App } from "../app.ts";
import type { MessageView } from "../message_view.ts";
import { LinkButton } from "./buttons.tsx";
import { statusText } from "./status_line.tsx";

export function Outage({ app, view }: { readonly app: App; readonly view: MessageView }) {
  const { status } = app.client;
  const { pager } = view;
  if (status.type === "waiting" || status.type === "connecting") {
    const why = status.type === "waiting" ? status.why : undefined;
    return (
      <div class="outage">
        <span>
          {why ?? statusText(status)} {hintFor(app)}
        </span>
        <LinkButton onClick={() => app.client.check()}>Try now</LinkButton>
      </div>
    );
  }
  if (pager.problem === undefined) return null;
  return (
    <div class="outage" role="status">
      <span>Could not load history. {pager.problem}</span>
      <LinkButton onClick={() => pager.retry()}>Try again</LinkButton>
    </div>
  );
}

/** What becomes of messages that are written without a connection. */
function hintFor({ places: { current, isReadOnly } }: App): string {
  if (isReadOnly) return "";
  return current.type === "person" && current.person.room === undefined
    ? "You'll be asked before messages you write now are sent."
    : "Messages you write now will be sent when you're back online.";
}
