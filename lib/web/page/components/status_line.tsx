/**
 * The connection's status.
 *
 * @module
 */

import { Fragment, h } from "preact";
import type { App } from "../app.ts";
import type { Status } from "../reconnecting_connection.ts";
import { LinkButton } from "./buttons.tsx";

export function StatusLine({ app }: { readonly app: App }) {
  const { status } = app.client;
  return (
    <p class={`status is-${status.type}`} role="status">
      <span class="dot" aria-hidden="true" />
      {statusText(status)}
      {status.type === "waiting" && (
        <>
          {" "}
          <LinkButton onClick={() => app.client.check()}>Try now</LinkButton>
        </>
      )}
    </p>
  );
}

export function statusText(status: Status): string {
  switch (status.type) {
    case "live":
      return "Connected";
    case "catchingUp":
      return "Catching up…";
    case "waiting":
      return `Offline. Trying again in ${Math.ceil(status.ms / 1000)} s.`;
    case "connecting":
      return "Connecting…";
    case "idle":
    case "refused":
    case "ended":
      return "Not connected";
  }
}
