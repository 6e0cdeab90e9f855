/**
 * The screen after the user has left, or after another tab has taken over.
 *
 * @module
 */

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
      <div>
        <h1>{isTaken ? "Partyline is open in another tab" : "You have left"}</h1>
        <p class="lead">
          {isTaken
            ? "Only one tab at a time can use your name."
            : status.text ?? "Your rooms will be here when you come back."}
        </p>
        <div class="ask">
          <button
            type="button"
            class="primary"
            onClick={() => app.reconnect()}
          >
            {isTaken ? "Use this tab" : "Rejoin"}
          </button>
        </div>
      </div>
    </main>
  );
}
