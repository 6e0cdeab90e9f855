/**
 * The welcome screen, which asks for a name.
 *
 * @module
 */

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { App } from "../app.ts";

export function NameForm({ app }: { readonly app: App }) {
  const { status, state } = app.client;
  const [name, setName] = useState(state.name || app.preferences.name);
  const field = useRef<HTMLInputElement>(null);
  const isBusy = status.type === "connecting" || status.type === "catchingUp";
  const problem = problemOf(app);
  // Also after a refusal, because then the name has to be changed.
  useLayoutEffect(() => field.current!.select(), [problem]);
  const onSubmit = (event: Event) => {
    event.preventDefault();
    if (name.trim() !== "" && !isBusy) app.enter(name.trim());
  };
  return (
    <main class="welcome">
      <form onSubmit={onSubmit}>
        <h1>Partyline</h1>
        <p class="lead">
          {app.navigator.wantedRoom === undefined
            ? "Chat rooms for people and logs. Use a browser, telnet or nc."
            : `Enter your name to join #${app.navigator.wantedRoom}.`}
        </p>
        <label for="name">Your name</label>
        <div class="ask">
          <input
            ref={field}
            id="name"
            value={name}
            maxLength={64}
            autocomplete="nickname"
            autocapitalize="off"
            spellcheck={false}
            aria-describedby="name-help"
            aria-invalid={status.type === "refused"}
            onInput={(event) => setName(event.currentTarget.value)}
          />
          <button type="submit" class="primary" aria-disabled={isBusy}>
            {isBusy ? "Joining…" : "Join"}
          </button>
        </div>
        <p id="name-help" class={problem ? "hint is-error" : "hint"} role="status">
          {problem ?? "Use letters, digits, _ - or . No account or password needed."}
        </p>
      </form>
    </main>
  );
}

function problemOf({ client: { status } }: App): string | undefined {
  if (status.type === "refused") return status.text;
  if (status.type !== "waiting") return undefined;
  return `Can't reach the server. Trying again in ${Math.ceil(status.ms / 1000)} s.`;
}
