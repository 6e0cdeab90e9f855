/**
 * The bar above the message field that reports a lost connection or a failure to load history.
 *
 * @module
 */

import { h } from "preact";
import { LinkButton } from "./buttons.tsx";

import type { App } from "../app.ts";
import type { MessageView } from "../message_view.ts";
import { statusText } from "./status_line.tsx";

export function Outage({ app, view }: { readonly app: App; readonly view: MessageView }) {
  const { status } = app.client;
  const { pager } = view;
  if (status.type === "waiting" || status.type === "connecting") {
    const why = status.type === "waiting" ? status.why : undefined;
    const { current } = app.places;
    const isToGuest = current.type === "person" && current.person.room === undefined;
    return (
      <div class="outage">
        <span>
          {why ?? statusText(status)} {isToGuest
            ? "You'll be asked before messages you write now are sent."
            : "Messages you write now will be sent when you're back online."}
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
