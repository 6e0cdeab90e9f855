/**
 * The end: one has left, or another tab has taken over.
 *
 * @module
 */

import type { App } from "../app.ts";
import type { Status } from "../link.ts";

export interface EndedProps {
  readonly app: App;
  readonly status: Status & { readonly type: "ended" };
}

export function Ended({ app, status }: EndedProps) {
  const isTaken = status.reason === "takenOver";
  return (
    <main class="door">
      <div>
        <h1>{isTaken ? "You are in another tab" : "You have left"}</h1>
        <p class="lead">
          {isTaken
            ? "There you are under the same name, and this tab has let go of it."
            : status.text ?? "Nothing was lost: the rooms are as you left them."}
        </p>
        <div class="ask">
          <button
            type="button"
            class="primary"
            onClick={() => app.comeBack()}
          >
            {isTaken ? "Go on in this tab" : "Enter again"}
          </button>
        </div>
      </div>
    </main>
  );
}
