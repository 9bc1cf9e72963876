/**
 * The plugin's own keys, which no other plugin sees. Needs the grant `kv`, and in `wit/world.wit` the import
 * `wasi:keyvalue/store@0.2.0-draft`.
 *
 * There is no counting in one step: the engine cannot hand a bucket to `wasi:keyvalue/atomics` yet. Events come to a
 * plugin one after the other, so that reading and writing is enough there.
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
};
