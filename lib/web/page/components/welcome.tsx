/**
 * The welcome screen: what this server is, who is here, a form for a name, and other ways in.
 *
 * @module
 */

import { Fragment, h } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { AboutJson } from "../../protocol.ts";
import { fetchAbout } from "../api.ts";
import type { App } from "../app.ts";
import { countOf } from "../time_text.ts";
import { CopyLine } from "./copy_button.tsx";
import { NameForm } from "./name_form.tsx";
import { PhoneCode } from "./qr_code.tsx";

export function Welcome({ app }: { readonly app: App }) {
  const [about, setAbout] = useState<AboutJson>();
  // Only the card itself is missing without it.
  useEffect(() => void fetchAbout().then(setAbout, () => {}), []);
  const { wantedRoom } = app.navigator;
  return (
    <main class="welcome">
      <div class="card">
        <h1>Partyline</h1>
        <p class="lead">{app.description}</p>
        <p class="here">{about && hereText(about)}</p>
        {wantedRoom !== undefined && (
          <p class="invited">
            Enter your name to join <b>#{wantedRoom}</b>.
          </p>
        )}
        <NameForm app={app} about={about} />
        {about && <OtherDoors commands={about.commands} />}
      </div>
    </main>
  );
}

/** `3 people are here: ann, bob and mei` */
function hereText({ count, names = [] }: AboutJson): string {
  if (count === undefined) return "";
  if (count === 0) return "Nobody is here yet.";
  const others = count - names.length;
  const listed = [...names, ...(others > 0 ? [`${others} more`] : [])];
  const end = listed.length > 1 ? ` and ${listed.pop()}` : "";
  const people = `${countOf(count, "person", "people")} ${count === 1 ? "is" : "are"} here`;
  return names.length === 0 ? `${people}.` : `${people}: ${listed.join(", ")}${end}`;
}

function OtherDoors({ commands }: { readonly commands: readonly string[] }) {
  return (
    <section class="ways">
      {commands.length > 0 && (
        <>
          <h2>Without a browser</h2>
          <ul>
            {commands.map((command) => (
              <li key={command}>
                <CopyLine text={command} />
              </li>
            ))}
          </ul>
        </>
      )}
      <PhoneCode text={location.href} />
    </section>
  );
}
