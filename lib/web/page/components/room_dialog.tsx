/**
 * The sheet of a room: its rules, who has a role in it, who is kept out, and, for those who may, the
 * means to change that.
 *
 * @module
 */

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { RestrictionJson, RoomSettingsAnswer } from "../../protocol.ts";
import type { App } from "../app.ts";
import { oneLine, ROOM_SWITCHES, rulesInWords, whoMay } from "../moderation.ts";
import type { RoomState } from "../room_state.ts";
import { fullTimeText } from "../time_text.ts";
import { Dialog } from "./dialog.tsx";
import { Field } from "./field.tsx";
import { type Task, useTask } from "./use_task.ts";

export interface RoomDialogProps {
  readonly app: App;
  readonly room: RoomState;
}

/** What the parts of the sheet share. */
interface PartProps {
  readonly settings: RoomSettingsAnswer;
  /** Runs a command in the room, and shows how it went. */
  act(line: string): void;
}

export function RoomDialog({ app, room }: RoomDialogProps) {
  const task = useTask();
  const [outcome, setOutcome] = useState("");
  const load = async () => void await app.client.settings(room.name);
  useEffect(() => void task.run(load), []);
  const act = async (line: string) => {
    let output = "";
    setOutcome("");
    const isDone = await task.run(async () => {
      output = await app.client.act(line, room.name);
      await load();
    });
    // What was typed or switched may not be what holds.
    if (!isDone) await app.loadSettings(room);
    setOutcome(output);
  };
  const { settings } = room;
  return (
    <Dialog title={`#${room.name}`} onClose={() => app.open(undefined)}>
      <p class={task.failure ? "hint is-error" : "hint"} role="status">
        {task.failure?.text ?? (settings ? outcome : "Loading…")}
      </p>
      {settings && (
        <>
          <Rules app={app} settings={settings} act={act} />
          {settings.may.own && <Controls settings={settings} act={act} task={task} />}
          <People settings={settings} act={act} />
          {settings.may.moderate && <Kept settings={settings} act={act} />}
        </>
      )}
    </Dialog>
  );
}

function Rules({ app, settings, act }: PartProps & { readonly app: App }) {
  const { isRegistered, may } = settings;
  const help = isRegistered ? whoMay(settings) : undefined;
  return (
    <>
      <ul class="rules">
        {rulesInWords(settings).map((sentence) => <li key={sentence}>{sentence}</li>)}
      </ul>
      {help && <p class="hint">{help}</p>}
      {!isRegistered && (
        <p>
          Nobody owns this room. {may.register
            ? (
              <button
                type="button"
                onClick={() => act("/room register")}
              >
                Make this room mine
              </button>
            )
            : app.client.state.account
            ? "Whoever is alone in it, or an operator of the server, can register it."
            : (
              <>
                With an account you can own rooms.{" "}
                <button type="button" class="link" onClick={() => app.open("account")}>
                  Register your name
                </button>
              </>
            )}
        </p>
      )}
    </>
  );
}

function Controls({ settings, act, task }: PartProps & { readonly task: Task }) {
  const values = settings.settings;
  return (
    <>
      <h3>Settings</h3>
      {ROOM_SWITCHES.map(([property, word, label, meaning]) => (
        <p key={word}>
          <label class="check">
            <input
              type="checkbox"
              role="switch"
              // Again after a refusal, which leaves it as it was.
              key={`${values[property]} ${task.isBusy}`}
              checked={values[property]}
              aria-describedby={`about-${word}`}
              onChange={() => act(`/room ${word} ${values[property] ? "off" : "on"}`)}
            />
            <span>{label}</span>
          </label>
          <span id={`about-${word}`} class="hint">{meaning}</span>
        </p>
      ))}
      <Value
        id="room-key"
        label={values.hasKey ? "Key, needed to enter" : "Key, needed to enter; none now"}
        value={values.key ?? ""}
        onSet={(text) => act(`/room key ${text === "" ? "off" : text}`)}
      />
      <Value
        id="room-limit"
        label="Most people in it; empty for no limit"
        type="number"
        value={values.limit?.toString() ?? ""}
        onSet={(text) => act(`/room limit ${text === "" ? "off" : text}`)}
      />
      <Value
        id="room-slow"
        label="Slow mode: seconds between two messages of a person; 0 for none"
        type="number"
        value={String(values.slowSeconds)}
        onSet={(text) => act(`/room slow ${text === "" || text === "0" ? "off" : text}`)}
      />
    </>
  );
}

interface ValueProps {
  readonly id: string;
  readonly label: string;
  readonly type?: "text" | "number";
  /** What holds now. */
  readonly value: string;
  onSet(text: string): void;
}

/** A field with a button that makes its value hold. */
function Value({ id, label, type, value, onSet }: ValueProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const onSubmit = (event: Event) => {
    event.preventDefault();
    onSet(oneLine(text));
  };
  return (
    <form class="value" onSubmit={onSubmit}>
      <Field id={id} label={label} type={type} value={text} onInput={setText} />
      <button type="submit" aria-label={`Set: ${label}`} disabled={text === value}>Set</button>
    </form>
  );
}

function People({ settings, act }: PartProps) {
  const { roles, may, invited = [] } = settings;
  return (
    <>
      {(roles.length > 0 || may.own) && <h3>Roles</h3>}
      <ul class="entries">
        {roles.map(({ account, role }) => (
          <Entry
            key={account}
            button={may.own && (role === "voice" || role === "moderator") ? "Take away" : undefined}
            label={`Take ${role} away from ${account}`}
            onClick={() => act(`/grant ${account} none`)}
          >
            <bdi>{account}</bdi> <span class="via">{role}</span>
          </Entry>
        ))}
      </ul>
      {may.own && <GiveRole act={act} />}
      {may.invite && (
        <>
          <h3>Invitations</h3>
          <ul class="entries">
            {invited.map((name) => (
              <Entry
                key={name}
                button="Withdraw"
                label={`Withdraw the invitation of ${name}`}
                onClick={() => act(`/uninvite ${name}`)}
              >
                <bdi>{name}</bdi>
              </Entry>
            ))}
          </ul>
          <AddName
            id="invite"
            label="Account to invite"
            button="Invite"
            onAdd={(name) => act(`/invite ${name}`)}
          />
        </>
      )}
    </>
  );
}

function GiveRole({ act }: Pick<PartProps, "act">) {
  const [role, setRole] = useState("voice");
  return (
    <AddName
      id="give"
      label="Account to give a role"
      button="Give"
      onAdd={(name) => act(`/grant ${name} ${role}`)}
    >
      <select
        value={role}
        aria-label="Role"
        onChange={(event) => setRole(event.currentTarget.value)}
      >
        <option value="voice">voice</option>
        <option value="moderator">moderator</option>
        <option value="owner">owner</option>
      </select>
    </AddName>
  );
}

interface AddNameProps {
  readonly id: string;
  readonly label: string;
  readonly button: string;
  readonly children?: ComponentChildren;
  onAdd(name: string): void;
}

function AddName({ id, label, button, children, onAdd }: AddNameProps) {
  const [name, setName] = useState("");
  const onSubmit = (event: Event) => {
    event.preventDefault();
    onAdd(oneLine(name));
    setName("");
  };
  return (
    <form class="value" onSubmit={onSubmit}>
      <Field id={id} label={label} value={name} maxLength={64} onInput={setName} />
      {children}
      <button type="submit" disabled={name.trim() === ""}>{button}</button>
    </form>
  );
}

/** Those who are kept out or silent. */
function Kept({ settings, act }: PartProps) {
  const { bans = [], mutes = [] } = settings;
  return (
    <>
      <h3>Bans</h3>
      {bans.length === 0 && <p class="hint">Nobody is banned.</p>}
      <Restrictions list={bans} kind="ban" onLift={(target) => act(`/unban ${target}`)} />
      <h3>Mutes</h3>
      {mutes.length === 0 && <p class="hint">Nobody is muted.</p>}
      <Restrictions list={mutes} kind="mute" onLift={(target) => act(`/unmute ${target}`)} />
    </>
  );
}

interface RestrictionsProps {
  readonly list: readonly RestrictionJson[];
  readonly kind: string;
  onLift(target: string): void;
}

function Restrictions({ list, kind, onLift }: RestrictionsProps) {
  return (
    <ul class="entries">
      {list.map(({ target, also = [], until, by, reason }) => (
        <Entry
          key={target}
          button="Lift"
          label={`Lift the ${kind} of ${target}`}
          onClick={() => onLift(target)}
        >
          <bdi>{[target, ...also].join(", ")}</bdi>{" "}
          <span class="via">
            by {by}, {until === undefined ? "for good" : `until ${fullTimeText(until)}`}
            {reason !== "" && `: ${reason}`}
          </span>
        </Entry>
      ))}
    </ul>
  );
}

interface EntryProps {
  /** Absent if there is nothing to do. */
  readonly button?: string;
  /** What the button does, in full. */
  readonly label: string;
  readonly children: ComponentChildren;
  onClick(): void;
}

function Entry({ button, label, children, onClick }: EntryProps) {
  return (
    <li>
      <span>{children}</span>
      {button !== undefined && (
        <button type="button" aria-label={label} onClick={onClick}>{button}</button>
      )}
    </li>
  );
}
