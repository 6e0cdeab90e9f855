/**
 * A labelled text field of a form.
 *
 * @module
 */

import { Fragment, h, type Ref } from "preact";

export interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  /** @default {"text"} */
  readonly type?: "text" | "password" | "number";
  /** What a password manager or keyboard may fill in; `off` for nothing. @default {"off"} */
  readonly autocomplete?: string;
  readonly maxLength?: number;
  /** @default {false} */
  readonly isInvalid?: boolean;
  /** Id of the element with the error or the help. */
  readonly describedBy?: string;
  readonly field?: Ref<HTMLInputElement>;
  onInput(value: string): void;
}

export function Field(props: FieldProps) {
  const { id, label, value, type = "text", autocomplete = "off", field, onInput } = props;
  return (
    <>
      <label for={id}>{label}</label>
      <input
        ref={field}
        id={id}
        type={type}
        value={value}
        min={type === "number" ? 0 : undefined}
        maxLength={props.maxLength}
        autocomplete={autocomplete}
        autocapitalize="off"
        spellcheck={false}
        aria-invalid={props.isInvalid ?? false}
        aria-describedby={props.describedBy}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </>
  );
}
