/**
 * The first question: what is your name?
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
  // Before anybody can type; and again after each refusal: it is the name that has to be changed.
  useLayoutEffect(() => field.current!.select(), [problem]);
  const onSubmit = (event: Event) => {
    event.preventDefault();
    if (name.trim() !== "" && !isBusy) app.enter(name.trim());
  };
  return (
    <main class="door">
      <form onSubmit={onSubmit}>
        <h1>Partyline</h1>
        <p class="lead">
          {app.navigator.wantedRoom === undefined
            ? "Rooms for people and logs, from a browser, telnet or nc."
            : `You are on your way to #${app.navigator.wantedRoom}.`}
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
            {isBusy ? "Entering…" : "Enter"}
          </button>
        </div>
        <p id="name-help" class={problem ? "hint is-error" : "hint"} role="status">
          {problem ?? "Letters, digits and _ - . are good. There is no password and no account."}
        </p>
      </form>
    </main>
  );
}

function problemOf({ client: { status } }: App): string | undefined {
  if (status.type === "refused") return status.text;
  if (status.type !== "waiting") return undefined;
  return `The server does not answer. Trying again in ${Math.ceil(status.ms / 1000)} s.`;
}
