/** So many random bytes, fit for secrets. The world has to import `wasi:random/random@0.2.12`; no grant is needed. */
export declare function randomBytes(count: number): Uint8Array;
