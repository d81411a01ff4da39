import { useState, type ChangeEvent } from 'react';
import { ApiProblem } from '../api/problem';

/**
 * The texts of a form by name, bound to inputs. A refusal of the API stands at the input whose JSON pointer it names:
 * the field `name` is `/name`, `secret.token` is `/secret/token`.
 */
export function useFields<T extends Record<string, string>>(initial: T, error?: unknown) {
  const [values, setValues] = useState(initial);
  const pointer = (name: keyof T & string) => `/${name.replaceAll('.', '/')}`;
  const fault = (name: keyof T & string) => {
    if (!(error instanceof ApiProblem)) return undefined;
    const found = error.fields.filter((field) => field.pointer === pointer(name) || field.pointer.startsWith(`${pointer(name)}/`));
    return found.length > 0 ? found.map((field) => field.message).join(' ') : undefined;
  };
  const set = (name: keyof T & string, value: string) => setValues((before) => ({ ...before, [name]: value }));
  return {
    values,
    set,
    reset: () => setValues(initial),
    fault,
    /** For {@link ProblemAlert}: what need not be said twice. */
    shown: error instanceof ApiProblem ? error.fields.map((field) => field.pointer).filter((at) => Object.keys(initial).some((name) => at === pointer(name) || at.startsWith(`${pointer(name)}/`))) : [],
    bind: (name: keyof T & string) => ({
      value: values[name],
      onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => set(name, event.currentTarget.value),
      error: fault(name),
      'aria-invalid': fault(name) ? true : undefined,
    }),
    /** For a `NumberInput` of whole numbers, which takes nothing else. */
    bindNumber: (name: keyof T & string) => ({
      value: values[name],
      onChange: (number: string | number) => set(name, String(number)),
      error: fault(name),
      allowDecimal: false,
      allowNegative: false,
      hideControls: true,
    }),
  };
}

/** The number in a field that {@link useFields} bound by `bindNumber`; null if it is empty. */
export const wholeNumber = (text: string) => (text.trim() === '' ? null : Number(text));

/** One entry a line or between commas, without blanks. */
export const entries = (text: string) => text.split(/[\n,]/).map((entry) => entry.trim()).filter(Boolean);
