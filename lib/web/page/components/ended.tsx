/**
 * The screen after the user has left, or after another tab has taken over.
 *
 * @module
 */

import { h } from "preact";
import type { App } from "../app.ts";
import type { Status } from "../reconnecting_connection.ts";

export interface EndedProps {
  readonly app: App;
  readonly status: Status & { readonly type: "ended" };
}

export function Ended({ app, status }: EndedProps) {
  const isTaken = status.reason === "takenOver";
  return (
    <main class="welcome">
      <div class="card">
        <h1>{isTaken ? "You are connected elsewhere" : "You have left"}</h1>
        <p class="lead">
          {status.text ?? (isTaken
            ? "Only one tab or device at a time can use your name."
            : "Your rooms will be here when you come back.")}
        </p>
        <div class="ask">
          <button
            type="button"
            class="primary"
            onClick={() => app.entrance.reconnect()}
          >
            {isTaken ? "Use this tab" : "Rejoin"}
          </button>
        </div>
      </div>
    </main>
  );
}
