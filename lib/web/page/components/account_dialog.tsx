/**
 * The dialog of the user's account: to register the name, to log in and out, to change the password.
 *
 * @module
 */

import { type ComponentChildren, Fragment, h } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { App } from "../app.ts";
import { Dialog } from "./dialog.tsx";
import { Field } from "./field.tsx";
import { type Task, useTask } from "./use_task.ts";

interface Props {
  readonly app: App;
}

export function AccountDialog({ app }: Props) {
  const { account, name } = app.client.state;
  return (
    <Dialog title="Your account" onClose={() => app.overlays.open(undefined)}>
      {account
        ? (
          <>
            <p>
              You are logged in as <b>{account.name}</b>
              {account.isOperator && ", an operator of this server"}.
            </p>
            <ChangePassword app={app} account={account.name} />
            <LogOut app={app} />
          </>
        )
        : (
          <>
            <p>
              You are{" "}
              <b>{name}</b>, without an account. An account keeps your name for you. You can own
              rooms and be invited to private ones, your settings are the same everywhere, and
              private messages wait for you while you are away.
            </p>
            <Register app={app} />
            <LogIn app={app} />
          </>
        )}
    </Dialog>
  );
}

function Register({ app }: Props) {
  const [password, setPassword] = useState("");
  const task = useTask();
  const { name } = app.client.state;
  return (
    <Form
      app={app}
      id="register"
      title={`Register ${name}`}
      button="Register"
      task={task}
      isReady={password !== ""}
      request={() => app.client.register(password)}
      success={`${name} is registered. From now on it needs your password.`}
    >
      <Account name={name} />
      <Field
        id="register-password"
        label="New password, at least 6 characters"
        type="password"
        value={password}
        autocomplete="new-password"
        isInvalid={task.failure !== undefined}
        describedBy="register-problem"
        onInput={setPassword}
      />
    </Form>
  );
}

function LogIn({ app }: Props) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const task = useTask();
  return (
    <Form
      app={app}
      id="log-in"
      title="Log in to an account"
      button="Log in"
      task={task}
      isReady={name.trim() !== "" && password !== ""}
      request={() => app.client.logIn(name.trim(), password)}
    >
      <Field
        id="log-in-name"
        label="Name of the account"
        value={name}
        maxLength={64}
        autocomplete="username"
        describedBy="log-in-problem"
        onInput={setName}
      />
      <Field
        id="log-in-password"
        label="Password"
        type="password"
        value={password}
        autocomplete="current-password"
        isInvalid={task.failure !== undefined}
        describedBy="log-in-problem"
        onInput={setPassword}
      />
    </Form>
  );
}

function ChangePassword({ app, account }: Props & { readonly account: string }) {
  const [old, setOld] = useState("");
  const [password, setPassword] = useState("");
  const task = useTask();
  return (
    <Form
      app={app}
      id="change"
      title="Change your password"
      button="Change password"
      task={task}
      isReady={old !== "" && password !== ""}
      request={() => app.client.changePassword(old, password)}
      success="Your password has been changed."
    >
      <Account name={account} />
      <Field
        id="old-password"
        label="Current password"
        type="password"
        value={old}
        autocomplete="current-password"
        isInvalid={task.failure !== undefined}
        describedBy="change-problem"
        onInput={setOld}
      />
      <Field
        id="new-password"
        label="New password, at least 6 characters"
        type="password"
        value={password}
        autocomplete="new-password"
        describedBy="change-problem"
        onInput={setPassword}
      />
    </Form>
  );
}

function LogOut({ app }: Props) {
  const task = useTask();
  const onClick = async () => {
    if (await task.run(() => app.entrance.logOut())) app.overlays.open(undefined);
  };
  return (
    <p class="foot">
      <button type="button" onClick={onClick}>Log out</button>
      {task.failure && <span class="hint is-error" role="alert">{task.failure.text}</span>}
    </p>
  );
}

/** Tells password managers whose password it is. */
function Account({ name }: { readonly name: string }) {
  return <input type="text" name="username" autocomplete="username" value={name} readOnly hidden />;
}

interface FormProps extends Props {
  readonly id: string;
  readonly title: string;
  readonly button: string;
  readonly task: Task;
  readonly isReady: boolean;
  /** A sentence, unless the server says one. */
  readonly success?: string;
  readonly children: ComponentChildren;
  request(): Promise<void>;
}

/** A form that closes the dialog when it succeeds; otherwise the wrong field gets the focus. */
function Form(props: FormProps) {
  const { app, id, title, button, task, isReady, success, children, request } = props;
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    if (task.failure) {
      form.current!.querySelector<HTMLInputElement>("[aria-invalid=true]")?.select();
    }
  }, [task.failure]);
  const onSubmit = async (event: Event) => {
    event.preventDefault();
    if (!isReady || !await task.run(request)) return;
    app.overlays.open(undefined);
    if (success !== undefined) app.note(success);
  };
  return (
    <form ref={form} class="stack" aria-labelledby={`${id}-title`} onSubmit={onSubmit}>
      <h3 id={`${id}-title`}>{title}</h3>
      {children}
      <p id={`${id}-problem`} class="hint is-error" role="alert">{task.failure?.text}</p>
      <button type="submit" class="primary" disabled={!isReady} aria-disabled={task.isBusy}>
        {button}
      </button>
    </form>
  );
}
