/**
 * The welcome screen, which asks for a name, and for the passwords that the server wants with it.
 *
 * @module
 */

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { nameKey } from "../../../domain/name.ts";
import type { App } from "../app.ts";
import type { Status } from "../reconnecting_connection.ts";
import { Field } from "./field.tsx";

/** What has been asked for so far, besides the name. */
interface Asked {
  /** Key of the name whose password was asked for. */
  passwordOf?: string;
  serverPassword?: true;
}

export function NameForm({ app }: { readonly app: App }) {
  const { status, state } = app.client;
  const [name, setName] = useState(state.name || app.preferences.name);
  const [password, setPassword] = useState("");
  const [serverPassword, setServerPassword] = useState("");
  const asked = useRef<Asked>({}).current;
  const fields = {
    name: useRef<HTMLInputElement>(null),
    password: useRef<HTMLInputElement>(null),
    serverPassword: useRef<HTMLInputElement>(null),
  };
  const isBusy = status.type === "connecting" || status.type === "catchingUp";
  const refusal = status.type === "refused" ? status : undefined;
  const wrong = refusal && wrongField(refusal);
  if (wrong === "password") asked.passwordOf = nameKey(state.name);
  if (wrong === "serverPassword") asked.serverPassword = true;
  const hasPassword = asked.passwordOf === nameKey(name.trim());
  // Also after a refusal, because then something has to be changed.
  useLayoutEffect(() => {
    const field = fields[wrong ?? (hasPassword ? "password" : "name")];
    (field.current ?? fields.name.current)!.select();
  }, [refusal]);
  const onSubmit = (event: Event) => {
    event.preventDefault();
    if (name.trim() === "" || isBusy) return;
    app.enter(name.trim(), {
      password: hasPassword && password !== "" ? password : undefined,
      serverPassword: serverPassword === "" ? undefined : serverPassword,
    });
  };
  const problem = problemOf(app);
  // What is only missing is not wrong.
  const isMissing = refusal?.code === "login-needed";
  return (
    <main class="welcome">
      <form onSubmit={onSubmit}>
        <h1>Partyline</h1>
        <p class="lead">
          {app.navigator.wantedRoom === undefined
            ? "Chat rooms for people and logs. Use a browser, telnet or nc."
            : `Enter your name to join #${app.navigator.wantedRoom}.`}
        </p>
        <div class="ask">
          <Field
            id="name"
            label="Your name"
            value={name}
            field={fields.name}
            maxLength={64}
            autocomplete="username"
            isInvalid={wrong === "name"}
            describedBy="name-help"
            onInput={setName}
          />
        </div>
        {hasPassword && (
          <div class="ask">
            <Field
              id="password"
              label="Password"
              type="password"
              value={password}
              field={fields.password}
              autocomplete="current-password"
              isInvalid={wrong === "password" && !isMissing}
              describedBy="name-help"
              onInput={setPassword}
            />
          </div>
        )}
        {asked.serverPassword && (
          <div class="ask">
            <Field
              id="server-password"
              label="Server password"
              type="password"
              value={serverPassword}
              field={fields.serverPassword}
              isInvalid={wrong === "serverPassword" && !isMissing}
              describedBy="name-help"
              onInput={setServerPassword}
            />
          </div>
        )}
        <p class="ask">
          <button type="submit" class="primary" aria-disabled={isBusy}>
            {isBusy ? "Joining…" : "Join"}
          </button>
        </p>
        <p id="name-help" class={problem && !isMissing ? "hint is-error" : "hint"} role="status">
          {problem ??
            "Use letters, digits, _ - or . Only a name that is registered needs a password."}
        </p>
      </form>
    </main>
  );
}

/** The field that a refusal is about; `undefined` if none is wrong. */
function wrongField(
  { code, needs }: Status & { readonly type: "refused" },
): "name" | "password" | "serverPassword" | undefined {
  if (needs !== undefined) return needs;
  if (code === "login-needed" || code === "wrong-password") return "password";
  return code === "slow-down" ? undefined : "name";
}

function problemOf({ client: { status } }: App): string | undefined {
  // Before entering there are no commands; the form has a field for the password.
  if (status.type === "refused") return status.text.replace(/ with \/login \S+(?=, or )/, " below");
  if (status.type !== "waiting") return undefined;
  return `Can't reach the server. Trying again in ${Math.ceil(status.ms / 1000)} s.`;
}
