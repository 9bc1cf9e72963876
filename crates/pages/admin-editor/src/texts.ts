// The editor's words, from a catalogue that the page hands over. English is built in, so that a missing word shows.

import english from '../texts/en.json';

export type Key = keyof typeof english;

export class Texts {
  constructor(private readonly catalogue: Partial<Record<string, string>>) {}

  /** The text of a key, with `{name}` replaced. */
  get(key: Key, values: Record<string, string> = {}): string {
    const text = this.catalogue[key] ?? english[key];
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  }

  static parse(json: string | null): Texts {
    try {
      return new Texts(json ? (JSON.parse(json) as Record<string, string>) : {});
    } catch {
      return new Texts({});
    }
  }
}
