/**
 * The plugin's own keys, which no other plugin sees. Needs the grant `kv`, and in `wit/world.wit` the imports
 * `wasi:keyvalue/store@0.2.0-draft` and `wasi:keyvalue/atomics@0.2.0-draft`.
 */
export declare const keys: {
  /** The bytes of a key; undefined when it has none. */
  get(key: string): Uint8Array | undefined;
  /** The text of a key. */
  getText(key: string): string | undefined;
  /** Gives a key a value, in place of the one it had. */
  set(key: string, value: string | Uint8Array): void;
  /** Takes a key away; one that is not there is no error. */
  delete(key: string): void;
  /** Adds to the number under a key, which begins at 0, and gives the sum. No other call comes between. */
  increment(key: string, by?: number): number;
};
