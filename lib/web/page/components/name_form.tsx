/**
 * The form that asks for a name, and for the passwords that the server wants with it.
 *
 * @module
 */

import { h } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { nameKey } from "../../../domain/name.ts";
import type { AboutJson } from "../../protocol.ts";
import type { App } from "../app.ts";
import type { Status } from "../reconnecting_connection.ts";
import { LinkButton } from "./buttons.tsx";
import { Field } from "./field.tsx";

export interface NameFormProps {
  readonly app: App;
  /** Absent until it is known. */
  readonly about?: AboutJson;
}

/** As a guest, with an account, or making one. */
type Way = "guest" | "account" | "register";

const BUTTONS = { guest: "Join", account: "Log in", register: "Register and join" } as const;
const HELP = {
  guest: "Use letters, digits, _ - or . Only a registered name needs a password.",
  account: "",
  register: "An account keeps the name for you. The password needs at least 6 characters.",
} as const;

/** What has been asked for so far, besides the name. */
interface Asked {
  /** Key of the name whose password was asked for. */
  passwordOf?: string;
  serverPassword?: true;
}

export function NameForm({ app, about }: NameFormProps) {
  const { status, state } = app.client;
  const [name, setName] = useState(state.name || app.preferences.name);
  const [password, setPassword] = useState("");
  const [serverPassword, setServerPassword] = useState("");
  const [chosen, setWay] = useState<Way>("guest");
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
  const isAsked = asked.passwordOf === nameKey(name.trim());
  const isClosed = about?.access === "accounts";
  const way = isClosed || (isAsked && chosen === "register") ? "account" : chosen;
  const hasPassword = isAsked || way !== "guest";
  // Also after a refusal, because then something has to be changed, and after choosing another way,
  // because the button that did so is gone.
  useLayoutEffect(() => {
    const isNext = isAsked || (hasPassword && name.trim() !== "");
    const field = fields[wrong ?? (isNext ? "password" : "name")];
    (field.current ?? fields.name.current)!.select();
  }, [refusal, chosen]);
  const onSubmit = (event: Event) => {
    event.preventDefault();
    if (name.trim() === "" || isBusy) return;
    const given = hasPassword && password !== "" ? password : undefined;
    app.entrance.enter(name.trim(), {
      password: way === "register" ? undefined : given,
      serverPassword: serverPassword === "" ? undefined : serverPassword,
    }, way === "register" ? given : undefined);
  };
  const problem = problemOf(app);
  // What is only missing is not wrong.
  const isMissing = refusal?.code === "login-needed";
  return (
    <form onSubmit={onSubmit}>
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
      {hasPassword && (
        <Field
          id="password"
          label={way === "register" ? "New password" : "Password"}
          type="password"
          value={password}
          field={fields.password}
          autocomplete={way === "register" ? "new-password" : "current-password"}
          isInvalid={wrong === "password" && !isMissing}
          describedBy="name-help"
          onInput={setPassword}
        />
      )}
      {(asked.serverPassword || about?.hasPassword) && (
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
      )}
      <button
        type="submit"
        class="primary"
        aria-disabled={isBusy || (way === "register" && password === "")}
      >
        {isBusy ? "Joining…" : isAsked ? BUTTONS.guest : BUTTONS[way]}
      </button>
      <p id="name-help" class={problem && !isMissing ? "hint is-error" : "hint"} role="status">
        {problem ?? HELP[way]}
      </p>
      {!isClosed && !isAsked && (
        <p class="switch">
          {way !== "account" && (
            <LinkButton
              onClick={() => setWay("account")}
            >
              Use an account
            </LinkButton>
          )}
          {way !== "register" && (
            <LinkButton
              onClick={() => setWay("register")}
            >
              Register a name
            </LinkButton>
          )}
          {way !== "guest" && (
            <LinkButton onClick={() => setWay("guest")}>
              No account needed
            </LinkButton>
          )}
        </p>
      )}
    </form>
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
